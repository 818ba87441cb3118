// What Swift cannot import from <openssl/evp.h> by itself goes here, each piece with its reason.
#pragma once
#include <openssl/evp.h>
