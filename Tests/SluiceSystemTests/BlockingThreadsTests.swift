// Threads for work that blocks, and the queue in front of one of them.

import Glibc
import SluiceSystem
import Synchronization
import Testing

private final class Counter: Sendable {
    let total = Atomic<Int>(0)
}

@Suite struct BlockingThreadsTests {
    @Test func tasksRunOnItsThreadsAndSideBySide() async {
        let threads = BlockingThreads(count: 2)
        defer { threads.stop() }
        let met = Counter()
        // Each waits for the other: with one thread this would hang until the deadline.
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 {
                group.addTask(executorPreference: threads) {
                    met.total.add(1, ordering: .sequentiallyConsistent)
                    let deadline = ContinuousClock.now + .seconds(10)
                    while met.total.load(ordering: .sequentiallyConsistent) < 2, ContinuousClock.now < deadline {
                        usleep(100)
                    }
                    return met.total.load(ordering: .sequentiallyConsistent) == 2
                }
            }
            for await together in group { #expect(together) }
        }
    }

    @Test func manyTasksAllEnd() async {
        let threads = BlockingThreads(count: 3)
        defer { threads.stop() }
        let done = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<5_000 {
                group.addTask(executorPreference: threads) { _ = done.total.add(1, ordering: .relaxed) }
            }
        }
        #expect(done.total.load(ordering: .relaxed) == 5_000)
    }
}

@Suite struct WorkQueueTests {
    @Test func whatWaitsIsBoundedAndTakenInOrder() {
        let queue = WorkQueue<Int>(most: 3)
        for number in 1...3 { #expect(queue.add(number) == .waiting) }
        #expect(queue.add(4) == .full)
        #expect(queue.take(atMost: 2) == [1, 2])
        #expect(queue.add(5) == .waiting)
        queue.close()
        #expect(queue.add(6) == .closed)
        #expect(queue.take(atMost: 9) == [3, 5])
        #expect(queue.take(atMost: 9) == [])
    }

    @Test func aTakerThatWaitsIsWoken() {
        let queue = WorkQueue<Int>(most: 1)
        let taken = Mutex<[Int]>([])
        let thread = BlockingThread {
            while true {
                let some = queue.take(atMost: 1)
                if some.isEmpty { return }
                taken.withLock { $0 += some }
            }
        }
        for number in 0..<1000 { while queue.add(number) == .full { sched_yield() } }
        queue.close()
        thread.join()
        #expect(taken.withLock { $0 } == Array(0..<1000))
    }
}

@Suite struct CompressionTests {
    @Test(arguments: [0, 1, 300, 100_000]) func whatIsCompressedComesBack(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
        let compressed = Compression.compress(bytes)
        #expect(Compression.expand(compressed, most: count) == bytes)
        #expect(count == 0 || Compression.expand(compressed, most: count - 1) == nil)
        #expect(Compression.expand(Array(compressed.dropLast()), most: count) == nil)
        #expect(Compression.expand(bytes, most: count) == nil)
    }
}
