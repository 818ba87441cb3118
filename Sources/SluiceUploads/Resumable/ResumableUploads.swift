// Uploads in several requests: begun, found, decided, ended. Bytes come through UploadReceiver; the headers are TusHeaders'.

package import SluiceModel
import SluicePipeline
import SluiceServer
package import SluiceStorage
import SluiceSystem
import Synchronization

/// Judges complete uploads and keeps them.
protocol UploadDecider: Sendable {
    /// - Returns: what became of it, and the attachment object that tells it, as JSON.
    func decide(_ submission: Submission, _ body: some AttachmentBody & Sendable) async -> DecidedUpload
    /// The same for bytes that can be kept as they lie.
    func decide(_ submission: Submission, _ received: SpooledAttachment) async -> DecidedUpload
}

/// What became of an upload.
struct DecidedUpload: Sendable {
    var result: AttachmentResult
    /// The attachment object, as JSON.
    var object: String
}

/// The resumable uploads of one endpoint.
package final class ResumableUploads: Sendable {
    /// Of the lease under which an upload is decided, extended meanwhile (chosen, as for idempotency keys).
    private static let lease = Duration.seconds(10)
    private static let patience = Duration.seconds(300)

    let holds: UploadHolds
    let bytes: any PartialBytes
    private let partials: PartialDesk
    private let leases: LeaseKeeper
    private let deciding = Mutex<[String: [CheckedContinuation<Void, Never>]]>([:])
    /// Microseconds since 1970, UTC.
    private let clock: @Sendable () -> Int64

    package init(
        partials: PartialDesk, bytes: any PartialBytes, _ leases: LeaseKeeper,
        clock: @escaping @Sendable () -> Int64 = WallClock.microseconds
    ) {
        self.partials = partials
        self.bytes = bytes
        self.leases = leases
        holds = UploadHolds(leases)
        self.clock = clock
    }

    /// - Parameter check: whether there is room for it, asked inside the transaction that records it.
    /// - Throws: `store.…` or what `check` threw as a problem.
    func begin(
        _ submission: Submission, length: Int64, metadata: String, caller: Caller, hours: Int,
        check: (@Sendable (Partial, any StoreReader) throws(SluiceError) -> Void)? = nil
    ) throws(Problem) -> Partial {
        do throws(SluiceError) {
            let now = clock()
            // The file first: an open row always has its file.
            let id = try bytes.create()
            let partial = Partial(
                id: id, submission: submission, token: caller.token, length: ByteCount(length), createdAt: now,
                expiresAt: now + Int64(hours) * 3_600_000_000, metadata: metadata)
            do throws(SluiceError) {
                try partials.add(partial) { (rows) throws(SluiceError) in try check?(partial, rows) }
            } catch {
                // Where it cannot be removed, `verify` finds it.
                if error.definition.fault == .sender { try? bytes.remove(id) }
                throw error
            }
            return partial
        } catch { throw Problem(error) }
    }

    /// The upload that a path names.
    /// - Throws: 404 where there is none that this caller may know of, 410 for one that is over.
    func find(_ id: String, for caller: Caller) throws(Problem) -> Partial {
        let found: Partial?
        do throws(SluiceError) { found = try partials.partial(id) } catch { throw Problem(error) }
        guard let found, found.token == caller.token else {
            throw Problem(404, "tus.no-such-upload", "There is no such upload.", remedy: "Begin a new one.")
        }
        guard found.state != .ended, found.state != .open || found.expiresAt > clock() else {
            throw Problem(
                410, "tus.expired", "The upload was given up, or not finished in time.", remedy: "Begin a new one.")
        }
        return found
    }

    /// How many bytes have arrived.
    /// - Throws: 410 where they are gone.
    func offset(_ partial: Partial) throws(Problem) -> Int64 {
        if partial.state == .decided { return partial.length.bytes }
        let size: ByteCount?
        do throws(SluiceError) { size = try bytes.size(partial.id) } catch { throw Problem(error) }
        guard let size else {
            // It may have been decided between the two looks.
            if let now = try? partials.partial(partial.id), now.state == .decided { return now.length.bytes }
            throw Problem(410, "tus.expired", "The bytes of this upload are not there.", remedy: "Begin a new one.")
        }
        return size.bytes
    }

    /// After the last byte: judged and recorded, once, however many ask.
    /// - Parameter patience: how long to wait for another node that is deciding.
    /// - Returns: the upload with what became of it.
    /// - Throws: our own failure; then it can be asked for again.
    func decide(
        _ partial: Partial, with decider: some UploadDecider, patience: Duration = patience
    ) async throws(Problem) -> Partial {
        while true {
            let now: Partial
            do throws(SluiceError) { now = try partials.partial(partial.id) ?? partial } catch { throw Problem(error) }
            if now.state != .open { return now }
            let isMine = deciding.withLock { deciding in
                if deciding[partial.id] != nil { return false }
                deciding[partial.id] = []
                return true
            }
            guard isMine else {
                await wait(partial.id)
                continue
            }
            let outcome = await decideNow(now, with: decider, patience)
            let waiting = deciding.withLock { $0.removeValue(forKey: partial.id) ?? [] }
            for one in waiting { one.resume() }
            return try outcome.get()
        }
    }

    private func wait(_ id: String) async {
        await withCheckedContinuation { me in
            let isOver = deciding.withLock { deciding in
                guard deciding[id] != nil else { return true }
                deciding[id]!.append(me)
                return false
            }
            if isOver { me.resume() }
        }
    }

    private func decideNow(
        _ partial: Partial, with decider: some UploadDecider, _ patience: Duration
    ) async -> Result<Partial, Problem> {
        do throws(SluiceError) {
            // Another node may be at it: then its decision is waited for.
            let lease = try await leases.take(
                "decide/" + partial.id, LeaseTerms(Self.lease), within: patience,
                unless: { () throws(SluiceError) in try partials.partial(partial.id)?.state != .open })
            defer { lease?.giveBack() }
            // Looked at again: another request may have decided it before this one had its turn.
            guard let now = try partials.partial(partial.id), now.state == .open else {
                return .success(try partials.partial(partial.id) ?? partial)
            }
            guard let decided = try await decided(now, with: decider) else {
                return .failure(
                    Problem(410, "tus.expired", "The bytes of this upload are not there.", remedy: "Begin a new one."))
            }
            switch decided.result {
            case .failed(let error):
                // Where this node was stopped for long, another one may have decided it and removed the bytes.
                if let now = try partials.partial(partial.id), now.state == .decided { return .success(now) }
                return .failure(Problem(error))
            case .answered(let ingested):
                try partials.decide(
                    partial.id, ingested.outcome, attachment: ingested.receipt?.attachment, answer: decided.object)
                // The blob has a name of its own. If this one stays, the next cleaning takes it.
                try? bytes.remove(partial.id)
                return .success(try partials.partial(partial.id) ?? now)
            }
        } catch { return .failure(Problem(error)) }
    }

    /// - Returns: `nil` where its bytes are gone.
    private func decided(
        _ partial: Partial, with decider: some UploadDecider
    ) async throws(SluiceError) -> DecidedUpload? {
        if let received = try bytes.received(partial.id) {
            guard received.size == partial.length else {
                throw .inputOutput(
                    "The upload's bytes cannot be read.", cause: "\(received.size) of \(partial.length) are there")
            }
            let decided = await decider.decide(partial.submission, received)
            // The disk has failed to take these bytes, and a second attempt could succeed without having written them: the sender begins again.
            if received.isDistrusted { try? discard(partial.id) }
            return decided
        }
        guard let reader = try bytes.open(partial.id) else { return nil }
        return await decider.decide(partial.submission, PartialBody(reader))
    }

    /// Gives an upload up.
    /// - Throws: 423 while a request adds bytes.
    func end(_ partial: Partial) throws(Problem) {
        let hold = try holds.take(partial.id) { () throws(Problem) in UploadHold(partial.id, offset: 0, bytes) }
        defer { holds.giveBack(hold) }
        try discard(partial.id)
    }

    /// When nobody knows any more which bytes are on the disk: the sender has to begin again.
    func discard(_ id: String) throws(Problem) {
        do throws(SluiceError) {
            try partials.end(id)
            try bytes.remove(id)
        } catch { throw Problem(error) }
    }

    /// What was not finished in time goes; later it is forgotten.
    package func expire() throws(SluiceError) {
        let now = clock()
        let day = Day.microseconds
        for id in try partials.expire(before: now, forgetting: now - day) where !holds.isHeld(id) {
            try bytes.remove(id)
        }
        try bytes.removeLeftovers()
    }

    /// Uploads whose last byte came and whose decision did not, and that no request to this node adds to.
    package func undecided() throws(SluiceError) -> [Partial] {
        let open = try partials.openPartials().filter { !holds.isHeld($0.id) }
        let sizes = try bytes.sizes(of: open.map(\.id))
        return open.filter { sizes[$0.id] == $0.length }
    }
}

/// The bytes of a partial on their way into the spool.
private struct PartialBody: AttachmentBody {
    private let reader: any BlobReader
    private var offset: Int64 = 0

    init(_ reader: any BlobReader) { self.reader = reader }

    var announcedSize: ByteCount? { reader.size }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        let count = try reader.read(into: buffer, at: offset)
        offset += Int64(count)
        return count
    }
}
