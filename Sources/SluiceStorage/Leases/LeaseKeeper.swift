// Keeps leases while something works under them. One thread extends all leases of a process, so that those who work need not think of it.

package import SluiceModel
import SluiceSystem
import Synchronization

/// How long a lease lasts, and how it is kept.
package struct LeaseTerms: Sendable {
    /// After this another worker may have it, unless it was extended.
    package var duration: Duration
    /// Asked on the keeper's thread; what is not in use is left to run out.
    package var isInUse: @Sendable () -> Bool

    package init(_ duration: Duration, isInUse: @escaping @Sendable () -> Bool = { true }) {
        self.duration = duration
        self.isInUse = isInUse
    }
}

/// A lease that this process holds. It is given back by `giveBack`, or when this object goes.
package final class KeptLease: Sendable {
    private enum State {
        /// Until this moment nobody else can have it, by this process's clock.
        case held(until: ContinuousClock.Instant)
        case lost
    }

    let lease: Lease
    fileprivate let terms: LeaseTerms
    private let leases: any Leases
    private let kept: KeptLeases
    private let state: Mutex<State>
    /// Keeps two extensions from overtaking each other.
    private let extending = Mutex(())

    fileprivate init(
        _ lease: Lease, _ terms: LeaseTerms, from leases: any Leases, _ kept: KeptLeases,
        asked: ContinuousClock.Instant
    ) {
        self.lease = lease
        self.terms = terms
        self.leases = leases
        self.kept = kept
        state = Mutex(.held(until: asked.advanced(by: terms.duration)))
    }

    deinit { giveBack() }

    package func giveBack() {
        let wasHeld = state.withLock { state in
            defer { state = .lost }
            if case .held = state { return true }
            return false
        }
        kept.remove(lease)
        if wasHeld { leases.giveBack(lease) }
    }

    /// Makes sure that nobody else has it. Asks the other nodes only where it may have run out.
    /// - Parameter margin: time that it has to last yet.
    /// - Returns: false where it is lost for good.
    package func isHeld(for margin: Duration = .zero) throws(SluiceError) -> Bool {
        if hasLeft(margin) { return true }
        return try extend()
    }

    /// Whether nobody else can have it for so long yet, by what this process knows. Does not block.
    package func hasLeft(_ margin: Duration) -> Bool {
        state.withLock { state in
            if case .held(let until) = state { return ContinuousClock.now.advanced(by: margin) < until }
            return false
        }
    }

    private var isLost: Bool {
        state.withLock { state in
            if case .lost = state { return true }
            return false
        }
    }

    /// - Returns: false where it is lost.
    @discardableResult
    fileprivate func extend() throws(SluiceError) -> Bool {
        let outcome = extending.withLock { _ -> Result<Bool, SluiceError> in
            if isLost { return .success(false) }
            let asked = ContinuousClock.now
            do throws(SluiceError) {
                let isHeld = try leases.extend(lease, for: terms.duration)
                // It may have been given back meanwhile; then it stays so.
                return .success(
                    state.withLock { state in
                        guard case .held = state, isHeld else {
                            state = .lost
                            return false
                        }
                        state = .held(until: asked.advanced(by: terms.duration))
                        return true
                    })
            } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// On the keeper's thread. What cannot be extended now may be so next time.
    fileprivate func extendInTime() {
        if hasLeft(terms.duration * 2 / 3) || !terms.isInUse() { return }
        _ = try? extend()
    }
}

/// Takes leases and extends them.
package final class LeaseKeeper: Sendable {
    private let leases: any Leases
    private let kept: KeptLeases

    package init(_ leases: any Leases) {
        self.leases = leases
        kept = KeptLeases()
    }

    deinit { close() }

    /// Takes a right and keeps it while it is in use. Blocks.
    /// - Returns: `nil` while somebody else has it.
    package func take(_ name: String, _ terms: LeaseTerms) throws(SluiceError) -> KeptLease? {
        let asked = ContinuousClock.now
        guard let lease = try leases.take(name, for: terms.duration) else { return nil }
        let held = KeptLease(lease, terms, from: leases, kept, asked: asked)
        kept.add(held)
        return held
    }

    /// Takes a right as soon as it is free. Sleeps between the looks, first shortly and then longer.
    /// - Parameter isOver: asked after each failed look; where it says so, the right is not wanted any more.
    /// - Returns: `nil` where it is not wanted any more.
    /// - Throws: `store.busy` after `patience`.
    package func take(
        _ name: String, _ terms: LeaseTerms, within patience: Duration, unless isOver: () throws(SluiceError) -> Bool
    ) async throws(SluiceError) -> KeptLease? {
        let deadline = ContinuousClock.now.advanced(by: patience)
        var pause = Self.firstPause
        while true {
            if let held = try take(name, terms) { return held }
            if try isOver() { return nil }
            guard ContinuousClock.now < deadline, !Task.isCancelled else {
                throw SluiceError(
                    "store.busy", what: "Another node of the store is at work on the same.",
                    why: "It has not ended in time.", mend: "Try again in a moment.", cause: name)
            }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Chosen: what is waited for takes some ten milliseconds mostly, and each look costs a round trip.
    private static let firstPause = Duration.milliseconds(50)
    private static let longestPause = Duration.milliseconds(500)

    /// Nothing is extended any more.
    package func close() { kept.close() }
}

/// The leases that a process keeps, and the thread that extends them.
private final class KeptLeases: Sendable {
    /// How often leases are looked at (chosen: the shortest last two seconds and a half).
    private static let interval = Duration.milliseconds(500)

    private struct Weak { weak var lease: KeptLease? }

    private struct State {
        var kept: [Lease: Weak] = [:]
        var thread: BlockingThread?
        var isWaiting = false
        var isClosed = false
    }

    private let lock = ConditionLock()
    // guarded by: lock
    private nonisolated(unsafe) var state = State()

    func add(_ lease: KeptLease) {
        lock.locked {
            state.kept[lease.lease] = Weak(lease: lease)
            if state.isClosed { return }
            // The first lease starts the thread: most commands never need one.
            if state.thread == nil { state.thread = BlockingThread { [weak self] in while self?.turn() == true {} } }
            if state.isWaiting { lock.wakeOne() }
        }
    }

    func remove(_ lease: Lease) { lock.locked { state.kept[lease] = nil } }

    func close() {
        let thread = lock.locked { () -> BlockingThread? in
            state.isClosed = true
            lock.wakeAll()
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    /// Waits for a while and extends what is due.
    /// - Returns: false when the thread is to end.
    private func turn() -> Bool {
        let due = lock.locked { () -> [KeptLease]? in
            while state.kept.isEmpty, !state.isClosed {
                state.isWaiting = true
                lock.wait()
                state.isWaiting = false
            }
            if !state.isClosed { lock.wait(atMost: Self.interval) }
            return state.isClosed ? nil : state.kept.values.compactMap(\.lease)
        }
        guard let due else { return false }
        for lease in due { lease.extendInTime() }
        return true
    }
}
