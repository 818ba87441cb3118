// The same sender sends the same large attachment to the same ticket again: what comes is compared with the bytes that are there, which costs a fifth of
// hashing and writing them once more. The first byte that differs ends that, and the attachment is received like every other one.

import Glibc
package import SluiceModel
import SluiceSystem

/// Kept bytes that may soon come again.
package final class RepeatedBytes: Sendable {
    /// Each holds a descriptor (chosen).
    private static let most = 16
    /// Smaller ones cost little either way (chosen).
    package static let worthwhile = ByteCount(1 << 20)

    private let known = SenderMemory<SpooledAttachment>(most: most)

    package init() {}

    /// - Parameter bytes: of an accepted attachment. What has no name on the disk is not remembered: it would hold space that nobody sees.
    package func remember(_ bytes: SpooledAttachment, of submission: Submission, at now: ContinuousClock.Instant = .now)
    {
        guard bytes.size >= Self.worthwhile, !bytes.isDistrusted else { return }
        var status = stat()
        guard fstat(bytes.descriptor, &status) == 0, status.st_nlink > 0 else { return }
        known.add(bytes, of: submission, at: now) { $0.digest == bytes.digest }
    }

    /// - Returns: a reception that compares first, or `reception` itself where nothing is known.
    package func reception(
        _ reception: any SpoolReception, of submission: Submission, at now: ContinuousClock.Instant = .now
    ) -> any SpoolReception {
        let twins = known.values(of: submission, at: now)
        return twins.isEmpty ? reception : ComparingReception(twins, otherwise: reception)
    }

    package func forgetOld(at now: ContinuousClock.Instant = .now) { known.forgetOld(at: now) }
}

/// Compares what comes with kept bytes, and hands it on from the first difference.
private final class ComparingReception: SpoolReception {
    /// Fits the second-level cache.
    private static let step = 64 << 10

    /// Those that begin with all that has come. None: the other reception has everything.
    private var twins: [SpooledAttachment]
    private let other: any SpoolReception
    /// Bytes that have come while there were twins.
    private var compared: Int64 = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: step, alignment: 64)

    init(_ twins: [SpooledAttachment], otherwise other: any SpoolReception) {
        self.twins = twins
        self.other = other
    }

    deinit { buffer.deallocate() }

    var received: ByteCount { twins.isEmpty ? other.received : ByteCount(compared) }
    var isOverLimit: Bool { other.isOverLimit }

    func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        if twins.isEmpty { return try other.append(bytes) }
        let left = twins.filter { goesOn($0, with: bytes) }
        if left.isEmpty {
            try handOver()
            return try other.append(bytes)
        }
        twins = left
        compared += Int64(bytes.count)
    }

    func finish() throws(SluiceError) -> SpooledAttachment {
        if let twin = twins.first(where: { $0.size.bytes == compared && !$0.isDistrusted }),
            let own = try? OwnedDescriptor.reopen(twin.descriptor)
        {
            return SpooledAttachment(size: twin.size, digest: twin.digest, owning: own.release())
        }
        try handOver()
        return try other.finish()
    }

    private func goesOn(_ twin: SpooledAttachment, with bytes: UnsafeRawBufferPointer) -> Bool {
        guard Int64(bytes.count) <= twin.size.bytes - compared else { return false }
        var at = 0
        while at < bytes.count {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, bytes.count - at)])
            // What cannot be read is no reason to fail: the bytes are coming anyway.
            guard let count = try? readAt(compared + Int64(at), of: twin.descriptor, into: piece), count > 0,
                memcmp(piece.baseAddress!, bytes.baseAddress! + at, count) == 0
            else { return false }
            at += count
        }
        return true
    }

    /// Gives the other reception what has come so far.
    private func handOver() throws(SluiceError) {
        guard let twin = twins.first else { return }
        twins = []
        var at: Int64 = 0
        while at < compared {
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(Int64(buffer.count), compared - at))])
            let count = try storing("Kept bytes cannot be read.") { () throws(SystemCallFailure) in
                let count = try readAt(at, of: twin.descriptor, into: piece)
                // They have become fewer.
                if count == 0 { throw SystemCallFailure("pread", EIO) }
                return count
            }
            try other.append(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            at += Int64(count)
        }
    }
}
