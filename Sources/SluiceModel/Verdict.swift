// The levels of findings, the verdict about an attachment, and its outcome in a run.

/// How grave a finding is. The gravest finding of an attachment makes its verdict.
public enum Severity: String, Sendable, CaseIterable, Comparable {
    case note, warning, quarantine, reject

    private var rank: Int { Self.allCases.firstIndex(of: self)! }
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}

/// The decision about one attachment.
public enum Verdict: String, Sendable, CaseIterable {
    /// Kept and served.
    case accepted
    /// Kept apart and never served. A person decides.
    case quarantined
    /// The bytes are not kept; the decision and its reasons are.
    case rejected

    public init(gravest severity: Severity?) {
        switch severity {
        case .reject: self = .rejected
        case .quarantine: self = .quarantined
        case .warning, .note, nil: self = .accepted
        }
    }
}

/// What became of one attachment in a run.
public enum Outcome: String, Sendable, CaseIterable {
    case accepted, duplicate, quarantined, rejected, failed

    public init(_ verdict: Verdict) {
        switch verdict {
        case .accepted: self = .accepted
        case .quarantined: self = .quarantined
        case .rejected: self = .rejected
        }
    }
}
