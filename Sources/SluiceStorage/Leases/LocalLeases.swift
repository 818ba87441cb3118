// Leases in the memory of one process: for engines that only one machine uses. Other processes on the same store do not see them.

public import SluiceModel
import Synchronization

/// Leases among the workers of this process.
public final class LocalLeases: Leases {
    private struct Held {
        var number: Int64
        var until: ContinuousClock.Instant
    }

    private struct State {
        var held: [String: Held] = [:]
        var lastNumber: Int64 = 0
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> ContinuousClock.Instant

    public init(clock now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

    public func take(_ name: String, for duration: Duration) throws(SluiceError) -> Lease? {
        let now = now()
        return state.withLock { state in
            if let held = state.held[name], held.until > now { return nil }
            state.lastNumber += 1
            state.held[name] = Held(number: state.lastNumber, until: now.advanced(by: duration))
            return Lease(name: name, number: state.lastNumber)
        }
    }

    public func extend(_ lease: Lease, for duration: Duration) throws(SluiceError) -> Bool {
        let now = now()
        return state.withLock { state in
            guard state.held[lease.name]?.number == lease.number else { return false }
            state.held[lease.name]?.until = now.advanced(by: duration)
            return true
        }
    }

    public func giveBack(_ lease: Lease) {
        state.withLock { state in
            if state.held[lease.name]?.number == lease.number { state.held[lease.name] = nil }
        }
    }
}
