// The main program's end of one fork parent: starts it, asks it for sessions, has it kill and reap. InspectorPool replaces a fork parent
// that dies; InspectorSession talks to one child.

internal import CSandbox
internal import Glibc
internal import SluiceModel
internal import Synchronization

/// One running fork parent. Any thread may call; calls that wait do so briefly, in the caller's thread.
final class InspectorProcess: Sendable {
    /// How long it may take to initialize (chosen; the magic database takes about 20 ms).
    private static let startUp = Duration.seconds(10)

    private struct State {
        /// Endings that arrived before anything asked for them.
        var ended: [UInt64: ChildEnding] = [:]
        /// Sessions whose ending nothing will ask for.
        var retired: Set<UInt64> = []
        var nextSession: UInt64 = 1
        var isGone = false
    }

    private let control: ControlSocket
    let process: pid_t
    private let state = Mutex(State())

    /// Starts the program and waits until it can fork.
    /// - Throws: `inspector.unavailable`, with `sandbox.incomplete` in its cause.
    init(_ program: InspectorProgram) throws(SluiceError) {
        var ends: [CInt] = [-1, -1]
        guard sandbox_socket_pair(true, &ends) == 0 else { throw InspectorService.refusal(Self.errorText) }
        let process = program.start(control: ends[1])
        let failure = Self.errorText
        close(ends[1])
        guard let process else {
            close(ends[0])
            throw InspectorService.refusal("starting \(program.path) failed: \(failure)")
        }
        self.process = process
        control = ControlSocket(descriptor: ends[0])
        // From here on `deinit` cleans up, also when this throws.
        guard Self.isReadable(ends[0], until: .now.advanced(by: Self.startUp)) else {
            throw InspectorService.refusal("\(program.path) does not answer")
        }
        switch control.receive(waits: true) {
        case .message(.ready, _): return
        case .message(.refused(let reason), _): throw InspectorService.refusal("it says: \(reason)")
        default: throw InspectorService.refusal("\(program.path) ended while it was starting")
        }
    }

    deinit {
        // Closing the control socket ends the fork parent and its children. A fork parent that does not end is killed, and its children
        // die with it.
        close(control.descriptor)
        let deadline = ContinuousClock.now.advanced(by: .seconds(1))
        while waitpid(process, nil, WNOHANG) == 0 {
            if ContinuousClock.now > deadline { Glibc.kill(process, SIGKILL) }
            usleep(500)
        }
    }

    /// Whether the fork parent is known to have ended.
    var isGone: Bool { state.withLock { $0.isGone } }

    /// Asks for a child. The child need not exist yet when this returns: its socket already takes the first order.
    /// - Returns: `nil` when the fork parent is gone.
    /// - Throws: `sandbox.descriptor` when we have no descriptor left.
    func startSession() throws(SluiceError) -> InspectorSession? {
        var ends: [CInt] = [-1, -1]
        guard sandbox_socket_pair(false, &ends) == 0 else { throw .noDescriptor }
        defer { close(ends[1]) }
        let id = state.withLock { state -> UInt64? in
            takeMessages(&state)
            let id = state.nextSession
            guard !state.isGone, control.send(.start(id), passing: ends[1], waits: false) else {
                abandon(&state)
                return nil
            }
            state.nextSession += 1
            return id
        }
        guard let id else {
            close(ends[0])
            return nil
        }
        return InspectorSession(id: id, of: self, socket: ends[0])
    }

    /// Ends a session whose ending nothing will ask for. An honest child would end by itself when its socket closes. A child that was
    /// taken over could stay for ever, so every child is killed.
    func retire(_ session: UInt64) {
        state.withLock { state in
            guard state.ended.removeValue(forKey: session) == nil, !state.isGone else { return }
            state.retired.insert(session)
            if !control.send(.kill(session), waits: false) { abandon(&state) }
        }
    }

    /// Ends the child now, whatever it is doing.
    func kill(_ session: UInt64) {
        state.withLock { state in
            if !state.isGone, state.ended[session] == nil, !control.send(.kill(session), waits: false) {
                abandon(&state)
            }
        }
    }

    /// Kills a fork parent that does not react, because it is stopped or stuck. Its children die too, and another fork parent takes its
    /// place.
    func abandon() { state.withLock { abandon(&$0) } }

    private func abandon(_ state: inout State) {
        if state.isGone { return }
        state.isGone = true
        // Not reaped before `deinit`, so the number cannot belong to another process.
        Glibc.kill(process, SIGKILL)
    }

    /// How the child ended. Waits up to three seconds, since the child is known to be ending.
    /// - Returns: `nil` when the fork parent is gone too, or says nothing; then it is abandoned.
    func ending(of session: UInt64) -> ChildEnding? {
        let deadline = ContinuousClock.now.advanced(by: .seconds(3))
        while ContinuousClock.now < deadline {
            let (ending, isGone) = state.withLock { state in
                takeMessages(&state)
                return (state.ended[session], state.isGone)
            }
            if ending != nil || isGone { return ending }
            // Waits without the lock, so that other sessions go on. The thread that reads the message notes it for all.
            _ = Self.isReadable(control.descriptor, until: ContinuousClock.now.advanced(by: .milliseconds(2)))
        }
        abandon()
        return nil
    }

    /// Reads the messages that have arrived; never waits.
    private func takeMessages(_ state: inout State) {
        while !state.isGone {
            switch control.receive(waits: false) {
            case .nothing: return
            case .message(.ended(let session, let ending), _):
                if state.retired.remove(session) == nil { state.ended[session] = ending }
            case .message, .closed: state.isGone = true
            }
        }
    }

    /// Whether `descriptor` can be read, or is closed at the other end, before the deadline.
    static func isReadable(_ descriptor: CInt, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return false }
            // Rounded up, since a wait of 0 ms would be no wait at all.
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, CInt(clamping: milliseconds))
            if ready > 0 { return true }
            if ready < 0 && errno != EINTR { return false }
        }
    }

    private static var errorText: String { String(cString: strerror(errno)) }
}

extension SluiceError {
    /// We have no descriptor left, as errno says now.
    static var noDescriptor: SluiceError {
        SluiceError(
            "sandbox.descriptor", what: "The received bytes could not be handed to an inspector.",
            why: "Without an inspection nothing is decided.", mend: "Send the attachment again in a moment.",
            cause: String(cString: strerror(errno)))
    }
}
