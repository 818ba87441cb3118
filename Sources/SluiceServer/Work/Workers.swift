// Threads on which requests are worked on, with the work in turn by caller. A set of threads for each kind of work: lists never wait for uploads.

import SluiceSystem
import Synchronization

/// One kind of work: its queue and its threads.
package final class Workers: Sendable {
    package typealias Job = @Sendable (WorkTurn) async -> Void
    private enum Waiting: Sendable {
        case job(Job)
        case task(CheckedContinuation<WorkTurn, Never>)
    }

    private let threads: BlockingThreads
    private let queue: Mutex<FairQueue<Waiting>>
    private let count = Atomic(0)
    private let aside = Atomic(0)

    private let ownsThreads: Bool

    /// - Parameter guests: threads for what other workers run here.
    package init(threads: Int, _ limits: WorkLimits, guests: Int = 0) {
        self.threads = BlockingThreads(count: threads + guests)
        ownsThreads = true
        queue = Mutex(
            FairQueue(
                .init(running: threads, waiting: limits.waiting, waitingOfCaller: limits.waitingOfCaller)))
    }

    /// Turns of their own on the threads of other workers, which have as many guests' threads: changing threads in the middle of a request takes longer than
    /// many an inspection (measured: a sixth of the processor time of a small upload).
    /// - Parameter spare: further turns, each for a caller that has no other job running.
    package init(turns: Int, spare: Int, _ limits: WorkLimits, on others: Workers) {
        threads = others.threads
        ownsThreads = false
        queue = Mutex(
            FairQueue(
                .init(running: turns, spare: spare, waiting: limits.waiting, waitingOfCaller: limits.waitingOfCaller)))
    }

    /// Jobs that are not done yet.
    package var underWay: Int { count.load(ordering: .acquiring) }

    /// Jobs that wait for their turn.
    package var waiting: Int { queue.withLock { $0.waiting } }

    /// - Returns: why a job of this caller would be refused now; `nil` where it would be taken.
    package func refusal(for caller: String) -> Problem? {
        queue.withLock { $0.refusal(for: caller) }.map { Problem($0) }
    }

    /// - Throws: 429 where this caller has too much waiting, 503 where all together have.
    package func check(_ caller: String) throws(Problem) {
        if let refusal = refusal(for: caller) { throw refusal }
    }

    /// Begins a job in its turn. Not structured: most jobs are begun by C callbacks. They are counted, and the end of the server waits for them.
    /// - Parameter goesOn: whether the job belongs to a request that is being worked on already; such a job is never refused.
    /// - Throws: 429 where this caller has too much waiting, 503 where all together have.
    package func begin(for caller: String, goesOn: Bool = false, _ job: @escaping Job) throws(Problem) {
        let refusal = queue.withLock { queue -> FairQueue<Waiting>.Refusal? in
            if !goesOn, let refusal = queue.refusal(for: caller) { return refusal }
            queue.append(.job(job), for: caller)
            // Counted before it can be over.
            count.add(1, ordering: .acquiring)
            return nil
        }
        if let refusal { throw Problem(refusal) }
        startWaiting()
    }

    /// Runs `work` in its turn. The task is suspended until then, and runs on these threads already.
    /// - Returns: what `work` returned; its second part says whether the content came to a limit.
    package func run<Value: Sendable>(
        for caller: String, _ work: @Sendable () async -> (value: Value, hitLimit: Bool)
    ) async -> Value {
        let turn = await withCheckedContinuation { me in
            queue.withLock { $0.append(.task(me), for: caller) }
            startWaiting()
        }
        let (value, hitLimit) = await work()
        turn.end(hitLimit: hitLimit)
        return value
    }

    private func startWaiting() {
        while let (caller, waiting) = queue.withLock({ $0.next() }) {
            let turn = WorkTurn { [self] hitLimit in
                queue.withLock { $0.end(caller, hitLimit: hitLimit) }
                startWaiting()
            }
            switch waiting {
            case .task(let task): task.resume(returning: turn)
            case .job(let job):
                Task(executorPreference: threads) {
                    await job(turn)
                    turn.end()
                    self.count.subtract(1, ordering: .releasing)
                }
            }
        }
    }

    /// Something that nobody waits for; left out when `most` such jobs are waiting already.
    package func beginAside(most: Int = 64, _ job: @escaping @Sendable () async -> Void) {
        guard aside.add(1, ordering: .relaxed).newValue <= most else {
            aside.subtract(1, ordering: .relaxed)
            return
        }
        try? begin(for: "", goesOn: true) { [self] turn in
            turn.end()
            await job()
            aside.subtract(1, ordering: .relaxed)
        }
    }

    /// Once nothing is under way any more.
    package func stop() { if ownsThreads { threads.stop() } }
}

/// How much may wait for one kind of work.
package struct WorkLimits: Sendable {
    /// Of all callers (chosen: a few seconds of work).
    package var waiting = 2048
    /// Of one caller (chosen: several times what a portal's busiest moment sends through one token).
    package var waitingOfCaller = 512

    package init() {}
}

/// The right to run, given back once: by `end`, or when the job is over.
package final class WorkTurn: Sendable {
    private let isOver = Atomic(false)
    private let giveBack: @Sendable (_ hitLimit: Bool) -> Void

    init(_ giveBack: @escaping @Sendable (_ hitLimit: Bool) -> Void) { self.giveBack = giveBack }

    /// What comes after this may run beside the next jobs: short work, or waiting for something else.
    package func end(hitLimit: Bool = false) {
        if !isOver.exchange(true, ordering: .acquiringAndReleasing) { giveBack(hitLimit) }
    }
}

extension Problem {
    fileprivate init<Job>(_ refusal: FairQueue<Job>.Refusal) {
        switch refusal {
        case .callerIsFull:
            self.init(
                429, "quota.waiting", "Too many requests of this caller are waiting to be worked on.",
                remedy: "Wait for some of their answers, then go on.", headers: [("Retry-After", "3")])
        case .isFull:
            self.init(
                503, "endpoint.busy", "More requests are waiting than can be worked on soon.",
                remedy: "Try again in a few seconds.", headers: [("Retry-After", "3")])
        }
    }
}
