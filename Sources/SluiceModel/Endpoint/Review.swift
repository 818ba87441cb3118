// What a person decides about quarantined attachments, and what follows from it for the same bytes.

/// A finding that a person let pass for certain bytes. Times are microseconds since 1970, UTC.
public struct Release: Sendable, Hashable {
    public var digest: Digest
    /// The code of the finding.
    public var code: String
    public var person: String
    public var note: String
    public var releasedAt: Int64

    public init(digest: Digest, code: String, person: String, note: String, releasedAt: Int64) {
        self.digest = digest
        self.code = code
        self.person = person
        self.note = note
        self.releasedAt = releasedAt
    }
}

/// What a reviewer's word led to.
public enum ReviewOutcome: Sendable, Hashable {
    case done
    case noSuchAttachment
    /// It is accepted already, perhaps by another reviewer.
    case notQuarantined
}

/// Asked while an attachment is judged. Every call is blocking and may come from any thread.
public protocol ReleaseStore: Sendable {
    /// What was let pass for these bytes, on any ticket, in the order of codes.
    func releases(for digest: Digest) throws(SluiceError) -> [Release]
}

/// The rows behind a review. Every call is blocking and may come from any thread.
public protocol ReviewStore: ReleaseStore {
    /// What waits for a person, oldest first.
    /// - Parameter after: the last attachment of the page before.
    func quarantined(after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment]
    /// Makes a quarantined attachment an accepted one and releases each of its quarantining findings for its bytes, which are in the accepted area
    /// already.
    func release(_ attachment: String, by person: String, note: String, at time: Int64) throws(SluiceError)
        -> ReviewOutcome
    /// Makes a quarantined attachment a refused one: its findings and the decision stay, the attachment and its listing go.
    func delete(_ attachment: String, by person: String, note: String, at time: Int64) throws(SluiceError)
        -> ReviewOutcome
}
