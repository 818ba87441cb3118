// The store keeps its word when it is killed at any durable call, and when any of them fails. strace does the harm; a program of our own,
// Tests/StoreCrashProbe, imports meanwhile and says what was acknowledged.

import Foundation
import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceFiles
@testable import SluiceStorage

@Suite(.serialized)
struct CrashTests {
    /// Tries every single call instead of some of each sort: minutes instead of seconds.
    static let isThorough = ProcessInfo.processInfo.environment["SLUICE_THOROUGH"] != nil

    /// The calls that make something durable or visible, and the distance between two of a sort that are tried.
    static let calls: [(call: String, stride: Int)] = [
        ("syncfs", 1), ("fsync", 5), ("fdatasync", 3), ("linkat", 3), ("mkdirat", 5), ("pwrite64", 23), ("write", 11),
        ("unlink", 1),
        ("ftruncate", 1),
    ]

    private static let probe = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("StoreCrashProbe").path

    private struct Run {
        var acknowledged: [Int: Digest] = [:]
        var failed: [Int: String] = [:]
        var wasHarmed = false
    }

    /// - Parameter harm: what strace is to inject; `nil` runs it unharmed.
    private func run(_ folder: OwnFolder, from first: Int = 0, harm: String?, atOnce: Int) throws -> Run {
        let process = Process()
        let command = [Self.probe, folder.store, String(first), "9", String(atOnce)]
        let trace = folder.path + "/trace"
        if let harm {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/strace")
            // The probe's acknowledgements go to descriptor 1, so writes to it count as well: harmless, only more to try.
            process.arguments =
                ["-f", "-o", trace, "-e", "trace=\(harm.prefix { $0 != ":" })", "-e", "inject=\(harm)"] + command
        } else {
            process.executableURL = URL(fileURLWithPath: command[0])
            process.arguments = Array(command.dropFirst())
        }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        var run = Run()
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words[0] == "ack", words.count == 4, let digest = Digest(hexadecimal: String(words[3])) {
                run.acknowledged[Int(words[1])!] = digest
            }
            if words[0] == "failed" { run.failed[Int(words[1]) ?? -1] = String(words[2]) }
        }
        if harm != nil {
            let traced = try String(contentsOfFile: trace, encoding: .utf8)
            run.wasHarmed = traced.contains("(INJECTED)") || traced.contains("SIGKILL")
        }
        return run
    }

    /// What was acknowledged is there once, with its bytes, and rows and bytes agree.
    private func check(_ folder: OwnFolder, _ run: Run, _ harm: String) throws {
        let store = try LocalStore.open(folder.store)
        let summary = try store.verify { event in
            if case .problem(let problem) = event, !problem.isHarmless { Issue.record("\(harm): \(problem.what)") }
        }
        #expect(summary.isSound, "\(harm)")
        let rows = try store.tickets.attachments(of: ticket("T-1"), after: nil, limit: 100)
        for (number, digest) in run.acknowledged {
            let found = rows.filter { $0.facts.submission.declaredName == DeclaredName("probe-\(number)") }
            #expect(found.map(\.digest) == [digest], "\(harm): acknowledged \(number)")
        }
        #expect(Set(rows.map(\.digest)).count == rows.count, "\(harm)")
    }

    private func requireTools() throws {
        try #require(
            FileManager.default.isExecutableFile(atPath: "/usr/bin/strace"),
            "strace is needed: Scripts/test installs it")
        try #require(FileManager.default.isExecutableFile(atPath: Self.probe), "StoreCrashProbe is not built")
    }

    @Test(
        "Killed at a durable call, nothing acknowledged is lost, and sending it again completes it", arguments: calls,
        [1, 9])
    func killed(example: (call: String, stride: Int), atOnce: Int) throws {
        try requireTools()
        var number = 1
        while true {
            let folder = try OwnFolder()
            let harm = "\(example.call):signal=SIGKILL:when=\(number)"
            let run = try run(folder, harm: harm, atOnce: atOnce)
            if !run.wasHarmed { break }
            if FileManager.default.fileExists(atPath: folder.store) { try check(folder, run, harm) }
            let again = try self.run(folder, harm: nil, atOnce: atOnce)
            #expect(again.acknowledged.count == 9, "\(harm)")
            try check(folder, again, harm)
            number += Self.isThorough ? 1 : example.stride
        }
    }

    @Test(
        "When a durable call fails, what it was for is not acknowledged, and sending it again works",
        arguments: ["syncfs", "fsync", "fdatasync", "linkat", "pwrite64", "write"], ["EIO", "ENOSPC"])
    func failing(call: String, error: String) throws {
        try requireTools()
        for atOnce in [1, 9] {
            let stride = Self.isThorough ? 1 : call == "pwrite64" ? 41 : call == "write" ? 11 : 7
            var number = 1
            while true {
                let folder = try OwnFolder()
                let harm = "\(call):error=\(error):when=\(number)"
                let run = try run(folder, harm: harm, atOnce: atOnce)
                if !run.wasHarmed { break }
                // SQLite does not tell why a sync failed.
                let codes = Set(run.failed.values).subtracting(
                    error == "EIO" || call == "fdatasync" ? ["store.io"] : [])
                #expect(codes.subtracting(error == "EIO" ? [] : ["store.no-space"]) == [], "\(harm)")
                #expect(Set(run.failed.keys).isDisjoint(with: run.acknowledged.keys), "\(harm)")
                if FileManager.default.fileExists(atPath: folder.store + "/sluice.sqlite") {
                    try check(folder, run, harm)
                }
                let again = try self.run(folder, harm: nil, atOnce: atOnce)
                #expect(again.acknowledged.count == 9, "\(harm)")
                try check(folder, again, harm)
                number += stride
            }
        }
    }

    @Test("A sync that fails means no acknowledgement", arguments: [("fdatasync", 1), ("syncfs", 9), ("fsync", 1)])
    func failedSync(example: (call: String, atOnce: Int)) throws {
        try requireTools()
        let folder = try OwnFolder()
        let before = try run(folder, harm: nil, atOnce: 3)
        let run = try run(folder, from: 100, harm: "\(example.call):error=EIO:when=1+", atOnce: example.atOnce)
        // On a busy machine nine may come as several groups, the smaller ones without `syncfs`; a group that met it has failed whole.
        #expect(run.failed.count >= (example.atOnce == 1 ? 9 : BlobDurability.wholeDiskFrom), "\(run.acknowledged)")
        #expect(run.acknowledged.count + run.failed.count == 9)
        #expect(Set(run.failed.values) == ["store.io"])
        try check(folder, before, example.call)
        try check(folder, run, example.call)
    }

    @Test("Killed while two processes import the same, nothing acknowledged by either is lost")
    func twoProcesses() throws {
        try requireTools()
        for number in 1...4 {
            let folder = try OwnFolder()
            let other = Process()
            other.executableURL = URL(fileURLWithPath: Self.probe)
            other.arguments = [folder.store, "0", "9", "3"]
            other.standardOutput = FileHandle.nullDevice
            other.standardError = FileHandle.nullDevice
            try other.run()
            let run = try run(folder, harm: "linkat:signal=SIGKILL:when=\(number * 2)", atOnce: 9)
            other.waitUntilExit()
            #expect(other.terminationStatus == 0)
            try check(folder, run, "two processes, \(number)")
            #expect(
                try LocalStore.open(folder.store).tickets.attachments(of: ticket("T-1"), after: nil, limit: 100).count
                    == 9)
        }
    }
}
