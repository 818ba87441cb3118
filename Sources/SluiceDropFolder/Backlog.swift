// The settled files that wait for their turn. Pure.

import SluiceModel
import SluiceSystem

/// Gives the oldest and the newest in turn: nobody waits for ever, and who comes last into a long queue does not wait for all of it.
struct Backlog {
    /// Beyond that, settled files stay with the tracker (chosen: some seconds of work, a few megabytes).
    static let most = 65_536

    private var files = RingQueue<TreePath>()
    private var takesNewest = false

    var isEmpty: Bool { files.isEmpty }
    var count: Int { files.count }
    /// How many more it takes.
    var room: Int { max(0, Self.most - files.count) }
    /// Places for paths; for tests of what memory is held.
    var capacity: Int { files.capacity }

    mutating func add(_ path: TreePath) { files.append(path) }

    mutating func next() -> TreePath? {
        defer { takesNewest.toggle() }
        return takesNewest ? files.popLast() : files.popFirst()
    }
}
