// Removes files from `done/` after a while: they are in the store as well. Nothing else is ever removed.

import Glibc
import SluiceModel
import Synchronization

/// Sweeps on a thread of its own. A hundred thousand files take seconds, and meanwhile the loop has to read events and give signs of
/// life.
final class Sweeper: Sendable {
    private enum State { case idle, running, done(Int) }

    private let state = Mutex(State.idle)
    private let isStopping = Atomic(false)

    /// - Returns: false while the last sweep still runs.
    func begin() -> Bool {
        state.withLock { state in
            if case .running = state { return false }
            state = .running
            return true
        }
    }

    func run(_ outcomes: OutcomeFolders, keeping age: Duration, now: Int64) {
        let count = Retention.sweep(outcomes, keeping: age, now: now) { isStopping.load(ordering: .relaxed) }
        state.withLock { $0 = .done(count) }
    }

    /// How many files the last sweep removed; 0 at the next call.
    func takeCount() -> Int {
        state.withLock { state in
            guard case .done(let count) = state else { return 0 }
            state = .idle
            return count
        }
    }

    func stop() { isStopping.store(true, ordering: .relaxed) }
}

enum Retention {
    /// Removes files of `done/`, with their verdicts, that were done longer ago than `age`.
    /// - Parameter now: seconds since 1970.
    /// - Returns: how many files.
    static func sweep(
        _ outcomes: OutcomeFolders, keeping age: Duration, now: Int64, isStopped: () -> Bool = { false }
    ) -> Int {
        let done = outcomes.root(.done)
        var files: [TreePath] = []
        done.walk { path, _ in if !Recovery.isBeside(path, in: done) { files.append(path) } }
        var count = 0
        for path in files {
            if isStopped() { break }
            guard let folder = try? done.folder(path.parent) else { continue }
            let name = OutcomeName(file: path.name)
            // The verdict was written when the file was done. The file's own time is the sender's.
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
