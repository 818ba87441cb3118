// What is kept how long: files in `done/` are in the store as well, so they may go after a while. Nothing else is ever removed.

import Glibc
import SluiceModel

enum Retention {
    /// Removes files of `done/`, with their verdicts, that were done longer ago than `age`.
    /// - Parameter now: seconds since 1970.
    /// - Returns: how many files.
    static func sweep(_ outcomes: OutcomeFolders, keeping age: Duration, now: Int64) -> Int {
        let done = outcomes.root(.done)
        var files: [TreePath] = []
        done.walk { path, _ in if !Recovery.isBeside(path, in: done) { files.append(path) } }
        var count = 0
        for path in files {
            guard let folder = try? done.folder(path.parent) else { continue }
            let name = OutcomeName(file: path.name)
            // The verdict was written when the file was done; the file's own time is its sender's.
            guard let written = folder.sighting(name.json),
                now - written.modified / 1_000_000_000 > age.components.seconds,
                let record = VerdictRecord(folder.content(name.json, atMost: VerdictRecord.most)),
                record.attachment != nil
            else { continue }
            guard folder.remove(path.name) else { continue }
            for beside in [name.sidecar, name.text, name.json] { folder.remove(beside) }
            count += 1
        }
        if count > 0 {
            outcomes.clearCaches()
            done.removeEmptyFolders()
        }
        return count
    }
}
