// What waits for one thread: any thread adds, one thread takes several at once.

import Glibc

/// A bounded queue. Its memory follows what waits in it.
public final class WorkQueue<Element: Sendable>: Sendable {
    /// What became of an element that was added.
    public enum Added: Sendable { case waiting, full, closed }

    private struct State {
        var waiting = RingQueue<Element>()
        var isClosed = false
    }

    private let most: Int
    private let lock = ConditionLock()
    // guarded by: lock
    private nonisolated(unsafe) var state = State()

    /// - Parameter most: elements that may wait.
    public init(most: Int) { self.most = most }

    public func add(_ element: Element) -> Added {
        lock.locked {
            if state.isClosed { return .closed }
            if state.waiting.count >= most { return .full }
            state.waiting.append(element)
            lock.wakeOne()
            return .waiting
        }
    }

    /// Blocks until there is something, and then for as long as more keeps coming.
    public func gather(upTo most: Int, eachWaiting pause: Duration, atMost pauses: Int) {
        var seen = 0
        for _ in 0..<pauses {
            let (count, isClosed) = lock.locked {
                waitForSome()
                return (state.waiting.count, state.isClosed)
            }
            if count == seen || count >= most || isClosed { return }
            seen = count
            usleep(useconds_t(pause / .microseconds(1)))
        }
    }

    /// Blocks until there is something.
    /// - Returns: the oldest elements, at most `most`; none when the queue is closed and empty.
    public func take(atMost most: Int) -> [Element] {
        lock.locked {
            waitForSome()
            var taken: [Element] = []
            taken.reserveCapacity(min(most, state.waiting.count))
            while taken.count < most, let element = state.waiting.popFirst() { taken.append(element) }
            return taken
        }
    }

    /// What is waiting is still taken; nothing more is added.
    public func close() {
        lock.locked {
            state.isClosed = true
            lock.wakeAll()
        }
    }

    private func waitForSome() { while state.waiting.isEmpty && !state.isClosed { lock.wait() } }
}
