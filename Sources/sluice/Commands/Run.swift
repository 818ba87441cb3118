// The part that `check` and `import` share: a run over paths, with answers, progress and an exit status.

import SluiceModel
import SluicePipeline
import SluiceSystem

/// One run over files.
struct Run {
    let pipeline: Pipeline
    let jobs: Int
    let format: OutputFormat
    /// The claims that are the same for all files of the run.
    let claims: Submission
    /// Whether the output also has reasons, archive entries and cards.
    var hasManifest = false

    /// Judges the files under `paths` and answers for each.
    func over(_ paths: [[UInt8]]) async -> ExitStatus {
        Interrupt.listen()
        let clock = ContinuousClock.now
        var counts: [Outcome: Int] = [:]
        var output = StandardOutput()
        var unlisted: [(SluiceError, [UInt8])] = []
        var leftOut: [[UInt8]] = []
        let files = SourceTree.files(
            under: paths, unreadable: { unlisted.append(($0, $1)) }, leftOut: { leftOut.append($0) })
        let total = files.reduce(ByteCount.zero) { $0 + $1.size }.bytes
        var refused = 0
        /// Failures other than a named path that does not exist.
        var (failed, missing) = (unlisted.count, 0)
        var progress = ProgressLine(total: files.count, bytes: total)

        func report(_ path: [UInt8], _ result: AttachmentResult) {
            counts[result.outcome, default: 0] += 1
            if result.isRefused { refused += 1 }
            if output.isTerminal { progress.clear() }
            switch format {
            case .json:
                let object = AttachmentLine.object(path: path, result, ticket: claims.ticket, hasManifest: hasManifest)
                output.line(object.line)
            case .table:
                PeopleTable.lines(path: path, result).forEach { output.line($0) }
                if hasManifest { PeopleTable.manifest(result).forEach { output.line($0) } }
            }
        }

        if format == .table, !files.isEmpty { output.line(PeopleTable.header) }
        for (error, folder) in unlisted { report(folder, .failed(error)) }
        let threads = BlockingThreads(count: jobs)
        let window = DescriptorBudget.raised().underWay(jobs: jobs, perJob: Batch.underWayPerThread)
        await Batch(pipeline, threads: threads, window: window).run(
            files, submission: claim, isInterrupted: { Interrupt.isAsked || output.isBroken },
            report: { file, result in
                report(file.path, result)
                if result.outcome == .failed { if file.isNamed && file.isMissing { missing += 1 } else { failed += 1 } }
                progress.advance(bytes: file.size.bytes)
            })
        threads.stop()
        progress.clear()
        output.flush()
        let begun = counts.values.reduce(0, +)
        let interrupted = Interrupt.isAsked && begun < files.count + unlisted.count
        if format == .table || StandardError.isTerminal {
            StandardError.line(PeopleTable.summary(counts, bytes: total, elapsed: clock.duration(to: .now)))
            if interrupted {
                StandardError.line(
                    "Interrupted with \((files.count - begun).counted("file")) not begun. Run it again to go on.")
            }
        }
        if !leftOut.isEmpty { StandardError.line("sluice: \(Self.told(leftOut))") }
        // A path that does not exist is mistyped; trying again does not help.
        if missing > 0, failed == 0, !interrupted { return .usage }
        return ExitStatus(counts, refused: refused, interrupted: interrupted)
    }

    /// `left out 3 files that programs leave behind: .DS_Store (2), Thumbs.db.`
    private static func told(_ leftOut: [[UInt8]]) -> String {
        var counts: [String: Int] = [:]
        for path in leftOut {
            counts[
                SafeText.display(path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...], limit: 60),
                default: 0] += 1
        }
        let names = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let shown = names.prefix(5).map { $0.value > 1 ? "\($0.key) (\($0.value.grouped))" : $0.key }
        let more = names.count > shown.count ? " …" : ""
        return
            "left out \(leftOut.count.counted("name")) that programs leave behind: \(shown.joined(separator: ", "))\(more). "
            + "Name one by itself to have it taken."
    }

    private var claim: @Sendable (SourceFile) -> Submission {
        let claims = claims
        return { file in
            var submission = claims
            submission.declaredName = file.name
            return submission
        }
    }
}
