// Runs the built program as a user would, in a folder of the test's own.

import Foundation
import Testing

/// What a run of a program gave.
struct Ran {
    let status: Int32
    let output: String
    let errors: String

    /// Standard output as JSON Lines.
    func answers() throws -> [[String: Any]] {
        try output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }
}

/// A folder that vanishes with the test, and the program to run in it.
final class Workplace {
    let folder: URL
    let store: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sluice-test-\(UUID().uuidString)")
        store = folder.appending(path: "store")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file below the folder; gives its path.
    @discardableResult
    func write(_ name: String, _ content: some DataProtocol) throws -> String {
        let target = folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: target)
        return target.path
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    @discardableResult
    func sluice(_ words: String...) throws -> Ran { try run(Self.program("sluice").path, words) }

    func sluice(_ words: [String]) throws -> Ran { try run(Self.program("sluice").path, words) }

    /// `sluice import` into this workplace's store, with JSON answers.
    func importing(_ paths: String..., ticket: String = "T-1") throws -> Ran {
        try sluice(["import"] + paths + ["--ticket", ticket, "--store", store.path, "--format", "json"])
    }

    func checking(_ paths: String..., options: [String] = []) throws -> Ran {
        try sluice(["check"] + paths + ["--format", "json"] + options)
    }

    /// Runs any program to its end; by name it is looked up on the PATH.
    @discardableResult
    func run(_ program: String, _ words: [String], input: Data? = nil) throws -> Ran {
        let process = Process()
        process.executableURL = URL(filePath: program.hasPrefix("/") ? program : "/usr/bin/env")
        process.arguments = program.hasPrefix("/") ? words : [program] + words
        process.currentDirectoryURL = folder
        // Files and not pipes: a full pipe would stop the program while nobody reads.
        let (out, err) = (path(".out-\(UUID().uuidString)"), path(".err-\(UUID().uuidString)"))
        for file in [out, err] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        defer { for file in [out, err] { try? FileManager.default.removeItem(atPath: file) } }
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: err)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Ran(
            status: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: URL(filePath: out)), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: URL(filePath: err)), as: UTF8.self))
    }

    /// A product of this package, beside the test bundle.
    static func program(_ name: String) -> URL {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        // With Swift Testing the runner may be the toolchain's; the bundle's own path is among the arguments.
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            folder = URL(filePath: String(argument.prefix { $0 != "=" })).deletingLastPathComponent()
        }
        if let image = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            image.contains(".xctest")
        {
            folder = URL(filePath: image).deletingLastPathComponent()
        }
        return folder.appending(path: name)
    }

    /// The project's top folder.
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}

/// The codes of an answer's findings.
func codes(_ answer: [String: Any]) -> [String] {
    (answer["findings"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
}
