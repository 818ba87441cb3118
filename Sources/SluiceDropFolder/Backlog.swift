// The settled files that wait to be claimed. No I/O.

import SluiceModel
import SluiceSystem

/// Gives the oldest and the newest file in turn. So no file waits for ever, and a file that comes last into a long queue does not wait
/// for all of it.
struct Backlog {
    /// Settled files beyond this number stay with the tracker (chosen: some seconds of work, a few megabytes).
    static let most = 65_536

    private var files = RingQueue<TreePath>()
    private var takesNewest = false

    var isEmpty: Bool { files.isEmpty }
    var count: Int { files.count }
    /// How many more files it takes.
    var room: Int { max(0, Self.most - files.count) }
    /// How many paths the storage holds without growing; for tests of memory.
    var capacity: Int { files.capacity }

    mutating func add(_ path: TreePath) { files.append(path) }

    mutating func next() -> TreePath? {
        defer { takesNewest.toggle() }
        return takesNewest ? files.popLast() : files.popFirst()
    }
}
