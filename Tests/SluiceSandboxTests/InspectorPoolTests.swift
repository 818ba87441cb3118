// The pool: whatever becomes of an inspector, the attachment is accepted only on a true report, and the next one is served.
// The faults stand in Tests/StubInspector. `SLUICE_FAULT_ROUNDS` makes the runs long (1000 for the full proof).

import Glibc
import SluiceModel
import Testing

@testable import SluiceSandbox

@Suite(.serialized, .timeLimit(.minutes(60)))
struct InspectorPoolTests {
    static let rounds = getenv("SLUICE_FAULT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 10

    static func pool(
        jobs: Int = 2, limits: ConfinementLimits = ConfinementLimits()
    ) throws -> InspectorPool {
        try InspectorPool(jobs: jobs, path: TestProgram.stub.path, limits: limits, allowWeak: true)
    }

    static func submission(
        _ source: Submission.Source = .endpoint, ticket: String = "T-1", submitter: String? = nil
    ) -> Submission {
        Submission(
            declaredName: DeclaredName("a.txt"), ticket: TicketID(ticket), submitter: submitter, source: source)
    }

    static func inspect(
        _ pool: InspectorPool, _ content: String, _ submission: Submission = submission(),
        within deadline: Duration = .seconds(10)
    ) async throws -> Inspection {
        try await pool.inspect(try .of(content), of: submission, InspectionOrder(), within: deadline)
    }

    /// How long a fault may take. What hangs does so up to the deadline: long enough to be confined and hanging by then on most rounds,
    /// short enough for a thousand of them. An honest attachment always has the usual ten seconds.
    static func deadline(of command: String) -> Duration {
        ["hang", "wait", "stall"].contains(command) ? .milliseconds(60) : .seconds(10)
    }

    @Test func `A true report arrives whole`() async throws {
        let pool = try Self.pool()
        let inspection = try await Self.inspect(pool, "fine")
        #expect(inspection == Inspection(recognized: RecognizedType(.plainText, .proven, detail: "1")))
    }

    @Test func `A report of ten thousand entries arrives whole`() async throws {
        let pool = try Self.pool()
        let manifest = try #require(try await Self.inspect(pool, "large").manifest)
        #expect(manifest.entries.count == 10_000)
        #expect(manifest.entries.last?.name.bytes.count == 1005)
    }

    @Test(
        arguments: [
            ("segv", "signal 11"), ("trap", "signal"), ("forbidden", "is forbidden"), ("memory", "broke down"),
            ("garbage", "made no sense"), ("linger", "made no sense"), ("partial", "code 0"),
            ("flood", "made no sense"), ("huge", "made no sense"),
            ("forged", "made no sense"), ("forged-twice", "made no sense"), ("hang", "longer than"),
            ("wait", "longer than"), ("stall", "longer than"),
        ])
    func `A fault is a finding, and the next attachment is served`(_ fault: (command: String, words: String))
        async throws
    {
        let pool = try Self.pool(limits: ConfinementLimits(memory: 160 << 20))
        for _ in 0..<Self.rounds {
            let failed = try await Self.inspect(pool, fault.command, within: Self.deadline(of: fault.command))
            #expect(failed.findings.map(\.code) == ["inspection.failed"])
            #expect(failed.recognized == .unrecognized && failed.manifest == nil && failed.text == nil)
            #expect(
                failed.findings.first?.message.contains(fault.words) == true, "\(failed.findings.first?.message ?? "")")
            #expect(try await Self.inspect(pool, "fine").recognized.basis == .proven)
        }
    }

    @Test func `Processor time that runs out is told as such`() async throws {
        let pool = try Self.pool(limits: ConfinementLimits(processorSeconds: 1))
        let inspection = try await Self.inspect(pool, "hang")
        #expect(inspection.findings.first?.message.contains("processor time") == true)
    }

    @Test func `Bytes that the inspector does not get are our own failure`() async throws {
        let pool = try Self.pool()
        let error = await #expect(throws: SluiceError.self) { try await Self.inspect(pool, "throw") }
        #expect(error?.code == "inspector.interrupted")
        #expect(try await Self.inspect(pool, "fine").recognized.basis == .proven)
    }

    @Test func `An inspector killed from outside is our own failure`() async throws {
        let pool = try Self.pool()
        _ = try await Self.inspect(pool, "fine")
        for _ in 0..<Self.rounds {
            async let inspection = Self.inspect(pool, "wait", within: .milliseconds(500))
            let forkParent = try #require(pool.forkParent)
            try await Self.killChildren(of: forkParent)
            do {
                // Tried again in a new process, where nobody ends it before its deadline.
                let late = try await inspection
                #expect(late.findings.first?.message.contains("longer than") == true, "\(late.findings)")
            } catch let error as SluiceError {
                #expect(error.code == "inspector.interrupted")
            }
        }
        #expect(try await Self.inspect(pool, "fine").recognized.basis == .proven)
    }

    @Test func `The fork parent is replaced when it dies, and what was under way is a finding`() async throws {
        let pool = try Self.pool()
        for _ in 0..<min(Self.rounds, 20) {
            _ = try await Self.inspect(pool, "fine")
            let forkParent = try #require(pool.forkParent)
            let before = try Self.timesAsleep(under: forkParent)
            async let inspection = Self.inspect(pool, "wait", within: .milliseconds(500))
            // Under way: a process took the attachment, and sleeps again or is new. The bound is well before the inspection's deadline.
            let bound = ContinuousClock.now.advanced(by: .milliseconds(300))
            while try Self.timesAsleep(under: forkParent) == before, .now < bound {
                try await Task.sleep(for: .milliseconds(1))
            }
            let processes = try [forkParent] + Self.children(of: forkParent)
            kill(forkParent, SIGKILL)
            #expect(try await inspection.findings.map(\.code) == ["inspection.failed"])
            try await Self.untilGone(processes)
            #expect(try await Self.inspect(pool, "fine").recognized.basis == .proven)
            #expect(pool.forkParent != forkParent)
        }
    }

    @Test func `The fork parent dying between attachments costs nothing`() async throws {
        let pool = try Self.pool()
        for _ in 0..<5 {
            #expect(try await Self.inspect(pool, "fine").recognized.basis == .proven)
            let forkParent = try #require(pool.forkParent)
            let processes = try [forkParent] + Self.children(of: forkParent)
            kill(forkParent, SIGKILL)
            try await Self.untilGone(processes)
        }
        #expect(try await Self.inspect(pool, "fine").recognized.basis == .proven)
    }

    @Test(arguments: ["/bin/true", "/no/such/program", "/etc/passwd"])
    func `Without an inspector there is an error, not a verdict`(_ path: String) throws {
        #expect {
            _ = try InspectorPool(jobs: 1, path: path, allowWeak: true)
        } throws: { error in
            (error as? SluiceError)?.code == "inspector.unavailable"
        }
    }

    // MARK: Sharing

    @Test func `A batch on one ticket shares a process, an upload has a fresh one each`() async throws {
        let pool = try Self.pool()
        for expected in 1...5 {
            #expect(try await Self.inspect(pool, "fine", Self.submission(.batch)).recognized.detail == "\(expected)")
        }
        for source in [Submission.Source.endpoint, .dropFolder, .endpoint] {
            #expect(try await Self.inspect(pool, "fine", Self.submission(source)).recognized.detail == "1")
        }
    }

    @Test func `Another ticket or submitter never meets a used process`() async throws {
        let pool = try Self.pool(jobs: 8)
        for ticket in ["T-1", "T-2"] {
            for submitter in [nil, "a", "b"] {
                let detail = try await Self.inspect(
                    pool, "fine", Self.submission(.batch, ticket: ticket, submitter: submitter)
                ).recognized.detail
                #expect(detail == "1")
            }
        }
    }

    @Test func `A process that met anything suspicious is not used again`() async throws {
        let pool = try Self.pool()
        for _ in 0..<3 {
            #expect(try await Self.inspect(pool, "suspicious", Self.submission(.batch)).findings.count == 1)
            #expect(try await Self.inspect(pool, "fine", Self.submission(.batch)).recognized.detail == "1")
            #expect(try await Self.inspect(pool, "unknown", Self.submission(.batch)).recognized == .unrecognized)
        }
    }

    @Test func `A process is used up after its share of attachments`() async throws {
        let pool = try Self.pool()
        var details: [String] = []
        for _ in 0...SessionUse.mostAttachments {
            details.append(try await Self.inspect(pool, "fine", Self.submission(.batch)).recognized.detail)
        }
        #expect(details == (1...SessionUse.mostAttachments).map(String.init) + ["1"])
    }

    @Test func `A large attachment shares with nobody`() async throws {
        let pool = try Self.pool()
        let large = "fine " + String(repeating: "x", count: 1 << 20)
        for _ in 0..<2 {
            #expect(try await Self.inspect(pool, large, Self.submission(.batch)).recognized.detail == "1")
        }
    }

    @Test func `What fails in a used process is tried in a fresh one`() async throws {
        let pool = try Self.pool()
        #expect(try await Self.inspect(pool, "fine", Self.submission(.batch)).recognized.detail == "1")
        #expect(try await Self.inspect(pool, "fresh-only", Self.submission(.batch)).recognized.basis == .proven)
    }

    @Test func `Neither descriptors nor processes stay behind`() throws {
        let lines = try TestProgram.driver.lines("leaks", TestProgram.stub.path)
        let counts = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], $0.dropFirst().compactMap { Int($0) }) })
        let before = try #require(counts["before"])
        #expect(counts["after"] == before && before[1] == 0)
        // The control socket and at most three sessions; the fork parent and their children.
        let during = try #require(counts["during"])
        #expect(during[0] <= before[0] + 4 && (1...4).contains(during[1]), "\(during)")
    }

    @Test func `When the main program is killed, no inspector outlives it`() async throws {
        let lines = try TestProgram.driver.lines("abandon", TestProgram.stub.path, ending: SIGKILL)
        let forkParent = try #require(lines.first.flatMap { pid_t($0[1]) })
        #expect(forkParent > 1)
        for _ in 0..<1000 where try Self.parent(of: forkParent) != nil || !Self.children(of: forkParent).isEmpty {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try Self.parent(of: forkParent) == nil && Self.children(of: forkParent).isEmpty)
    }

    // MARK: Processes

    /// Kills every child of `parent` again and again, until the one under way is surely hit.
    private static func killChildren(of parent: pid_t) async throws {
        for _ in 0..<3 {
            try await Task.sleep(for: .milliseconds(15))
            for child in try children(of: parent) { kill(child, SIGKILL) }
        }
    }

    /// Until the last of them is really dead: an attachment that is handed to a dying one is under way, not between.
    private static func untilGone(_ processes: [pid_t]) async throws {
        for _ in 0..<1000 where processes.contains(where: { parent(of: $0) != nil }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(processes.allSatisfy { parent(of: $0) == nil })
    }

    /// How often each process below `parent` has gone to sleep of its own will.
    private static func timesAsleep(under parent: pid_t) throws -> [pid_t: Int] {
        var times: [pid_t: Int] = [:]
        for child in try children(of: parent) {
            let lines = contents("/proc/\(child)/status").split(separator: UInt8(ascii: "\n"))
            let line = lines.map { String(decoding: $0, as: UTF8.self) }
                .first { $0.hasPrefix("voluntary_ctxt_switches:") }
            times[child] = line.flatMap { Int($0.drop { !$0.isNumber }) }
        }
        return times
    }

    private static func children(of parent: pid_t) throws -> [pid_t] {
        let folder = try #require(opendir("/proc"))
        defer { closedir(folder) }
        var out: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            guard let process = pid_t(name) else { continue }
            if Self.parent(of: process) == parent { out.append(process) }
        }
        return out
    }

    /// A short file of `/proc`; nothing where the process has ended.
    private static func contents(_ path: String) -> ArraySlice<UInt8> {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        return bytes[..<max(0, read(file, &bytes, bytes.count))]
    }

    /// - Returns: its parent; `nil` once it has ended, whether anybody has waited for it or not.
    private static func parent(of process: pid_t) -> pid_t? {
        let bytes = contents("/proc/\(process)/stat")
        // Behind the name in brackets: the state, then the parent (man 5 proc).
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard fields.count > 1, fields[0] != "Z", fields[0] != "X" else { return nil }
        return pid_t(fields[1])
    }
}
