// Bytes in memory: the second blob store and the second store of partial uploads, on which the conformance suite runs.

import Glibc
public import SluiceModel
public import SluiceStorage
import Synchronization

/// Keeps blobs in memory.
public final class MemoryBlobStore: BlobStore {
    private let kept = Mutex<[BlobAddress: [UInt8]]>([:])
    /// Thrown by the next `place`, once.
    private let nextFailure = Mutex<SluiceError?>(nil)

    public init() {}

    public func failNext(_ error: SluiceError) { nextFailure.withLock { $0 = error } }

    public func place(_ orders: [BlobOrder], _ referenced: ReferenceCheck) throws(SluiceError) -> any Placement {
        let failure = nextFailure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let failure { throw failure }
        let added = kept.withLock { kept in
            orders.map { BlobAddress($0.attachment.digest, in: $0.area) }.enumerated().filter { index, address in
                guard kept[address] == nil else { return false }
                kept[address] = Self.bytes(orders[index].attachment)
                return true
            }.map(\.element)
        }
        return MemoryPlacement(self, added)
    }

    fileprivate func withdraw(_ added: [BlobAddress], _ referenced: ReferenceCheck) {
        for address in added where (try? referenced([address]).isEmpty) == true {
            kept.withLock { $0[address] = nil }
        }
    }

    public func open(_ address: BlobAddress) throws(SluiceError) -> (any BlobReader)? {
        kept.withLock { $0[address] }.map { MemoryBlobReader(bytes: $0) }
    }

    public func remove(
        _ address: BlobAddress, namedBefore moment: Int64?, _ referenced: ReferenceCheck
    ) throws(SluiceError) -> BlobRemoval {
        if try !referenced([address]).isEmpty { return .referenced }
        return kept.withLock { kept in
            guard kept[address] != nil else { return .missing }
            guard moment != nil else { return .kept }
            kept[address] = nil
            return .removed
        }
    }

    public func list(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> BlobListing {
        let digests = kept.withLock { $0.keys.filter { $0.area == area && $0.digest.bytes[0] == byte } }
        return BlobListing(blobs: digests.map { ListedBlob(digest: $0.digest, isReadable: true) })
    }

    public func foreignNames(in area: BlobArea) throws(SluiceError) -> [String] { [] }
    public func sweepLeftovers(namedBefore moment: Int64?) throws(SluiceError) -> [SpoolLeftover] { [] }
    public func path(of address: BlobAddress) -> String { "\(address.area.rawValue)/\(address.digest)" }

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

private final class MemoryPlacement: Placement {
    private let store: MemoryBlobStore
    private let added: [BlobAddress]

    init(_ store: MemoryBlobStore, _ added: [BlobAddress]) { (self.store, self.added) = (store, added) }

    func settle() {}
    func withdraw(_ referenced: ReferenceCheck) { store.withdraw(added, referenced) }
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

/// Keeps the bytes of partial uploads in memory.
public final class MemoryPartialBytes: PartialBytes {
    private struct State {
        var bytes: [String: [UInt8]] = [:]
        var made = 0
    }

    private let state = Mutex(State())

    public init() {}

    public func create() throws(SluiceError) -> String {
        state.withLock { state in
            state.made += 1
            let number = String(state.made)
            let id = String(repeating: "0", count: 26 - number.count) + number
            state.bytes[id] = []
            return id
        }
    }

    public func size(_ id: String) throws(SluiceError) -> ByteCount? {
        state.withLock { $0.bytes[id].map { ByteCount($0.count) } }
    }

    public func append(
        _ bytes: UnsafeRawBufferPointer, to id: String, at offset: ByteCount
    ) throws(SluiceError) {
        let isWritten = state.withLock { state in
            guard let known = state.bytes[id], Int64(known.count) == offset.bytes else { return false }
            state.bytes[id]! += bytes
            return true
        }
        if !isWritten { throw SluiceError("store.internal", what: "", why: "", mend: "") }
    }

    public func sync(_ id: String, through offset: ByteCount) throws(SluiceError) {}

    public func open(_ id: String) throws(SluiceError) -> (any BlobReader)? {
        state.withLock { $0.bytes[id] }.map { MemoryBlobReader(bytes: $0) }
    }

    public func received(_ id: String) throws(SluiceError) -> SpooledAttachment? { nil }

    public func remove(_ id: String) throws(SluiceError) { state.withLock { $0.bytes[id] = nil } }

    public func list() throws(SluiceError) -> [ListedPartial] {
        state.withLock { $0.bytes.keys.map { ListedPartial(name: $0, isOurs: true, changedAt: 0) } }
    }

    public func path(of name: String) -> String { "partials/\(name)" }
}
