// The loop of a watcher: hear, wait, claim, hand out, collect. It runs on a thread of its own and is the only one to touch its state.

import CDropFolder
import Glibc
import SluiceModel
import SluicePipeline

final class WatchLoop {
    /// Attachments under way for each thread; they wait together for one commit (see Batch).
    private static let underWayPerThread = 128
    private static let tidyPause = Duration.seconds(3600)

    private let places: Places
    private let options: DropFolderOptions
    private let report: DropFolderReport
    private let session: ClaimSession
    private let taking: Taking
    private let mailbox = Mailbox()
    private let manager = ServiceManager()
    private let start = ContinuousClock.now
    private let retry: Retry

    private var tracker: StabilityTracker
    private var events: FolderEvents?
    private var backlog = Backlog()
    private var waiting: [Waiting] = []
    private var attempts: [TreePath: (count: Int, first: Duration)] = [:]
    private var standing = Standing()
    private var nextRescan = Duration.zero
    private var nextTidy = Duration.zero
    private var nextStanding = Duration.zero
    private var nextSign = Duration.zero
    private var lastProgress = Duration.zero
    private var isWatching = true

    init(
        _ places: Places, _ pipeline: Pipeline, _ options: DropFolderOptions, _ report: DropFolderReport
    ) throws(SluiceError) {
        self.places = places
        self.options = options
        self.report = report
        session = try ClaimSession.begin(in: places.claims)
        taking = Taking(
            pipeline: pipeline, outcomes: places.outcomes, input: places.input, defaultTicket: options.defaultTicket,
            asksForWriters: options.polling == nil)
        retry = Retry(patience: options.patience)
        tracker = StabilityTracker(settleTime: options.settleTime)
        events = options.polling == nil ? try FolderEvents(most: options.eventQueue) : nil
    }

    private var now: Duration { start.duration(to: .now) }

    func run() async throws(SluiceError) -> Standing {
        let recovery = Recovery(places: places)
        let left = try recovery.run()
        let again = try recovery.retryFailed(all: options.retriesAllFailed)
        if again > 0 { report.remark("\(again.grouped) failed files are tried again.") }
        for claim in left { postpone(claim, by: options.settleTime, failed(claim)) }
        rescan()
        tidy()
        manager.ready()
        let (loop, workers) = (BlockingThreads(count: 1), BlockingThreads(count: options.jobs))
        await turnOn(loop, workers)
        manager.stopping()
        loop.stop()
        workers.stop()
        putBackWaiting()
        session.tidy(endingIn: places.claims)
        standing.pending = tracker.count
        standing.waiting = 0
        return standing
    }

    private func turnOn(_ loop: BlockingThreads, _ workers: BlockingThreads) async {
        await withTaskExecutorPreference(loop) {
            await withDiscardingTaskGroup { group in
                while !isFinished {
                    wait()
                    hear()
                    collect()
                    for path in tracker.settled(at: now) { backlog.add(path) }
                    for claim in nextClaims() {
                        standing.underWay += 1
                        let mayFail = isLastAttempt(claim)
                        group.addTask(executorPreference: workers) { [taking, mailbox] in
                            mailbox.add(await taking.take(claim, mayFail: mayFail))
                        }
                    }
                    tell()
                    tidy()
                }
            }
        }
    }

    private var isFinished: Bool {
        if report.isInterrupted() { isWatching = false }
        if standing.underWay > 0 { return false }
        guard isWatching else { return true }
        guard options.once, backlog.isEmpty, waiting.isEmpty else { return false }
        // What never comes to rest is left for the next run.
        return tracker.unsettledCount == 0 || now - lastProgress > max(options.settleTime * 10, .seconds(10))
    }

    // MARK: Hearing

    private func wait() {
        var moments = [nextRescan, nextStanding]
        if let moment = tracker.nextMoment { moments.append(moment) }
        moments += waiting.map(\.due)
        if !backlog.isEmpty && !isHeldUp && standing.underWay < window { moments.append(.zero) }
        let pause = max(.zero, moments.min()! - now)
        // Rounded up, else it would be awake a little too early and turn in vain.
        let milliseconds =
            pause.components.seconds * 1000 + (pause.components.attoseconds + 999_999_999_999_999)
            / 1_000_000_000_000_000
        var descriptors = [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
        if let events { descriptors.append(pollfd(fd: events.descriptor, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&descriptors, nfds_t(descriptors.count), CInt(min(milliseconds, 1000)))
    }

    private func hear() {
        if now >= nextRescan { return rescan() }
        guard let batch = events?.take() else { return }
        if batch.isOverflow { return rescan() }
        for path in batch.goneFolders { tracker.goneBelow(path) }
        for path in batch.gone { tracker.gone(path) }
        for path in batch.newFolders where !isIgnored(path) { look(at: path) }
        var parents: [TreePath: Folder] = [:]
        for path in batch.changed where !isIgnored(path) {
            if parents[path.parent] == nil { parents[path.parent] = try? places.input.folder(path.parent) }
            guard let sighting = parents[path.parent]?.sighting(path.name) else {
                tracker.gone(path)
                continue
            }
            if sighting.kind != .folder { tracker.saw(path, sighting, at: now, isEvent: true) }
        }
    }

    private func rescan() {
        // Emptied first: what comes while the walk goes on is told afterwards.
        _ = events?.take()
        tracker.beginRescan()
        look(at: TreePath())
        tracker.endRescan()
        let isBlind = events?.isComplete == false
        nextRescan = now + (options.polling ?? (isBlind ? min(options.rescanPause, .seconds(2)) : options.rescanPause))
    }

    private func look(at start: TreePath) {
        places.input.walk(
            from: start,
            enter: { path, folder in
                if !path.bytes.isEmpty, isIgnored(path) { return false }
                events?.watch(path, folder)
                return true
            },
            visit: { path, sighting in if !isIgnored(path) { tracker.saw(path, sighting, at: now) } })
    }

    private func isIgnored(_ path: TreePath) -> Bool {
        options.ignored.match(path.name) || path.components.dropLast().contains { options.ignored.match($0) }
    }

    // MARK: Claiming

    private var window: Int { options.jobs * Self.underWayPerThread }
    private var isHeldUp: Bool { waiting.contains { Retry.isGeneral($0.error.code) } }

    private func nextClaims() -> [Claim] {
        guard isWatching else { return [] }
        var claims = dueAgain()
        if isHeldUp { return claims }
        var parents: [TreePath: Folder] = [:]
        while standing.underWay + claims.count < window, let path = backlog.next() {
            if Sidecar.isOne(path.name) { continue }  // it goes with its file
            if parents[path.parent] == nil { parents[path.parent] = try? places.input.folder(path.parent) }
            guard let folder = parents[path.parent] else {
                tracker.gone(path)
                continue
            }
            if let claim = claim(path, in: folder) { claims.append(claim) }
        }
        return claims
    }

    private func dueAgain() -> [Claim] {
        let (due, later) = (waiting.filter { $0.due <= now }, waiting.filter { $0.due > now })
        waiting = later
        for one in due { attempts[one.claim.path] = (one.attempts, one.firstFailure) }
        return due.map(\.claim)
    }

    private func claim(_ path: TreePath, in folder: Folder) -> Claim? {
        guard let sighting = folder.sighting(path.name), sighting.kind != .folder else {
            tracker.gone(path)
            return nil
        }
        let isQuiet = sighting == tracker.sighting(path)
        // A sidecar that is still being written, or has just come, is waited for.
        let sidecar = tracker.isUnsettled(TreePath(Sidecar.name(for: path.bytes)), at: now)
        if !isQuiet || sidecar || hasWriter(path, sighting, folder) {
            tracker.saw(path, sighting, at: now, isEvent: true)
            return nil
        }
        do throws(SluiceError) {
            switch try session.take(path, from: folder) {
            case .taken:
                tracker.gone(path)
                lastProgress = now
                return Claim(session: session, path: path, sighting: sighting)
            case .isGone: tracker.gone(path)
            case .isBusy: tracker.saw(path, sighting, at: now, isEvent: true)  // its namesake is under way
            }
        } catch {
            report.remark(error.description)
            standing.trouble = error.what
            // It stays where it is and is looked at again after the settle time, a second at least.
            tracker.saw(path, sighting, at: now + max(.seconds(1) - options.settleTime, .zero), isEvent: true)
        }
        return nil
    }

    /// Asked before the claim as well: a writer that still has the file open may want to rename it itself.
    private func hasWriter(_ path: TreePath, _ sighting: Sighting, _ folder: Folder) -> Bool {
        guard taking.asksForWriters, sighting.kind == .file else { return false }
        let file = folder.openFile(path.name)
        guard file >= 0 else { return false }
        defer { close(file) }
        return drop_has_writer(file) == 1
    }

    // MARK: Collecting

    private func collect() {
        for taken in mailbox.takeAll() {
            standing.underWay -= 1
            lastProgress = now
            switch taken.end {
            case .placed(let outcome, let place, let result):
                attempts[taken.claim.path] = nil
                standing.outcomes[result.outcome, default: 0] += 1
                if result.outcome != .failed { standing.trouble = nil }
                report.placed(taken.claim.path.shown(in: "in"), place.shown(in: outcome.rawValue), result)
            case .notSettled:
                attempts[taken.claim.path] = nil
                if !putBack(taken.claim) { observe(taken.claim) }
            case .failed(let error):
                standing.trouble = error.what
                postpone(taken.claim, error)
            }
        }
    }

    private func postpone(_ claim: Claim, _ error: SluiceError) {
        let known = attempts[claim.path]
        let (count, first) = ((known?.count ?? 0) + 1, known?.first ?? now)
        if count == 1 { report.remark("in/\(SafeText.display(claim.path.bytes)): \(error)") }
        // Also what could not even be moved to failed/ is kept and tried again.
        let due =
            retry.next(after: count, firstFailure: first, now: now, error) ?? now + .seconds(options.once ? 1 : 30)
        waiting.append(Waiting(claim: claim, attempts: count, firstFailure: first, due: due, error: error))
    }

    private func postpone(_ claim: Claim, by pause: Duration, _ error: SluiceError) {
        waiting.append(Waiting(claim: claim, attempts: 0, firstFailure: now, due: now + pause, error: error))
    }

    private func isLastAttempt(_ claim: Claim) -> Bool {
        guard let known = attempts[claim.path] else { return options.patience == .zero }
        return known.count > 0 && now - known.first >= options.patience
    }

    /// It has changed, and its name in `in/` is taken by another one: it is watched where it lies.
    private func observe(_ claim: Claim) {
        guard let folder = try? claim.session.folders.root.folder(claim.path.parent),
            let sighting = folder.sighting(claim.path.name)
        else { return }
        let fresh = Claim(session: claim.session, path: claim.path, sighting: sighting)
        postpone(fresh, by: max(options.settleTime, .milliseconds(100)), failed(claim))
    }

    private func failed(_ claim: Claim) -> SluiceError {
        SluiceError(
            "source.changed", what: "\(SafeText.display(claim.path.bytes)) is not complete yet.",
            why: "It changed after it had been taken.", mend: "Nothing need be done.")
    }

    private func putBack(_ claim: Claim) -> Bool {
        guard (try? claim.session.putBack(claim.path, to: places.input)) == true else { return false }
        if let folder = try? places.input.folder(claim.path.parent), let sighting = folder.sighting(claim.path.name) {
            tracker.saw(claim.path, sighting, at: now, isEvent: true)
        }
        return true
    }

    private func putBackWaiting() {
        for one in waiting where !putBack(one.claim) {
            report.remark("\(SafeText.display(one.claim.path.bytes)) stays claimed; the next watcher takes it up.")
        }
    }

    // MARK: Telling and tidying

    private func tell() {
        standing.pending = tracker.count
        standing.waiting = waiting.count
        if waiting.isEmpty { standing.trouble = nil }
        guard now >= nextStanding else { return }
        nextStanding = now + .seconds(1)
        report.standing(standing)
        manager.status(standing.line)
        if let pause = manager.watchdogPause, now >= nextSign {
            nextSign = now + max(pause - .seconds(1), pause / 2)
            manager.alive()
        }
    }

    private func tidy() {
        guard now >= nextTidy else { return }
        nextTidy = now + Self.tidyPause
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        let seconds = Int64(clock.tv_sec)
        if let age = options.keepDone {
            let count = Retention.sweep(places.outcomes, keeping: age, now: seconds)
            if count > 0 { report.remark("\(count.grouped) files were removed from done/ after their time.") }
        }
        if standing.underWay == 0 { session.tidy() }
        // An emptied folder of a ticket is left for a day, a deeper one for an hour: somebody may be about to write into it (chosen).
        places.input.removeEmptyFolders { path, folder in
            guard let own = folder.sighting(Array(".".utf8)) else { return false }
            return seconds - own.modified / 1_000_000_000 > (path.firstFolder == nil ? 86_400 : 3_600)
        }
    }
}
