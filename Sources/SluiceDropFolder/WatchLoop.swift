// The loop of a watcher: hear, wait, claim, hand out, collect. It runs on a thread of its own and is the only one to touch its state.

import CDropFolder
import Glibc
import SluiceModel
import SluicePipeline
import SluiceSystem

final class WatchLoop {
    /// Attachments under way for each thread; they wait together for one commit (see Batch).
    private static let underWayPerThread = 128
    /// Claimed before the loop turns again, so that the threads have work early and events are heard.
    private static let claimsATurn = 64
    private static let tidyPause = Duration.seconds(3600)

    private let places: Places
    private let options: DropFolderOptions
    private let report: DropFolderReport
    private let session: ClaimSession
    private let taking: Taking
    private let placing: Placing
    private let mailbox = Mailbox()
    private let manager = ServiceManager()
    private let start = ContinuousClock.now
    private let window: Int

    private var hearing: Hearing
    private var backlog = Backlog()
    private var suspects: Suspects
    /// Those that wait until the one before has come to its end.
    private var waitingSuspects: [TreePath] = []
    private let sweeper = Sweeper()
    private var postponed: Postponed
    private var standing = Standing()
    /// Answered and on their way to their outcome folders; counted in `standing.underWay` too.
    private var beingPlaced = 0
    private var nextTidy = Duration.zero
    private var nextStanding = Duration.zero
    private var nextSign = Duration.zero
    private var nextOverflows = Duration.zero
    private var lastProgress = Duration.zero
    private var isWatching = true

    init(
        _ places: Places, _ pipeline: Pipeline, _ options: DropFolderOptions, _ report: DropFolderReport
    ) throws(SluiceError) {
        self.places = places
        self.options = options
        self.report = report
        // What is under way or being placed holds a descriptor each, and there may be a window of either.
        window = max(
            1, DescriptorBudget.raised().underWay(jobs: options.jobs, perJob: 2 * Self.underWayPerThread) / 2)
        session = try ClaimSession.begin(in: places.claims)
        taking = Taking(
            pipeline: pipeline, input: places.input, defaultTicket: options.defaultTicket,
            asksForWriters: options.polling == nil)
        placing = Placing(
            outcomes: places.outcomes, handedOn: HandedOn(places.copies), defaultTicket: options.defaultTicket)
        suspects = Suspects(places.suspects)
        postponed = Postponed(Retry(patience: options.patience))
        hearing = try Hearing(places.input, options)
    }

    private var now: Duration { start.duration(to: .now) }

    func run() async throws(SluiceError) -> Standing {
        let recovery = Recovery(places: places)
        let recovered = try recovery.run()
        suspects = Suspects(places.suspects)
        for taken in recovered.failed { tellPlaced(taken) }
        if places.hasMadeInput { report.remark("There was no in/ in this folder; it has been made.") }
        let again = try recovery.retryFailed(all: options.retriesAllFailed)
        if again > 0 { report.remark("\(again.grouped) failed files are tried again.") }
        for claim in recovered.left { postponed.add(claim, until: now + options.settleTime) }
        hearing.rescan(at: now)
        manager.ready()
        let (loop, workers) = (BlockingThreads(count: 1), BlockingThreads(count: options.jobs))
        let (placer, tidier) = (BlockingThreads(count: 1), BlockingThreads(count: 1))
        await turnOn(loop, workers, placer, tidier)
        manager.stopping()
        for threads in [loop, workers, placer, tidier] { threads.stop() }
        tellSwept()
        putBackWaiting()
        hearing.takeOverflows().forEach(report.remark)
        session.tidy(endingIn: places.claims)
        standing.pending = hearing.tracker.count
        standing.waiting = 0
        return standing
    }

    private func turnOn(
        _ loop: BlockingThreads, _ workers: BlockingThreads, _ placer: BlockingThreads, _ tidier: BlockingThreads
    ) async {
        await withTaskExecutorPreference(loop) {
            await withDiscardingTaskGroup { group in
                // A run that takes what is there also sweeps to the end.
                defer { if !options.once || !isWatching { sweeper.stop() } }
                // A run that finds nothing to take sweeps all the same.
                var isSweepDue = true
                while isSweepDue || !isFinished {
                    if tidy() || isSweepDue, let age = options.keepDone, sweeper.begin() {
                        group.addTask(executorPreference: tidier) { [sweeper, places] in
                            sweeper.run(places.outcomes, keeping: age, now: WallClock.seconds())
                        }
                    }
                    isSweepDue = false
                    if isFinished { break }
                    wait()
                    hearing.hear(at: now)
                    let answered = collect()
                    if !answered.isEmpty {
                        beingPlaced += answered.count
                        group.addTask(executorPreference: placer) { [placing, mailbox] in
                            for (claim, result) in answered { mailbox.add(placing.place(claim, result)) }
                        }
                    }
                    for path in hearing.tracker.settled(at: now, atMost: backlog.room) { backlog.add(path) }
                    for claim in nextClaims() {
                        standing.underWay += 1
                        let mayFail = postponed.isLastAttempt(claim, at: now)
                        group.addTask(executorPreference: workers) { [taking, mailbox] in
                            mailbox.add(await taking.take(claim, mayFail: mayFail))
                        }
                    }
                    tell()
                }
            }
        }
    }

    private var isFinished: Bool {
        if report.isInterrupted() { isWatching = false }
        if standing.underWay > 0 { return false }
        // Nothing is left that could be one: the marks are of files that somebody has taken away.
        if !suspects.isEmpty, backlog.isEmpty, waitingSuspects.isEmpty, postponed.waiting.isEmpty,
            hearing.tracker.unsettledCount == 0
        {
            suspects.clearAll()
        }
        guard isWatching else { return true }
        guard options.once, backlog.isEmpty, waitingSuspects.isEmpty, postponed.waiting.isEmpty else { return false }
        // What never comes to rest is left for the next run.
        return hearing.tracker.unsettledCount == 0 || now - lastProgress > max(options.settleTime * 10, .seconds(10))
    }

    private func wait() {
        var moments = [hearing.nextRescan, nextStanding]
        if manager.watchdogPause != nil { moments.append(nextSign) }
        if backlog.room > 0, let moment = hearing.tracker.nextMoment { moments.append(moment) }
        if let moment = postponed.nextMoment(after: now) { moments.append(moment) }
        let hasSuspect = suspects.tried == nil && !waitingSuspects.isEmpty
        if (!backlog.isEmpty || hasSuspect) && !postponed.isHeldUp && hasRoom { moments.append(.zero) }
        let pause = max(.zero, moments.min()! - now)
        // Rounded up, else it would be awake a little too early and turn in vain.
        let milliseconds =
            pause.components.seconds * 1000 + (pause.components.attoseconds + 999_999_999_999_999)
            / 1_000_000_000_000_000
        var descriptors = [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
        if let events = hearing.descriptor { descriptors.append(pollfd(fd: events, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&descriptors, nfds_t(descriptors.count), CInt(min(milliseconds, 1000)))
    }

    // MARK: Claiming

    /// What is only being placed does not keep others from being judged, as long as it does not pile up.
    private var hasRoom: Bool { standing.underWay - beingPlaced < window && beingPlaced < window }

    private func nextClaims() -> [Claim] {
        guard isWatching else { return [] }
        var claims: [Claim] = []
        for claim in postponed.take(dueAt: now) {
            if mayBegin(claim.path) {
                claims.append(claim)
            } else {
                postponed.add(claim, until: now + .milliseconds(200))
            }
        }
        if postponed.isHeldUp { return claims }
        let parents = FolderCache(places.input)
        let most = min(Self.claimsATurn, window - (standing.underWay - beingPlaced))
        while hasRoom, claims.count < most, let path = nextPath() {
            if Sidecar.isOne(path.name) { continue }  // it goes with its file
            guard let folder = try? parents.folder(path.parent, making: false) else {
                hearing.tracker.gone(path)
                continue
            }
            if suspects.isOne(path), suspects.tried != nil {
                waitingSuspects.append(path)
                continue
            }
            guard let claim = claim(path, in: folder) else {
                if hearing.tracker.sighting(path) == nil { suspects.clear(path) }
                continue
            }
            if suspects.isOne(path) { suspects.begin(path) }
            claims.append(claim)
        }
        return claims
    }

    /// A suspect first, while none is being tried: the one that the fewest watchers have died with.
    private func nextPath() -> TreePath? {
        guard suspects.tried == nil,
            let index = waitingSuspects.indices.min(by: {
                suspects.deathCount(waitingSuspects[$0]) < suspects.deathCount(waitingSuspects[$1])
            })
        else { return backlog.next() }
        return waitingSuspects.remove(at: index)
    }

    /// Of those that may have killed a watcher, one is tried at a time.
    private func mayBegin(_ path: TreePath) -> Bool {
        guard suspects.isOne(path) else { return true }
        guard suspects.tried == nil else { return false }
        suspects.begin(path)
        return true
    }

    private func claim(_ path: TreePath, in folder: Folder) -> Claim? {
        guard let sighting = folder.sighting(path.name), sighting.kind != .folder else {
            hearing.tracker.gone(path)
            return nil
        }
        let isQuiet = sighting == hearing.tracker.sighting(path)
        // A sidecar that is still being written, or has just come, is waited for.
        let sidecar = TreePath(Sidecar.name(for: path.bytes))
        if !isQuiet || hearing.tracker.isUnsettled(sidecar, at: now) || hasWriter(path, sighting, folder) {
            hearing.tracker.saw(path, sighting, at: now, isEvent: true)
            return nil
        }
        do throws(SluiceError) {
            switch try session.take(path, from: folder) {
            case .taken:
                hearing.tracker.gone(path)
                lastProgress = now
                // Directly in in/ a sidecar names the ticket: there it is looked for in any case.
                let mayHaveSidecar = path.firstFolder == nil || hearing.tracker.sighting(sidecar) != nil
                return Claim(session: session, path: path, sighting: sighting, mayHaveSidecar: mayHaveSidecar)
            case .isGone: hearing.tracker.gone(path)
            // Its namesake is under way.
            case .isBusy: hearing.tracker.saw(path, sighting, at: now, isEvent: true)
            }
        } catch {
            report.remark(error.description)
            standing.trouble = error.what
            // It stays where it is and is looked at again after the settle time, a second at least.
            let pause = max(.seconds(1) - options.settleTime, .zero)
            hearing.tracker.saw(path, sighting, at: now + pause, isEvent: true)
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

    /// - Returns: what is to be placed.
    private func collect() -> [(Claim, BatchResult)] {
        var answered: [(Claim, BatchResult)] = []
        for taken in mailbox.takeAll() {
            lastProgress = now
            if case .answered(let result) = taken.end {
                answered.append((taken.claim, result))
                continue
            }
            suspects.clear(taken.claim.path)
            switch taken.end {
            case .answered: continue
            case .placed:
                beingPlaced -= 1
                tellPlaced(taken)
            case .notPlaced(let error):
                beingPlaced -= 1
                postpone(taken.claim, error)
            case .notSettled:
                postponed.forget(taken.claim.path, isThrough: false, at: now)
                if !putBack(taken.claim) { observe(taken.claim) }
            case .failed(let error): postpone(taken.claim, error)
            }
            standing.underWay -= 1
        }
        return answered
    }

    private func tellPlaced(_ taken: Taken) {
        guard case .placed(let placed) = taken.end else { return }
        let isThrough = placed.result.outcome != .failed
        postponed.forget(taken.claim.path, isThrough: isThrough, at: now)
        standing.outcomes[placed.result.outcome, default: 0] += 1
        if placed.result.isRefused { standing.refused += 1 }
        if isThrough { standing.trouble = nil }
        report.placed(
            taken.claim.path.shown(in: "in"), placed.path.shown(in: placed.outcome.rawValue), placed.result,
            placed.line)
    }

    private func postpone(_ claim: Claim, _ error: SluiceError) {
        standing.trouble = error.what
        // Also what could not even be moved to failed/ is kept and tried again.
        if postponed.add(claim, error, at: now, otherwise: .seconds(options.once ? 1 : 30)) {
            report.remark("in/\(SafeText.display(claim.path.bytes)): \(error)")
        }
    }

    /// It has changed, and its name in `in/` is taken by another one: it is watched where it lies.
    private func observe(_ claim: Claim) {
        guard let folder = try? claim.session.folders.root.folder(claim.path.parent),
            let sighting = folder.sighting(claim.path.name)
        else { return }
        let fresh = Claim(session: claim.session, path: claim.path, sighting: sighting)
        let pause = max(options.settleTime, .milliseconds(100))
        postponed.add(fresh, until: now + pause)
    }

    private func putBack(_ claim: Claim) -> Bool {
        guard (try? claim.session.putBack(claim.path, to: places.input)) == true else { return false }
        if let folder = try? places.input.folder(claim.path.parent), let sighting = folder.sighting(claim.path.name) {
            hearing.tracker.saw(claim.path, sighting, at: now, isEvent: true)
        }
        return true
    }

    private func putBackWaiting() {
        for one in postponed.waiting where !putBack(one.claim) {
            report.remark("\(SafeText.display(one.claim.path.bytes)) stays claimed; the next watcher takes it up.")
        }
    }

    // MARK: Telling and tidying

    private func tell() {
        standing.pending = hearing.tracker.count
        standing.waiting = postponed.waiting.count
        if postponed.waiting.isEmpty { standing.trouble = nil }
        if let pause = manager.watchdogPause, now >= nextSign {
            nextSign = now + pause
            manager.alive()
        }
        guard now >= nextStanding else { return }
        nextStanding = now + .seconds(1)
        report.standing(standing)
        manager.status(standing.line)
        // A storm of events is told once a minute.
        if now >= nextOverflows {
            let told = hearing.takeOverflows()
            told.forEach(report.remark)
            if !told.isEmpty { nextOverflows = now + .seconds(60) }
        }
    }

    /// - Returns: whether it is time to sweep as well.
    private func tidy() -> Bool {
        tellSwept()
        guard now >= nextTidy else { return false }
        nextTidy = now + Self.tidyPause
        let seconds = WallClock.seconds()
        if standing.underWay == 0 { session.tidy() }
        // An emptied folder of a ticket is left for a day, a deeper one for an hour: somebody may be about to write into it (chosen).
        places.input.removeEmptyFolders { path, folder in
            guard let own = folder.sighting(Array(".".utf8)) else { return false }
            return seconds - own.modified / 1_000_000_000 > (path.firstFolder == nil ? 86_400 : 3_600)
        }
        return true
    }

    private func tellSwept() {
        let count = sweeper.takeCount()
        if count > 0 { report.remark("\(count.grouped) files were removed from done/ after their time.") }
    }

}
