// Who may add to a partial: one request at a time, on one node. A sender whose connection died silently comes back while the old request still waits for
// bytes; a hold that has been silent for a moment is taken from it, and what it may still write is refused. Among nodes a lease says the same: it runs out
// while no bytes come.

import SluiceModel
import SluiceServer
import SluiceStorage
import Synchronization

/// All holds of this process.
final class UploadHolds: Sendable {
    /// A sender that says nothing for so long may be gone (chosen: clients that lost a connection wait about as long before they come back).
    static let silence = Duration.seconds(2)
    /// Of the lease. It is extended each half second while bytes come, so that another node gets it three seconds after the last byte at most.
    private static let lease = Duration.milliseconds(2500)

    private enum Slot {
        /// A request asks the other nodes for it just now.
        case taking
        case held(UploadHold)
    }

    private let holds = Mutex<[String: Slot]>([:])
    /// `nil` where there are no other nodes.
    private let leases: LeaseKeeper?

    init(_ leases: LeaseKeeper? = nil) { self.leases = leases }

    /// - Parameters:
    ///   - isNew: whether no other node can know the upload yet.
    ///   - make: looks where the upload stands, once nobody else adds to it.
    /// - Throws: 423 while another request adds bytes, `store.…` as a problem.
    func take(
        _ id: String, isNew: Bool = false, _ make: () throws(Problem) -> UploadHold
    ) throws(Problem) -> UploadHold {
        let former = try reserve(id)
        // What the former request has left of the lease is this one's.
        former?.giveBackLease()
        do throws(Problem) {
            let use = HoldUse()
            let lease = isNew ? nil : try taken(id, use)
            let hold = try make()
            hold.bind(to: lease)
            use.begin(hold)
            holds.withLock { $0[id] = .held(hold) }
            return hold
        } catch {
            holds.withLock { $0[id] = nil }
            throw error
        }
    }

    /// - Returns: the request's hold that was silent for too long.
    private func reserve(_ id: String) throws(Problem) -> UploadHold? {
        let outcome = holds.withLock { holds -> Result<UploadHold?, Problem> in
            switch holds[id] {
            case .taking: return .failure(Self.busy)
            case .held(let hold):
                guard hold.revoke(silentFor: Self.silence, now: .now) else { return .failure(Self.busy) }
                holds[id] = .taking
                return .success(hold)
            case nil:
                holds[id] = .taking
                return .success(nil)
            }
        }
        return try outcome.get()
    }

    private func taken(_ id: String, _ use: HoldUse) throws(Problem) -> KeptLease? {
        guard let leases else { return nil }
        let lease: KeptLease?
        do throws(SluiceError) {
            lease = try leases.take("upload/" + id, LeaseTerms(Self.lease) { use.isGoingOn })
        } catch { throw Problem(error) }
        guard let lease else { throw Self.busy }
        return lease
    }

    func giveBack(_ hold: UploadHold) {
        hold.giveBackLease()
        holds.withLock { holds in
            if case .held(let held) = holds[hold.id], held === hold { holds[hold.id] = nil }
        }
    }

    /// Until no request adds bytes any more, or for as long as `patience`. What a request has left behind whose line was cut is worked on for some
    /// milliseconds yet: an offset that is told meanwhile would be wrong when the sender uses it.
    func settle(_ id: String, patience: Duration = .milliseconds(500)) async {
        let deadline = ContinuousClock.now + patience
        while isHeld(id), ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
    }

    /// Whether a request to this node adds to it.
    func isHeld(_ id: String) -> Bool { holds.withLock { $0[id] != nil } }

    private static let busy = Problem(
        423, "tus.locked", "Another request is writing this upload.", remedy: "Try again in a few seconds.",
        headers: [("Retry-After", "2")])
}

/// Tells the keeper of leases whether a hold is in use, from before there is one.
private final class HoldUse: Sendable {
    private struct Held { weak var hold: UploadHold? }

    private let held = Mutex<Held?>(nil)

    func begin(_ hold: UploadHold) { held.withLock { $0 = Held(hold: hold) } }

    var isGoingOn: Bool {
        // Until there is a hold, it is being made.
        guard let held = held.withLock({ $0 }) else { return true }
        return held.hold?.isInUse ?? false
    }
}
