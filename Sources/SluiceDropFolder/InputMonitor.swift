// Follows `in/`: brings events and rescans together in the stability tracker. Used from the loop's thread.

import CDropFolder
import Glibc
import SluiceModel
import SluicePipeline

struct InputMonitor {
    private let input: Folder
    private let options: DropFolderOptions
    private let events: FolderEvents?
    private(set) var nextRescan = Duration.zero
    /// How often each queue overflowed since the last report.
    private(set) var overflows: [Overflow: Int] = [:]
    var tracker: StabilityTracker

    init(_ input: Folder, _ options: DropFolderOptions) throws(SluiceError) {
        self.input = input
        self.options = options
        tracker = StabilityTracker(settleTime: options.settleTime)
        events = options.polling == nil ? try FolderEvents(most: options.eventQueue) : nil
    }

    /// For poll(2); `nil` where there are no events.
    var descriptor: CInt? { events?.descriptor }

    mutating func read(at now: Duration) {
        if now >= nextRescan { return rescan(at: now) }
        guard let batch = events?.take() else { return }
        if let overflow = batch.overflow {
            overflows[overflow, default: 0] += 1
            return rescan(at: now)
        }
        for path in batch.goneFolders { tracker.goneBelow(path) }
        for path in batch.gone { tracker.gone(path) }
        for path in batch.newFolders where !isIgnored(path) { look(at: path, now) }
        // Opens a few folders at a time: files may change in more folders than can be open.
        let parents = FolderCache(input)
        for path in batch.changed where !isIgnored(path) {
            guard let folder = try? parents.folder(path.parent, making: false),
                let sighting = folder.sighting(path.name)
            else {
                tracker.gone(path)
                continue
            }
            if sighting.kind != .folder { tracker.saw(path, sighting, at: now, isEvent: true) }
        }
    }

    /// One sentence for the operator for each kind of overflow since the last call.
    mutating func takeOverflows() -> [String] {
        defer { overflows = [:] }
        return overflows.map { queue, count in
            let name =
                switch queue {
                case .kernels: "the kernel's queue was full (fs.inotify.max_queued_events)"
                case .ours: "more came at once than --event-queue allows"
                }
            return "Events were lost (\(count.grouped) ×): \(name). Everything was looked at instead."
        }
    }

    mutating func rescan(at now: Duration) {
        // Read first: an event that comes during the walk is handled afterwards.
        if let overflow = events?.take().overflow { overflows[overflow, default: 0] += 1 }
        tracker.beginRescan()
        look(at: TreePath(), now)
        tracker.endRescan()
        let isBlind = events?.isComplete == false
        nextRescan = now + (options.polling ?? (isBlind ? min(options.rescanPause, .seconds(2)) : options.rescanPause))
    }

    private mutating func look(at start: TreePath, _ now: Duration) {
        let (events, ignored) = (events, options.ignored)
        input.walk(
            from: start,
            enter: { path, folder in
                if !path.bytes.isEmpty, Self.isIgnored(path, ignored) { return false }
                events?.watch(path, folder)
                return true
            },
            visit: { path, sighting in
                // The folders on the way were checked when they were entered.
                if !ignored.match(path.name) { tracker.saw(path, sighting, at: now) }
            })
    }

    private func isIgnored(_ path: TreePath) -> Bool { Self.isIgnored(path, options.ignored) }

    private static func isIgnored(_ path: TreePath, _ ignored: LeftoverNames) -> Bool {
        path.components.contains { ignored.match($0) }
    }
}
