// The rows of partial uploads. Their bytes are `Storage.partialBytes`.

public import SluiceModel

/// Partial uploads of one store. Every call blocks.
public struct PartialDesk: Sendable {
    private let storage: Storage

    init(_ storage: Storage) { self.storage = storage }

    /// - Parameter check: asked inside the transaction, where all nodes meet. What it throws is thrown, and nothing is recorded.
    public func add(
        _ partial: Partial, check: (@Sendable (any StoreReader) throws(SluiceError) -> Void)? = nil
    ) throws(SluiceError) {
        try storage.transactionBlocking("The upload cannot be recorded.") { (work) throws(SluiceError) in
            try check?(work)
            try work.add(partial)
        }
    }

    /// - Returns: `nil` where it never was or is forgotten.
    public func partial(_ id: String) throws(SluiceError) -> Partial? { try storage.tickets.partial(id) }

    /// Says what became of it. Changes nothing where it is not open any more.
    public func decide(_ id: String, _ outcome: Outcome, attachment: String?, answer: String) throws(SluiceError) {
        try storage.transactionBlocking("What became of the upload cannot be recorded.") {
            (work) throws(SluiceError) in try work.decide(id, outcome, attachment: attachment, answer: answer)
        }
    }

    /// Nothing more comes. What was decided stays recorded.
    public func end(_ id: String) throws(SluiceError) {
        try storage.transactionBlocking("The upload cannot be ended.") { (work) throws(SluiceError) in
            try work.end(id)
        }
    }

    /// Those that are open, oldest first.
    public func openPartials() throws(SluiceError) -> [Partial] { try storage.tickets.openPartials() }
    /// What one submitter has open; `nil` stands for all anonymous ones together.
    public func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals {
        try storage.tickets.openTotals(submitter: submitter)
    }
    /// What is on its way to one ticket.
    public func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals {
        try storage.tickets.openTotals(ticket: ticket)
    }

    /// Ends open ones that expire before `time`; forgets those that are not open and expired before `forgetting`.
    /// - Returns: the ids of those that were ended.
    public func expire(before time: Int64, forgetting: Int64) throws(SluiceError) -> [String] {
        try storage.transactionBlocking("Uploads cannot be ended.") { (work) throws(SluiceError) in
            try work.expirePartials(before: time, forgetting: forgetting)
        }
    }
}

extension Storage {
    public var partials: PartialDesk { PartialDesk(self) }
}
