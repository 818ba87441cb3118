// The inspector as the pipeline sees it: gives each attachment a confined process, bounds how many run at once, replaces processes that
// die. InspectorSession talks to one process, InspectorProcess to the fork parent; SharingRule says which attachments share a process.

internal import CSandbox
internal import Glibc
public import SluiceModel
internal import Synchronization

/// Inspects attachments in confined processes of their own.
///
/// `inspect` suspends while the allowed number of inspections is running. Then it **blocks its thread** until the reply, the child's end
/// or the deadline. Call it on threads that may block, as the pipeline does.
public final class InspectorPool: Inspector {
    /// Failed starts in a row before an inspection is given up.
    static let startAttempts = 5
    /// Inspections that may be interrupted by our own failure before an error is thrown (chosen).
    private static let interruptedAttempts = 3
    /// Inspections that must fail because of the attachment before that becomes a finding.
    private static let failedAttempts = 2

    private let program: InspectorProgram
    let deadline: Duration
    private let slots: InspectionSlots
    let entrySlots: EntrySlots
    private let mostIdle: Int
    /// Held while a fork parent is being started: no other caller can go on without one.
    private let starting = Mutex(ForkParentState())
    private let sessions = Mutex(Sessions())

    private struct ForkParentState {
        var process: InspectorProcess?
        var failures = 0
        var starts = 0
    }

    private struct Sessions {
        /// Forked ahead of need. A spare has seen no attachment.
        var spares: [InspectorSession] = []
        /// Waiting for the next attachment of the same owner; the longest waiting comes first.
        var idle: [(owner: SessionOwner, session: InspectorSession)] = []
    }

    /// Starts the fork parent.
    /// - Parameters:
    ///   - jobs: inspections at once.
    ///   - path: of the inspector program; `nil` means `SLUICE_INSPECTOR`, or the program beside the running one.
    ///   - deadline: for one attachment. The process is killed at the deadline.
    ///   - allowWeak: start although the kernel lacks Landlock or seccomp (`--weak-confinement`).
    /// - Throws: `sandbox.incomplete`, `inspector.unavailable`.
    public init(
        jobs: Int, path: String? = nil, limits: ConfinementLimits = ConfinementLimits(),
        deadline: Duration = .seconds(10),
        allowWeak: Bool = false
    ) throws(SluiceError) {
        if !allowWeak { try Confinement.requireComplete() }
        program = try InspectorProgram(path: path, limits: limits, allowWeak: allowWeak)
        self.deadline = deadline
        slots = InspectionSlots(max(1, jobs))
        mostIdle = max(1, jobs)
        // Chosen: entry readers mostly wait for the caller.
        entrySlots = EntrySlots(4 * max(1, jobs))
        let first = try startSession()
        sessions.withLock { $0.spares.append(first) }
    }

    /// - Throws: `inspector.unavailable` when no inspector can be started; `sandbox.descriptor` when the attachment's descriptor cannot
    ///   be opened again; `inspector.interrupted` when inspector processes were stopped, killed or got no bytes several times. An
    ///   inspector that dies because of the attachment, and again in a fresh process, is a finding.
    public func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection {
        try await inspect(attachment, of: submission, order, within: deadline)
    }

    /// With another deadline, so that a test of a hanging inspector does not shorten the deadline of honest attachments.
    package func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder, within deadline: Duration
    ) async throws(SluiceError) -> Inspection {
        await slots.acquire()
        defer { slots.release() }
        return try inspectBlocking(attachment, of: submission, order, within: deadline)
    }

    private func inspectBlocking(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder, within deadline: Duration
    ) throws(SluiceError) -> Inspection {
        let readOnly = try ReadOnlyDescriptor(of: attachment.descriptor)
        let owner = SessionOwner(submission, size: attachment.size)
        var mayShare = true
        var (unready, interrupted, failed) = (0, 0, 0)
        while true {
            let session = try takeSession(for: mayShare ? owner : nil)
            let isFresh = session.use.attachments == 0
            do throws(SessionFailure) {
                let question = try session.ask(readOnly.descriptor, size: attachment.size, order, within: deadline)
                // Fork the next process while this one reads.
                prepareSpare()
                let inspection = try session.answer(question)
                giveBack(session, owner, after: inspection)
                return inspection
            } catch {
                mayShare = false
                if error == .unready {
                    unready += 1
                    guard unready < Self.startAttempts else {
                        throw InspectorService.refusal("its processes do not get as far as being confined")
                    }
                } else if error.isOurs {
                    interrupted += 1
                    guard interrupted < Self.interruptedAttempts else { throw .interrupted(error) }
                } else if isFresh {
                    // A failure in a used process does not count: an earlier attachment may have caused it.
                    failed += 1
                    guard failed < Self.failedAttempts, !error.isCertain else {
                        return Inspection(findings: [Finding(.inspectionFailed, [.text(error.words)])])
                    }
                }
            }
        }
    }

    // MARK: Sessions

    /// The owner's idle session, or a session that has seen no attachment.
    func takeSession(for owner: SessionOwner?) throws(SluiceError) -> InspectorSession {
        let known = sessions.withLock { sessions -> InspectorSession? in
            if let owner, let index = sessions.idle.lastIndex(where: { $0.owner == owner }) {
                return sessions.idle.remove(at: index).session
            }
            return sessions.spares.popLast()
        }
        if let known, !known.process.isGone { return known }
        return try startSession()
    }

    private func giveBack(_ session: InspectorSession, _ owner: SessionOwner?, after inspection: Inspection) {
        guard let owner, inspection.isUnremarkable, !session.use.isUsedUp else { return }
        let dropped = sessions.withLock { sessions -> InspectorSession? in
            sessions.idle.append((owner, session))
            return sessions.idle.count > mostIdle ? sessions.idle.removeFirst().session : nil
        }
        _ = dropped  // the session ends here, outside of the lock
    }

    /// Forks a spare where there is none. A failure matters only to the next caller that needs a session, so it is ignored here.
    func prepareSpare() {
        guard sessions.withLock({ $0.spares.isEmpty }), let spare = try? startSession() else { return }
        sessions.withLock { $0.spares.append(spare) }
    }

    // MARK: The fork parent

    /// The running fork parent's process id, for the health page and for tests that kill it.
    package var forkParent: Int32? { starting.withLock { $0.process?.process } }

    /// How often a new fork parent replaced a dead one.
    public var restarts: Int { starting.withLock { max(0, $0.starts - 1) } }

    private func startSession() throws(SluiceError) -> InspectorSession {
        try starting.withLock { state throws(SluiceError) -> InspectorSession in
            var refusal = InspectorService.refusal("it ends as soon as it is asked for anything")
            for _ in 0..<Self.startAttempts {
                if let session = try state.process?.startSession() {
                    state.failures = 0
                    return session
                }
                do throws(SluiceError) { try restart(&state) } catch { refusal = error }
            }
            throw refusal
        }
    }

    /// Restarts at once the first time. While not even a session can be started, it pauses before; the pause doubles, up to 1.6 s
    /// (chosen).
    private func restart(_ state: inout ForkParentState) throws(SluiceError) {
        state.process = nil
        if state.failures > 0 { usleep(UInt32(25_000 << min(state.failures, 6))) }
        state.failures += 1
        state.process = try InspectorProcess(program)
        state.starts += 1
    }
}

/// A read-only descriptor on the attachment's bytes, closed with this value.
struct ReadOnlyDescriptor: ~Copyable {
    let descriptor: CInt

    /// Whether it was opened here. A spool whose descriptor is read-only lends its own.
    private let isOurs: Bool

    /// A spool's descriptor may be writable. Opened again through /proc, it is another open file that is not.
    init(of attachment: CInt) throws(SluiceError) {
        isOurs = fcntl(attachment, F_GETFL) & O_ACCMODE != O_RDONLY
        descriptor = isOurs ? Glibc.open("/proc/self/fd/\(attachment)", O_RDONLY | O_CLOEXEC) : attachment
        guard descriptor >= 0 else {
            throw .noDescriptor
        }
    }

    deinit { if isOurs { close(descriptor) } }
}

extension SluiceError {
    static func interrupted(_ failure: SessionFailure) -> SluiceError {
        SluiceError(
            "inspector.interrupted", what: "The attachment could not be inspected: \(failure.words).",
            why: "That is no fact about it, and without an inspection nothing is decided.",
            mend: "Send the attachment again in a moment.", cause: "\(failure)")
    }
}

extension InspectorPool: InspectionService {
    public var isAvailable: Bool { forkParent != nil }
    public var missingProtections: [String] { Confinement.report().filter { !$0.isOK }.map(\.name) }
}
