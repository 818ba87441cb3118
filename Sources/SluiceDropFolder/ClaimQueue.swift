// From settled files to claims: the files that wait, which of them is next, and the claim itself. Files that may have killed a watcher are taken
// one at a time. Used from the loop's thread.

import CDropFolder
import Glibc
import SluiceModel

struct ClaimQueue {
    /// Claimed before the loop turns again, so that the threads have work early and events are read.
    private static let claimsATurn = 64

    private let input: Folder
    private let session: ClaimSession
    private let settleTime: Duration
    private let asksForWriters: Bool
    private(set) var backlog = Backlog()
    var suspects: CrashSuspects
    /// Suspects that wait until the one before has come to its end.
    private(set) var waitingSuspects: [TreePath] = []

    init(_ input: Folder, _ session: ClaimSession, _ suspects: CrashSuspects, _ options: DropFolderOptions) {
        self.input = input
        self.session = session
        self.suspects = suspects
        settleTime = options.settleTime
        asksForWriters = options.polling == nil
    }

    var isEmpty: Bool { backlog.isEmpty && waitingSuspects.isEmpty }

    /// Whether a file could be claimed now.
    var hasNext: Bool { !backlog.isEmpty || (suspects.tried == nil && !waitingSuspects.isEmpty) }

    mutating func addSettled(_ monitor: inout InputMonitor, at now: Duration) {
        for path in monitor.tracker.settled(at: now, atMost: backlog.room) { backlog.add(path) }
    }

    /// Whether an old claim may be tried again now: of the suspects, one is tried at a time.
    mutating func mayBegin(_ path: TreePath) -> Bool {
        guard suspects.isOne(path) else { return true }
        guard suspects.tried == nil else { return false }
        suspects.begin(path)
        return true
    }

    /// Claims settled files.
    /// - Parameters:
    ///   - room: how many more claims may be under way.
    ///   - failed: called with the error for each file that could not be claimed. The file stays where it is.
    mutating func claims(
        _ monitor: inout InputMonitor, at now: Duration, room: Int, failed: (SluiceError) -> Void
    ) -> [Claim] {
        var claims: [Claim] = []
        let parents = FolderCache(input)
        while claims.count < min(Self.claimsATurn, room), let path = nextPath() {
            if Sidecar.isOne(path.name) { continue }  // it goes with its file
            guard let folder = try? parents.folder(path.parent, making: false) else {
                monitor.tracker.gone(path)
                continue
            }
            if suspects.isOne(path), suspects.tried != nil {
                waitingSuspects.append(path)
                continue
            }
            guard let claim = claim(path, in: folder, &monitor, at: now, failed: failed) else {
                if monitor.tracker.sighting(path) == nil { suspects.clear(path) }
                continue
            }
            if suspects.isOne(path) { suspects.begin(path) }
            claims.append(claim)
        }
        return claims
    }

    /// A suspect first, while none is being tried: the one that the fewest watchers have died with.
    private mutating func nextPath() -> TreePath? {
        guard suspects.tried == nil,
            let index = waitingSuspects.indices.min(by: {
                suspects.deathCount(waitingSuspects[$0]) < suspects.deathCount(waitingSuspects[$1])
            })
        else { return backlog.next() }
        return waitingSuspects.remove(at: index)
    }

    private func claim(
        _ path: TreePath, in folder: Folder, _ monitor: inout InputMonitor, at now: Duration,
        failed: (SluiceError) -> Void
    ) -> Claim? {
        guard let sighting = folder.sighting(path.name), sighting.kind != .folder else {
            monitor.tracker.gone(path)
            return nil
        }
        let isQuiet = sighting == monitor.tracker.sighting(path)
        // A sidecar that is still being written, or has just come, is waited for.
        let sidecar = TreePath(Sidecar.name(for: path.bytes))
        if !isQuiet || monitor.tracker.isUnsettled(sidecar, at: now) || hasWriter(path, sighting, folder) {
            monitor.tracker.saw(path, sighting, at: now, isEvent: true)
            return nil
        }
        do throws(SluiceError) {
            switch try session.take(path, from: folder) {
            case .taken:
                // Directly in in/ a sidecar names the ticket: there it is looked for in any case.
                let mayHaveSidecar = path.firstFolder == nil || monitor.tracker.sighting(sidecar) != nil
                monitor.tracker.gone(path)
                return Claim(session: session, path: path, sighting: sighting, mayHaveSidecar: mayHaveSidecar)
            case .isGone: monitor.tracker.gone(path)
            // Another file of this name is under way.
            case .isBusy: monitor.tracker.saw(path, sighting, at: now, isEvent: true)
            }
        } catch {
            failed(error)
            // The file stays where it is. It is looked at again after the settle time, a second at least.
            monitor.tracker.saw(path, sighting, at: now + max(.seconds(1) - settleTime, .zero), isEvent: true)
        }
        return nil
    }

    /// Asked before the claim as well: a writer that still has the file open may want to rename it itself.
    private func hasWriter(_ path: TreePath, _ sighting: Sighting, _ folder: Folder) -> Bool {
        guard asksForWriters, sighting.kind == .file else { return false }
        let file = folder.openFile(path.name)
        guard file >= 0 else { return false }
        defer { close(file) }
        return drop_has_writer(file) == 1
    }
}
