// Requests that are sent again under the same key: the first answer is kept and given again.

/// The answer that was given under an idempotency key. Times are microseconds since 1970, UTC.
public struct KeptResponse: Sendable, Hashable {
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
