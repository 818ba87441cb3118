// A queue with two ends that gives memory back. An array used by index grows as long as something waits in it.

/// First in, first out, in a ring; also gives its newest element. Its memory follows what waits: it doubles when full and halves when three quarters
/// are empty.
public struct RingQueue<Element> {
    private static var smallest: Int { 16 }

    private var slots: [Element?] = []
    private var head = 0
    public private(set) var count = 0

    public init() {}

    public var isEmpty: Bool { count == 0 }
    /// Places for elements; for tests of what memory is held.
    public var capacity: Int { slots.count }

    public mutating func append(_ element: Element) {
        if count == slots.count { resize(to: max(Self.smallest, 2 * count)) }
        slots[(head + count) % slots.count] = element
        count += 1
    }

    public mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head].take()
        head = (head + 1) % slots.count
        count -= 1
        shrink()
        return element
    }

    public mutating func popLast() -> Element? {
        guard count > 0 else { return nil }
        count -= 1
        let element = slots[(head + count) % slots.count].take()
        shrink()
        return element
    }

    private mutating func shrink() {
        if slots.count > Self.smallest, count <= slots.count / 4 { resize(to: max(Self.smallest, slots.count / 2)) }
    }

    private mutating func resize(to capacity: Int) {
        var fresh: [Element?] = []
        fresh.reserveCapacity(capacity)
        for index in 0..<count { fresh.append(slots[(head + index) % slots.count].take()) }
        while fresh.count < capacity { fresh.append(nil) }
        slots = fresh
        head = 0
    }
}
