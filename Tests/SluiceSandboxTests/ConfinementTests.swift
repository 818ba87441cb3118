// The confinement holds: nothing that a taken-over inspector could try succeeds. The probes stand in Tests/CProbes.

import SluiceModel
import Testing

@testable import SluiceSandbox

@Suite struct ConfinementTests {
    /// One probe, and what became of it under each set of layers.
    struct Outcome {
        let probe: String
        let unconfined: String
        let production: String
        let seccompAlone: String
        let landlockAlone: String
    }

    static let outcomes = Result {
        try TestProgram.probes.lines().map { line in
            try #require(line.count == 5)
            return Outcome(
                probe: line[0], unconfined: line[1], production: line[2], seccompAlone: line[3], landlockAlone: line[4])
        }
    }

    @Test func `No escape probe succeeds in a confined process`() throws {
        let outcomes = try Self.outcomes.get()
        #expect(outcomes.count >= 60)
        for outcome in outcomes {
            print("\(outcome.probe): \(outcome.production)")
            #expect(outcome.production != "succeeded", "\(outcome.probe)")
            #expect(outcome.production != "not set up", "\(outcome.probe)")
        }
    }

    @Test func `Seccomp alone stops every probe, on kernels without Landlock`() throws {
        for outcome in try Self.outcomes.get() {
            #expect(outcome.seccompAlone != "succeeded", "\(outcome.probe)")
            #expect(outcome.seccompAlone != "not set up", "\(outcome.probe)")
        }
    }

    /// Else a probe that is broken would pass for one that was stopped. Only calls that every kernel grants every user are named.
    @Test(
        arguments: [
            "openat", "openat-path", "create-file", "newfstatat-with-path", "readlink", "list-folder", "chdir",
            "write-attachment", "pwrite-attachment", "truncate-attachment", "map-attachment-writable", "fcntl-mode",
            "reopen-attachment-writable", "write-attachment-read-only", "socket-inet", "socket-unix", "socketpair",
            "connect-unix", "bind", "send-descriptor", "kill-parent", "pidfd-open", "ptrace-me", "execve", "execveat",
            "memfd-exec", "clone", "mmap-executable", "mprotect-executable", "memory-512-mib", "dup-64", "dup-to-100",
            "set-dumpable", "survive-parent", "signal-handler", "inotify",
        ])
    func `The probe succeeds without confinement`(_ probe: String) throws {
        let outcome = try #require(try Self.outcomes.get().first { $0.probe == probe })
        #expect(outcome.unconfined == "succeeded")
    }

    @Test(.enabled(if: LandlockRules.availableVersion > 0, "this kernel has no Landlock"))
    func `Landlock alone closes the file system and stops programs`() throws {
        let outcomes = try Self.outcomes.get()
        for probe in ["openat", "openat2", "create-file", "mkdir", "list-folder", "execve", "execveat"] {
            let outcome = try #require(outcomes.first { $0.probe == probe })
            #expect(outcome.landlockAlone == "Permission denied", "\(probe)")
        }
    }

    @Test func `Limits hold where no filter looks`() throws {
        let outcomes = try Self.outcomes.get()
        let expected = ["memory-512-mib": "Cannot allocate memory", "dup-64": "Too many open files"]
        for (probe, words) in expected {
            let outcome = try #require(outcomes.first { $0.probe == probe })
            #expect(["not available", words].contains(outcome.landlockAlone), "\(probe)")
        }
    }

    @Test func `A descriptor passed read-only cannot be mapped for writing`() throws {
        let outcome = try #require(try Self.outcomes.get().first { $0.probe == "map-attachment-writable" })
        #expect(outcome.production == "Permission denied")
    }

    @Test func `The report names every layer, and incomplete is refused by name`() throws {
        let report = Confinement.report()
        #expect(report.map(\.name) == ["Landlock", "seccomp", "no_new_privs", "resource limits"])
        #expect(Confinement.isComplete == report.allSatisfy(\.isOK))
        if Confinement.isComplete {
            try Confinement.requireComplete()
        } else {
            #expect(throws: SluiceError.self) { try Confinement.requireComplete() }
        }
        let without =
            report.dropLast() + [ConfinementFact(name: "Landlock", state: "missing", detail: "none here", isOK: false)]
        #expect {
            try Confinement.requireComplete(Array(without))
        } throws: { error in
            guard let error = error as? SluiceError else { return false }
            return error.code == "sandbox.incomplete" && error.what.contains("Landlock: none here")
                && error.mend.contains("--weak-confinement")
        }
    }

    @Test func `A larger policy gets larger limits, a smaller one no smaller ones`() {
        func limits(_ change: (inout Policy) -> Void) -> ConfinementLimits {
            var policy = Policy(name: "a", version: "a-1", sizeLimit: .mebibytes(15), types: [])
            change(&policy)
            return ConfinementLimits(for: policy)
        }
        let usual = ConfinementLimits()
        #expect(limits { _ in } == usual)
        #expect(
            limits {
                $0.sizeLimit = .mebibytes(1); $0.archives.wallClock = .seconds(1)
            } == usual)
        #expect(limits { $0.sizeLimit = .mebibytes(116) }.memory == usual.memory + (100 << 20))
        #expect(limits { $0.archives.heldMember = .mebibytes(42) }.memory == usual.memory + (30 << 20))
        #expect(limits { $0.archives.entries = 20_000 }.memory == usual.memory + 10_000 * 2048)
        #expect(limits { $0.archives.wallClock = .seconds(60) }.processorSeconds == 60)
        // A budget that is spelled as unlimited must not overflow into a small one.
        #expect(
            limits {
                $0.sizeLimit = ByteCount(Int64.max); $0.archives.entries = .max
            }.memory > 1 << 40)
    }

    @Test func `Limits travel on the command line, and nothing else does`() {
        let limits = ConfinementLimits(memory: 1 << 30, processorSeconds: 9)
        #expect(ConfinementLimits(arguments: limits.arguments) == limits)
        for wrong in ["--memory", "--memory=", "--memory=-1", "--memory=0", "--memory=1e9", "--cpu=1", "x=1", ""] {
            #expect(ConfinementLimits(arguments: [wrong]) == nil, "\(wrong)")
        }
    }
}
