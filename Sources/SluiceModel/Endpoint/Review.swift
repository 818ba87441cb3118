// What a person decides about quarantined attachments, and what follows from it for the same bytes.

/// A person's word that lets findings pass for certain bytes. Times are microseconds since 1970, UTC.
public struct Release: Sendable, Hashable {
    public var id: String
    public var digest: Digest
    /// The only ticket on which it holds; `nil` for all.
    public var ticket: TicketID?
    /// The attachment that was released.
    public var attachment: String
    /// The findings that it lets pass, in the order of their codes.
    public var codes: [String]
    public var person: String
    public var note: String
    public var releasedAt: Int64
    /// When and by whom it was taken back; `nil` while it holds.
    public var revokedAt: Int64?
    public var revokedBy: String?

    public init(
        id: String, digest: Digest, ticket: TicketID?, attachment: String, codes: [String], person: String,
        note: String,
        releasedAt: Int64, revokedAt: Int64? = nil, revokedBy: String? = nil
    ) {
        self.id = id
        self.digest = digest
        self.ticket = ticket
        self.attachment = attachment
        self.codes = codes
        self.person = person
        self.note = note
        self.releasedAt = releasedAt
        self.revokedAt = revokedAt
        self.revokedBy = revokedBy
    }
}

/// What a finding that set an attachment apart says once a person has decided: it stays on record, and asks for nothing any more.
public enum DecidedFinding {
    public static let severity = Severity.note
    public static let remedy = "A person has looked at it and decided; nothing need be done."
    public static let remedies = "[]"
}

/// What a reviewer's word led to.
public enum ReviewOutcome: Sendable, Hashable {
    case done
    case noSuchAttachment
    /// It is accepted already, perhaps by another reviewer.
    case notQuarantined
    /// Who has sent it does not release it.
    case sentByReviewer
}

/// One line of the review record: what changed an attachment's verdict after it was given. It outlives the attachment.
public struct ReviewEvent: Sendable, Hashable {
    public enum Action: String, Sendable, CaseIterable {
        case released, deleted
        /// By the program: the first inspection had failed, and the same bytes were inspected cleanly.
        case judgedAnew = "judged-anew"
    }

    public var attachment: String
    public var action: Action
    public var ticket: TicketID
    public var digest: Digest
    public var person: String
    public var note: String
    public var at: Int64

    public init(
        attachment: String, action: Action, ticket: TicketID, digest: Digest, person: String, note: String, at: Int64
    ) {
        self.attachment = attachment
        self.action = action
        self.ticket = ticket
        self.digest = digest
        self.person = person
        self.note = note
        self.at = at
    }
}

/// Bytes whose row is gone, but perhaps not their file.
public struct UnfinishedDiscard: Sendable, Hashable {
    public var digest: Digest
    public var area: BlobArea

    public init(_ digest: Digest, in area: BlobArea) { (self.digest, self.area) = (digest, area) }
}

/// Asked while an attachment is judged. Every call is blocking and may come from any thread.
public protocol ReleaseStore: Sendable {
    /// What was let pass for these bytes and not taken back, on any ticket, the latest word first.
    func releases(for digest: Digest) throws(SluiceError) -> [Release]
}

/// The rows behind a review. Every call is blocking and may come from any thread.
public protocol ReviewStore: ReleaseStore {
    /// What waits for a person, oldest first.
    /// - Parameter after: the last attachment of the page before.
    func quarantined(after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment]
    /// Makes a quarantined attachment an accepted one and releases each of its quarantining findings for its bytes, which are in the accepted area
    /// already.
    /// - Parameter everywhere: the release holds on every ticket, not only on the attachment's.
    func release(_ attachment: String, by person: String, note: String, everywhere: Bool, at time: Int64)
        throws(SluiceError) -> ReviewOutcome
    /// Those that were taken back included, the oldest first.
    func releases() throws(SluiceError) -> [Release]
    /// What was accepted by it stays; the same bytes are judged again when they come again. Taking it back twice changes nothing.
    /// - Returns: false where there is no such release.
    func revokeRelease(_ id: String, by person: String, at time: Int64) throws(SluiceError) -> Bool
    /// Makes a quarantined attachment a refused one: its findings and the decision stay, the attachment and its listing go.
    func delete(_ attachment: String, by person: String, note: String, at time: Int64) throws(SluiceError)
        -> ReviewOutcome
    /// The review record, oldest first.
    /// - Parameter attachment: only of this one.
    func reviewEvents(of attachment: String?) throws(SluiceError) -> [ReviewEvent]

    /// What a release, a deletion or a new judgement has left to be discarded: written in its transaction, so that a crash before the file is removed
    /// leaves word of it.
    func unfinishedDiscards() throws(SluiceError) -> [UnfinishedDiscard]
    func finish(_ discard: UnfinishedDiscard) throws(SluiceError)
}
