// Reads what `strace -ff` wrote: which system calls the confined processes made. A process counts as confined from the moment that its
// filter is loaded; what it does before is the fork parent's own code and sees no attachment.

import Foundation

/// The system calls of all confined processes of a run.
struct ConfinedCallTrace {
    private(set) var processes = 0
    /// How often each was called, by its name.
    private(set) var counts: [String: Int] = [:]
    /// Processes that the filter ended: a call outside of the table, or one inside with forbidden arguments.
    private(set) var killedByFilter = 0

    /// - Parameter prefix: as given to `strace -ff -o`; there is one file a process, `prefix.NUMBER`.
    init(reading prefix: URL) throws {
        let folder = prefix.deletingLastPathComponent()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix(prefix.lastPathComponent + ".") {
            let bytes = try Data(contentsOf: folder.appending(path: name))
            add(process: String(decoding: bytes, as: UTF8.self))
        }
    }

    init(process text: String) { add(process: text) }

    private mutating func add(process text: String) {
        let lines = text.split(separator: "\n")
        guard let loaded = lines.firstIndex(where: Self.loadsFilter) else { return }
        processes += 1
        for line in lines[(loaded + 1)...] {
            if line.hasPrefix("+++ killed by SIGSYS") { killedByFilter += 1 }
            // Signals and ends begin with "---" and "+++"; a call that the kernel never began is "????".
            guard let bracket = line.firstIndex(of: "("), line.first?.isLetter == true || line.first == "_" else {
                continue
            }
            counts[String(line[..<bracket]), default: 0] += 1
        }
    }

    private static func loadsFilter(_ line: Substring) -> Bool {
        line.hasPrefix("seccomp(SECCOMP_SET_MODE_FILTER") && line.hasSuffix("= 0")
    }

    /// For the test's output: `read 120, pread64 40, …`, the most frequent first.
    var summary: String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }.joined(
            separator: ", ")
    }
}
