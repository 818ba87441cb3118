// Whose turn it is: round the callers, within bounds, and less often for callers whose content hits limits.

import Testing

@testable import SluiceServer

@Suite struct FairQueueTests {
    private typealias Queue = FairQueue<Int>

    private func queue(running: Int = 1, spare: Int = 0, waiting: Int = 100, ofCaller: Int = 50) -> Queue {
        Queue(.init(running: running, spare: spare, waiting: waiting, waitingOfCaller: ofCaller))
    }

    /// Takes jobs one after the other, each over before the next one begins.
    private func order(_ queue: inout Queue, _ count: Int, hitLimit: Set<String> = []) -> String {
        (0..<count).map { _ in
            guard let next = queue.next() else { return "-" }
            queue.end(next.caller, hitLimit: hitLimit.contains(next.caller))
            return next.caller
        }.joined()
    }

    /// - Returns: how many of so many jobs may begin.
    private func take(_ queue: inout Queue, _ count: Int) -> Int {
        (0..<count).reduce(0) { sum, _ in queue.next() == nil ? sum : sum + 1 }
    }

    @Test func `Turns go round the callers, and each caller's jobs keep their order`() throws {
        var queue = queue()
        for job in 0..<4 { try queue.add(job, for: "a") }
        for job in 10..<12 { try queue.add(job, for: "b") }
        try queue.add(20, for: "c")
        var taken: [Int] = []
        while let next = queue.next() {
            taken.append(next.job)
            queue.end(next.caller)
        }
        #expect(taken == [0, 10, 20, 1, 11, 2, 3])
        #expect(queue.waiting == 0 && queue.running == 0 && queue.remembered == 0)
    }

    @Test func `A caller that comes later waits for one turn of the others`() throws {
        var queue = queue()
        for job in 0..<40 { try queue.add(job, for: "a") }
        #expect(order(&queue, 3) == "aaa")
        try queue.add(0, for: "b")
        #expect(order(&queue, 3) == "aba")
    }

    @Test func `No more runs than may, and what has ended makes room`() throws {
        var queue = queue(running: 2)
        for job in 0..<4 { try queue.add(job, for: "a") }
        #expect(take(&queue, 3) == 2)
        queue.end("a")
        #expect(queue.next()?.job == 2 && queue.next() == nil)
    }

    @Test func `A spare turn is for a caller that runs nothing`() throws {
        var queue = queue(running: 2, spare: 1)
        for job in 0..<4 { try queue.add(job, for: "a") }
        #expect(take(&queue, 3) == 2, "not for the same caller")
        try queue.add(10, for: "b")
        try queue.add(11, for: "b")
        #expect(queue.next()?.job == 10)
        #expect(queue.next() == nil, "one spare turn")
        queue.end("b")
        #expect(queue.next()?.job == 11)
    }

    @Test func `A caller with too much waiting is refused, and others are not`() throws {
        var queue = queue(waiting: 5, ofCaller: 3)
        for job in 0..<3 { try queue.add(job, for: "a") }
        #expect(throws: Queue.Refusal.callerIsFull) { try queue.add(3, for: "a") }
        for job in 0..<2 { try queue.add(job, for: "b") }
        #expect(throws: Queue.Refusal.isFull) { try queue.add(0, for: "c") }
        queue.append(4, for: "a")
        #expect(queue.waiting == 6, "what goes on is never refused")
        _ = order(&queue, 2)
        #expect(queue.refusal(for: "c") == nil)
    }

    @Test func `A caller whose content hits limits gets fewer turns, and all of them where nobody else waits`() throws {
        var queue = queue(waiting: 1000, ofCaller: 500)
        for job in 0..<60 {
            try queue.add(job, for: "a")
            try queue.add(job, for: "b")
        }
        let taken = order(&queue, 40, hitLimit: ["a"])
        #expect(taken.count { $0 == "a" } <= 8, "\(taken)")
        #expect(taken.suffix(20).count { $0 == "a" } >= 1, "still some: \(taken)")
        _ = order(&queue, 200, hitLimit: ["a"])
        #expect(queue.waiting == 0)
    }

    @Test func `A caller whose content hits limits runs less at once, and is forgiven`() throws {
        var queue = queue(running: 4)
        for job in 0..<20 { try queue.add(job, for: "a") }
        _ = queue.next()
        queue.end("a", hitLimit: true)
        #expect(take(&queue, 3) == 2, "half of them")
        queue.end("a")
        queue.end("a")
        for _ in 0..<4 { #expect(queue.next() != nil, "all of them again") }
    }

    @Test func `What is remembered of many callers is bounded`() throws {
        var queue = queue()
        for number in 0..<10_000 {
            try queue.add(0, for: "caller \(number)")
            let taken = queue.next()
            let next = try #require(taken)
            queue.end(next.caller, hitLimit: true)
        }
        #expect(queue.remembered <= 4096)
    }
}
