// Bytes of attachments under their digests, as the storage rules see them. An engine keeps them in folders or in an object store.

public import SluiceModel

/// Where a blob lies.
public struct BlobAddress: Sendable, Hashable {
    public var digest: Digest
    public var area: BlobArea

    public init(_ digest: Digest, in area: BlobArea) { (self.digest, self.area) = (digest, area) }
}

/// Received bytes that are to become a blob.
public struct BlobOrder: Sendable {
    public var attachment: SpooledAttachment
    public var area: BlobArea

    public init(_ attachment: SpooledAttachment, in area: BlobArea) {
        self.attachment = attachment
        self.area = area
    }

    var address: BlobAddress { BlobAddress(attachment.digest, in: area) }
}

/// Asks the rows which of these blobs they refer to.
public typealias ReferenceCheck = ([BlobAddress]) throws(SluiceError) -> Set<BlobAddress>

/// Blobs that are durable under their digests, while the rows that refer to them are not committed yet. Where the store has a lock, nobody removes a blob
/// as long as it is held. End it with exactly one of the two calls.
public protocol Placement: AnyObject {
    /// The rows are committed, or they may be: the blobs stay.
    func settle()
    /// The rows were not written. Removes what this placement has added, where that is safe: nobody else holds a placement, and no row refers to it. A store
    /// without a lock leaves it: unreferenced bytes are harmless, and `verify` finds them.
    func withdraw(_ referenced: ReferenceCheck)
}

/// One blob, as a listing tells it.
public struct ListedBlob: Sendable, Hashable {
    public var digest: Digest
    /// A regular object, whose bytes can be read.
    public var isReadable: Bool

    public init(digest: Digest, isReadable: Bool) { (self.digest, self.isReadable) = (digest, isReadable) }
}

/// What lies in a part of an area.
public struct BlobListing: Sendable {
    public var blobs: [ListedBlob]
    /// Paths, below the store, of what Sluice has not made.
    public var foreign: [String]

    public init(blobs: [ListedBlob] = [], foreign: [String] = []) { (self.blobs, self.foreign) = (blobs, foreign) }
}

/// What became of a blob that was to be removed.
public enum BlobRemoval: Sendable, Hashable {
    case removed
    /// A row refers to it.
    case referenced
    /// Nobody refers to it, and it is too young to be removed.
    case kept
    /// There is no such blob.
    case missing
}

/// A name that a crash left where bytes get their names.
public struct SpoolLeftover: Sendable, Hashable {
    public var name: String
    public var isRemoved: Bool

    public init(name: String, isRemoved: Bool) { (self.name, self.isRemoved) = (name, isRemoved) }
}

/// Keeps bytes under their digest. Every call blocks and may come from any thread.
public protocol BlobStore: Sendable {
    /// Makes received bytes durable under their digests.
    /// - Throws: `store.no-space`, `store.io`, `store.busy`; then nothing was added.
    func place(_ orders: [BlobOrder], _ referenced: ReferenceCheck) throws(SluiceError) -> any Placement

    /// - Returns: `nil` where there are no such bytes.
    func open(_ address: BlobAddress) throws(SluiceError) -> (any BlobReader)?

    /// Whether a removal waits for placements, and a placement for a removal, by a lock that all have who use this store on one machine.
    var locksRemovals: Bool { get }

    /// Removes a blob that no row refers to. Where the store has a lock, rows are asked while nobody holds a placement; where it has none, the removal is on
    /// record as a row.
    /// - Parameter moment: seconds since 1970; what has got its name later stays. `nil` removes nothing and only tells.
    func remove(_ address: BlobAddress, namedBefore moment: Int64?, _ referenced: ReferenceCheck) throws(SluiceError)
        -> BlobRemoval

    /// The blobs of an area whose digests begin with one byte.
    func list(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> BlobListing
    /// Paths, below the store, of what lies beside the blobs of an area and was not made by Sluice.
    func foreignNames(in area: BlobArea) throws(SluiceError) -> [String]
    /// Names that a crash has left between the spool and the blobs; those from before `moment` are removed.
    func sweepLeftovers(namedBefore moment: Int64?) throws(SluiceError) -> [SpoolLeftover]
    /// A cheap look whether bytes can be placed and read now.
    /// - Throws: `store.unavailable`, `store.…`.
    func check() throws(SluiceError)
    /// Where a blob lies below the store, for messages.
    func path(of address: BlobAddress) -> String
}

extension BlobStore {
    public var locksRemovals: Bool { false }

    /// Opens a blob that is not there: that costs one request.
    public func check() throws(SluiceError) {
        _ = try open(BlobAddress(Digest([UInt8](repeating: 0, count: Digest.byteCount))!, in: .accepted))
    }
}
