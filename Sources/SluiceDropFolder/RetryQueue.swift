// The claims that failed for a reason that can pass, and how often each was tried. No I/O: the caller passes the time.

import SluiceModel

struct RetryQueue {
    private struct Attempts {
        var count: Int
        var first: Duration
        /// Every other file would meet the same error.
        var isGeneral: Bool
    }

    private(set) var waiting: [WaitingClaim] = []
    private var attempts: [TreePath: Attempts] = [:]
    /// The one file that is tried while an error that stops every file is unresolved.
    private var probe: TreePath?
    private let retry: RetrySchedule

    init(_ retry: RetrySchedule) { self.retry = retry }

    /// True while an error that would stop every file is unresolved: no new file is started.
    var isHeldUp: Bool { attempts.values.contains { $0.isGeneral } }

    /// When to look again; `nil` when no claim waits for its time.
    func nextMoment(after now: Duration) -> Duration? {
        waiting.lazy.filter { mayBeTried($0.claim.path, at: max(now, $0.due)) }.map(\.due).min()
    }

    /// Adds a claim that failed.
    /// - Parameter otherwise: the pause for a claim that is out of attempts. Its file could not even be moved to `failed/`.
    /// - Returns: whether this was its first failure.
    mutating func add(_ claim: Claim, _ error: SluiceError, at now: Duration, otherwise: Duration) -> Bool {
        let known = attempts[claim.path]
        let (count, first) = ((known?.count ?? 0) + 1, known?.first ?? now)
        let due = retry.next(after: count, firstFailure: first, now: now, error) ?? now + otherwise
        attempts[claim.path] = Attempts(count: count, first: first, isGeneral: error.definition.reach == .everyCall)
        waiting.append(WaitingClaim(claim: claim, due: due))
        if probe == claim.path { probe = nil }
        return count == 1
    }

    /// Adds a claim that waits without having failed.
    mutating func add(_ claim: Claim, until due: Duration) { waiting.append(WaitingClaim(claim: claim, due: due)) }

    /// The claims whose time has come. Of many claims that failed for an error that stops every file, only one is tried.
    mutating func take(dueAt now: Duration) -> [Claim] {
        var (due, later): ([Claim], [WaitingClaim]) = ([], [])
        for entry in waiting {
            let path = entry.claim.path
            if entry.due <= now, mayBeTried(path, at: now) {
                if attempts[path]?.isGeneral == true { probe = path }
                due.append(entry.claim)
            } else {
                later.append(entry)
            }
        }
        waiting = later
        return due
    }

    private func mayBeTried(_ path: TreePath, at now: Duration) -> Bool {
        guard let known = attempts[path], known.isGeneral, probe != nil else { return true }
        return now - known.first >= retry.patience
    }

    /// Removes a file that has its outcome, or starts anew.
    /// - Parameter isThrough: our own work succeeded. So an error that stopped every file is gone, and all claims that wait for that
    ///   are tried at once.
    mutating func forget(_ path: TreePath, isThrough: Bool, at now: Duration) {
        guard let known = attempts.removeValue(forKey: path) else { return }
        if probe == path { probe = nil }
        guard isThrough, known.isGeneral else { return }
        for (path, known) in attempts where known.isGeneral { attempts[path]?.isGeneral = false }
        for index in waiting.indices { waiting[index].due = min(waiting[index].due, now) }
    }

    /// Whether the next failure of this claim is final.
    func isLastAttempt(_ claim: Claim, at now: Duration) -> Bool {
        guard let known = attempts[claim.path] else { return retry.patience == .zero }
        return now - known.first >= retry.patience
    }
}
