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
        /// Bytes are being made durable.
        var isSaving = false
        /// The last byte is there: what comes now is the decision.
        var isDeciding = false
    }

    /// A hold is in use for so long after its last byte: its lease is extended while it is. With the lease's own time that makes three seconds.
    private static let fresh = Duration.milliseconds(500)
    /// Bytes are appended without asking other nodes where the lease lasts for so long yet (chosen: an append takes less).
    private static let margin = Duration.milliseconds(300)

    let id: String
    private let bytes: any PartialBytes
    private let state: Mutex<State>
    /// The right among all nodes; `nil` where no other node can know the upload yet.
    private let lease = Mutex<KeptLease?>(nil)

    init(_ id: String, offset: Int64, _ bytes: any PartialBytes, now: ContinuousClock.Instant = .now) {
        self.id = id
        self.bytes = bytes
        state = Mutex(State(offset: offset, lastUsed: now))
    }

    /// Before the first byte.
    func bind(to lease: KeptLease?) { self.lease.withLock { $0 = lease } }

    /// Other nodes may have the upload from here on.
    func giveBackLease() {
        let lease = self.lease.withLock { lease in
            defer { lease = nil }
            return lease
        }
        lease?.giveBack()
    }

    /// Whether bytes have come a moment ago, or the decision is under way.
    var isInUse: Bool {
        state.withLock { state in
            !state.isRevoked
                && (state.isDeciding || state.isSaving || state.lastUsed.duration(to: .now) < Self.fresh)
        }
    }

    var isRevoked: Bool { state.withLock { $0.isRevoked } }
    var offset: Int64 { state.withLock { $0.offset } }

    /// Whether bytes can be appended now. Where they cannot, `prepare` comes first. Does not block.
    var isReady: Bool {
        let lease = lease.withLock { $0 }
        return (lease?.hasLeft(Self.margin) ?? true) && !bytes.needsRoom(id)
    }

    /// Before more bytes: asks the other nodes after a silence, and makes room. Blocks.
    /// - Throws: 409 when another request has taken over, `store.…` as a problem.
    func prepare() throws(Problem) {
        let isMine = try saving { () throws(SluiceError) in
            if let lease = lease.withLock({ $0 }), try !lease.isHeld(for: Self.margin) { return false }
            if bytes.needsRoom(id) { try bytes.makeRoom(id) }
            return true
        }
        if !isMine { throw Self.taken }
    }

    /// Makes durable what was appended. Blocks.
    /// - Throws: 409 when another request has taken over, `store.…` as a problem; then `failedSyncLosesAll` tells what is lost.
    func sync() throws(Problem) {
        let offset = offset
        try saving { () throws(SluiceError) in try bytes.sync(id, through: ByteCount(offset)) }
    }

    /// The hold is in use meanwhile, however long it takes. Its lock stays free for those that only look.
    private func saving<Answer>(_ work: () throws(SluiceError) -> Answer) throws(Problem) -> Answer {
        let isMine = state.withLock { state in
            if !state.isRevoked { state.isSaving = true }
            return !state.isRevoked
        }
        guard isMine else { throw Self.taken }
        defer { state.withLock { state in (state.isSaving, state.lastUsed) = (false, .now) } }
        do throws(SluiceError) { return try work() } catch { throw Problem(error) }
    }

    /// - Throws: 409 when another request has taken over, `store.…` as a problem; then nothing was added.
    func append(_ piece: UnsafeRawBufferPointer) throws(Problem) {
        if piece.isEmpty { return }
        // The lock is held over the write: that is what keeps two requests from interleaving.
        let outcome = state.withLock { state -> Result<Void, Problem> in
            if state.isRevoked { return .failure(Self.taken) }
            // After a silence another node may have it.
            if let lease = lease.withLock({ $0 }), !lease.hasLeft(.zero) { return .failure(Self.taken) }
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
            if state.isDeciding || state.isSaving || state.lastUsed.duration(to: now) < silence { return false }
            state.isRevoked = true
            return true
        }
    }

    private static let taken = Problem(
        409, "tus.taken-over", "Another request goes on with this upload.", remedy: "Ask with HEAD where it stands.")
}
