// When a request that failed is sent again, and when no more. Pure: times come in, pauses come out.

/// One operation's tries.
struct RetrySchedule {
    /// The pause grows from here, twofold each time, up to `longestPause`; how much of it is waited is drawn by lot, so that nodes that failed
    /// together do not come back together (chosen; "full jitter").
    static let firstPause = Duration.milliseconds(50)
    static let longestPause = Duration.seconds(2)
    /// No try begins later than this after the first one: a sender waits for the answer (chosen).
    static let tryingFor = Duration.seconds(8)
    /// One operation altogether, and besides a second for each `slowestRate` bytes: what a connection needs that is slow, and works.
    static let total = Duration.seconds(25)
    static let slowestRate: Int64 = 1 << 20
    /// One question or deletion without bytes. A removal asks and deletes, and has to be over well before its lease runs out (`RemovalTimes.lease`).
    static let brief = Duration.seconds(12)

    let deadline: Duration
    private(set) var tries = 0

    /// - Parameter size: bytes that are sent and received.
    init(size: Int64, isBrief: Bool = false) {
        deadline = (isBrief ? Self.brief : Self.total) + .seconds(size / Self.slowestRate)
    }

    /// What is left for the next try, `elapsed` after the first one began.
    func left(after elapsed: Duration) -> Duration { max(.milliseconds(1), deadline - elapsed) }

    /// - Parameters:
    ///   - wish: what the store asked for in Retry-After.
    ///   - lot: from 0 to below 1.
    /// - Returns: how long to wait; `nil` where the operation has failed for good.
    mutating func pause(after elapsed: Duration, wish: Duration?, lot: Double) -> Duration? {
        let most = min(Self.firstPause * (1 << min(tries, 16)), Self.longestPause)
        tries += 1
        let pause = max(most * lot, min(wish ?? .zero, Self.longestPause))
        return elapsed + pause < min(Self.tryingFor, deadline) ? pause : nil
    }
}
