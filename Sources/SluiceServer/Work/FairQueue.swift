// Waiting work, taken in turn by caller: a caller with a thousand jobs waits for its own jobs, and a caller with one job is next. Pure; the threads are
// Workers'.

import SluiceSystem

/// Jobs that wait, and how many of each caller are running.
package struct FairQueue<Job> {
    /// How much may run and wait.
    package struct Limits: Sendable {
        /// Jobs at once; one caller alone may have all of them.
        package var running: Int
        /// Further jobs at once, each for a caller that has no other job running. Without them two long jobs of one caller would keep all others waiting
        /// for as long as they take.
        package var spare = 0
        package var waiting: Int
        package var waitingOfCaller: Int

        package init(running: Int, spare: Int = 0, waiting: Int, waitingOfCaller: Int) {
            self.running = running
            self.spare = spare
            self.waiting = waiting
            self.waitingOfCaller = waitingOfCaller
        }
    }

    /// Why a job is not taken.
    package enum Refusal: Error, Equatable {
        /// This caller has too much waiting.
        case callerIsFull
        case isFull
    }

    private struct Line {
        var jobs = RingQueue<Job>()
        var running = 0
        /// How often the caller's content hit a limit; each time that it does not takes one away.
        var strikes = 0
        /// Rounds that the caller still sits out while others wait.
        var roundsOut = 0

        var isForgettable: Bool { jobs.isEmpty && running == 0 && strikes == 0 }
    }

    /// Beyond it a caller gets no fewer turns (chosen: one turn in sixteen rounds).
    private static var mostStrikes: Int { 4 }
    /// Callers whose strikes are remembered while they have no work (chosen).
    private static var mostRemembered: Int { 4096 }

    private let limits: Limits
    private var lines: [String: Line] = [:]
    /// Callers with waiting jobs; the next one first.
    private var round = RingQueue<String>()
    package private(set) var waiting = 0
    package private(set) var running = 0

    package init(_ limits: Limits) { self.limits = limits }

    /// - Returns: `nil` where another job of this caller would be taken.
    package func refusal(for caller: String) -> Refusal? {
        if lines[caller].map({ $0.jobs.count >= limits.waitingOfCaller }) ?? false { return .callerIsFull }
        return waiting >= limits.waiting ? .isFull : nil
    }

    /// Takes a job where there is room for it.
    package mutating func add(_ job: Job, for caller: String) throws(Refusal) {
        if let refusal = refusal(for: caller) { throw refusal }
        append(job, for: caller)
    }

    /// Takes a job of a request that is being worked on already: it is never refused.
    package mutating func append(_ job: Job, for caller: String) {
        var line = lines.removeValue(forKey: caller) ?? Line()
        if line.jobs.isEmpty { round.append(caller) }
        line.jobs.append(job)
        lines[caller] = line
        waiting += 1
    }

    /// The job whose turn it is; it counts as running until `end`.
    /// - Returns: `nil` while nothing waits that may run.
    package mutating func next() -> (caller: String, job: Job)? {
        // A caller that sits out still gets its turn where nobody else can use it.
        var sittingOut: String?
        for _ in 0..<round.count {
            guard let caller = round.popFirst(), let line = lines[caller] else { break }
            guard mayRun(line) else {
                round.append(caller)
                continue
            }
            guard line.roundsOut > 0 else { return take(caller) }
            lines[caller]?.roundsOut -= 1
            if sittingOut == nil { sittingOut = caller }
            round.append(caller)
        }
        guard let sittingOut else { return nil }
        for _ in 0..<round.count {
            guard let caller = round.popFirst() else { break }
            if caller == sittingOut { return take(caller) }
            round.append(caller)
        }
        return nil
    }

    private func mayRun(_ line: Line) -> Bool {
        guard line.running < max(1, limits.running >> line.strikes) else { return false }
        return running < limits.running || line.running == 0 && running < limits.running + limits.spare
    }

    /// - Parameter caller: not in the round at this moment.
    private mutating func take(_ caller: String) -> (caller: String, job: Job)? {
        guard var line = lines.removeValue(forKey: caller), let job = line.jobs.popFirst() else { return nil }
        line.running += 1
        line.roundsOut = (1 << line.strikes) - 1
        if !line.jobs.isEmpty { round.append(caller) }
        lines[caller] = line
        waiting -= 1
        running += 1
        return (caller, job)
    }

    /// A job of this caller is over.
    /// - Parameter hitLimit: whether its content came to a limit that is there for content nobody sends by accident.
    package mutating func end(_ caller: String, hitLimit: Bool = false) {
        guard var line = lines.removeValue(forKey: caller) else { return }
        line.running -= 1
        line.strikes = hitLimit ? min(Self.mostStrikes, line.strikes + 1) : max(0, line.strikes - 1)
        running -= 1
        if line.isForgettable { return }
        lines[caller] = line
        if lines.count > Self.mostRemembered { lines = lines.filter { !$0.value.jobs.isEmpty || $0.value.running > 0 } }
    }

    /// Callers of which something is remembered; for tests of what memory is held.
    package var remembered: Int { lines.count }
}
