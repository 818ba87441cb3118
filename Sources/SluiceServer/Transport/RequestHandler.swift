// What an exchange needs from the server around it.

protocol RequestHandler: AnyObject, Sendable {
    /// Whether the end has been asked for: connections end with their answer.
    var isDraining: Bool { get }
    func nextRequestID() -> String
    /// Finds the route; may add to the request. Called on a transport thread: it waits for nothing.
    func plan(_ request: inout Request) throws(Problem) -> RequestPlan
    /// - Parameter goesOn: whether the job belongs to an answer that has begun; such a job is never refused.
    /// - Throws: 429, 503.
    func begin(_ kind: WorkKind, for account: String, goesOn: Bool, _ job: @escaping Workers.Job) throws(Problem)
    func note(_ record: RequestRecord)
}
