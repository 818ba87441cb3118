// Bounds how many inspections run at once. Callers that wait are suspended, not blocked, and served in the order in which they came.

internal import Synchronization

/// A fixed number of slots.
final class InspectionSlots: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Void, Never>] = []
        var served = 0
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func acquire() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    func release() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.served < state.waiting.count else {
                state.free += 1
                return nil
            }
            state.served += 1
            let next = state.waiting[state.served - 1]
            // Amortized: served callers are dropped from the list when they are half of it.
            if state.served * 2 >= state.waiting.count {
                state.waiting.removeFirst(state.served)
                state.served = 0
            }
            return next
        }
        next?.resume()
    }
}
