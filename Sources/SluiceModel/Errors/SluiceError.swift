// Our own failures. What is wrong with the customer's content is a `Finding`, never an error.

/// Our own work failed: nothing was decided, nothing was lost, and it can be tried again.
public struct SluiceError: Error, Sendable, CustomStringConvertible {
    /// One of the table's: see ``ErrorDefinition``.
    public let code: String
    public let what: String
    public let why: String
    public let mend: String
    /// For the log, not for the submitter.
    public let cause: String?
    /// What a refusal rests on, for whoever is refused: pairs of a name and a value.
    public var evidence: [Evidence] = []
    /// Seconds after which the same call is worth repeating, where that differs from what the table says.
    public var retryAfter: Int?
    /// The place in the source where the error was made: `SluiceFiles/DiskSpool.swift:22`. For the log, not for the submitter.
    public let origin: String

    public struct Evidence: Sendable, Hashable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
    }

    /// - Parameters:
    ///   - file: where the error comes from. A function that makes errors for others passes on its caller's.
    ///   - line: as `file`.
    public init(
        _ code: String, what: String, why: String, mend: String, cause: String? = nil, file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self.code = code
        self.what = what
        self.why = why
        self.mend = mend
        self.cause = cause
        origin = "\(file):\(line)"
    }

    /// What the code means. A code that the table does not know is an internal error.
    public var definition: ErrorDefinition { .named(code) ?? .internal }

    public var description: String {
        let detail = cause.map { " (\($0))" } ?? ""
        return "\(what) \(why) \(mend) [\(code)]\(detail)"
    }

    /// The description and the place in the source, for our own log.
    public var logLine: String { "\(description) at \(origin)" }
}
