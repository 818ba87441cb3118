// A blob store in memory: the second implementation on which the conformance suite runs, and a quick one for other tests.

import Glibc
public import SluiceModel
import Synchronization

/// Keeps blobs in memory.
public final class MemoryBlobStore: BlobStore {
    private let kept = Mutex<[BlobArea: [Digest: [UInt8]]]>([:])
    /// Thrown by the next `keep`, once.
    private let nextFailure = Mutex<SluiceError?>(nil)

    public init() {}

    public func failNext(_ error: SluiceError) { nextFailure.withLock { $0 = error } }

    public func keep<Answer>(
        _ orders: [BlobOrder], isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool,
        commit: () throws(RecordFailure) -> Answer
    ) throws(SluiceError) -> Answer {
        let failure = nextFailure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let failure { throw failure }
        let added = kept.withLock { kept in
            orders.filter { order in
                let isNew = kept[order.area]?[order.attachment.digest] == nil
                if isNew { kept[order.area, default: [:]][order.attachment.digest] = Self.bytes(order.attachment) }
                return isNew
            }
        }
        do throws(RecordFailure) { return try commit() } catch {
            if !error.isUndecided {
                for order in added where (try? isReferenced(order.attachment.digest, order.area)) == false {
                    kept.withLock { $0[order.area]?[order.attachment.digest] = nil }
                }
            }
            throw error.error
        }
    }

    public func open(_ digest: Digest, in area: BlobArea) throws(SluiceError) -> (any BlobReader)? {
        kept.withLock { $0[area]?[digest] }.map { MemoryBlobReader(bytes: $0) }
    }

    public func discard(
        _ digest: Digest, in area: BlobArea, isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool
    ) throws(SluiceError) {
        if try isReferenced(digest, area) { return }
        kept.withLock { $0[area]?[digest] = nil }
    }

    private static func bytes(_ attachment: SpooledAttachment) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(attachment.size.bytes)) { buffer, count in
            while count < buffer.count {
                let read = pread(attachment.descriptor, buffer.baseAddress! + count, buffer.count - count, off_t(count))
                precondition(read > 0, "the spooled bytes are shorter than they say")
                count += read
            }
        }
    }
}

struct MemoryBlobReader: BlobReader {
    let bytes: [UInt8]
    var size: ByteCount { ByteCount(bytes.count) }
    var descriptor: CInt? { nil }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SluiceError) -> Int {
        guard offset < bytes.count else { return 0 }
        let piece = bytes[Int(offset)...].prefix(buffer.count)
        buffer.copyBytes(from: piece)
        return piece.count
    }
}
