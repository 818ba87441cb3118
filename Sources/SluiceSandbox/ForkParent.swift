// The fork parent: the process that the main program starts. It sees no attachment, and forks a child for each session that it is asked for.
// InspectorService.swift prepares it; InspectorProcess.swift is the main program's end.

internal import CSandbox
internal import Glibc
internal import SluiceModel

/// Forks, kills and reaps children.
final class ForkParent {
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
            // The session's socket replaces the control socket: a child can never talk to the fork parent.
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
        // Not reaped yet, so the number cannot belong to another process.
        for (process, served) in sessions where served == session {
            killedIn[process] = Self.state(of: process)
            Glibc.kill(process, SIGKILL)
        }
    }

    /// The state of a child that has not answered: computing, waiting or stopped. It decides whether the attachment is to blame.
    private static func state(of process: pid_t) -> UInt8 {
        let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(file, &bytes, bytes.count)
        // The state stands behind the name in brackets and a blank (man 5 proc).
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
