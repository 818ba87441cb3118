// SHA-256 as bytes pass, by libcrypto, which uses the processor's SHA instructions where there are any.

import CCrypto
import Glibc

/// One running computation. Owns the `EVP_MD_CTX`.
public struct SHA256: ~Copyable {
    /// Bytes of a digest (FIPS 180-4).
    public static let byteCount = 32

    private let context: OpaquePointer

    /// Looked up once: looking an algorithm up takes longer than hashing a kilobyte.
    // guarded by: never changed after its initialisation; libcrypto reads it only.
    nonisolated(unsafe) private static let algorithm: OpaquePointer = EVP_MD_fetch(nil, "SHA2-256", nil)

    public init() {
        context = EVP_MD_CTX_new()
        let code = EVP_DigestInit_ex2(context, Self.algorithm, nil)
        precondition(code == 1, "libcrypto cannot compute SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        // Cannot fail once it is initialised (man 3 EVP_DigestUpdate). A wrong digest must never come out, so it is checked all the same.
        let code = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(code == 1, "libcrypto failed to update a digest")
    }

    /// - Returns: 32 bytes.
    public consuming func finish() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        let code = EVP_DigestFinal_ex(context, &bytes, nil)
        precondition(code == 1, "libcrypto failed to finish a digest")
        return bytes
    }
}

extension SHA256 {
    public static func bytes(of content: UnsafeRawBufferPointer) -> [UInt8] {
        var running = SHA256()
        running.update(content)
        return running.finish()
    }

    /// Hashes what a reader gives, piece by piece, to its end.
    /// - Parameters:
    ///   - read: fills the buffer with the bytes at an offset; 0 at the end.
    ///   - step: shown each piece; false ends it.
    /// - Returns: `nil` when `step` ended it.
    public static func bytes<Failure: Error>(
        reading read: (UnsafeMutableRawBufferPointer, Int64) throws(Failure) -> Int,
        step: (UnsafeRawBufferPointer) throws(Failure) -> Bool = { _ in true }
    ) throws(Failure) -> (digest: [UInt8], size: Int64)? {
        // 256 KiB: measured no faster beyond; fits the second-level cache.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        var running = SHA256()
        var offset: Int64 = 0
        while true {
            let count = try read(buffer, offset)
            if count == 0 { return (running.finish(), offset) }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            running.update(piece)
            offset += Int64(count)
            if try !step(piece) { return nil }
        }
    }
}

/// Whether two secrets are alike, in time that does not depend on where they differ (man 3 CRYPTO_memcmp).
public func isSameSecret(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    first.count == second.count && CRYPTO_memcmp(first, second, first.count) == 0
}
