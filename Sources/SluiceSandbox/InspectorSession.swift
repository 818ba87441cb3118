// The main program's side of one confined child: sends an order, takes the bounded reply before the deadline, says what went wrong.
// InspectorPool decides which attachment gets which session.

internal import CSandbox
internal import Glibc
internal import SluiceModel

/// Why a session gave no answer. Each of these ends the session.
enum SessionFailure: Error, Equatable {
    /// The child never got so far as to be confined or to take the order. It has seen nothing: our own failure.
    case unready
    /// The child ended, by this signal or with this exit code.
    case ended(signal: CInt, code: CInt)
    /// - Parameter isBusy: the child was computing all the time, so that another try would end in the same way.
    case overTime(Duration, isBusy: Bool)
    /// The time is over, but the child was stopped or never got the processor.
    case heldUp
    /// The reply is not one that our own inspector writes. The text names the part that is wrong.
    case nonsense(String)
    /// The fork parent ended, and its children with it.
    case forkParentGone

    /// The words in the middle of the finding's sentence, for the customer.
    var words: String {
        switch self {
        case .unready: "no inspector could be had"
        case .ended(SIGXCPU, _): "it needed too much processor time"
        // This is also what a child without memory does: abort() sends a signal, and the confinement forbids sending signals.
        case .ended(SIGSYS, _): "the reader broke down or tried what is forbidden to it"
        case .ended(_, ConfinedSession.Exit.unreadable.rawValue): "the received bytes cannot be read"
        case .ended(let signal, _) where signal != 0: "the reader broke down, signal \(signal)"
        case .ended(_, let code): "the reader gave up, code \(code)"
        case .overTime(let limit, _): "it took longer than \(limit.components.seconds) s"
        case .heldUp: "its process was stopped or had no turn"
        case .nonsense: "the reader's report made no sense"
        case .forkParentGone: "the inspection service broke down"
        }
    }

    /// Whether the failure says nothing about the attachment. A cause outside the child is our own failure. A child cannot send signals,
    /// so a signal that computing cannot raise came from outside. SIGBUS is a mapped file that the disk does not deliver.
    var isOurs: Bool {
        switch self {
        case .unready, .heldUp, .forkParentGone: true
        case .overTime, .nonsense: false
        case .ended(_, ConfinedSession.Exit.unreadable.rawValue): true
        case .ended(let signal, _):
            ![0, SIGSEGV, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS, SIGXCPU, SIGXFSZ].contains(signal)
        }
    }

    /// Whether another try would only end in the same way.
    var isCertain: Bool {
        switch self {
        case .ended(SIGXCPU, _), .overTime(_, isBusy: true): true
        default: false
        }
    }
}

/// One child and its socket. Used by one caller at a time.
final class InspectorSession: @unchecked Sendable {
    // guarded by: InspectorPool, which gives a session to one caller at a time.
    private var isConfined: Bool { confinedAt != nil }
    /// When the child's first byte was seen.
    private var confinedAt: ContinuousClock.Instant?
    private(set) var use = SessionUse()

    let process: InspectorProcess
    private let id: UInt64
    private let socket: CInt

    /// The longest time from the order to the first byte of a child that is still being forked (chosen; it takes milliseconds). A fork
    /// parent that needs longer is stopped or stuck.
    private static let firstSign = Duration.seconds(5)

    init(id: UInt64, of process: InspectorProcess, socket: CInt) {
        self.id = id
        self.process = process
        self.socket = socket
    }

    deinit {
        close(socket)
        process.retire(id)
    }

    /// An order that the child works on.
    struct Question: ~Copyable {
        let asked: WireOrder
        fileprivate let start = ContinuousClock.now
        let limit: Duration
        fileprivate var deadline: ContinuousClock.Instant { start.advanced(by: limit) }
    }

    /// Has the child begin with one attachment; does not wait for the reply.
    /// - Parameters:
    ///   - attachment: a read-only descriptor.
    ///   - entry: set where the bytes of this entry are wanted instead of a report.
    func ask(
        _ attachment: CInt, size: ByteCount, _ order: InspectionOrder, entry: EntryAddress? = nil,
        within limit: Duration
    ) throws(SessionFailure) -> Question {
        // Bytes that the child sent unasked after an earlier attachment would be taken for the reply about this one.
        if use.attachments > 0, hasUnaskedBytes { throw .nonsense("unasked") }
        let asked = WireOrder(nonce: .random(in: 0 ... .max), size: size, order: order, entry: entry)
        let frame = asked.framed
        guard sandbox_send(socket, frame, frame.count, attachment, CInt(MSG_DONTWAIT)) == frame.count else {
            throw .unready
        }
        return Question(asked: asked, limit: limit)
    }

    /// Blocks the calling thread until the reply is there, the child has ended, or the time is over.
    func answer(_ question: consuming Question) throws(SessionFailure) -> Inspection {
        let message = try message(until: question.deadline, question.limit)
        let reply: WireReply
        do throws(CodingDefect) { reply = try WireReply(message[...], answering: question.asked.order) } catch {
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

    /// Receives one frame and no byte more. Memory grows only with the bytes that have come.
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

    /// Receives exactly this many bytes of an answer that has several messages.
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

    /// Receives the bytes that have come, at most as many as `chunk` holds, without the first byte of the session. Returns at least one
    /// byte, unless only that first byte has come.
    private func pieces(
        in chunk: inout [UInt8], until deadline: ContinuousClock.Instant, _ limit: Duration
    ) throws(SessionFailure) -> ArraySlice<UInt8> {
        while true {
            guard let confinedAt else {
                try takeMark()
                continue
            }
            // The time begins when the child can work: a machine that is slow to fork is not the attachment's fault.
            guard InspectorProcess.isReadable(socket, until: max(deadline, confinedAt.advanced(by: limit))) else {
                throw overTime(limit)
            }
            let count = recv(socket, &chunk, chunk.count, CInt(MSG_DONTWAIT))
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { throw ending() }
            return chunk[..<count]
        }
    }

    private func takeMark() throws(SessionFailure) {
        guard InspectorProcess.isReadable(socket, until: .now.advanced(by: Self.firstSign)) else {
            process.abandon()
            throw .unready
        }
        var mark: UInt8 = 0
        let count = recv(socket, &mark, 1, CInt(MSG_DONTWAIT))
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { throw .unready }
        guard mark == ConfinedSession.confinedMark else { throw .nonsense("mark") }
        confinedAt = .now
    }

    /// Ends the child and asks what it was doing.
    private func overTime(_ limit: Duration) -> SessionFailure {
        process.kill(id)
        guard let ending = process.ending(of: id) else { return .forkParentGone }
        let processor = Duration.milliseconds(Int(ending.processor))
        switch ending.state {
        case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: "D"): return .heldUp
        case UInt8(ascii: "R") where processor < limit / 20: return .heldUp
        default: return .overTime(limit, isBusy: processor >= limit / 2)
        }
    }

    /// How the child ended.
    private func ending() -> SessionFailure {
        guard let status = process.ending(of: id)?.status else { return .forkParentGone }
        return .ended(signal: sandbox_ending_signal(status), code: max(0, sandbox_exit_code(status)))
    }
}
