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

extension StoredFinding {
    /// The same finding once a person has decided.
    public var decided: StoredFinding {
        var finding = self
        finding.severity = DecidedFinding.severity
        finding.remedy = DecidedFinding.remedy
        finding.remedies = DecidedFinding.remedies
        return finding
    }
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

/// Asked while an attachment is judged. Every call is blocking and may come from any thread.
public protocol ReleaseStore: Sendable {
    /// What was let pass for these bytes and not taken back, on any ticket, the latest word first.
    func releases(for digest: Digest) throws(SluiceError) -> [Release]
}
