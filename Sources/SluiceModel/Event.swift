// What happened, one line each: appended in the same transaction as what it tells of, and never changed.

/// One event. Times are microseconds since 1970, UTC.
public struct Event: Sendable, Hashable {
    /// What happened. The words are a contract: programs read them.
    public enum Kind: String, Sendable, CaseIterable {
        case attachmentAccepted = "attachment.accepted"
        case attachmentQuarantined = "attachment.quarantined"
        case attachmentRejected = "attachment.rejected"
        /// A person let a quarantined attachment pass.
        case attachmentReleased = "attachment.released"
        /// A person deleted a quarantined attachment.
        case attachmentDeleted = "attachment.deleted"
        case attachmentErased = "attachment.erased"
        /// A person corrected the category.
        case attachmentCorrected = "attachment.corrected"
    }

    /// 1, 2, 3 … without gaps, in the order of commits; 0 before it is appended.
    public var number: Int64
    public var kind: Kind
    public var at: Int64
    public var ticket: TicketID
    /// `nil` for what was not kept.
    public var attachment: String?
    /// `nil` where nothing was received to the end.
    public var digest: Digest?
    public var name: DeclaredName?
    /// Who did it; `nil` where the program decided by itself.
    public var person: String?
    /// The person's reason, or the corrected category. Empty where there is nothing to say.
    public var note: String
    /// The verdict takes the place of an earlier one that rested on a failed inspection.
    public var replacesVerdict: Bool

    public init(
        number: Int64 = 0, _ kind: Kind, at: Int64, ticket: TicketID, attachment: String?, digest: Digest?,
        name: DeclaredName?, person: String? = nil, note: String = "", replacesVerdict: Bool = false
    ) {
        self.number = number
        self.kind = kind
        self.at = at
        self.ticket = ticket
        self.attachment = attachment
        self.digest = digest
        self.name = name
        self.person = person
        self.note = note
        self.replacesVerdict = replacesVerdict
    }
}

extension Event.Kind {
    /// The event that tells a verdict.
    public init(_ verdict: Verdict) {
        switch verdict {
        case .accepted: self = .attachmentAccepted
        case .quarantined: self = .attachmentQuarantined
        case .rejected: self = .attachmentRejected
        }
    }
}
