// The store as the rest of the program sees it: one way to write rows, ways to read them, and the desks that know which rows belong together. What
// the rows and bytes lie in is given to it.

public import SluiceModel
import SluiceSystem

/// One open store. Several processes may have the same store open.
public final class Storage: Sendable {
    public let spool: any Spool
    /// Rows, each question by itself. Every call blocks: call it on a thread that may.
    public var tickets: any StoreReader & Sendable { database.reader }
    /// Bytes. Every call blocks: call it on a thread that may.
    public let blobs: any BlobStore
    public let partialBytes: any PartialBytes
    let database: any Database
    /// Rights among all nodes of this store, held for as long as they are used.
    package let leases: LeaseKeeper
    private let group: GroupCommit

    /// - Parameter pacing: when a commit begins.
    public init(
        _ database: any Database, blobs: any BlobStore, spool: any Spool, partialBytes: any PartialBytes,
        pacing: CommitPacing = .gathering
    ) {
        self.database = database
        self.blobs = blobs
        self.spool = spool
        self.partialBytes = partialBytes
        leases = LeaseKeeper(database.leases)
        group = GroupCommit(database, blobs, pacing: pacing)
        // What cannot be removed now is tried later, and told by `verify`. Among several nodes the housekeeping of one of them does it.
        if !database.agreesInRows(with: blobs) { try? finishRemovals() }
    }

    /// Finishes what is being recorded, and blocks until that is done.
    public func close() {
        group.close()
        leases.close()
        database.close()
    }

    // MARK: Rows

    /// Writes rows, together or not at all; returns when they are durable. Units that wait at the same time share a commit.
    /// - Parameters:
    ///   - what: what to say when the database fails, such as "The token cannot be recorded."
    ///   - orders: blobs that have to be durable before the rows that refer to them.
    ///   - known: an answer from what is committed already; then nothing is placed and nothing is written.
    ///   - work: may be run again, so it does nothing but read and write rows.
    /// - Throws: `store.…`, or what `work` threw; then nothing of it is visible and the same call can be made again.
    public func transaction<Answer: Sendable>(
        _ what: String, placing orders: [BlobOrder] = [],
        known: (@Sendable (any StoreReader) throws(SluiceError) -> Answer?)? = nil,
        _ work: @escaping @Sendable (any UnitOfWork) throws(SluiceError) -> Answer
    ) async throws(SluiceError) -> Answer {
        let result = await withCheckedContinuation { waiting in
            group.add(ClosureUnit(what, placing: orders, known: known, work) { waiting.resume(returning: $0) })
        }
        return try result.get()
    }

    /// The same for callers on a thread that may block.
    public func transactionBlocking<Answer: Sendable>(
        _ what: String, placing orders: [BlobOrder] = [],
        _ work: @escaping @Sendable (any UnitOfWork) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer {
        let waiting = BlockingResult<Result<Answer, SluiceError>>()
        group.add(ClosureUnit(what, placing: orders, known: nil, work) { waiting.give($0) })
        return try waiting.wait().get()
    }

    /// Runs `body` on one state of the rows. Blocks.
    public func read<Answer>(_ body: (any StoreReader) throws(SluiceError) -> Answer) throws(SluiceError) -> Answer {
        try database.read(body)
    }

    // MARK: Bytes

    /// The bytes of an attachment, to be served. Blocks.
    /// - Parameter asReviewer: also what is quarantined. Without it only accepted attachments are found.
    public func openBytes(
        of attachment: StoredAttachment, asReviewer: Bool = false
    ) throws(SluiceError) -> (any BlobReader)? {
        guard let area = BlobArea(attachment.verdict), area == .accepted || asReviewer else { return nil }
        return try blobs.open(BlobAddress(attachment.digest, in: area))
    }
}

extension Storage: Recorder {
    /// What is on its ticket already is answered as a duplicate; a refusal that was told before is counted on the first one's row.
    public func record(_ decision: Decision) async throws(SluiceError) -> Receipt {
        try await record(decision, check: nil)
    }

    /// The same where there is room for it.
    /// - Parameter check: asked inside the transaction, where all nodes meet, before something new is written. What it throws is thrown, and nothing is
    ///   recorded.
    package func record(
        _ decision: Decision, check: (@Sendable (any StoreReader) throws(SluiceError) -> Void)?
    ) async throws(SluiceError) -> Receipt {
        let recording = try Recording(decision)
        let receipt = try await transaction(
            "The decision cannot be recorded.", placing: recording.orders,
            known: { (reader) throws(SluiceError) in try recording.known(reader) },
            { (work) throws(SluiceError) in try recording.write(work, at: WallClock.microseconds(), check: check)
            })
        // The bytes were set apart while nobody knew what they are. Where their removal fails, the note in the database stays and the next start does it.
        if receipt.isJudgedAnew, let digest = receipt.digest {
            _ = try? removeUnreferenced(BlobAddress(digest, in: .quarantined))
        }
        return receipt
    }
}
