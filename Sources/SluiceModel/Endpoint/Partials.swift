// Attachments that arrive in several requests: what is known of each while its bytes are incomplete, and where these bytes are kept.

/// A partial: an attachment whose bytes come over several requests. Times are microseconds since 1970, UTC.
public struct Partial: Sendable, Hashable {
    public enum State: String, Sendable, CaseIterable {
        /// Bytes may still come, or they are complete and not decided yet.
        case open
        /// The attachment is recorded; `answer` says what became of it.
        case decided
        /// Given up by the sender, or not finished in time.
        case ended
    }

    /// Sorts by time and cannot be guessed.
    public var id: String
    public var state: State
    /// The claims; its ticket is always there.
    public var submission: Submission
    /// The token that began it; only this one goes on with it. `nil` for anonymous senders.
    public var token: String?
    public var length: ByteCount
    public var createdAt: Int64
    public var expiresAt: Int64
    /// As the sender gave them, to be told again.
    public var metadata: String
    public var outcome: Outcome?
    /// The recorded attachment, where it is kept.
    public var attachment: String?
    /// The attachment object as it was answered, as JSON.
    public var answer: String?

    public init(
        id: String, state: State = .open, submission: Submission, token: String?, length: ByteCount, createdAt: Int64,
        expiresAt: Int64, metadata: String, outcome: Outcome? = nil, attachment: String? = nil, answer: String? = nil
    ) {
        self.id = id
        self.state = state
        self.submission = submission
        self.token = token
        self.length = length
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.metadata = metadata
        self.outcome = outcome
        self.attachment = attachment
        self.answer = answer
    }
}

/// What open partials have promised to bring.
public struct PartialTotals: Sendable, Hashable {
    public var count: Int
    /// The sum of their lengths, not of what has arrived.
    public var length: ByteCount

    public init(count: Int = 0, length: ByteCount = .zero) {
        self.count = count
        self.length = length
    }
}
