// Proves that rows and bytes agree: every blob of both areas is read and hashed again. The check of one shard lives in ShardCheck.swift.

public import SluiceModel
import SluiceSystem
import Synchronization

extension Storage {
    /// Verifies the store; imports may run meanwhile. Blocks: call it on a thread that may.
    /// - Parameters:
    ///   - scope: which of the bytes are looked at.
    ///   - bytesPerSecond: at most so many are read, so that the store's other users are not slowed down; `nil` for as fast as it goes.
    ///   - mending: removes unreferenced bytes and left-over spool names that are older than `age`. Nothing that a row speaks of is ever removed.
    ///   - threads: how many read and hash at the same time.
    ///   - isCancelled: asked after every piece of a file.
    /// - Throws: `store.io`, `store.busy`, `store.damaged` when the rows cannot be read at all. What is wrong with single files is no error.
    public func verify(
        _ scope: VerificationScope = .all, bytesPerSecond: Int64? = nil, mending: Bool = false,
        olderThan age: Duration = .seconds(3600), threads: Int = 2,
        isCancelled: @escaping @Sendable () -> Bool = { false }, report: @escaping @Sendable (VerificationEvent) -> Void
    ) throws(SluiceError) -> VerificationSummary {
        let log = VerificationLog(
            scope.share(of: try tickets.referenceTotals()), pace: bytesPerSecond.map { ReadingPace($0) },
            isCancelled: isCancelled, report: report)
        if scope.isFirst {
            for line in try database.checkIntegrity() {
                log.add(StoreProblem(.database, database.name, what: "The database's own check says: \(line)."))
            }
        }
        let shards = ShardQueue(scope)
        BlockingThread.runOnSeveral(threads) { [self] in
            while !log.isStopped, let byte = shards.take() {
                do throws(SluiceError) {
                    for area in BlobArea.allCases { try ShardCheck(self, area, byte, log).run() }
                } catch { log.fail(error) }
                if !log.isStopped { shards.finish(byte) }
            }
        }
        if let failure = log.failure { throw failure }
        let moment = mending ? WallClock.seconds() - age.components.seconds : nil
        if !log.isStopped {
            if mending { try finishRemovals() }
            let leftovers = LeftoverCheck(self, log, removingFrom: moment)
            try leftovers.checkUnreferenced()
            if scope.isLast {
                try leftovers.checkNames()
                try PartialCheck(self, log, removingFrom: moment).run()
            }
        }
        var summary = log.summary
        if summary.wasInterrupted { summary.goesOnFrom = shards.firstUnfinished }
        return summary
    }
}

/// Gathers what the threads of one verification find.
final class VerificationLog: Sendable {
    private struct State {
        var summary = VerificationSummary()
        var progress: VerificationProgress
        var unreferenced: [Unreferenced] = []
        var failure: SluiceError?
        var isStopped = false
    }

    /// A blob without a row, as far as one look can tell.
    struct Unreferenced: Sendable {
        var address: BlobAddress
        var isWhole: Bool
    }

    private let state: Mutex<State>
    private let pace: ReadingPace?
    private let isCancelled: @Sendable () -> Bool
    private let report: @Sendable (VerificationEvent) -> Void

    init(
        _ totals: Usage, pace: ReadingPace?, isCancelled: @escaping @Sendable () -> Bool,
        report: @escaping @Sendable (VerificationEvent) -> Void
    ) {
        self.pace = pace
        state = Mutex(
            State(progress: VerificationProgress(filesInAll: Int(totals.attachments), bytesInAll: totals.size.bytes)))
        self.isCancelled = isCancelled
        self.report = report
    }

    // The report is called under the lock: that is what keeps two reports from overlapping.

    func add(_ problem: StoreProblem) {
        state.withLock { state in
            state.summary.problems[problem.kind, default: 0] += 1
            if problem.isMended { state.summary.mended += 1 }
            report(.problem(problem))
        }
    }

    func note(_ blob: Unreferenced) { state.withLock { $0.unreferenced.append(blob) } }

    /// - Returns: false when the work is to end.
    func read(_ bytes: Int) -> Bool {
        pace?.wait(after: bytes, isCancelled)
        return state.withLock { state in
            state.progress.bytes += Int64(bytes)
            state.summary.bytes += Int64(bytes)
            if isCancelled() {
                state.isStopped = true
                state.summary.wasInterrupted = true
            }
            return !state.isStopped
        }
    }

    func finishFile() {
        state.withLock { state in
            state.progress.files += 1
            state.summary.files += 1
            report(.progress(state.progress))
        }
    }

    func fail(_ error: SluiceError) {
        state.withLock { state in
            state.failure = state.failure ?? error
            state.isStopped = true
        }
    }

    var isStopped: Bool { state.withLock { $0.isStopped } || !read(0) }
    var failure: SluiceError? { state.withLock { $0.failure } }
    var summary: VerificationSummary { state.withLock { $0.summary } }
    var unreferenced: [Unreferenced] { state.withLock { $0.unreferenced } }
}
