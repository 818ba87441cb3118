// When a file in `in/` is complete. Pure: sightings, events and the clock come in, the files that have settled come out.

/// Follows the files that wait. Times are durations since any fixed moment of a clock that never goes back.
struct StabilityTracker {
    private struct Entry {
        var sighting: Sighting
        /// The last time at which anything about it changed.
        var quietSince: Duration
        /// Given out and not changed since.
        var isSettled = false
        /// The rescan that saw it last.
        var generation: Int
    }

    /// How long nothing may happen to a file.
    let settleTime: Duration
    private var entries: [TreePath: Entry] = [:]
    /// When to look at which file again; may hold moments that have been overtaken.
    private var alarms = AlarmQueue()
    private var generation = 0

    init(settleTime: Duration) { self.settleTime = settleTime }

    /// Files that are there, settled ones included.
    var count: Int { entries.count }
    var unsettledCount: Int { entries.values.count { !$0.isSettled } }

    /// A file was looked at.
    /// - Parameter isEvent: something has just happened to it, even if it looks the same.
    mutating func saw(_ path: TreePath, _ sighting: Sighting, at now: Duration, isEvent: Bool = false) {
        if var entry = entries[path], entry.sighting == sighting, !isEvent {
            entry.generation = generation
            entries[path] = entry
            return
        }
        entries[path] = Entry(sighting: sighting, quietSince: now, generation: generation)
        alarms.add(path, at: now + settleTime)
    }

    /// It is not there any more, or it was taken.
    mutating func gone(_ path: TreePath) { entries[path] = nil }

    mutating func goneBelow(_ folder: TreePath) {
        for path in entries.keys where path.isBelow(folder) { entries[path] = nil }
    }

    func sighting(_ path: TreePath) -> Sighting? { entries[path]?.sighting }

    /// Whether it is there and something happened to it within the settle time.
    func isUnsettled(_ path: TreePath, at now: Duration) -> Bool {
        entries[path].map { now - $0.quietSince < settleTime } ?? false
    }

    /// Begins a look at everything: what is not seen until `endRescan` is gone.
    mutating func beginRescan() { generation += 1 }
    mutating func endRescan() {
        for (path, entry) in entries where entry.generation != generation { entries[path] = nil }
    }

    /// When `settled` may have an answer; `nil` when nothing waits.
    var nextMoment: Duration? { alarms.first }

    /// The files to which nothing has happened for the settle time, each told once until it changes again, the longest quiet first.
    /// - Parameter most: the rest is told later.
    mutating func settled(at now: Duration, atMost most: Int = .max) -> [TreePath] {
        var ready: [TreePath] = []
        while ready.count < most, let path = alarms.take(dueAt: now) {
            guard var entry = entries[path], !entry.isSettled else { continue }
            if entry.quietSince + settleTime > now { continue }  // a later alarm is set
            entry.isSettled = true
            entries[path] = entry
            ready.append(path)
        }
        return ready
    }
}

/// A binary heap of moments.
struct AlarmQueue {
    private var heap: [(at: Duration, path: TreePath)] = []

    var first: Duration? { heap.first?.at }

    mutating func add(_ path: TreePath, at moment: Duration) {
        heap.append((moment, path))
        var child = heap.count - 1
        while child > 0, heap[child].at < heap[(child - 1) / 2].at {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func take(dueAt now: Duration) -> TreePath? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        if heap.isEmpty { return first.path }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].at < heap[least].at {
                least = child
            }
            if least == parent { return first.path }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
