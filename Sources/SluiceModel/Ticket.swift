// What the ticket store tells about what it holds, from its rows. Times are microseconds since 1970, UTC.

/// One ticket.
public struct Ticket: Sendable, Hashable {
    public var id: TicketID
    public var openedAt: Int64
    public var attachments: Int

    public init(id: TicketID, openedAt: Int64, attachments: Int) {
        self.id = id
        self.openedAt = openedAt
        self.attachments = attachments
    }
}

/// The claims and the evidence that attachments and rejections have in common.
public struct StoredFacts: Sendable, Hashable {
    public var submission: Submission
    public var recognized: RecognizedType
    public var secondOpinion: MediaType?
    public var category: Category
    public var ownCategory: CategoryJudgement
    public var size: ByteCount
    /// `nil` where nothing was received to the end.
    public var digest: Digest?
    public var policyVersion: String
    public var receivedAt: Int64

    public init(
        submission: Submission, recognized: RecognizedType, secondOpinion: MediaType?, category: Category,
        ownCategory: CategoryJudgement, size: ByteCount, digest: Digest?, policyVersion: String, receivedAt: Int64
    ) {
        self.submission = submission
        self.recognized = recognized
        self.secondOpinion = secondOpinion
        self.category = category
        self.ownCategory = ownCategory
        self.size = size
        self.digest = digest
        self.policyVersion = policyVersion
        self.receivedAt = receivedAt
    }
}

/// One attachment that was kept.
public struct StoredAttachment: Sendable, Hashable {
    public var id: String
    public var ticket: TicketID
    public var verdict: Verdict
    public var facts: StoredFacts
    public var digest: Digest
    /// For archives: the number of entries and what they really expanded to.
    public var entries: Int?
    public var expandedSize: ByteCount?

    public init(
        id: String, ticket: TicketID, verdict: Verdict, facts: StoredFacts, digest: Digest, entries: Int?,
        expandedSize: ByteCount?
    ) {
        self.id = id
        self.ticket = ticket
        self.verdict = verdict
        self.facts = facts
        self.digest = digest
        self.entries = entries
        self.expandedSize = expandedSize
    }
}

/// A decision about what was not kept.
public struct StoredRejection: Sendable, Hashable {
    /// Grows in the order in which refusals were first told.
    public var number: Int64
    public var ticket: TicketID
    public var facts: StoredFacts
    public var findings: [StoredFinding]
    /// How often the same was sent, and when last.
    public var count: Int
    public var lastAt: Int64

    public init(
        number: Int64, ticket: TicketID, facts: StoredFacts, findings: [StoredFinding], count: Int, lastAt: Int64
    ) {
        self.number = number
        self.ticket = ticket
        self.facts = facts
        self.findings = findings
        self.count = count
        self.lastAt = lastAt
    }
}

/// A finding as it was told, in the words of that day.
public struct StoredFinding: Sendable, Hashable {
    public var code: String
    public var severity: Severity
    public var entry: EntryName?
    public var message: String
    public var remedy: String
    /// A JSON array, one object a remedy (`Remedy`).
    public var remedies: String
    /// A JSON array, one object a fact.
    public var facts: String

    public init(
        code: String, severity: Severity, entry: EntryName?, message: String, remedy: String, remedies: String,
        facts: String
    ) {
        self.code = code
        self.severity = severity
        self.entry = entry
        self.message = message
        self.remedy = remedy
        self.remedies = remedies
        self.facts = facts
    }

    /// A finding as it is told now.
    package init(_ judged: JudgedFinding) {
        let finding = judged.finding
        self.init(
            code: finding.code, severity: judged.severity, entry: finding.entry, message: finding.message,
            remedy: finding.remedy, remedies: Remedy.json(finding.remedies), facts: FactText.json(finding.facts))
    }
}

/// One line of a kept archive's manifest.
public struct StoredEntry: Sendable, Hashable {
    public var name: EntryName
    public var kind: ManifestEntry.Kind
    public var size: ByteCount
    public var depth: Int
    public var recognized: RecognizedType
    public var category: CategoryJudgement?

    public init(
        name: EntryName, kind: ManifestEntry.Kind, size: ByteCount, depth: Int, recognized: RecognizedType,
        category: CategoryJudgement?
    ) {
        self.name = name
        self.kind = kind
        self.size = size
        self.depth = depth
        self.recognized = recognized
        self.category = category
    }

    /// An entry as it is judged now.
    package init(_ judged: JudgedEntry) {
        let entry = judged.entry
        self.init(
            name: entry.name, kind: entry.kind, size: entry.size, depth: entry.depth, recognized: entry.recognized,
            category: judged.category)
    }
}

/// A digest that a row speaks of.
public struct BlobReference: Sendable, Hashable {
    public var digest: Digest
    public var size: ByteCount
    /// One attachment of those that share the bytes.
    public var attachment: String

    public init(digest: Digest, size: ByteCount, attachment: String) {
        self.digest = digest
        self.size = size
        self.attachment = attachment
    }
}
