// The store as a whole: a folder with its spool, its blobs and its ticket store, opened together.

public import SluiceModel

/// One open store. Several processes may have the same store open.
public final class Store: Sendable {
    public let spool: any Spool
    public let recorder: any Recorder
    /// Rows. Every call blocks: call it on a thread that may.
    public let tickets: any TicketStore
    /// Bytes. Every call blocks: call it on a thread that may.
    public let blobs: any BlobStore
    /// What the endpoint keeps besides. Every call blocks: call it on a thread that may.
    public let tokens: TokenDesk
    public let partials: any PartialStore
    public let partialBytes: any PartialBytes
    public let answers: any AnswerStore
    public let usage: any UsageStore
    public let review: ReviewDesk
    let layout: StoreLayout
    private let group: GroupCommit
    private let answerGroup: AnswerGroup

    /// Opens the store in a folder; makes it where there is none and `creating` is set.
    /// - Parameter patience: how long to wait for another process that writes, before it is `store.busy`.
    /// - Throws: `store.missing`, `store.newer-schema`, `store.foreign-database`, `store.damaged`, `store.not-permitted`, `store.no-space`,
    ///   `store.io`, `store.busy`.
    public static func open(
        _ path: String, creating: Bool = true, patience: Duration = .seconds(10), pacing: CommitPacing = .gathering
    ) throws(SluiceError) -> Store {
        try Store(path, creating: creating, patience: patience, pacing)
    }

    private init(
        _ path: String, creating: Bool, patience: Duration, _ pacing: CommitPacing
    ) throws(SluiceError) {
        let layout = try StoreLayout(path, creating: creating)
        // One process at a time makes or migrates the database.
        try FolderLock.takeExclusive(layout.root)
        defer { FolderLock.giveBack(layout.root) }
        self.layout = layout
        let tickets = try SQLiteTicketStore(path: layout.databasePath, timeout: patience)
        let blobs = FileBlobStore(layout)
        group = GroupCommit(tickets, blobs, pacing: pacing)
        let spool = DiskSpool(layout)
        self.spool = spool
        recorder = group
        self.tickets = tickets
        self.blobs = blobs
        tokens = TokenDesk(tickets)
        partials = tickets
        partialBytes = PartialFiles(layout)
        answerGroup = AnswerGroup(tickets)
        answers = answerGroup
        usage = tickets
        review = ReviewDesk(tickets, rows: tickets, blobs: blobs, spool: spool)
        // What cannot be removed now is tried at the next start, and told by `verify`.
        try? review.finishDiscards()
    }

    /// Finishes what is being recorded, and blocks until that is done.
    public func close() {
        group.close()
        answerGroup.close()
    }

    /// The bytes of an attachment, to be served.
    /// - Parameter asReviewer: also what is quarantined. Without it only accepted attachments are found.
    public func openBytes(
        of attachment: StoredAttachment, asReviewer: Bool = false
    ) throws(SluiceError) -> (any BlobReader)? {
        guard let area = BlobArea(attachment.verdict), area == .accepted || asReviewer else { return nil }
        return try blobs.open(attachment.digest, in: area)
    }

    /// Where the bytes of an attachment lie, to be read by programs beside this one (training).
    public func path(of attachment: StoredAttachment) -> String? {
        BlobArea(attachment.verdict).map {
            "\(layout.path)/\(StoreLayout.folderName($0))/\(StoreLayout.blobPath(attachment.digest))"
        }
    }
}
