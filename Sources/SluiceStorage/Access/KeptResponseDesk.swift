// Answers by idempotency key.

public import SluiceModel

/// Kept answers of one store.
public struct KeptResponseDesk: Sendable {
    private let storage: Storage

    init(_ storage: Storage) { self.storage = storage }

    /// Blocks.
    /// - Parameter caller: whose key it is; keys of different callers have nothing to do with each other.
    public func answer(to key: String, of caller: String) throws(SluiceError) -> KeptResponse? {
        try storage.tickets.answer(to: key, of: caller)
    }

    /// Durable when it returns. The first answer under a key stays.
    public func keep(_ answer: KeptResponse, to key: String, of caller: String) async throws(SluiceError) {
        try await storage.transaction("The answer cannot be recorded.") { (work) throws(SluiceError) in
            try work.keep(answer, to: key, of: caller)
        }
    }

    /// Blocks.
    public func forgetAnswers(before time: Int64) throws(SluiceError) {
        try storage.transactionBlocking("Old answers cannot be removed.") { (work) throws(SluiceError) in
            try work.forgetAnswers(before: time)
        }
    }
}

extension Storage {
    public var answers: KeptResponseDesk { KeptResponseDesk(self) }
}
