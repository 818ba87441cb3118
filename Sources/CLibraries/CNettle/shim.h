// What Swift cannot import from nettle by itself, each piece with its reason. libarchive brings this library into the process anyway: it
// costs nothing more, needs no setting up, keeps no state and opens no file. (OpenSSL's RC4 is in a module of its own, loaded from a file.)
#pragma once
#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/cbc.h>
#include <nettle/md5.h>
#include <nettle/sha2.h>

// The block functions take a context of their own type, and nettle's CBC takes them as functions of `void *`: a cast that Swift has not.
static inline void sluice_aes128_cbc_decrypt(
    const struct aes128_ctx *context, uint8_t *vector, size_t length, uint8_t *to, const uint8_t *from) {
    cbc_decrypt(context, (nettle_cipher_func *) aes128_decrypt, AES_BLOCK_SIZE, vector, length, to, from);
}

static inline void sluice_aes256_cbc_decrypt(
    const struct aes256_ctx *context, uint8_t *vector, size_t length, uint8_t *to, const uint8_t *from) {
    cbc_decrypt(context, (nettle_cipher_func *) aes256_decrypt, AES_BLOCK_SIZE, vector, length, to, from);
}

static inline void sluice_aes128_cbc_encrypt(
    const struct aes128_ctx *context, uint8_t *vector, size_t length, uint8_t *to, const uint8_t *from) {
    cbc_encrypt(context, (nettle_cipher_func *) aes128_encrypt, AES_BLOCK_SIZE, vector, length, to, from);
}
