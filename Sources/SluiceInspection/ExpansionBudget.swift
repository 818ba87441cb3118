// The one place where an inspection's budgets are spent. Declared sizes never count: only what really came out.

import SluiceModel

/// What is left of an inspection's budgets, over all nesting levels together.
struct ExpansionBudget {
    /// A budget that ran out, with the figure against its limit.
    enum Exhausted: Equatable {
        case entries(Int, limit: Int)
        case expandedSize(ByteCount, limit: ByteCount)
        case ratio(Int, limit: Int)
        case depth(Int, limit: Int)
        case wallClock(Duration, limit: Duration)
    }

    let limits: ArchiveBudgets
    private(set) var entries = 0
    private(set) var expanded: Int64 = 0
    private let start: ContinuousClock.Instant
    private(set) var exhausted: Exhausted?

    init(_ limits: ArchiveBudgets, start: ContinuousClock.Instant = .now) {
        self.limits = limits
        self.start = start
    }

    /// Counts one entry.
    /// - Returns: false once a budget has run out; `exhausted` says which.
    mutating func spendEntry() -> Bool {
        entries += 1
        if entries > limits.entries { exhaust(.entries(entries, limit: limits.entries)) }
        return exhausted == nil
    }

    /// Counts `count` bytes that a member has just expanded to, `total` of them so far out of `stored` stored bytes.
    mutating func spend(_ count: Int, memberTotal total: Int, stored: Int) -> Bool {
        expanded += Int64(count)
        if expanded > limits.expandedSize.bytes {
            exhaust(.expandedSize(ByteCount(expanded), limit: limits.expandedSize))
        } else if Int64(total) > limits.ratioFloor.bytes, total / max(stored, 1) > limits.ratio {
            exhaust(.ratio(total / max(stored, 1), limit: limits.ratio))
        }
        return checkClock()
    }

    /// - Parameter depth: of the container about to be opened; the attachment itself is 1.
    mutating func enter(depth: Int) -> Bool {
        if depth > limits.depth { exhaust(.depth(depth, limit: limits.depth)) }
        return exhausted == nil
    }

    mutating func checkClock() -> Bool {
        let spent = start.duration(to: .now)
        if spent > limits.wallClock { exhaust(.wallClock(spent, limit: limits.wallClock)) }
        return exhausted == nil
    }

    private mutating func exhaust(_ reason: Exhausted) {
        if exhausted == nil { exhausted = reason }
    }
}
