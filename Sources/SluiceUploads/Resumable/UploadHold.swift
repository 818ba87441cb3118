// Who may add bytes to a partial: one request at a time. A sender whose connection died silently comes back while the old request still waits for bytes; a
// hold that has been silent for a moment is taken from it, and what it may still write is refused.

import SluiceModel
import SluiceServer
import SluiceStorage
import Synchronization

/// The right to add to one partial.
final class UploadHold: Sendable {
    private struct State {
        var offset: Int64
        var lastUsed: ContinuousClock.Instant
        var isRevoked = false
        /// The last byte is there: what comes now is the decision.
        var isDeciding = false
    }

    let id: String
    private let bytes: any PartialBytes
    private let state: Mutex<State>

    init(_ id: String, offset: Int64, _ bytes: any PartialBytes, now: ContinuousClock.Instant = .now) {
        self.id = id
        self.bytes = bytes
        state = Mutex(State(offset: offset, lastUsed: now))
    }

    var offset: Int64 { state.withLock { $0.offset } }

    /// - Throws: 409 when another request has taken over, `store.…` as a problem; then nothing was added.
    func append(_ piece: UnsafeRawBufferPointer) throws(Problem) {
        if piece.isEmpty { return }
        // The lock is held over the write: that is what keeps two requests from interleaving.
        let outcome = state.withLock { state -> Result<Void, Problem> in
            if state.isRevoked { return .failure(Self.taken) }
            do throws(SluiceError) {
                try bytes.append(piece, to: id, at: ByteCount(state.offset))
            } catch { return .failure(Problem(error)) }
            state.offset += Int64(piece.count)
            state.lastUsed = .now
            return .success(())
        }
        try outcome.get()
    }

    /// Before the decision; nobody takes over from here on.
    func beginDeciding() throws(Problem) {
        let isMine = state.withLock { state in
            if !state.isRevoked { state.isDeciding = true }
            return !state.isRevoked
        }
        if !isMine { throw Self.taken }
    }

    /// - Returns: false when it is in use.
    func revoke(silentFor silence: Duration, now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            if state.isDeciding || state.lastUsed.duration(to: now) < silence { return false }
            state.isRevoked = true
            return true
        }
    }

    private static let taken = Problem(
        409, "tus.taken-over", "Another request goes on with this upload.", remedy: "Ask with HEAD where it stands.")
}

/// All holds of this process.
final class UploadHolds: Sendable {
    /// A sender that says nothing for so long may be gone (chosen: clients that lost a connection wait about as long before they come back).
    static let silence = Duration.seconds(2)

    private let holds = Mutex<[String: UploadHold]>([:])

    /// - Throws: 423 while another request adds bytes.
    func take(_ id: String, _ make: () throws(Problem) -> UploadHold) throws(Problem) -> UploadHold {
        let outcome = holds.withLock { holds -> Result<UploadHold, Problem> in
            if let held = holds[id], !held.revoke(silentFor: Self.silence, now: .now) { return .failure(Self.busy) }
            holds[id] = nil
            do throws(Problem) {
                let hold = try make()
                holds[id] = hold
                return .success(hold)
            } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    func giveBack(_ hold: UploadHold) {
        holds.withLock { holds in if holds[hold.id] === hold { holds[hold.id] = nil } }
    }

    /// Until no request adds bytes any more, or for as long as `patience`. What a request has left behind whose line was cut is worked on for some
    /// milliseconds yet: an offset that is told meanwhile would be wrong when the sender uses it.
    func settle(_ id: String, patience: Duration = .milliseconds(500)) async {
        let deadline = ContinuousClock.now + patience
        while isHeld(id), ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
    }

    func isHeld(_ id: String) -> Bool { holds.withLock { $0[id] != nil } }

    private static let busy = Problem(
        423, "tus.locked", "Another request is writing this upload.", remedy: "Try again in a few seconds.",
        headers: [("Retry-After", "2")])
}
