// A fixed set of threads for work that blocks: file reads, inspection, `fsync`. The cooperative pool is kept free of it.

import Glibc
import SluiceModel

/// Runs tasks on threads of its own. Give it to `withTaskExecutorPreference`, or to a task group's `addTask`.
public final class BlockingThreads: TaskExecutor {
    private struct State {
        /// As many as their givers have under way: each door bounds that.
        var jobs = RingQueue<UnownedJob>()
        var isStopping = false
    }

    private let lock = Lock()
    // guarded by: lock
    private nonisolated(unsafe) var state = State()

    /// - Parameter count: how many threads; they live as long as this object.
    public init(count: Int) {
        for _ in 0..<max(1, count) { startThread() }
    }

    /// Jobs that wait for a thread.
    package var waiting: Int { lock.locked { state.jobs.count } }
    /// Places held for such jobs.
    package var capacity: Int { lock.locked { state.jobs.capacity } }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        lock.locked {
            state.jobs.append(job)
            lock.wakeOne()
        }
    }

    /// Lets the threads end once the queue is empty. Call it when no task runs here any more.
    public func stop() {
        lock.locked {
            state.isStopping = true
            lock.wakeAll()
        }
    }

    private func nextJob() -> UnownedJob? {
        lock.locked {
            while true {
                if let job = state.jobs.popFirst() { return job }
                if state.isStopping { return nil }
                lock.wait()
            }
        }
    }

    private func startThread() {
        var thread = pthread_t()
        // Retained by the thread for its life; released when it ends.
        let me = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { context in
                let threads = Unmanaged<BlockingThreads>.fromOpaque(context!).takeRetainedValue()
                while let job = threads.nextJob() {
                    job.runSynchronously(on: threads.asUnownedTaskExecutor())
                }
                return nil
            }, me)
        precondition(code == 0, "no thread can be started: \(String(cString: strerror(code)))")
        pthread_detach(thread)
    }
}

/// A mutex with a condition; `Synchronization.Mutex` has none to wait on.
private final class Lock: Sendable {
    // guarded by: themselves; POSIX objects are made to be shared, and stay at one address.
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        condition.deallocate()
    }

    func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Only inside `locked`.
    func wait() { pthread_cond_wait(condition, mutex) }
    func wakeOne() { pthread_cond_signal(condition) }
    func wakeAll() { pthread_cond_broadcast(condition) }
}
