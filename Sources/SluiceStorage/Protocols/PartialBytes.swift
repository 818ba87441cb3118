// The bytes of partial uploads, as the storage rules see them.

public import SluiceModel

/// One file of a partial upload, as a listing tells it.
public struct ListedPartial: Sendable, Hashable {
    public var name: String
    /// Whether the name is one that Sluice makes.
    public var isOurs: Bool
    /// Seconds since 1970, UTC.
    public var changedAt: Int64

    public init(name: String, isOurs: Bool, changedAt: Int64) {
        self.name = name
        self.isOurs = isOurs
        self.changedAt = changedAt
    }
}

/// The bytes of partial uploads, in files that survive a restart. Every call blocks. The caller uses one partial from one thread at a time.
public protocol PartialBytes: Sendable {
    /// Makes an empty file, whose name is durable.
    /// - Returns: the id for a new partial. It sorts by time and cannot be guessed.
    func create() throws(SluiceError) -> String
    /// - Returns: how many bytes have arrived; `nil` where there is no file.
    func size(_ id: String) throws(SluiceError) -> ByteCount?
    /// Writes bytes behind those that are there. They survive a crash of the program, and after `sync` also one of the machine.
    /// - Parameter offset: what `size` is now.
    /// - Throws: `store.no-space`, `store.io`; then nothing was added.
    func append(_ bytes: UnsafeRawBufferPointer, to id: String, at offset: ByteCount) throws(SluiceError)
    func sync(_ id: String) throws(SluiceError)
    func open(_ id: String) throws(SluiceError) -> (any BlobReader)?
    /// The bytes as they are to be judged and kept, once they are complete and nobody adds to them any more. A blob of them takes no copy: it is
    /// a further name of the same file.
    /// - Returns: `nil` where there is no such partial, or where bytes have to be copied to become a blob.
    func received(_ id: String) throws(SluiceError) -> SpooledAttachment?
    /// Nothing happens where there is none.
    func remove(_ id: String) throws(SluiceError)
    /// All there are, in no order.
    func list() throws(SluiceError) -> [ListedPartial]
    /// Where a partial's bytes lie below the store, for messages.
    func path(of name: String) -> String
}
