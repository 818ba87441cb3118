// Plain objects under names, as an S3-compatible store keeps them: for bytes that are no blobs yet, such as the parts of a resumable upload.

public import SluiceModel

/// One object, as a listing tells it.
public struct ListedObject: Sendable, Hashable {
    /// Below the store's prefix, as it was given to `put`.
    public var name: String
    public var size: ByteCount
    /// Seconds since 1970, UTC, by the clock of the object store.
    public var changedAt: Int64

    public init(name: String, size: ByteCount, changedAt: Int64) {
        self.name = name
        self.size = size
        self.changedAt = changedAt
    }
}

/// Keeps objects, each written whole. Names are paths of ASCII letters, digits, `-`, `.`, `_` and `/`. Every call blocks and may come from any thread.
/// - Throws: `store.unavailable`, `store.not-permitted`, `store.missing` (the bucket), `store.no-space`, `store.io`.
public protocol ObjectStore: Sendable {
    /// Writes an object; one of the same name is replaced. It is durable when the call returns. After an error it may be there all the same.
    func put(_ name: String, _ bytes: UnsafeRawBufferPointer) throws(SluiceError)
    /// The same with a part of a file. The file's position stays unchanged.
    func put(_ name: String, from descriptor: CInt, at offset: Int64, count: Int64) throws(SluiceError)
    /// Writes all bytes of an object to a file, from an offset of the file on. After an error, any number of them may be written.
    /// - Returns: how many bytes the object has; `nil` where there is no such object.
    func get(_ name: String, into descriptor: CInt, at offset: Int64) throws(SluiceError) -> Int64?
    /// - Returns: `nil` where there is no such object.
    func open(_ name: String) throws(SluiceError) -> (any BlobReader)?
    /// Nothing happens where there is none.
    func delete(_ name: String) throws(SluiceError)
    /// Up to 1 000 objects whose names begin with `prefix`, in the order of their names' bytes.
    /// - Parameter name: the last one of the page before.
    func list(_ prefix: String, after name: String?) throws(SluiceError) -> [ListedObject]
}
