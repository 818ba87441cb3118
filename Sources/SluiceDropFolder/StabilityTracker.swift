// Decides when a file in `in/` is complete. No I/O: the caller passes sightings, events and the time.

/// Follows the files in `in/`. Times are durations since any fixed moment of a clock that never goes back.
struct StabilityTracker {
    private struct Entry {
        var sighting: Sighting
        /// When the file last changed.
        var quietSince: Duration
        /// The file was given out and has not changed since.
        var isSettled = false
        /// The number of the rescan that saw the file last.
        var generation: Int
    }

    /// A file has settled when nothing has happened to it for this long.
    let settleTime: Duration
    private var entries: [TreePath: Entry] = [:]
    /// When to check which file again. It may hold outdated moments.
    private var alarms = AlarmQueue()
    private var generation = 0

    init(settleTime: Duration) { self.settleTime = settleTime }

    /// All files that are there, also settled ones.
    var count: Int { entries.count }
    var unsettledCount: Int { entries.values.count { !$0.isSettled } }

    /// Notes what a look at a file showed.
    /// - Parameter isEvent: an event was received for the file, so it counts as changed even if it looks the same.
    mutating func saw(_ path: TreePath, _ sighting: Sighting, at now: Duration, isEvent: Bool = false) {
        if var entry = entries[path], entry.sighting == sighting, !isEvent {
            entry.generation = generation
            entries[path] = entry
            return
        }
        entries[path] = Entry(sighting: sighting, quietSince: now, generation: generation)
        alarms.add(path, at: now + settleTime)
    }

    /// Forgets a file that is gone or was claimed.
    mutating func gone(_ path: TreePath) { entries[path] = nil }

    mutating func goneBelow(_ folder: TreePath) {
        for path in entries.keys where path.isBelow(folder) { entries[path] = nil }
    }

    func sighting(_ path: TreePath) -> Sighting? { entries[path]?.sighting }

    /// Whether the file is there and something happened to it within the settle time.
    func isUnsettled(_ path: TreePath, at now: Duration) -> Bool {
        entries[path].map { now - $0.quietSince < settleTime } ?? false
    }

    /// Begins a rescan. A file that is not seen until `endRescan` is gone.
    mutating func beginRescan() { generation += 1 }
    mutating func endRescan() {
        for (path, entry) in entries where entry.generation != generation { entries[path] = nil }
    }

    /// When `settled` may next return a file; `nil` when none waits.
    var nextMoment: Duration? { alarms.first }

    /// The files that have settled, the longest quiet first. Each is returned once until it changes again.
    /// - Parameter most: further files are returned by later calls.
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
