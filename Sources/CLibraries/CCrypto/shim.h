// What Swift cannot import from <openssl/evp.h> by itself goes here, each piece with its reason.
#pragma once
#include <openssl/evp.h>

// Nothing is needed so far: EVP_MD_fetch, EVP_DigestInit_ex2, EVP_DigestUpdate and EVP_DigestFinal_ex are plain functions.
