// The three categories, and a category with its reason.

/// The kind of material, as support staff route it.
public enum Category: String, Sendable, CaseIterable, Hashable {
    case logFile = "Log File"
    case configuration = "Configuration"
    case other = "Other"
}

/// A category with the reason that a person can check.
public struct CategoryJudgement: Sendable, Hashable {
    public var category: Category
    /// `94 % of 1 200 lines begin with a timestamp`.
    public var basis: String
    /// From 0 to 1.
    public var confidence: Double

    public init(_ category: Category, basis: String, confidence: Double) {
        self.category = category
        self.basis = basis
        self.confidence = confidence
    }
}
