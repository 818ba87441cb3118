// The threads on which requests are worked on, and how many are.

import SluicePipeline
import SluiceSystem
import Synchronization

/// A fixed set of threads that may block.
package final class Workers: Sendable {
    private let threads: BlockingThreads
    private let count = Atomic(0)
    private let aside = Atomic(0)

    package init(threads: Int) { self.threads = BlockingThreads(count: threads) }

    /// Jobs that are not done yet.
    package var underWay: Int { count.load(ordering: .acquiring) }

    private let ending = Atomic(false)

    /// Whether the end has been asked for; what is under way goes on.
    package var isEnding: Bool { ending.load(ordering: .relaxed) }
    func announceEnd() { ending.store(true, ordering: .relaxed) }

    /// Not structured: most jobs are begun by C callbacks. They are counted, and the end of the endpoint waits for them.
    func begin(_ job: @escaping @Sendable () async -> Void) {
        count.add(1, ordering: .acquiring)
        Task(executorPreference: threads) {
            await job()
            self.count.subtract(1, ordering: .releasing)
        }
    }

    /// Something that nobody waits for; left out when `most` such jobs are waiting already.
    func beginAside(most: Int = 64, _ job: @escaping @Sendable () async -> Void) {
        guard aside.add(1, ordering: .relaxed).newValue <= most else {
            aside.subtract(1, ordering: .relaxed)
            return
        }
        begin {
            await job()
            self.aside.subtract(1, ordering: .relaxed)
        }
    }

    /// Once nothing is under way any more.
    func stop() { threads.stop() }
}
