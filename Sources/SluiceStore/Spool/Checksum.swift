// Checksums that a sender asks to be compared, by libcrypto. They guard against damage on the way and prove nothing else.

import CCrypto

/// One running computation. Owns the `EVP_MD_CTX`.
package final class Checksum {
    package enum Algorithm: String, Sendable, CaseIterable {
        case sha1, sha256

        /// As libcrypto names it (man 7 EVP_MD-SHA1, EVP_MD-SHA2).
        fileprivate var name: String {
            switch self {
            case .sha1: "SHA1"
            case .sha256: "SHA2-256"
            }
        }

        /// Bytes of the value.
        package var length: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            }
        }
    }

    private let context: OpaquePointer
    private let length: Int

    package init(_ algorithm: Algorithm) {
        context = EVP_MD_CTX_new()
        length = algorithm.length
        let fetched = EVP_MD_fetch(nil, algorithm.name, nil)
        defer { EVP_MD_free(fetched) }
        let code = EVP_DigestInit_ex2(context, fetched, nil)
        precondition(code == 1, "libcrypto cannot compute \(algorithm.name)")
    }

    deinit { EVP_MD_CTX_free(context) }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        let code = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(code == 1, "libcrypto failed to update a checksum")
    }

    /// Call it once.
    package func finish() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        let code = EVP_DigestFinal_ex(context, &bytes, nil)
        precondition(code == 1, "libcrypto failed to finish a checksum")
        return bytes
    }
}
