// The claims whose turn failed for a reason that can pass, and how often each was tried. Pure: the clock comes in.

import SluiceModel

struct Postponed {
    private struct Attempts {
        var count: Int
        var first: Duration
        /// The cause is one that every other file would meet as well.
        var isGeneral: Bool
    }

    private(set) var waiting: [Waiting] = []
    private var attempts: [TreePath: Attempts] = [:]
    /// Of those that failed for a general cause, the one that is being tried.
    private var probe: TreePath?
    private let retry: Retry

    init(_ retry: Retry) { self.retry = retry }

    /// From a failure that the next file would meet as well until the same file has got through: none is begun.
    var isHeldUp: Bool { attempts.values.contains { $0.isGeneral } }

    /// When to look again; `nil` when nothing waits for its time.
    func nextMoment(after now: Duration) -> Duration? {
        waiting.lazy.filter { mayBeTried($0.claim.path, at: max(now, $0.due)) }.map(\.due).min()
    }

    /// A claim's turn failed.
    /// - Parameter otherwise: the pause where it is not to be tried again, which happens to what could not even be moved to `failed/`.
    /// - Returns: whether it was its first time.
    mutating func add(_ claim: Claim, _ error: SluiceError, at now: Duration, otherwise: Duration) -> Bool {
        let known = attempts[claim.path]
        let (count, first) = ((known?.count ?? 0) + 1, known?.first ?? now)
        let due = retry.next(after: count, firstFailure: first, now: now, error) ?? now + otherwise
        attempts[claim.path] = Attempts(count: count, first: first, isGeneral: error.definition.reach == .everyCall)
        waiting.append(Waiting(claim: claim, due: due))
        if probe == claim.path { probe = nil }
        return count == 1
    }

    /// A claim that waits without having failed.
    mutating func add(_ claim: Claim, until due: Duration) { waiting.append(Waiting(claim: claim, due: due)) }

    /// Those whose time has come. Of many that failed for one general cause only one is tried, for all of them.
    mutating func take(dueAt now: Duration) -> [Claim] {
        var (due, later): ([Claim], [Waiting]) = ([], [])
        for one in waiting {
            let path = one.claim.path
            if one.due <= now, mayBeTried(path, at: now) {
                if attempts[path]?.isGeneral == true { probe = path }
                due.append(one.claim)
            } else {
                later.append(one)
            }
        }
        waiting = later
        return due
    }

    private func mayBeTried(_ path: TreePath, at now: Duration) -> Bool {
        guard let known = attempts[path], known.isGeneral, probe != nil else { return true }
        return now - known.first >= retry.patience
    }

    /// It has got its outcome, or starts anew.
    /// - Parameter isThrough: our own work succeeded, so that a general cause is gone and all who wait for that are tried at once.
    mutating func forget(_ path: TreePath, isThrough: Bool, at now: Duration) {
        guard let known = attempts.removeValue(forKey: path) else { return }
        if probe == path { probe = nil }
        guard isThrough, known.isGeneral else { return }
        for (path, known) in attempts where known.isGeneral { attempts[path]?.isGeneral = false }
        for index in waiting.indices { waiting[index].due = min(waiting[index].due, now) }
    }

    /// Whether the next failure is answered for good.
    func isLastAttempt(_ claim: Claim, at now: Duration) -> Bool {
        guard let known = attempts[claim.path] else { return retry.patience == .zero }
        return now - known.first >= retry.patience
    }
}
