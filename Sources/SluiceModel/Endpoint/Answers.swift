// Requests that are sent again under the same key: the first answer is kept and given again.

/// The answer that was given under an idempotency key. Times are microseconds since 1970, UTC.
public struct KeptAnswer: Sendable, Hashable {
    /// SHA-256 over what was asked: the method, the path, the names and the bytes.
    public var request: Digest
    public var status: Int
    /// Headers that belong to the answer, such as `Location`, each as `Name: value`.
    public var headers: [String]
    /// `nil` where it was too long to keep: the request is then worked on again.
    public var body: String?
    public var givenAt: Int64

    public init(request: Digest, status: Int, headers: [String] = [], body: String?, givenAt: Int64) {
        self.request = request
        self.status = status
        self.headers = headers
        self.body = body
        self.givenAt = givenAt
    }
}

/// Answers by idempotency key. Every call is blocking and may come from any thread.
public protocol AnswerStore: Sendable {
    /// - Parameter caller: whose key it is; keys of different callers have nothing to do with each other.
    func answer(to key: String, of caller: String) throws(SluiceError) -> KeptAnswer?
    /// Durable when it returns. Calls that run at the same time share a commit. The first answer under a key stays.
    func keep(_ answer: KeptAnswer, to key: String, of caller: String) async throws(SluiceError)
    func forgetAnswers(before time: Int64) throws(SluiceError)
}
