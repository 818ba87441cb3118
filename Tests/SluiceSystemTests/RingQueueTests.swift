import Testing

@testable import SluiceSystem

@Suite struct RingQueueTests {
    @Test func `The oldest and the newest come in their order`() {
        var queue = RingQueue<Int>()
        for number in 0..<100 { queue.append(number) }
        #expect((0..<10).map { _ in queue.popFirst() } == Array(0..<10))
        #expect((0..<10).map { _ in queue.popLast() } == (90..<100).reversed())
        for number in 200..<300 { queue.append(number) }
        var rest: [Int] = []
        while let next = queue.popFirst() { rest.append(next) }
        #expect(rest == Array(10..<90) + Array(200..<300))
        #expect(queue.isEmpty && queue.popFirst() == nil && queue.popLast() == nil)
    }

    /// An array used by index held every element that had ever passed, as long as one was waiting.
    @Test func `Memory follows what waits and not what has passed`() {
        var queue = RingQueue<Int>()
        queue.append(0)
        for number in 0..<1_000_000 {
            queue.append(number)
            _ = queue.popFirst()
        }
        #expect(queue.count == 1 && queue.capacity == 16)
        for number in 0..<100_000 { queue.append(number) }
        while queue.count > 3 { _ = queue.popLast() }
        #expect(queue.capacity == 16)
    }
}
