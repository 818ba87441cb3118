// When something of ours that failed is tried again. Pure: failures and the clock come in, moments come out.

import SluiceModel

/// A file whose turn failed, waiting for the next one.
struct Waiting: Sendable {
    var claim: Claim
    var due: Duration
}

/// How long, and how often.
struct Retry: Sendable {
    /// From the first failure on; then the file goes to `failed/`.
    let patience: Duration
    private static let first = Duration.milliseconds(500)
    /// So that things go on soon once the cause is gone (THREATS F4: within 5 s).
    private static let longest = Duration.seconds(4)

    /// - Returns: `nil` when it is not to be tried again.
    func next(after attempts: Int, firstFailure: Duration, now: Duration, _ error: SluiceError) -> Duration? {
        guard error.definition.isWorthRepeating else { return nil }
        let pause = min(Self.first * (1 << min(attempts - 1, 10)), Self.longest)
        let last = firstFailure + patience
        if now >= last { return nil }
        return min(now + pause, last)
    }
}
