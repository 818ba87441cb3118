// The doors to durable storage, as the pipeline sees them. What stands behind them is SluiceStore's.

/// Where bytes arrive before anything is known about them. Each call is blocking: call it on a blocking thread.
public protocol Spool: Sendable {
    /// - Parameter limit: the byte after it ends the reception.
    /// - Throws: `store.no-space`, `store.io`.
    func begin(limit: ByteCount) throws(SluiceError) -> any SpoolReception
}

/// One reception, used from one thread at a time. Dropping it frees everything.
public protocol SpoolReception: AnyObject {
    /// Takes the next bytes. After the limit is passed nothing more is kept; `isOverLimit` says so.
    /// - Throws: `store.no-space`, `store.io`.
    func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError)
    var received: ByteCount { get }
    var isOverLimit: Bool { get }
    /// The received bytes; call it once, and not when over the limit.
    func finish() throws(SluiceError) -> SpooledAttachment
}

/// Makes decisions durable. Calls that run at the same time share a commit.
public protocol Recorder: Sendable {
    /// Returns when the bytes and the row are durable, not before.
    /// - Throws: `store.no-space`, `store.io`, `store.busy`: then nothing of it is visible and the same call can be made again.
    func record(_ decision: Decision) async throws(SluiceError) -> Receipt
}

/// Where a kept attachment's bytes lie: served, or apart from everything that is served.
public enum BlobArea: String, Sendable, CaseIterable {
    case accepted, quarantined

    /// - Returns: `nil` for rejected attachments, whose bytes are not kept.
    public init?(_ verdict: Verdict) {
        switch verdict {
        case .accepted: self = .accepted
        case .quarantined: self = .quarantined
        case .rejected: return nil
        }
    }
}

/// Bytes to be kept.
public struct BlobOrder: Sendable {
    public var attachment: SpooledAttachment
    public var area: BlobArea

    public init(_ attachment: SpooledAttachment, in area: BlobArea) {
        self.attachment = attachment
        self.area = area
    }
}

/// The kept bytes of one attachment, opened to be read.
public protocol BlobReader: Sendable {
    var size: ByteCount { get }
    /// - Returns: how many bytes were read: 0 only at the end.
    /// - Throws: `store.io`.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SluiceError) -> Int
    /// For calls that send a file without copying it; `nil` where the bytes are not in a file. Owned by this object.
    var descriptor: CInt? { get }
}

/// Keeps bytes under their digest. Every call is blocking and may come from any thread.
public protocol BlobStore: Sendable {
    /// Makes the bytes durable under their digests and then runs `commit`, during which nothing removes them. When something fails while no row
    /// can speak of them yet, the bytes that this call has added are removed again where that is safe.
    /// - Parameter isReferenced: whether a durable row vouches for a digest in an area.
    /// - Throws: `store.no-space`, `store.io`, or what `commit` threw.
    func keep<Answer>(
        _ orders: [BlobOrder], isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool,
        commit: () throws(RecordFailure) -> Answer
    ) throws(SluiceError) -> Answer

    /// - Returns: `nil` where there are no such bytes.
    func open(_ digest: Digest, in area: BlobArea) throws(SluiceError) -> (any BlobReader)?

    /// Removes bytes that no row vouches for any more. While nobody is between placing and committing, so that nobody relies on them.
    /// - Parameter isReferenced: whether a durable row vouches for a digest in an area: then they stay.
    func discard(
        _ digest: Digest, in area: BlobArea, isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool
    ) throws(SluiceError)
}

/// Rows could not be written.
public struct RecordFailure: Error, Sendable {
    public var error: SluiceError
    /// The failure came while the commit was under way, so that the rows may yet turn out to be there.
    public var isUndecided: Bool
    /// The failure lies in one of the decisions, not in the store: the others can be recorded without it.
    public var isAboutOneDecision: Bool

    public init(_ error: SluiceError, isUndecided: Bool = false, isAboutOneDecision: Bool = false) {
        self.error = error
        self.isUndecided = isUndecided
        self.isAboutOneDecision = isAboutOneDecision
    }
}

/// The rows: tickets, their attachments with all that was found out, and the decisions about what was not kept.
/// Every call is blocking and may come from any thread.
public protocol TicketStore: CorrectionStore {
    /// For each decision the receipt of an attachment with the same bytes under the same declared name on the same ticket, where there is one.
    func receipts(alreadyGivenFor decisions: [Decision]) throws(SluiceError) -> [Receipt?]

    /// Writes all decisions or none; returns when they are durable. The bytes of those that are kept are durable already. What is on its ticket
    /// already is answered as a duplicate; a rejection told before is counted on the first one's row.
    func record(_ decisions: [Decision]) throws(RecordFailure) -> [Receipt]

    /// Whether a durable row says that these bytes are in that area.
    func isReferenced(_ digest: Digest, in area: BlobArea) throws(SluiceError) -> Bool

    /// In the order of their names.
    /// - Parameter after: the last one of the page before.
    func tickets(after: TicketID?, limit: Int) throws(SluiceError) -> [Ticket]
    /// In the order of their arrival.
    func attachments(of ticket: TicketID) throws(SluiceError) -> [StoredAttachment]
    func attachment(_ id: String) throws(SluiceError) -> StoredAttachment?
    /// Gravest first.
    func findings(of attachment: String) throws(SluiceError) -> [StoredFinding]
    /// In the manifest's order.
    func entries(of attachment: String) throws(SluiceError) -> [StoredEntry]
    /// What a log or a bundle of logs tells at a glance, as JSON; `nil` where the attachment has no card.
    func card(of attachment: String) throws(SluiceError) -> String?
    /// What was refused on this ticket, in the order in which it was first told.
    func rejections(on ticket: TicketID) throws(SluiceError) -> [StoredRejection]

    /// The bytes that rows speak of, those whose digest begins with one byte, in the order of their digests; for verification.
    func references(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> [BlobReference]
    /// Number and sum of the sizes of all that `references` lists in both areas.
    func referenceTotals() throws(SluiceError) -> (count: Int, size: ByteCount)
    /// The store's own proof of its structure.
    /// - Returns: one line for each thing that is wrong.
    func checkIntegrity() throws(SluiceError) -> [String]
}
