// What an error code means, said once: whose fault it is, who has to act, and how each door answers. The codes themselves stand in the files
// beside this one, one file a family; ErrorCatalog.swift puts them together.

/// One line of the table of errors.
public struct ErrorDefinition: Sendable, Hashable {
    /// Whose fault the error is.
    public enum Fault: String, Sendable, CaseIterable {
        /// A defect in Sluice.
        case ours
        /// Whoever sent the request or the file.
        case sender
        /// The machine, its disk, its settings or its load.
        case environment
    }

    /// Who has to act before the same call can succeed.
    public enum Mending: String, Sendable, CaseIterable {
        /// Nobody: the error passes by itself.
        case byItself = "by-itself"
        case byOperator = "by-operator"
        /// The sender changes the request or the file.
        case bySender = "by-sender"
    }

    /// What else the error stops.
    public enum Reach: String, Sendable, CaseIterable {
        /// This call alone. The next one may succeed.
        case thisCall = "this-call"
        /// Every call: the next file would meet the same error.
        case everyCall = "every-call"
    }

    /// Dotted, stable, never reused: `store.no-space`.
    public let code: String
    public let fault: Fault
    public let mending: Mending
    public let reach: Reach
    /// `nil` for an error that no HTTP request can cause. If one does all the same, the answer is that of ``internal``.
    public let httpStatus: Int?
    /// Seconds for the header Retry-After. `nil` where waiting does not help, or where each case has its own time.
    public let retryAfter: Int?
    /// What the program's exit status is. `nil` for an error that only a request can cause.
    public let exitStatus: Int32?
    /// What happened, as one sentence that is true of every case. An error's own words may say more.
    public let what: String
    /// What to do about it, in general.
    public let remedy: String

    init(
        _ code: String, _ fault: Fault, _ mending: Mending, _ reach: Reach = .thisCall, http: Int? = nil,
        retryAfter: Int? = nil, exit: Int32? = nil, what: String, remedy: String
    ) {
        self.code = code
        self.fault = fault
        self.mending = mending
        self.reach = reach
        httpStatus = http
        self.retryAfter = retryAfter
        exitStatus = exit
        self.what = what
        self.remedy = remedy
    }

    /// Whether the same call is worth repeating: the error passes by itself, or nothing else could be done meanwhile either.
    public var isWorthRepeating: Bool { mending == .byItself || reach == .everyCall }

    public static func == (left: ErrorDefinition, right: ErrorDefinition) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
