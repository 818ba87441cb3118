// The main program's side of one confined child: sends an order, takes the bounded reply before the deadline, says what went wrong.
// Which session an attachment gets is InspectorPool's business.

internal import CSandbox
internal import Glibc
internal import SluiceModel

/// Why a session gave no answer. Each ends the session.
enum SessionFailure: Error, Equatable {
    /// It never got so far as to be confined or to take the order, so it has seen nothing: our own failure.
    case unready
    /// The child ended, by this signal or with this exit code.
    case ended(signal: CInt, code: CInt)
    case overTime(Duration)
    /// The reply is not what our own inspector writes; which part of it.
    case nonsense(String)
    /// Our own fork parent went away, and its children with it.
    case forkParentGone

    /// In the middle of the finding's sentence, for the customer.
    var words: String {
        switch self {
        case .unready: "no inspector could be had"
        case .ended(SIGXCPU, _): "it needed too much processor time"
        // Also where memory ran out: abort() sends a signal, which is forbidden to it like every other call of that kind.
        case .ended(SIGSYS, _): "the reader broke down or tried what is forbidden to it"
        case .ended(let signal, _) where signal != 0: "the reader broke down, signal \(signal)"
        case .ended(_, let code): "the reader gave up, code \(code)"
        case .overTime(let limit): "it took longer than \(limit.components.seconds) s"
        case .nonsense: "the reader's report made no sense"
        case .forkParentGone: "the inspection service broke down"
        }
    }
}

/// One child and its socket. Used by one caller at a time.
final class InspectorSession: @unchecked Sendable {
    // guarded by: InspectorPool, which hands a session to one caller and takes it back before it goes to the next.
    private var isConfined = false
    private(set) var use = SessionUse()

    let process: InspectorProcess
    private let id: UInt64
    private let socket: CInt

    init(id: UInt64, of process: InspectorProcess, socket: CInt) {
        self.id = id
        self.process = process
        self.socket = socket
    }

    deinit {
        close(socket)
        process.retire(id)
    }

    /// An order that is under way.
    struct Question: ~Copyable {
        let asked: WireOrder
        fileprivate let start = ContinuousClock.now
        let limit: Duration
        fileprivate var deadline: ContinuousClock.Instant { start.advanced(by: limit) }
    }

    /// Has the child begin with one attachment; does not wait for it.
    /// - Parameters:
    ///   - attachment: a read-only descriptor.
    ///   - entry: whose bytes are wanted, instead of a report.
    func ask(
        _ attachment: CInt, size: ByteCount, _ order: InspectionOrder, entry: EntryAddress? = nil,
        within limit: Duration
    ) throws(SessionFailure) -> Question {
        // What the child says unasked after an earlier attachment would be taken for the answer about this one.
        if use.attachments > 0, hasUnaskedBytes { throw .nonsense("unasked") }
        let asked = WireOrder(nonce: .random(in: 0 ... .max), size: size, order: order, entry: entry)
        let frame = asked.framed
        guard sandbox_send(socket, frame, frame.count, attachment) == frame.count else { throw .unready }
        return Question(asked: asked, limit: limit)
    }

    /// Blocks the calling thread until the reply is there, the child has ended, or the time is over.
    func answer(_ question: consuming Question) throws(SessionFailure) -> Inspection {
        let message = try message(until: question.deadline, question.limit)
        let reply: WireReply
        do throws(WireNonsense) { reply = try WireReply(message[...], answering: question.asked.order) } catch {
            throw .nonsense(error.part)
        }
        guard reply.nonce == question.asked.nonce else { throw .nonsense("nonce") }
        use.note(question.asked.size, spent: question.start.duration(to: .now))
        return reply.inspection
    }

    private var hasUnaskedBytes: Bool {
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, CInt(MSG_DONTWAIT) | CInt(MSG_PEEK)) >= 0
    }

    /// One frame, and not a byte behind it. Memory grows with what has really come.
    private func message(until deadline: ContinuousClock.Instant, _ limit: Duration) throws(SessionFailure) -> [UInt8] {
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            received += try pieces(in: &chunk, until: deadline, limit)
            guard let length = WireFrame.length(received[...]) else { continue }
            guard length <= WireBounds.reply, received.count <= WireFrame.prefix + length else {
                throw .nonsense("length")
            }
            if received.count == WireFrame.prefix + length { return Array(received[WireFrame.prefix...]) }
            // A long reply comes in long pieces.
            if chunk.count < 256 << 10 { chunk = [UInt8](repeating: 0, count: 256 << 10) }
        }
    }

    /// Exactly so many bytes, of an answer that comes in several messages.
    func receive(
        _ count: Int, until deadline: ContinuousClock.Instant, _ limit: Duration
    ) throws(SessionFailure) -> [UInt8] {
        var received: [UInt8] = []
        while received.count < count {
            var chunk = [UInt8](repeating: 0, count: isConfined ? count - received.count : 1)
            received += try pieces(in: &chunk, until: deadline, limit)
        }
        return received
    }

    /// What has come, at most as much as `chunk` holds, the mark of the beginning taken off; at least one byte but for that.
    private func pieces(
        in chunk: inout [UInt8], until deadline: ContinuousClock.Instant, _ limit: Duration
    ) throws(SessionFailure) -> ArraySlice<UInt8> {
        while true {
            guard InspectorProcess.isReadable(socket, until: deadline) else {
                process.kill(id)
                _ = process.endStatus(of: id)
                throw .overTime(limit)
            }
            let count = recv(socket, &chunk, chunk.count, CInt(MSG_DONTWAIT))
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { throw ending() }
            var piece = chunk[..<count]
            if !isConfined {
                guard piece.removeFirst() == ConfinedSession.confinedMark else { throw .nonsense("mark") }
                isConfined = true
            }
            return piece
        }
    }

    /// The child is gone: how?
    private func ending() -> SessionFailure {
        guard isConfined else { return .unready }
        guard let status = process.endStatus(of: id) else { return .forkParentGone }
        return .ended(signal: sandbox_ending_signal(status), code: max(0, sandbox_exit_code(status)))
    }
}
