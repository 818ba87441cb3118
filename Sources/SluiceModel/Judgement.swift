// The decision about one attachment, and the receipt that the submitter gets.

/// One entry of an archive, with its category.
public struct JudgedEntry: Sendable, Hashable {
    public var entry: ManifestEntry
    /// `nil` for what is no text.
    public var category: CategoryJudgement?

    public init(_ entry: ManifestEntry, _ category: CategoryJudgement?) {
        self.entry = entry
        self.category = category
    }
}

/// The decision, with everything it rests on.
public struct Judgement: Sendable, Hashable {
    public var verdict: Verdict
    /// For the record: the declared category where there is one, else ours.
    public var category: Category
    /// Ours, with its reason.
    public var ownCategory: CategoryJudgement
    /// Gravest first.
    public var findings: [JudgedFinding]
    /// In the manifest's order; empty for what is no archive.
    public var entries: [JudgedEntry]
    /// `portal`, `bundle` or the name that a site's policy file gives, with its digest.
    public var policyVersion: String

    public init(
        verdict: Verdict, category: Category, ownCategory: CategoryJudgement, findings: [JudgedFinding],
        entries: [JudgedEntry] = [], policyVersion: String
    ) {
        self.verdict = verdict
        self.category = category
        self.ownCategory = ownCategory
        self.findings = findings
        self.entries = entries
        self.policyVersion = policyVersion
    }
}

extension Judgement {
    /// Whether it says no more than that this inspection did not come to an end. The same bytes, inspected cleanly later, are judged anew.
    public var restsOnFailedInspection: Bool {
        findings.contains { $0.finding.definition == .inspectionFailed && $0.finding.entry == nil }
    }
}

/// Everything that is to be recorded of one attachment.
public struct Decision: Sendable {
    public var submission: Submission
    /// `nil` where nothing was received to the end (over the limit).
    public var spooled: SpooledAttachment?
    /// As received, or as far as it was received.
    public var size: ByteCount
    public var inspection: Inspection
    public var judgement: Judgement

    public init(
        submission: Submission, spooled: SpooledAttachment?, size: ByteCount, inspection: Inspection,
        judgement: Judgement
    ) {
        self.submission = submission
        self.spooled = spooled
        self.size = size
        self.inspection = inspection
        self.judgement = judgement
    }
}

/// The answer for one attachment, once it is durable; the same answer if it is sent again.
public struct Receipt: Sendable, Hashable {
    /// `accepted`, `quarantined` and `rejected` as decided; `duplicate` where the same bytes under the same name are on the ticket already.
    public var outcome: Outcome
    /// Of the recorded attachment (for a duplicate, of the first one); `nil` for rejected ones, whose decision is kept but whose bytes are not.
    public var attachment: String?
    public var ticket: TicketID
    public var digest: Digest?
    public var verdict: Verdict
    /// When it was recorded, for a duplicate the first one. Microseconds since 1970, UTC.
    public var recordedAt: Int64
    /// It replaces an earlier verdict on the same bytes that rested on a failed inspection.
    public var isJudgedAnew = false

    public init(
        outcome: Outcome, attachment: String?, ticket: TicketID, digest: Digest?, verdict: Verdict, recordedAt: Int64
    ) {
        self.outcome = outcome
        self.attachment = attachment
        self.ticket = ticket
        self.digest = digest
        self.verdict = verdict
        self.recordedAt = recordedAt
    }
}
