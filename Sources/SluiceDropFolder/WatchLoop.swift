// The loop of a watcher: read events, wait, claim, hand out, collect. It runs on a thread of its own, and no other thread touches its state. Which files
// are claimed is decided in ClaimQueue.swift, which claims are tried again in RetryQueue.swift.

import Glibc
import SluiceModel
import SluicePipeline
import SluiceSystem

final class WatchLoop {
    /// Attachments under way for each thread; they wait together for one commit (see Batch).
    private static let underWayPerThread = 128

    private let tree: DropFolderTree
    private let options: DropFolderOptions
    private let isInterrupted: () -> Bool
    private let session: ClaimSession
    private let ingester: ClaimIngester
    private let placer: OutcomePlacer
    private let completed = CompletionQueue()
    private let start = ContinuousClock.now
    private let window: Int

    private var monitor: InputMonitor
    private var queue: ClaimQueue
    private var retries: RetryQueue
    private var housekeeping: Housekeeping
    private var reporter: StatusReporter
    /// Answered and on their way to their outcome folders; counted in `status.underWay` too.
    private var beingPlaced = 0
    private var lastProgress = Duration.zero
    private var isWatching = true

    init(
        _ tree: DropFolderTree, _ pipeline: Pipeline, _ options: DropFolderOptions, _ report: DropFolderReport
    ) throws(SluiceError) {
        self.tree = tree
        self.options = options
        isInterrupted = report.isInterrupted
        // A file under way and a file being placed hold one descriptor each, and there may be a window of either.
        window = max(
            1, DescriptorBudget.raised().underWay(jobs: options.jobs, perJob: 2 * Self.underWayPerThread) / 2)
        session = try ClaimSession.begin(in: tree.claims)
        ingester = ClaimIngester(
            pipeline: pipeline, input: tree.input, defaultTicket: options.defaultTicket,
            asksForWriters: options.polling == nil)
        placer = OutcomePlacer(
            outcomes: tree.outcomes, copies: JudgedCopies(tree.copies), defaultTicket: options.defaultTicket)
        queue = ClaimQueue(tree.input, session, CrashSuspects(tree.suspects), options)
        retries = RetryQueue(RetrySchedule(patience: options.patience))
        monitor = try InputMonitor(tree.input, options)
        housekeeping = Housekeeping(tree.input, options)
        reporter = StatusReporter(report)
    }

    private var now: Duration { start.duration(to: .now) }

    func run() async throws(SluiceError) -> WatcherStatus {
        try recover()
        monitor.rescan(at: now)
        reporter.ready()
        let (loop, workers) = (BlockingThreads(count: 1), BlockingThreads(count: options.jobs))
        let (placer, tidier) = (BlockingThreads(count: 1), BlockingThreads(count: 1))
        await turnOn(loop, workers, placer, tidier)
        reporter.stopping()
        for threads in [loop, workers, placer, tidier] { threads.stop() }
        if let removed = housekeeping.takeReport() { reporter.remark(removed) }
        putBackWaiting()
        monitor.takeOverflows().forEach(reporter.remark)
        session.tidy(endingIn: tree.claims)
        reporter.status.pending = monitor.tracker.count
        reporter.status.waiting = 0
        return reporter.status
    }

    /// Takes up what a dead watcher has left, and failed files that are to be tried again.
    private func recover() throws(SluiceError) {
        let recovery = Recovery(tree: tree)
        let recovered = try recovery.run()
        queue.suspects = CrashSuspects(tree.suspects)
        for result in recovered.failed {
            if case .placed(let file) = result.end { reporter.placed(file, from: result.claim.path) }
        }
        if tree.hasMadeInput { reporter.remark("There was no in/ in this folder; it has been made.") }
        let again = try recovery.retryFailed(all: options.retriesAllFailed)
        if again > 0 { reporter.remark("\(again.grouped) failed files are tried again.") }
        for claim in recovered.left { retries.add(claim, until: now + options.settleTime) }
    }

    private func turnOn(
        _ loop: BlockingThreads, _ workers: BlockingThreads, _ placing: BlockingThreads, _ tidier: BlockingThreads
    ) async {
        await withTaskExecutorPreference(loop) {
            await withDiscardingTaskGroup { group in
                // A run with `once` also sweeps to the end.
                defer { if !options.once || !isWatching { housekeeping.sweeper.stop() } }
                // A run that finds nothing to take sweeps all the same.
                var isSweepDue = true
                while isSweepDue || !isFinished {
                    if tidy() || isSweepDue, let sweep = housekeeping.sweep(of: tree.outcomes) {
                        group.addTask(executorPreference: tidier) { sweep() }
                    }
                    isSweepDue = false
                    if isFinished { break }
                    wait()
                    monitor.read(at: now)
                    let answered = collect()
                    if !answered.isEmpty {
                        beingPlaced += answered.count
                        group.addTask(executorPreference: placing) { [placer, completed] in
                            for (claim, result) in answered { completed.add(placer.place(claim, result)) }
                        }
                    }
                    queue.addSettled(&monitor, at: now)
                    for claim in nextClaims() {
                        reporter.status.underWay += 1
                        let mayFail = retries.isLastAttempt(claim, at: now)
                        group.addTask(executorPreference: workers) { [ingester, completed] in
                            completed.add(await ingester.take(claim, mayFail: mayFail))
                        }
                    }
                    tell()
                }
            }
        }
    }

    private var isFinished: Bool {
        if isInterrupted() { isWatching = false }
        if reporter.status.underWay > 0 { return false }
        // No file is left that could be a suspect: somebody has taken the marked files away.
        if !queue.suspects.isEmpty, queue.isEmpty, retries.waiting.isEmpty, monitor.tracker.unsettledCount == 0 {
            queue.suspects.clearAll()
        }
        guard isWatching else { return true }
        guard options.once, queue.isEmpty, retries.waiting.isEmpty else { return false }
        // A file that never comes to rest is left for the next run.
        return monitor.tracker.unsettledCount == 0 || now - lastProgress > max(options.settleTime * 10, .seconds(10))
    }

    private func wait() {
        var moments = [monitor.nextRescan, reporter.nextMoment]
        if queue.backlog.room > 0, let moment = monitor.tracker.nextMoment { moments.append(moment) }
        if let moment = retries.nextMoment(after: now) { moments.append(moment) }
        if queue.hasNext && !retries.isHeldUp && room > 0 { moments.append(.zero) }
        let pause = max(.zero, moments.min()! - now)
        // Rounded up, else the loop would wake a little too early and turn in vain.
        let milliseconds =
            pause.components.seconds * 1000 + (pause.components.attoseconds + 999_999_999_999_999)
            / 1_000_000_000_000_000
        var descriptors = [pollfd(fd: completed.descriptor, events: Int16(POLLIN), revents: 0)]
        if let events = monitor.descriptor { descriptors.append(pollfd(fd: events, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&descriptors, nfds_t(descriptors.count), CInt(min(milliseconds, 1000)))
    }

    /// How many more files may be claimed. A file that is only being placed does not keep others from being judged, as long as such files do not pile up.
    private var room: Int {
        beingPlaced < window ? max(0, window - (reporter.status.underWay - beingPlaced)) : 0
    }

    private func nextClaims() -> [Claim] {
        guard isWatching else { return [] }
        var claims: [Claim] = []
        for claim in retries.take(dueAt: now) {
            if queue.mayBegin(claim.path) {
                claims.append(claim)
            } else {
                retries.add(claim, until: now + .milliseconds(200))
            }
        }
        if retries.isHeldUp { return claims }
        var failures: [SluiceError] = []
        let new = queue.claims(&monitor, at: now, room: room - claims.count) { failures.append($0) }
        for error in failures {
            reporter.remark(error.logLine)
            reporter.status.trouble = error.what
        }
        if !new.isEmpty { lastProgress = now }
        return claims + new
    }

    /// - Returns: what is to be placed.
    private func collect() -> [(Claim, AttachmentResult)] {
        var answered: [(Claim, AttachmentResult)] = []
        for result in completed.takeAll() {
            lastProgress = now
            if case .answered(let answer) = result.end {
                answered.append((result.claim, answer))
                continue
            }
            queue.suspects.clear(result.claim.path)
            switch result.end {
            case .answered: continue
            case .placed(let file):
                beingPlaced -= 1
                retries.forget(result.claim.path, isThrough: file.result.outcome != .failed, at: now)
                reporter.placed(file, from: result.claim.path)
            case .notPlaced(let error):
                beingPlaced -= 1
                postpone(result.claim, error)
            case .notSettled:
                retries.forget(result.claim.path, isThrough: false, at: now)
                if !putBack(result.claim) { observe(result.claim) }
            case .failed(let error): postpone(result.claim, error)
            }
            reporter.status.underWay -= 1
        }
        return answered
    }

    private func postpone(_ claim: Claim, _ error: SluiceError) {
        reporter.status.trouble = error.what
        // A file that could not even be moved to failed/ is kept and tried again, too.
        if retries.add(claim, error, at: now, otherwise: .seconds(options.once ? 1 : 30)) {
            reporter.remark("in/\(SafeText.display(claim.path.bytes)): \(error.logLine)")
        }
    }

    /// The file has changed, and another file has its name in `in/`: it is watched where it lies.
    private func observe(_ claim: Claim) {
        guard let folder = try? claim.session.folders.root.folder(claim.path.parent),
            let sighting = folder.sighting(claim.path.name)
        else { return }
        let fresh = Claim(session: claim.session, path: claim.path, sighting: sighting)
        let pause = max(options.settleTime, .milliseconds(100))
        retries.add(fresh, until: now + pause)
    }

    private func putBack(_ claim: Claim) -> Bool {
        guard (try? claim.session.putBack(claim.path, to: tree.input)) == true else { return false }
        if let folder = try? tree.input.folder(claim.path.parent), let sighting = folder.sighting(claim.path.name) {
            monitor.tracker.saw(claim.path, sighting, at: now, isEvent: true)
        }
        return true
    }

    private func putBackWaiting() {
        for waiting in retries.waiting where !putBack(waiting.claim) {
            reporter.remark(
                "\(SafeText.display(waiting.claim.path.bytes)) stays claimed; the next watcher takes it up.")
        }
    }

    private func tell() {
        reporter.status.pending = monitor.tracker.count
        reporter.status.waiting = retries.waiting.count
        if retries.waiting.isEmpty { reporter.status.trouble = nil }
        reporter.report(&monitor, at: now)
    }

    /// - Returns: whether it is time to sweep as well.
    private func tidy() -> Bool {
        if let removed = housekeeping.takeReport() { reporter.remark(removed) }
        guard housekeeping.tidy(at: now) else { return false }
        if reporter.status.underWay == 0 { session.tidy() }
        return true
    }
}
