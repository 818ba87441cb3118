// The built program inspects material for every reader under a tracer, and no confined process calls anything outside of the table: a new
// library version that needs another call fails here, not at a customer's. `Scripts/trace DIR` does the same over a folder of files.

import Foundation
import Testing

@testable import SluiceSandbox

@Suite(.serialized, .timeLimit(.minutes(30)))
struct SystemCallTraceTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let allowed = Set(SystemCallTable.rules.map(\.name))

    /// Every content is read by the strictest recognizer, and then once more with libmagic's opinion on all of it.
    private static let orders: [(name: String, policy: String)] = [
        ("as by default", "{ base: \"bundle\" }"),
        ("with every second opinion", "{ base: \"bundle\", secondOpinion: \"always\" }"),
    ]

    private func trace(_ place: Workplace, _ folder: String, policy: String, inspector: String? = nil) throws
        -> ConfinedCallTrace
    {
        let policyFile = try place.write("policy.json5", Data(policy.utf8))
        let traces = place.folder.appending(path: "traces-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: traces, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: traces) }
        let prefix = traces.appending(path: "process")
        let program = Self.environment["SLUICE_TRACE_PROGRAM"] ?? Workplace.program("sluice").path
        let ran = try place.run(
            "env",
            (inspector.map { ["SLUICE_INSPECTOR=\($0)"] } ?? []) + [
                "strace", "-ff", "-s", "0", "-o", prefix.path, program, "check", folder, "--policy", policyFile,
                "--format", "json",
            ])
        #expect(ran.status == 0 || ran.status == 1, "\(ran.errors)")
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        #expect(try ran.answers().count <= files.count && !files.isEmpty)
        for answer in try ran.answers() where inspector == nil {
            #expect(answer["outcome"] as? String != "failed", "\(answer)")
            #expect(!codes(answer).contains("inspection.failed"), "\(answer)")
        }
        return try ConfinedCallTrace(reading: prefix)
    }

    private func expectWithinTable(_ trace: ConfinedCallTrace, _ title: String) {
        print("\(title): \(trace.processes) confined processes; \(trace.summary)")
        #expect(trace.processes > 0)
        // Else nothing was traced that matters.
        #expect(Set(trace.counts.keys).isSuperset(of: ["recvmsg", "write", "pread64"]))
        #expect(Set(trace.counts.keys).subtracting(Self.allowed).isEmpty, "\(title)")
        #expect(trace.killedByFilter == 0, "\(title)")
    }

    @Test(arguments: orders)
    func `No reader calls outside of the table`(name: String, policy: String) throws {
        let place = try Workplace()
        try ReaderMaterial.write(into: place)
        expectWithinTable(
            try trace(place, place.path(ReaderMaterial.folder), policy: policy), "Material for every reader, \(name)")
    }

    @Test func `No sample needs a call outside of the table`() throws {
        let samples = Workplace.project.appending(path: "Samples").path
        expectWithinTable(try trace(try Workplace(), samples, policy: Self.orders[1].policy), "Samples")
    }

    @Test(
        .enabled(if: environment["SLUICE_TRACE_FOLDER"] != nil, "Scripts/trace DIR gives a folder"), arguments: orders)
    func `No file of the folder needs a call outside of the table`(name: String, policy: String) throws {
        let folder = try #require(Self.environment["SLUICE_TRACE_FOLDER"])
        expectWithinTable(try trace(try Workplace(), folder, policy: policy), "\(folder), \(name)")
    }

    /// The tracer would see it: the stub makes a forbidden call on purpose.
    @Test func `A call outside of the table is seen`() throws {
        let place = try Workplace()
        try place.write("in/a.txt", Data("forbidden".utf8))
        let trace = try trace(
            place, place.path("in"), policy: Self.orders[0].policy, inspector: Workplace.program("StubInspector").path)
        #expect(Set(trace.counts.keys).subtracting(Self.allowed) == ["socket"])
        #expect(trace.killedByFilter > 0)
    }

    @Test func `Only calls behind the filter count`() {
        let trace = ConfinedCallTrace(
            process: """
                openat(AT_FDCWD, ""..., O_RDONLY) = 3
                seccomp(SECCOMP_GET_ACTION_AVAIL, 0, [SECCOMP_RET_KILL_PROCESS]) = 0
                seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=70, filter=0x7f}) = 0
                write(3, ""..., 1)                      = 1
                recvmsg(3, {msg_name=NULL}, 0)          = 0
                ????( <unfinished ...>)                 = ?
                +++ exited with 0 +++
                """)
        #expect(trace.processes == 1 && trace.counts == ["write": 1, "recvmsg": 1] && trace.killedByFilter == 0)
    }
}
