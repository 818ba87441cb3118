// When a failed file is tried again. No I/O: the caller passes the error and the time.

import SluiceModel

/// A claim that waits for its next attempt.
struct WaitingClaim: Sendable {
    var claim: Claim
    var due: Duration
}

/// How long a file is tried, and with which pauses.
struct RetrySchedule: Sendable {
    /// From the first failure on. Afterwards the file goes to `failed/`.
    let patience: Duration
    private static let first = Duration.milliseconds(500)
    /// Short enough that work goes on within 5 s once the cause is gone (Threats, F4).
    private static let longest = Duration.seconds(4)

    /// - Returns: when to try again; `nil` for never.
    func next(after attempts: Int, firstFailure: Duration, now: Duration, _ error: SluiceError) -> Duration? {
        guard error.definition.isWorthRepeating else { return nil }
        let pause = min(Self.first * (1 << min(attempts - 1, 10)), Self.longest)
        let last = firstFailure + patience
        if now >= last { return nil }
        return min(now + pause, last)
    }
}
