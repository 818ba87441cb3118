// Whether the store can be used, as `/readyz` asks it.

import SluiceModel
import Synchronization

/// Whether rows and bytes can be had. Whoever watches the program asks often, and a store that is away answers late: so one looks for all who ask.
final class StoreCheck: Sendable {
    /// How long an answer is true (chosen).
    private static let remembered = Duration.seconds(1)
    /// A look that takes longer says that the store is away (chosen).
    private static let patience = Duration.seconds(2)

    private struct State {
        var last: (at: ContinuousClock.Instant, code: String?)?
        /// Since when somebody looks.
        var looking: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// - Returns: the error's code; `nil` where `look` throws none.
    func failure(_ look: () throws(SluiceError) -> Void) -> String? {
        let now = ContinuousClock.now
        enum Answer { case known(String?), look }
        let answer = state.withLock { state -> Answer in
            if let last = state.last, last.at.duration(to: now) < Self.remembered { return .known(last.code) }
            if let looking = state.looking {
                let isLate = looking.duration(to: now) > Self.patience
                return .known(isLate || state.last == nil ? Self.away : state.last?.code)
            }
            state.looking = now
            return .look
        }
        if case .known(let code) = answer { return code }
        var code: String?
        do throws(SluiceError) { try look() } catch { code = error.code }
        state.withLock { state in state = State(last: (.now, code), looking: nil) }
        return code
    }

    private static let away = "store.unavailable"
}
