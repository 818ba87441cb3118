// What a watcher does once an hour: it removes empty folders, and says when files in `done/` are to be swept. The sweep itself is in Retention.swift.

import SluiceModel
import SluiceSystem

struct Housekeeping {
    private static let pause = Duration.seconds(3600)

    let sweeper = Sweeper()
    private let input: Folder
    private let keepsDone: Duration?
    private var next = Duration.zero

    init(_ input: Folder, _ options: DropFolderOptions) {
        self.input = input
        keepsDone = options.keepDone
    }

    /// - Returns: whether an hour is over; the empty folders of `in/` are removed then.
    mutating func tidy(at now: Duration) -> Bool {
        guard now >= next else { return false }
        next = now + Self.pause
        let seconds = WallClock.seconds()
        // The empty folder of a ticket is left for a day, a deeper one for an hour: somebody may be about to write into it (chosen).
        input.removeEmptyFolders { path, folder in
            guard let own = folder.sighting(Array(".".utf8)) else { return false }
            return seconds - own.modified / 1_000_000_000 > (path.firstFolder == nil ? 86_400 : 3_600)
        }
        return true
    }

    /// - Returns: the sweep to run on another thread; `nil` where `done/` is kept for ever or a sweep goes on.
    func sweep(of outcomes: OutcomeFolders) -> (@Sendable () -> Void)? {
        guard let keepsDone, sweeper.begin() else { return nil }
        return { [sweeper] in sweeper.run(outcomes, keeping: keepsDone, now: WallClock.seconds()) }
    }

    /// In words for an operator; `nil` where no sweep has removed anything since the last call.
    func takeReport() -> String? {
        let count = sweeper.takeCount()
        return count > 0 ? "\(count.grouped) files were removed from done/ after their time." : nil
    }
}
