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

/// The rows of partials. Every call is blocking and may come from any thread.
public protocol PartialStore: Sendable {
    func add(_ partial: Partial) throws(SluiceError)
    /// - Returns: `nil` where it never was or is forgotten.
    func partial(_ id: String) throws(SluiceError) -> Partial?
    /// Says what became of it. Changes nothing where it is not open any more.
    func decide(_ id: String, _ outcome: Outcome, attachment: String?, answer: String) throws(SluiceError)
    /// Nothing more comes. What was decided stays recorded.
    func end(_ id: String) throws(SluiceError)
    /// Those that are open, oldest first.
    func openPartials() throws(SluiceError) -> [Partial]
    /// What one submitter has open; `nil` stands for all anonymous ones together.
    func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals
    /// What is on its way to one ticket.
    func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals
    /// Ends open ones that expire before `time`; forgets those that are not open and expired before `forgetting`.
    /// - Returns: the ids of those that were ended.
    func expire(before time: Int64, forgetting: Int64) throws(SluiceError) -> [String]
}

/// The bytes of partials, in files that survive a restart. Every call is blocking. One partial is used from one thread at a time: who calls sees to that.
public protocol PartialBytes: Sendable {
    /// Makes an empty file, whose name is durable.
    /// - Returns: the id for a new partial: it sorts by time and cannot be guessed.
    func create() throws(SluiceError) -> String
    /// - Returns: how many bytes have arrived; `nil` where there is no file.
    func size(_ id: String) throws(SluiceError) -> ByteCount?
    /// Writes bytes behind those that are there. They survive a crash of the program, and one of the machine after `sync`.
    /// - Parameter offset: what `size` is now.
    /// - Throws: `store.no-space`, `store.io`; then nothing was added.
    func append(_ bytes: UnsafeRawBufferPointer, to id: String, at offset: ByteCount) throws(SluiceError)
    func sync(_ id: String) throws(SluiceError)
    func open(_ id: String) throws(SluiceError) -> (any BlobReader)?
    /// Nothing happens where there is none.
    func remove(_ id: String) throws(SluiceError)
    /// All there are, in no order.
    func ids() throws(SluiceError) -> [String]
}
