// MD5, by libcrypto. It proves nothing; object stores answer an upload with it, so that damage on the way shows.

import CCrypto

/// One running computation. Owns the `EVP_MD_CTX`.
public final class MD5 {
    private let context: OpaquePointer

    /// - Returns: `nil` where libcrypto has no MD5, as in its FIPS mode.
    public init?() {
        guard let fetched = EVP_MD_fetch(nil, "MD5", nil) else { return nil }
        defer { EVP_MD_free(fetched) }
        context = EVP_MD_CTX_new()
        guard EVP_DigestInit_ex2(context, fetched, nil) == 1 else { return nil }
    }

    deinit { EVP_MD_CTX_free(context) }

    public func update(_ bytes: UnsafeRawBufferPointer) {
        let code = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(code == 1, "libcrypto failed to update a checksum")
    }

    /// 16 bytes. Call it once.
    public func finish() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 16)
        let code = EVP_DigestFinal_ex(context, &bytes, nil)
        precondition(code == 1, "libcrypto failed to finish a checksum")
        return bytes
    }
}
