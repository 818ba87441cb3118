// One entry of a stored archive, on its way out of a confined process of its own. The archive may have taken over that process. So no
// piece may be longer than the bound, the number of bytes must be the one that the inspection saw, and the time is counted.

internal import Glibc
internal import SluiceModel

/// The reading end.
final class ConfinedEntry: EntryBytes {
    let size: ByteCount
    private let nonce: UInt64
    private let most: Int64
    private let limit: Duration
    /// Released at the end, so that the process ends however long the caller keeps this object.
    private var session: InspectorSession?
    private var slot: EntrySlot?
    /// Received but not returned yet.
    private var first: WireEntryMessage?
    private var received: Int64 = 0
    /// The time spent waiting for the process so far. The time that the caller takes between two pieces does not count.
    private var waited = Duration.zero

    /// Waits for the first answer.
    init(
        _ entry: EntryAddress, from session: InspectorSession, _ question: consuming InspectorSession.Question,
        _ slot: EntrySlot
    ) throws(SessionFailure) {
        size = entry.size
        nonce = question.asked.nonce
        // An honest inspector stops at its budget by itself.
        most = min(size.bytes, question.asked.order.archives.expandedSize.bytes)
        limit = question.limit
        self.session = session
        self.slot = slot
        first = try message()
    }

    /// The ending, where the entry has ended already; `nil` while bytes are to come.
    var ending: EntryEnding? {
        if case .end(let ending) = first { ending } else { nil }
    }

    func next() throws(SluiceError) -> [UInt8]? {
        guard session != nil else { return nil }
        let message: WireEntryMessage
        do throws(SessionFailure) { message = try counted() } catch {
            close()
            throw .entryFailed(error)
        }
        switch message {
        case .piece(let bytes): return bytes
        case .end(let ending):
            close()
            if let error = SluiceError(ending) { throw error }
            return nil
        }
    }

    private func counted() throws(SessionFailure) -> WireEntryMessage {
        let message: WireEntryMessage
        if let first { message = first } else { message = try self.message() }
        first = nil
        switch message {
        case .piece(let bytes):
            received += Int64(bytes.count)
            guard received <= most else { throw .nonsense("too many bytes") }
        case .end(.complete):
            guard received == size.bytes else { throw .nonsense("too few bytes") }
        case .end: break
        }
        return message
    }

    private func close() {
        session = nil
        slot = nil
    }

    private func message() throws(SessionFailure) -> WireEntryMessage {
        guard let session else { throw .forkParentGone }
        let start = ContinuousClock.now
        defer { waited += start.duration(to: .now) }
        let deadline = start.advanced(by: limit - waited)
        let prefix = try session.receive(WireFrame.prefix, until: deadline, limit)
        let bounds = WireEntryMessage.overhead + 1...WireEntryMessage.overhead + WireBounds.piece
        guard let length = WireFrame.length(prefix[...]), bounds.contains(length) else { throw .nonsense("length") }
        let bytes = try session.receive(length, until: deadline, limit)
        do throws(CodingDefect) { return try WireEntryMessage(bytes[...], answering: nonce) } catch {
            throw .nonsense(error.part)
        }
    }
}

extension SluiceError {
    static func entryFailed(_ failure: SessionFailure) -> SluiceError {
        SluiceError(
            "entry.failed", what: "The entry could not be read: \(failure.words).",
            why: "It is read by a process of its own, and that did not come to a good end.",
            mend: "Try again, or fetch the whole attachment.", cause: "\(failure)")
    }

    static let entryBusy = SluiceError(
        "entry.busy", what: "Too many entries are being read at once.",
        why: "Each is read by a process of its own, and their number is bounded.", mend: "Try again in a moment.")
}
