// Objects in memory.

import Glibc
public import SluiceModel
public import SluiceStorage
import Synchronization

/// Keeps objects in memory.
public final class MemoryObjectStore: ObjectStore {
    private let kept = Mutex<[String: [UInt8]]>([:])
    private let failure = Mutex<SluiceError?>(nil)

    public init() {}

    /// Every call fails with this until it is taken back.
    public func fail(with error: SluiceError?) { failure.withLock { $0 = error } }
    public var names: [String] { kept.withLock { $0.keys.sorted() } }

    private func look() throws(SluiceError) { if let error = failure.withLock({ $0 }) { throw error } }

    public func put(_ name: String, _ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        try look()
        let copy = Array(bytes)
        kept.withLock { $0[name] = copy }
    }

    public func put(_ name: String, from descriptor: CInt, at offset: Int64, count: Int64) throws(SluiceError) {
        try look()
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let read = pread(descriptor, &bytes, bytes.count, off_t(offset))
        precondition(read == bytes.count, "the file is shorter than it was said to be")
        let whole = bytes
        kept.withLock { $0[name] = whole }
    }

    public func get(_ name: String, into descriptor: CInt, at offset: Int64) throws(SluiceError) -> Int64? {
        try look()
        guard let bytes = kept.withLock({ $0[name] }) else { return nil }
        precondition(pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count, "memory is short")
        return Int64(bytes.count)
    }

    public func open(_ name: String) throws(SluiceError) -> (any BlobReader)? {
        try look()
        return kept.withLock { $0[name] }.map { MemoryBlobReader(bytes: $0) }
    }

    public func delete(_ name: String) throws(SluiceError) {
        try look()
        kept.withLock { $0[name] = nil }
    }

    public func list(_ prefix: String, after name: String?) throws(SluiceError) -> [ListedObject] {
        try look()
        let found = kept.withLock { $0 }.filter { $0.key.hasPrefix(prefix) && $0.key > name ?? "" }
        return found.sorted { $0.key < $1.key }.prefix(1000).map {
            ListedObject(name: $0.key, size: ByteCount($0.value.count), changedAt: 0)
        }
    }
}
