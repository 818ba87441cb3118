// The settled files that wait for their turn. Pure.

/// Gives the oldest and the newest in turn: nobody waits for ever, and who comes last into a long queue does not wait for all of it.
struct Backlog {
    private var files: [TreePath] = []
    private var first = 0
    private var takesNewest = false

    var isEmpty: Bool { first == files.count }
    var count: Int { files.count - first }

    mutating func add(_ path: TreePath) { files.append(path) }

    mutating func next() -> TreePath? {
        if isEmpty { return nil }
        defer {
            takesNewest.toggle()
            if isEmpty {
                files.removeAll(keepingCapacity: true)
                first = 0
            }
        }
        if takesNewest { return files.removeLast() }
        first += 1
        return files[first - 1]
    }
}
