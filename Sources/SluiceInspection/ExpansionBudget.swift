// The one place where an inspection's budgets are spent. Declared sizes never count: only what really came out.

import SluiceModel

/// What is left of an inspection's budgets, over all nesting levels together. The depth is the context's: it is no amount that runs out.
struct ExpansionBudget {
    /// A budget that ran out, with the figure against its limit.
    enum Exhausted: Equatable {
        case entries(Int, limit: Int)
        case expandedSize(ByteCount, limit: ByteCount)
        case ratio(Int, limit: Int)
        case wallClock(Duration, limit: Duration)
    }

    let limits: ArchiveBudgets
    private(set) var entries = 0
    private(set) var expanded: Int64 = 0
    private let start: ContinuousClock.Instant
    private(set) var exhausted: Exhausted?
    private var isTold = false

    init(_ limits: ArchiveBudgets, start: ContinuousClock.Instant = .now) {
        self.limits = limits
        self.start = start
    }

    /// Counts one entry.
    /// - Returns: false once a budget has run out; `exhausted` says which.
    mutating func spendEntry() -> Bool {
        entries += 1
        if entries > limits.entries { exhaust(.entries(entries, limit: limits.entries)) }
        return checkClock()
    }

    /// Counts `count` bytes that a member has just expanded to, `total` of them so far out of `stored` stored bytes.
    mutating func spend(_ count: Int, memberTotal total: Int, stored: Int) -> Bool {
        expanded = expanded.addingReportingOverflow(Int64(count)).partialValue
        if expanded > limits.expandedSize.bytes {
            exhaust(.expandedSize(ByteCount(expanded), limit: limits.expandedSize))
        } else if Int64(total) > limits.ratioFloor.bytes, total / max(stored, 1) > limits.ratio {
            exhaust(.ratio(total / max(stored, 1), limit: limits.ratio))
        }
        return checkClock()
    }

    mutating func checkClock() -> Bool {
        let spent = start.duration(to: .now)
        if spent > limits.wallClock { exhaust(.wallClock(spent, limit: limits.wallClock)) }
        return exhausted == nil
    }

    /// What ran out, told once: the finding belongs to the entry at which it happened.
    mutating func takeNews() -> Exhausted? {
        if isTold { return nil }
        isTold = exhausted != nil
        return exhausted
    }

    private mutating func exhaust(_ reason: Exhausted) {
        if exhausted == nil { exhausted = reason }
    }
}
