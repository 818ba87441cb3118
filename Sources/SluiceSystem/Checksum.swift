// Checksums that a sender asks to have compared, by libcrypto. They find damage on the way; they prove nothing else.

import CCrypto

/// One running computation. Owns the `EVP_MD_CTX`.
public final class Checksum {
    public enum Algorithm: String, Sendable, CaseIterable {
        case sha1, sha256

        /// As libcrypto names it (man 7 EVP_MD-SHA1, EVP_MD-SHA2).
        fileprivate var name: String {
            switch self {
            case .sha1: "SHA1"
            case .sha256: "SHA2-256"
            }
        }

        /// Bytes of the value.
        public var length: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            }
        }
    }

    private let context: OpaquePointer
    private let length: Int

    public init(_ algorithm: Algorithm) {
        context = EVP_MD_CTX_new()
        length = algorithm.length
        let fetched = EVP_MD_fetch(nil, algorithm.name, nil)
        defer { EVP_MD_free(fetched) }
        let code = EVP_DigestInit_ex2(context, fetched, nil)
        precondition(code == 1, "libcrypto cannot compute \(algorithm.name)")
    }

    deinit { EVP_MD_CTX_free(context) }

    public func update(_ bytes: UnsafeRawBufferPointer) {
        let code = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(code == 1, "libcrypto failed to update a checksum")
    }

    /// Call it once.
    public func finish() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        let code = EVP_DigestFinal_ex(context, &bytes, nil)
        precondition(code == 1, "libcrypto failed to finish a checksum")
        return bytes
    }
}
