// What Swift cannot import from <openssl/evp.h> by itself goes here, each piece with its reason.
#pragma once
#include <openssl/crypto.h>
#include <openssl/evp.h>

// The same header as CCrypto's, with ciphers instead of digests in mind.
