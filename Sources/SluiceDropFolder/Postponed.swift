// The claims whose turn failed for a reason that can pass, and how often each was tried. Pure: the clock comes in.

import SluiceModel

struct Postponed {
    private(set) var waiting: [Waiting] = []
    private var attempts: [TreePath: (count: Int, first: Duration)] = [:]
    private let retry: Retry

    init(_ retry: Retry) { self.retry = retry }

    /// While the cause is one that the next file would meet as well, none is begun.
    var isHeldUp: Bool { waiting.contains { Retry.isGeneral($0.error.code) } }

    /// When to look again; `nil` when nothing waits.
    var nextMoment: Duration? { waiting.lazy.map(\.due).min() }

    /// A claim's turn failed.
    /// - Parameter otherwise: the pause where it is not to be tried again, which happens to what could not even be moved to `failed/`.
    /// - Returns: whether it was its first time.
    mutating func add(_ claim: Claim, _ error: SluiceError, at now: Duration, otherwise: Duration) -> Bool {
        let known = attempts[claim.path]
        let (count, first) = ((known?.count ?? 0) + 1, known?.first ?? now)
        let due = retry.next(after: count, firstFailure: first, now: now, error) ?? now + otherwise
        attempts[claim.path] = (count, first)
        waiting.append(Waiting(claim: claim, due: due, error: error))
        return count == 1
    }

    /// A claim that waits without having failed.
    mutating func add(_ claim: Claim, _ reason: SluiceError, until due: Duration) {
        waiting.append(Waiting(claim: claim, due: due, error: reason))
    }

    /// Those whose time has come.
    mutating func take(dueAt now: Duration) -> [Claim] {
        guard let moment = nextMoment, moment <= now else { return [] }
        let due = waiting.filter { $0.due <= now }
        waiting.removeAll { $0.due <= now }
        return due.map(\.claim)
    }

    /// It has got its outcome, or starts anew.
    mutating func forget(_ path: TreePath) { if !attempts.isEmpty { attempts[path] = nil } }

    /// Whether the next failure is answered for good.
    func isLastAttempt(_ claim: Claim, at now: Duration) -> Bool {
        guard let known = attempts[claim.path] else { return retry.patience == .zero }
        return now - known.first >= retry.patience
    }
}
