// The messages between the main process and the fork parent: short packets of fixed size, one message each. Both ends are our own
// programs and neither ever sees an attachment. The confined children have no access to this socket.

internal import CSandbox
internal import Glibc
internal import SluiceModel

/// How a child ended.
struct ChildEnding: Equatable {
    /// As wait(2) gives it.
    var status: CInt
    /// Processor time that it has used, in milliseconds.
    var processor: Int32 = 0
    /// The child's state when we killed it, as /proc tells it (man 5 proc: R, S, D, T …). 0 where the child ended otherwise.
    var state: UInt8 = 0
}

/// One packet on the control socket.
enum ControlMessage: Equatable {
    /// To the fork parent, with the session's socket: fork a child for it.
    case start(UInt64)
    /// To the fork parent: end this child now.
    case kill(UInt64)
    /// From the fork parent, once: it is initialized and can confine children.
    case ready
    /// From the fork parent: this child has ended and is reaped.
    case ended(UInt64, ChildEnding)
    /// From the fork parent, before it ends: why it cannot serve.
    case refused(String)

    /// Longest packet: the fixed part and a sentence.
    static let longest = 512
    private static let fixed = 18

    var bytes: [UInt8] {
        var out = BinaryWriter()
        switch self {
        case .start(let session): out.message(1, session)
        case .kill(let session): out.message(2, session)
        case .ready: out.message(3, 0)
        case .ended(let session, let ending): out.message(4, session, ending)
        case .refused(let reason):
            out.message(5, 0)
            out.text(reason, most: Self.longest - Self.fixed - 4)
        }
        return out.bytes
    }

    init(_ bytes: ArraySlice<UInt8>) throws(CodingDefect) {
        var reader = BinaryReader(bytes)
        let kind: UInt8 = try reader.number("kind")
        let session: UInt64 = try reader.number("session")
        let ending = ChildEnding(
            status: try reader.number("status"), processor: try reader.number("processor time"),
            state: try reader.number("state"))
        switch kind {
        case 1: self = .start(session)
        case 2: self = .kill(session)
        case 3: self = .ready
        case 4: self = .ended(session, ending)
        case 5: self = .refused(try reader.text(most: Self.longest, "reason"))
        default: throw CodingDefect(part: "kind")
        }
        try reader.end()
    }
}

extension BinaryWriter {
    fileprivate mutating func message(
        _ kind: UInt8, _ session: UInt64, _ ending: ChildEnding = ChildEnding(status: 0)
    ) {
        byte(kind)
        number(session)
        number(ending.status)
        number(ending.processor)
        byte(ending.state)
    }
}

/// One end of the control socket (SOCK_SEQPACKET: each message arrives whole or not at all).
struct ControlSocket {
    enum Received: Equatable {
        case message(ControlMessage, descriptor: CInt)
        case nothing
        case closed
    }

    /// The number of the fork parent's end.
    static let descriptorInForkParent: CInt = 3

    let descriptor: CInt

    /// - Parameter waits: false where the other end may be stopped and must not stop us. A full socket then counts as closed.
    /// - Returns: false when the other end is closed.
    func send(_ message: ControlMessage, passing passed: CInt = -1, waits: Bool) -> Bool {
        let bytes = message.bytes
        return sandbox_send(descriptor, bytes, bytes.count, passed, waits ? 0 : CInt(MSG_DONTWAIT)) == bytes.count
    }

    /// - Parameter waits: false returns `.nothing` where no message is there yet.
    func receive(waits: Bool) -> Received {
        var bytes = [UInt8](repeating: 0, count: ControlMessage.longest)
        var passed: CInt = -1
        let count = sandbox_receive(descriptor, &bytes, bytes.count, &passed, waits ? 0 : CInt(MSG_DONTWAIT))
        if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return .nothing }
        guard count > 0, let message = try? ControlMessage(bytes[..<count]) else {
            if passed >= 0 { close(passed) }
            return .closed
        }
        return .message(message, descriptor: passed)
    }
}
