// What is done from time to time beside the requests: uploads that were not finished in time end, old answers are forgotten, and what a node left behind that
// went away is finished: uploads without their decision, removals of bytes. One node of a store does it at a time, under a lease.

import SluiceModel
import SluiceServer
import SluiceStorage
import SluiceSystem
import Synchronization

final class Housekeeping: Sendable {
    /// Chosen: an hour's deadline is kept to the minute.
    private static let interval = Duration.seconds(60)
    /// Of the lease, which is extended meanwhile (chosen: after that another node takes over from one that died).
    private static let lease = Duration.seconds(30)

    private let services: Services
    private let last = Mutex(ContinuousClock.now)

    init(_ services: Services) { self.services = services }

    /// After a start, which does not wait for it.
    func begin() { beginTurn() }

    func tick() {
        let isTime = last.withLock { last in
            let now = ContinuousClock.now
            guard last.duration(to: now) >= Self.interval else { return false }
            last = now
            return true
        }
        if isTime { beginTurn() }
    }

    private func beginTurn() {
        services.workers[.writing].beginAside { await self.turn() }
    }

    /// What cannot be done now can be next time.
    func turn() async {
        services.repeated.forgetOld()
        let terms = LeaseTerms(Self.lease)
        guard let lease = try? services.store.leases.take("housekeeping", terms) else { return }
        defer { lease.giveBack() }
        await decideUndecided()
        if services.workers.isEnding { return }
        try? services.uploads.expire()
        try? services.store.answers.forgetAnswers(before: WallClock.microseconds() - IdempotencyKeys.kept)
        try? services.store.finishRemovals()
    }

    /// Whoever asks for one of these uploads meanwhile waits for the same decision.
    private func decideUndecided() async {
        guard let undecided = try? services.uploads.undecided() else { return }
        for partial in undecided where !services.workers.isEnding {
            // What fails is decided when its sender asks for it, or in the next turn. What another node decides just now is its own.
            _ = try? await services.uploads.decide(
                partial, with: Intake(services, for: partial.token ?? ""), patience: .zero)
        }
    }
}
