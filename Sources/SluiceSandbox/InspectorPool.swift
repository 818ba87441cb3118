// The inspector as the pipeline sees it: gives each attachment a confined process, bounds how many there are at once, replaces what dies.
// One process's conversation is in InspectorSession, the fork parent in InspectorProcess, who may share in SharingRule.

internal import CSandbox
internal import Glibc
public import SluiceModel
internal import Synchronization

/// Inspects attachments in confined processes of their own.
///
/// `inspect` suspends while as many inspections as allowed are running; then it **blocks its thread** until the reply, the child's end or
/// the deadline. Call it on threads that may block, as the pipeline does.
public final class InspectorPool: Inspector {
    /// Starts in a row that may fail before an attachment's turn is given up.
    static let startAttempts = 5
    /// Inspections that may be interrupted by our own failure before the attachment is given back untouched (chosen).
    private static let interruptedAttempts = 3
    /// Inspections that must fail over the attachment before that is a fact about it.
    private static let failedAttempts = 2

    private let program: InspectorProgram
    let deadline: Duration
    private let turns: Turns
    let entryTurns: EntryTurns
    private let mostIdle: Int
    /// Held while a fork parent is being started: nobody can go on without it anyway.
    private let starting = Mutex(ForkParentState())
    private let sessions = Mutex(Sessions())

    private struct ForkParentState {
        var process: InspectorProcess?
        var failures = 0
        var starts = 0
    }

    private struct Sessions {
        /// Forked ahead of need; has seen nothing.
        var spares: [InspectorSession] = []
        /// Between two attachments of one owner, the longest waiting first.
        var idle: [(owner: SessionOwner, session: InspectorSession)] = []
    }

    /// Starts the fork parent.
    /// - Parameters:
    ///   - jobs: inspections at once.
    ///   - path: of the inspector program; `nil` means `SLUICE_INSPECTOR`, else beside the running program.
    ///   - deadline: for one attachment; the process is killed then.
    ///   - allowWeak: go on where the kernel lacks Landlock or seccomp (`--weak-confinement`).
    /// - Throws: `sandbox.incomplete`, `inspector.unavailable`.
    public init(
        jobs: Int, path: String? = nil, limits: ConfinementLimits = ConfinementLimits(),
        deadline: Duration = .seconds(10),
        allowWeak: Bool = false
    ) throws(SluiceError) {
        if !allowWeak { try Confinement.requireComplete() }
        program = try InspectorProgram(path: path, limits: limits, allowWeak: allowWeak)
        self.deadline = deadline
        turns = Turns(max(1, jobs))
        mostIdle = max(1, jobs)
        // Chosen: they mostly wait for whoever takes the bytes.
        entryTurns = EntryTurns(4 * max(1, jobs))
        let first = try startSession()
        sessions.withLock { $0.spares.append(first) }
    }

    /// - Throws: `inspector.unavailable` when no inspector can be started at all, `sandbox.descriptor` when the attachment's descriptor
    ///   cannot be opened again, `inspector.interrupted` when its processes are stopped, killed or get no bytes several times. An inspector that dies
    ///   over the attachment, and again in a fresh process, is a finding.
    public func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection {
        try await inspect(attachment, of: submission, order, within: deadline)
    }

    /// With a deadline of its own, so that the proof of what becomes of a hang need not give honest attachments a short one.
    package func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder, within deadline: Duration
    ) async throws(SluiceError) -> Inspection {
        await turns.take()
        defer { turns.giveBack() }
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
                // The next process is forked while this one reads.
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
                    // What fails in a used process may be an earlier attachment's doing and does not count.
                    failed += 1
                    guard failed < Self.failedAttempts, !error.isCertain else {
                        return Inspection(findings: [Finding(.inspectionFailed, [.text(error.words)])])
                    }
                }
            }
        }
    }

    // MARK: Sessions

    /// The owner's own session where one is idle, else one that has seen nothing.
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
        _ = dropped  // ended here, outside of the lock
    }

    /// Forks one ahead where none is waiting. That it cannot be had now matters only to whoever needs it.
    func prepareSpare() {
        guard sessions.withLock({ $0.spares.isEmpty }), let spare = try? startSession() else { return }
        sessions.withLock { $0.spares.append(spare) }
    }

    // MARK: The fork parent

    /// The running fork parent's process id: for the health page, and for tests that kill it.
    package var forkParent: Int32? { starting.withLock { $0.process?.process } }

    /// How often a fork parent had to be started again.
    package var restarts: Int { starting.withLock { max(0, $0.starts - 1) } }

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

    /// At once the first time; after a pause that doubles, up to 1.6 s (chosen), while not even a session can be started.
    private func restart(_ state: inout ForkParentState) throws(SluiceError) {
        state.process = nil
        if state.failures > 0 { usleep(UInt32(25_000 << min(state.failures, 6))) }
        state.failures += 1
        state.process = try InspectorProcess(program)
        state.starts += 1
    }
}

/// A descriptor of its own on the attachment's bytes that can only be read from, closed with this value.
struct ReadOnlyDescriptor: ~Copyable {
    let descriptor: CInt

    /// Whether it was opened here; a spool that gives a read-only descriptor lends its own.
    private let isOurs: Bool

    /// A spool's descriptor may write; opened again through /proc it is another open file that may not.
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
