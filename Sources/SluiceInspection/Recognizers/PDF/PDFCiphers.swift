// The ciphers and digests of PDF's encryption, over nettle: whole pieces in, whole pieces out.

private import CNettle

enum PDFCiphers {
    static func md5(_ bytes: [UInt8]) -> [UInt8] {
        var context = md5_ctx()
        var out = [UInt8](repeating: 0, count: 16)
        nettle_md5_init(&context)
        nettle_md5_update(&context, bytes.count, bytes)
        nettle_md5_digest(&context, out.count, &out)
        return out
    }

    static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var context = sha256_ctx()
        var out = [UInt8](repeating: 0, count: 32)
        nettle_sha256_init(&context)
        nettle_sha256_update(&context, bytes.count, bytes)
        nettle_sha256_digest(&context, out.count, &out)
        return out
    }

    /// - Parameter length: 48 for SHA-384, 64 for SHA-512.
    static func sha512(_ bytes: [UInt8], length: Int) -> [UInt8] {
        var context = sha512_ctx()
        var out = [UInt8](repeating: 0, count: length)
        if length == 48 { nettle_sha384_init(&context) } else { nettle_sha512_init(&context) }
        nettle_sha512_update(&context, bytes.count, bytes)
        if length == 48 {
            nettle_sha384_digest(&context, length, &out)
        } else {
            nettle_sha512_digest(&context, length, &out)
        }
        return out
    }

    static func rc4(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        guard !key.isEmpty else { return bytes }
        var context = arcfour_ctx()
        var out = [UInt8](repeating: 0, count: bytes.count)
        nettle_arcfour_set_key(&context, key.count, key)
        nettle_arcfour_crypt(&context, bytes.count, &out, bytes)
        return out
    }

    /// CBC; what does not fill a block at the end is left out.
    /// - Parameter key: 16 or 32 bytes.
    static func undoAES(_ bytes: ArraySlice<UInt8>, key: [UInt8], vector: [UInt8]) -> [UInt8] {
        let from = Array(bytes.prefix(bytes.count / 16 * 16))
        var out = [UInt8](repeating: 0, count: from.count)
        var vector = vector
        guard vector.count == 16, !from.isEmpty else { return [] }
        if key.count == 16 {
            var context = aes128_ctx()
            nettle_aes128_set_decrypt_key(&context, key)
            sluice_aes128_cbc_decrypt(&context, &vector, from.count, &out, from)
        } else if key.count == 32 {
            var context = aes256_ctx()
            nettle_aes256_set_decrypt_key(&context, key)
            sluice_aes256_cbc_decrypt(&context, &vector, from.count, &out, from)
        } else {
            return []
        }
        return out
    }

    /// - Parameter bytes: whole blocks.
    static func doAES128(_ bytes: [UInt8], key: ArraySlice<UInt8>, vector: ArraySlice<UInt8>) -> [UInt8] {
        var context = aes128_ctx()
        var vector = Array(vector)
        var out = [UInt8](repeating: 0, count: bytes.count)
        nettle_aes128_set_encrypt_key(&context, Array(key))
        sluice_aes128_cbc_encrypt(&context, &vector, bytes.count, &out, bytes)
        return out
    }
}
