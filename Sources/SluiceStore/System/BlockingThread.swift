// One thread of our own for calls that block, with a queue in front of it: such calls never run on the cooperative pool.

import Glibc
import Synchronization

/// What waits for a thread. Any thread may add, one thread takes.
final class WorkQueue<Element: Sendable>: @unchecked Sendable {
    private struct State {
        var waiting: [Element] = []
        var takerSleeps = false
        var isClosed = false
    }

    private let state = Mutex(State())
    // guarded by: the semaphore's own atomicity; initialised before and destroyed after everything else.
    private let wakeUp: UnsafeMutablePointer<sem_t>

    init() {
        wakeUp = .allocate(capacity: 1)
        sem_init(wakeUp, 0, 0)
    }

    deinit {
        sem_destroy(wakeUp)
        wakeUp.deallocate()
    }

    /// - Returns: false when the queue is closed and the element was not taken.
    func add(_ element: Element) -> Bool {
        let (added, wake) = state.withLock { state in
            if state.isClosed { return (false, false) }
            state.waiting.append(element)
            defer { state.takerSleeps = false }
            return (true, state.takerSleeps)
        }
        if wake { sem_post(wakeUp) }
        return added
    }

    /// Blocks until there is something, and then for as long as more keeps coming.
    func gather(upTo most: Int, eachWaiting pause: Duration, atMost pauses: Int) {
        sleepUntilThereIsSome()
        var seen = 0
        for _ in 0..<pauses {
            let (count, isClosed) = state.withLock { ($0.waiting.count, $0.isClosed) }
            if count == seen || count >= most || isClosed { return }
            seen = count
            usleep(useconds_t(pause / .microseconds(1)))
        }
    }

    private func sleepUntilThereIsSome() {
        while true {
            let mustSleep = state.withLock { state in
                state.takerSleeps = state.waiting.isEmpty && !state.isClosed
                return state.takerSleeps
            }
            if !mustSleep { return }
            while sem_wait(wakeUp) != 0 {}
        }
    }

    /// Blocks until there is something.
    /// - Returns: the oldest elements, at most `most`; none when the queue is closed and empty.
    func take(atMost most: Int) -> [Element] {
        sleepUntilThereIsSome()
        return state.withLock { state in
            if state.waiting.count <= most {
                defer { state.waiting = [] }
                return state.waiting
            }
            let first = Array(state.waiting[..<most])
            state.waiting.removeFirst(most)
            return first
        }
    }

    /// What is waiting is still taken; nothing more is added.
    func close() {
        let wake = state.withLock { state in
            state.isClosed = true
            defer { state.takerSleeps = false }
            return state.takerSleeps
        }
        if wake { sem_post(wakeUp) }
    }
}

/// A thread that runs one function.
final class BlockingThread: Sendable {
    private let thread: Mutex<pthread_t?>

    init(_ body: @escaping @Sendable () -> Void) {
        // The box is freed by the thread itself.
        let box = Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        precondition(code == 0, "no thread can be started (pthread_create: \(code))")
        self.thread = Mutex(thread)
    }

    /// Blocks until the function has returned. A second call returns at once.
    func join() {
        let thread = self.thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let thread { pthread_join(thread, nil) }
    }

    deinit {
        if let thread = thread.withLock({ $0 }) { pthread_detach(thread) }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
