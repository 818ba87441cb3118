// The one place where an inspection's budgets are spent. Declared sizes never count, only the bytes that really came out.

import SluiceModel

/// The remaining budgets of an inspection, over all nesting levels together. The context counts the depth, since a depth does not run
/// out.
struct ExpansionBudget {
    /// A budget that ran out, with the figure against its limit.
    enum Exhausted: Equatable {
        case entries(Int, limit: Int)
        case expandedSize(ByteCount, limit: ByteCount)
        case ratio(Int, limit: Int)
        /// Members that expand to more than `ratio` times their stored size come to `size` together.
        case whole(ratio: Int, ByteCount, limit: ByteCount)
        case wallClock(Duration, limit: Duration)
    }

    let limits: ArchiveBudgets
    private(set) var entries = 0
    private(set) var expanded: Int64 = 0
    private let start: ContinuousClock.Instant
    private(set) var exhausted: Exhausted?
    private var isTold = false
    /// The member that is being expanded: its bytes so far without zeros that a hole left, and what it is stored in.
    private var member = (size: Int64(0), stored: 1)
    /// The same bytes of all finished members that expand too far.
    private var farExpanded: Int64 = 0

    /// The ratio from which a member counts towards `wholeFloor`: twice that of one member. Honest rotated logs reach 340 : 1 and each may stay
    /// below the floor of its own, so a lower ratio would hit them; deflate ends at 1 032 : 1, and bombs are made to come close to it (chosen).
    private var wholeRatio: Int { limits.ratio.multipliedReportingOverflow(by: 2).overflow ? .max : limits.ratio * 2 }
    /// The limit for such members together: four times the floor of one (chosen: five members just below their floor are over it).
    private var wholeFloor: Int64 {
        let (value, overflow) = limits.ratioFloor.bytes.multipliedReportingOverflow(by: 4)
        return overflow ? .max : value
    }

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

    /// Counts a piece that a member has just expanded to, `total` bytes of it so far out of `stored` stored bytes. Zeros of a member that expands
    /// far are holes, which a log that was cut while it was written and a preallocated file have: they count towards the size, and not towards a ratio.
    mutating func spend(_ piece: Span<UInt8>, memberTotal total: Int, stored: Int) -> Bool {
        let isFar = total / max(stored, 1) > limits.ratio / 2
        return spend(piece.count, memberTotal: total, stored: stored, zeros: isFar ? piece.zeroCount : 0)
    }

    /// Counts `count` bytes that a member has just expanded to, `total` of them so far out of `stored` stored bytes.
    /// - Parameter zeros: how many of the `count` bytes belong to a hole.
    mutating func spend(_ count: Int, memberTotal total: Int, stored: Int, zeros: Int = 0) -> Bool {
        expanded = expanded.addingReportingOverflow(Int64(count)).partialValue
        if total == count {
            if ratioOfMember > wholeRatio { farExpanded += member.size }
            member = (0, max(stored, 1))
        }
        member.size += Int64(count - zeros)
        // A sum over several members (nothing new came out) has no holes of its own.
        let holes = count == 0 ? 0 : max(0, total - Int(member.size))
        if expanded > limits.expandedSize.bytes {
            exhaust(.expandedSize(ByteCount(expanded), limit: limits.expandedSize))
        } else if Int64(total) > limits.ratioFloor.bytes, (total - holes) / max(stored, 1) > limits.ratio {
            exhaust(.ratio(total / max(stored, 1), limit: limits.ratio))
        } else if ratioOfMember > wholeRatio, farExpanded + member.size > wholeFloor {
            exhaust(.whole(ratio: wholeRatio, ByteCount(farExpanded + member.size), limit: ByteCount(wholeFloor)))
        }
        return checkClock()
    }

    private var ratioOfMember: Int { Int(member.size / Int64(member.stored)) }

    mutating func checkClock() -> Bool {
        let spent = start.duration(to: .now)
        if spent > limits.wallClock { exhaust(.wallClock(spent, limit: limits.wallClock)) }
        return exhausted == nil
    }

    /// The budget that ran out, reported once: the finding belongs to the entry at which it happened.
    mutating func takeNews() -> Exhausted? {
        if isTold { return nil }
        isTold = exhausted != nil
        return exhausted
    }

    private mutating func exhaust(_ reason: Exhausted) {
        if exhausted == nil { exhausted = reason }
    }
}

extension Span<UInt8> {
    /// How many bytes are zero.
    fileprivate var zeroCount: Int {
        // Unsafe because the bounds checks of a loop over a span keep it from being vectorized. A hole is all zeros: eight at once.
        withUnsafeBytes { bytes in
            var zeros = 0
            var at = 0
            while at + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                if word == 0 {
                    zeros &+= 8
                } else {
                    for index in at..<at + 8 where bytes[index] == 0 { zeros &+= 1 }
                }
                at &+= 8
            }
            while at < bytes.count {
                if bytes[at] == 0 { zeros &+= 1 }
                at &+= 1
            }
            return zeros
        }
    }
}
