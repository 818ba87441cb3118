// What is done from time to time beside the requests: uploads that were not finished in time end, old answers are forgotten, and after a start what was
// left undecided is decided.

import SluiceModel
import SluiceServer
import SluiceStorage
import SluiceSystem
import Synchronization

final class Housekeeping: Sendable {
    /// Chosen: an hour's deadline is kept to the minute.
    private static let interval = Duration.seconds(60)

    private let services: Services
    private let last = Mutex(ContinuousClock.now)

    init(_ services: Services) { self.services = services }

    /// After a start. Whoever asks for one of these uploads meanwhile waits for the same decision.
    func begin() {
        let services = services
        services.workers[.writing].beginAside {
            guard let undecided = try? services.uploads.undecided() else { return }
            for partial in undecided where !services.workers.isEnding {
                // What fails is decided when its sender asks for it.
                _ = try? await services.uploads.decide(
                    partial, with: Intake(services, for: partial.token ?? ""))
            }
        }
        clean()
    }

    func tick() {
        let isTime = last.withLock { last in
            let now = ContinuousClock.now
            guard last.duration(to: now) >= Self.interval else { return false }
            last = now
            return true
        }
        if isTime { clean() }
    }

    private func clean() {
        let services = services
        // What cannot be cleaned now can be next time.
        services.workers[.writing].beginAside {
            services.repeated.forgetOld()
            try? services.uploads.expire()
            try? services.store.answers.forgetAnswers(before: WallClock.microseconds() - IdempotencyKeys.kept)
        }
    }
}
