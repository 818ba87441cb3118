// What Swift cannot import from <zlib.h> by itself goes here, each piece with its reason.
#pragma once
#include <zlib.h>
