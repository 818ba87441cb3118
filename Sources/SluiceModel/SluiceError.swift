// Our own failures. What is wrong with the customer's content is a `Finding`, never an error.

/// Our own work failed: nothing was decided, nothing was lost, and it can be tried again.
public struct SluiceError: Error, Sendable, CustomStringConvertible {
    /// Dotted and stable, like a finding's: `store.no-space`.
    public let code: String
    public let what: String
    public let why: String
    public let mend: String
    /// For the log, not for the submitter.
    public let cause: String?

    public init(_ code: String, what: String, why: String, mend: String, cause: String? = nil) {
        self.code = code
        self.what = what
        self.why = why
        self.mend = mend
        self.cause = cause
    }

    public var description: String {
        let detail = cause.map { " (\($0))" } ?? ""
        return "\(what) \(why) \(mend) [\(code)]\(detail)"
    }
}

extension SluiceError {
    /// An inspection that came to no end for a reason on our side, several times; the next attachment may fare better.
    public static let inspectionInterrupted = "inspector.interrupted"
}
