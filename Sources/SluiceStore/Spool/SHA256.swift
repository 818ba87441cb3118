// SHA-256 as bytes pass, by libcrypto, which uses the processor's SHA instructions where there are any.

import CCrypto
import Glibc
package import SluiceModel

/// One running computation. Owns the `EVP_MD_CTX`.
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Looked up once: looking an algorithm up takes longer than hashing a kilobyte.
    // guarded by: never changed after its initialisation; libcrypto reads it only.
    nonisolated(unsafe) private static let algorithm: OpaquePointer = EVP_MD_fetch(nil, "SHA2-256", nil)

    package init() {
        context = EVP_MD_CTX_new()
        let code = EVP_DigestInit_ex2(context, Self.algorithm, nil)
        precondition(code == 1, "libcrypto cannot compute SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        // Cannot fail once it is initialised (man 3 EVP_DigestUpdate); a wrong digest must never come out, though.
        let code = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(code == 1, "libcrypto failed to update a digest")
    }

    package consuming func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        let code = EVP_DigestFinal_ex(context, &bytes, nil)
        precondition(code == 1, "libcrypto failed to finish a digest")
        return Digest(bytes)!
    }
}

extension SHA256 {
    static func digest(of bytes: UnsafeRawBufferPointer) -> Digest {
        var running = SHA256()
        running.update(bytes)
        return running.finish()
    }

    /// Hashes what a descriptor holds, from its beginning to its end, whatever its position is.
    /// - Parameter step: shown each piece; false ends it.
    /// - Returns: `nil` when `step` ended it.
    static func digest(
        ofDescriptor descriptor: CInt, step: (UnsafeRawBufferPointer) -> Bool = { _ in true }
    ) throws(SluiceError) -> (digest: Digest, size: Int64)? {
        // 256 KiB: measured no faster beyond; fits the second-level cache.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        var running = SHA256()
        var offset: Int64 = 0
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count < 0 {
                if errno == EINTR { continue }
                throw .system("pread", errno, "Stored bytes cannot be read.")
            }
            if count == 0 { return (running.finish(), offset) }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            running.update(piece)
            offset += Int64(count)
            if !step(piece) { return nil }
        }
    }
}
