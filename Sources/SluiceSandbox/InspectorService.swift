// The fork parent: the process that the main program starts. It initializes once, sees no attachment ever, and forks a child for
// each session it is asked for. What a child does is in ConfinedSession; who asks, in InspectorProcess.

internal import CSandbox
internal import Glibc
public import SluiceModel

/// Inspects the attachment behind a read-only descriptor. An error means that it could not be read: it is then "could not be checked".
public typealias Inspect = (CInt, ByteCount, InspectionOrder) throws(SluiceError) -> Inspection

/// Reads one entry of the archive behind a read-only descriptor and gives its bytes to the closure, in their order.
public typealias Extract = (EntryAddress, CInt, ByteCount, InspectionOrder, (Span<UInt8>) -> Void) throws(SluiceError)
    -> EntryEnding

/// The inspector program's life, from its first line to its end.
public enum InspectorService {
    /// Serves until the main program closes its end or ends. The process must be single-threaded, with the control socket as
    /// descriptor 3.
    ///
    /// `inspect` is called here on a few contents of our own, so that whatever it loads at first use is there before the first fork; all
    /// other calls happen in confined children.
    /// - Parameter arguments: as InspectorProcess gives them, without the program's name.
    public static func run(
        arguments: some Sequence<String>, inspect: @escaping Inspect, extract: @escaping Extract
    ) -> Never {
        let control = ControlSocket(descriptor: ControlSocket.descriptorInForkParent)
        do throws(SluiceError) {
            let confinement = try prepare(arguments: Array(arguments))
            try warmUp(inspect)
            let parent = ForkParent(control: control, confinement: confinement, inspect: inspect, extract: extract)
            guard control.send(.ready, waits: true) else { _exit(0) }
            parent.serve()
        } catch {
            _ = control.send(.refused(error.description), waits: true)
            _exit(70)
        }
    }

    private static func prepare(arguments: [String]) throws(SluiceError) -> Confinement {
        let weak = "--weak-confinement"
        guard let limits = ConfinementLimits(arguments: arguments.filter { $0 != weak }) else {
            throw refusal("it was started with arguments that it does not know")
        }
        // A lock held by another thread at the fork would stay locked in the child for ever.
        guard ownThreads == 1 else { throw refusal("it is not single-threaded") }
        // Whatever the starter left open (its own start closes all of it already).
        sandbox_close_from(UInt32(ControlSocket.descriptorInForkParent) + 1)
        sandbox_default_signals()
        // Itself it sees nothing dangerous, but nobody need trace it, and no fork of it can gain by executing anything.
        guard sandbox_no_new_privileges() == 0, sandbox_not_dumpable() == 0 else { throw refusal("prctl is refused") }
        // libarchive opens gconv files in other locales and stats localtime per entry without TZ.
        clearenv()
        setenv("LC_ALL", "C.UTF-8", 1)
        setenv("TZ", "UTC0", 1)
        // Only how characters are read: each further category is a mapping that every fork copies.
        guard setlocale(LC_CTYPE, "C.UTF-8") != nil else { throw refusal("the locale C.UTF-8 is missing") }
        tzset()
        // A fork hands on huge pages with a few entries; code mapped from the file each child would fault in anew (measured: 0.06 ms).
        // Where it is refused, that is all that is lost.
        _ = sandbox_code_to_huge_pages()
        return try Confinement(limits: limits, allowWeak: arguments.contains(weak))
    }

    /// Loads the magic database and everything else that is made at first use: what is not there at the fork, every child makes anew.
    private static func warmUp(_ inspect: Inspect) throws(SluiceError) {
        for content in WarmUpContent.all {
            let file = sandbox_memory_file()
            guard file >= 0 else { return }
            defer { close(file) }
            guard pwrite(file, content, content.count, 0) == content.count else { return }
            let order = WireOrder(
                nonce: 0, size: ByteCount(content.count), order: InspectionOrder(secondOpinion: .always))
            let inspection = try inspect(file, order.size, order.order)
            // The way through the wire as well: the table of findings by code, the allocator's pools.
            let reply = WireReply(nonce: 0, inspection: inspection).framed(for: order.order)
            _ = try? WireReply(reply[WireFrame.prefix...], answering: order.order)
            _ = try? WireOrder(order.framed[WireFrame.prefix...])
        }
    }

    static func refusal(_ reason: String) -> SluiceError {
        SluiceError(
            "inspector.unavailable", what: "No inspector can be started: \(reason).",
            why: "Without an inspection nothing is decided.",
            mend: "See `sluice doctor`; then send the attachments again.")
    }

    /// From /proc/self/stat, whose 20th field it is; the 2nd, in brackets, may hold blanks (man 5 proc).
    private static var ownThreads: Int? {
        let file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(file, &bytes, bytes.count)
        guard count > 0, let name = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(name + 1)..<count].split(separator: UInt8(ascii: " "))
        return fields.count > 17 ? Int(String(decoding: fields[17], as: UTF8.self)) : nil
    }
}

/// Forks, kills and reaps.
private final class ForkParent {
    private let control: ControlSocket
    private let confinement: Confinement
    private let inspect: Inspect
    private let extract: Extract
    private var sessions: [pid_t: UInt64] = [:]
    private var killedIn: [pid_t: UInt8] = [:]

    init(
        control: ControlSocket, confinement: Confinement, inspect: @escaping Inspect, extract: @escaping Extract
    ) {
        self.control = control
        self.confinement = confinement
        self.inspect = inspect
        self.extract = extract
    }

    func serve() -> Never {
        sandbox_notice_children()
        while sandbox_wait_for_message(control.descriptor) >= 0 {
            reap()
            takeMessages()
        }
        end()
    }

    private func takeMessages() {
        while true {
            switch control.receive(waits: false) {
            case .nothing: return
            case .closed: end()
            case .message(.start(let session), let socket) where socket >= 0: start(session, socket)
            case .message(.kill(let session), _): kill(session)
            case .message: end()
            }
        }
    }

    private func start(_ session: UInt64, _ socket: CInt) {
        let parent = getpid()
        let process = sandbox_fork()
        if process == 0 {
            // The session takes the control socket's place: a child can never speak to the fork parent.
            guard sandbox_die_with_parent() == 0, getppid() == parent, dup2(socket, ConfinedSession.descriptor) >= 0
            else {
                _exit(ConfinedSession.Exit.notConfined.rawValue)
            }
            ConfinedSession.serve(in: confinement, by: inspect, extract)
        }
        close(socket)
        if process > 0 {
            sessions[process] = session
        } else {
            tell(.ended(session, ChildEnding(status: ConfinedSession.Exit.notConfined.rawValue << 8)))
        }
    }

    private func kill(_ session: UInt64) {
        // Not reaped yet, so the number cannot belong to anybody else.
        for (process, served) in sessions where served == session {
            killedIn[process] = Self.state(of: process)
            Glibc.kill(process, SIGKILL)
        }
    }

    /// Whether a child that has not answered was computing, waiting or stopped decides whether its attachment is to blame.
    private static func state(of process: pid_t) -> UInt8 {
        let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(file, &bytes, bytes.count)
        // Behind the name in brackets and a blank (man 5 proc).
        guard count > 0, let end = bytes[..<count].lastIndex(of: UInt8(ascii: ")")), end + 2 < count else { return 0 }
        return bytes[end + 2]
    }

    private func reap() {
        var status: CInt = 0
        var used = rusage()
        while case let process = wait4(-1, &status, WNOHANG, &used), process > 0 {
            let state = killedIn.removeValue(forKey: process) ?? 0
            guard let session = sessions.removeValue(forKey: process) else { continue }
            let seconds = Int64(used.ru_utime.tv_sec) + Int64(used.ru_stime.tv_sec)
            let micros = Int64(used.ru_utime.tv_usec) + Int64(used.ru_stime.tv_usec)
            let processor = Int32(clamping: seconds * 1000 + micros / 1000)
            tell(.ended(session, ChildEnding(status: status, processor: processor, state: state)))
        }
    }

    private func tell(_ message: ControlMessage) {
        if !control.send(message, waits: true) { end() }
    }

    private func end() -> Never {
        for process in sessions.keys { Glibc.kill(process, SIGKILL) }
        while waitpid(-1, nil, 0) > 0 || errno == EINTR {}
        _exit(0)
    }
}
