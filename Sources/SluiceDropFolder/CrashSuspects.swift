// Files that a watcher held when it died. One of them may have killed the watcher, and would kill the next one as well. So each is tried
// again alone. A file with which the watcher dies although it was alone goes to `failed/`, so that the other files go on.

import Glibc
import SluiceModel
import SluiceSystem

/// The marks are empty files `<digest of the path>.<deaths>`, so that they outlive the watcher.
struct CrashSuspects {
    /// Below the drop folder.
    static let place = TreePath(".sluice/suspects")
    /// Deaths while the file was tried alone. Two (chosen): a single death may be a machine that was switched off.
    static let mostDeaths = 2

    private let folder: Folder
    private var deaths: [String: Int] = [:]
    /// The suspect that is being tried.
    private(set) var tried: TreePath?

    init(_ folder: Folder) {
        self.folder = folder
        for name in folder.names() {
            let parts = String(decoding: name, as: UTF8.self).split(separator: ".")
            guard parts.count == 2, let count = Int(parts[1]) else { continue }
            deaths[String(parts[0]), default: 0] = max(deaths[String(parts[0])] ?? 0, count)
        }
    }

    var isEmpty: Bool { deaths.isEmpty }

    func isOne(_ path: TreePath) -> Bool { !deaths.isEmpty && deaths[Self.key(path)] != nil }
    func deathCount(_ path: TreePath) -> Int { deaths.isEmpty ? 0 : deaths[Self.key(path)] ?? 0 }
    func isGuilty(_ path: TreePath) -> Bool { deathCount(path) >= Self.mostDeaths }

    /// Marks a file that a dead watcher held.
    mutating func note(_ path: TreePath) {
        let key = Self.key(path)
        guard deaths[key] == nil else { return }
        _ = folder.write("", as: Self.name(key, 0))
        deaths[key] = 0
    }

    /// The file is tried now. Its death is counted before, since a dead watcher cannot count afterwards.
    mutating func begin(_ path: TreePath) {
        let key = Self.key(path)
        guard let count = deaths[key] else { return }
        _ = folder.move(Self.name(key, count), to: folder, as: Self.name(key, count + 1))
        deaths[key] = count + 1
        tried = path
    }

    /// The file has some result, and the watcher lives: the mark goes.
    mutating func clear(_ path: TreePath) {
        guard !deaths.isEmpty else { return }
        if tried == path { tried = nil }
        let key = Self.key(path)
        guard let count = deaths.removeValue(forKey: key) else { return }
        folder.remove(Self.name(key, count))
    }

    mutating func clearAll() {
        for (key, count) in deaths { folder.remove(Self.name(key, count)) }
        deaths = [:]
        tried = nil
    }

    /// The error of a file that goes to `failed/` as the cause of the deaths.
    static func accusation(_ path: TreePath) -> SluiceError {
        SluiceError(
            "drop.killed-watcher",
            what: "The watcher died each time it took \(SafeText.display(path.shown(in: "in"))).",
            why: "It was tried alone, and \(mostDeaths) watchers ended while they had it.",
            mend: "Report it with the log of the watcher; sluice watch --retry-failed tries it again.")
    }

    private static func name(_ key: String, _ count: Int) -> [UInt8] { Array("\(key).\(count)".utf8) }

    private static func key(_ path: TreePath) -> String {
        let digest = path.bytes.withUnsafeBytes { Digest(SHA256.bytes(of: $0))! }
        return String(digest.hexadecimal.prefix(32))
    }
}
