// A fixed set of threads for work that blocks: file reads, inspection, `fsync`. The cooperative pool is kept free of it.

/// Runs tasks on threads of its own. Give it to `withTaskExecutorPreference`, or to a task group's `addTask`.
public final class BlockingThreads: TaskExecutor {
    private struct State {
        /// Not bounded here, since an executor cannot refuse a job: each giver bounds what it has under way.
        var jobs = RingQueue<UnownedJob>()
        var isStopping = false
    }

    private let lock = ConditionLock()
    // guarded by: lock
    private nonisolated(unsafe) var state = State()

    /// - Parameter count: how many threads; they live until `stop`.
    public init(count: Int) {
        for _ in 0..<max(1, count) {
            _ = BlockingThread { [self] in
                while let job = nextJob() { job.runSynchronously(on: asUnownedTaskExecutor()) }
            }
        }
    }

    /// Jobs that wait for a thread.
    public var waiting: Int { lock.locked { state.jobs.count } }
    /// Places held for such jobs.
    public var capacity: Int { lock.locked { state.jobs.capacity } }

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
}
