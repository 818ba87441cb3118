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

/// The bytes of partial uploads, in files or objects that survive a restart. Every call blocks. The caller uses one partial from one thread at a time.
public protocol PartialBytes: Sendable {
    /// Makes room for the bytes; an empty file gets a name that is durable.
    /// - Returns: the id for a new partial. It sorts by time and cannot be guessed.
    func create() throws(SluiceError) -> String
    /// - Returns: how many bytes have arrived, which is what a sender may be told; `nil` where there is no such partial.
    func size(_ id: String) throws(SluiceError) -> ByteCount?
    /// Writes bytes behind those that are there. After `sync` they survive a crash of the machine, and every node counts them.
    /// - Parameter offset: how many bytes there are now, those before the next `sync` included.
    /// - Throws: `store.no-space`, `store.io`; then nothing was added.
    func append(_ bytes: UnsafeRawBufferPointer, to id: String, at offset: ByteCount) throws(SluiceError)
    /// Whether `makeRoom` is to be called before more bytes are appended. Does not block.
    func needsRoom(_ id: String) -> Bool
    /// Moves bytes that were appended to where they are durable, so that they do not fill the local disk. May be slow.
    /// - Throws: what `sync` throws.
    func makeRoom(_ id: String) throws(SluiceError)
    /// - Parameter offset: all bytes before it are durable when the call returns.
    /// - Throws: what `append` throws; `tus.taken-over` where these bytes were given up, since another request has added others.
    func sync(_ id: String, through offset: ByteCount) throws(SluiceError)
    /// After a failed `sync` nobody knows any more which bytes are there, so the sender has to begin again. Else only the bytes since the last one are lost.
    var failedSyncLosesAll: Bool { get }
    /// The request that added bytes has ended before its `sync`. May be slow: keeps what came where that can be done.
    func keepUnsynced(_ id: String)
    func open(_ id: String) throws(SluiceError) -> (any BlobReader)?
    /// The bytes as they are to be judged and kept, once they are complete and nobody adds to them any more. A blob of them takes no copy: it is
    /// a further name of the same file.
    /// - Returns: `nil` where there is no such partial, or where bytes have to be copied to become a blob.
    func received(_ id: String) throws(SluiceError) -> SpooledAttachment?
    /// Nothing happens where there is none.
    func remove(_ id: String) throws(SluiceError)
    /// Of many at once; those that are not there have no key.
    func sizes(of ids: [String]) throws(SluiceError) -> [String: ByteCount]
    /// Removes what is left of uploads that are over.
    func removeLeftovers() throws(SluiceError)
    /// All there are, in no order.
    func list() throws(SluiceError) -> [ListedPartial]
    /// Where a partial's bytes lie below the store, for messages.
    func path(of name: String) -> String
}

extension PartialBytes {
    public func needsRoom(_ id: String) -> Bool { false }
    public func makeRoom(_ id: String) throws(SluiceError) {}
    public var failedSyncLosesAll: Bool { true }
    public func keepUnsynced(_ id: String) {}
    public func removeLeftovers() throws(SluiceError) {}

    public func sizes(of ids: [String]) throws(SluiceError) -> [String: ByteCount] {
        var sizes: [String: ByteCount] = [:]
        for id in ids { sizes[id] = try size(id) }
        return sizes
    }
}
