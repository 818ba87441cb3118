// A drop folder of a test's own: one run over it, a watcher that goes on meanwhile, and the proof that every file is accounted for.

import Foundation
import Testing

extension Workplace {
    /// `sluice watch --once` over `box/`, with JSON answers.
    func drained(_ options: String..., settle: String = "100ms") throws -> Ran {
        try sluice(
            ["watch", path("box"), "--once", "--settle", settle, "--store", store.path, "--format", "json"] + options)
    }

    /// Links are not followed.
    func isThere(_ name: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path("box/" + name))) != nil
    }

    /// A file in an outcome folder with both of its verdicts.
    func isPlaced(_ name: String) -> Bool {
        isThere(name) && isThere(name + ".verdict.json") && isThere(name + ".verdict.txt")
    }

    func names(in folder: String) -> [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: path("box/" + folder))) ?? []).sorted()
    }

    /// Files below an outcome folder, without what lies beside them.
    func files(in folder: String) -> [String] {
        names(in: folder).filter { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path("box/\(folder)/\(name)"), isDirectory: &isFolder)
            return !isFolder.boolValue
                && ![".verdict.json", ".verdict.txt", ".sluice.json"].contains { name.hasSuffix($0) }
        }
    }

    /// What the ticket store's database answers.
    func query(_ words: String) throws -> String {
        try run("sqlite3", [store.appending(path: "sluice.sqlite").path, words]).output.trimmingCharacters(
            in: .newlines)
    }

    func expectReconciled(_ words: String = "", _ location: SourceLocation = #_sourceLocation) throws {
        let ran = try sluice("reconcile", path("box"), "--store", store.path)
        #expect(ran.status == 0, "\(words) \(ran.output)\(ran.errors)", sourceLocation: location)
        let verified = try sluice("verify", "--store", store.path)
        #expect(verified.status == 0, "\(words) \(verified.output)\(verified.errors)", sourceLocation: location)
    }
}

/// A watcher in the background; it ends with this object at the latest.
final class RunningWatcher {
    let process = Process()
    private let place: Workplace
    private let (out, err): (String, String)

    /// - Parameter environment: besides the test's own.
    init(
        _ place: Workplace, _ options: String..., settle: String = "300ms", environment: [String: String] = [:]
    ) throws {
        self.place = place
        let name = UUID().uuidString
        (out, err) = (place.path(".answers-\(name)"), place.path(".errors-\(name)"))
        for file in [out, err] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        process.executableURL = Workplace.program("sluice")
        process.arguments =
            ["watch", place.path("box"), "--settle", settle, "--store", place.store.path, "--format", "json"] + options
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: err)
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    var errors: String { (try? String(contentsOfFile: err, encoding: .utf8)) ?? "" }

    /// Asks for an orderly end and waits for it.
    func stop() throws -> Ran {
        process.terminate()
        process.waitUntilExit()
        return Ran(
            status: process.terminationStatus, output: try String(contentsOfFile: out, encoding: .utf8), errors: errors)
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }
}

/// Waits for something that has to come; under load it may take a while.
func eventually(within seconds: Double = 60, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while Date() < end {
        if try condition() { return true }
        usleep(20_000)
    }
    return try condition()
}
