// What `check` and `import` share: a run over paths with answers, progress and an exit status.

import SluiceModel
import SluicePipeline

/// One run over files.
struct Run {
    let pipeline: Pipeline
    let jobs: Int
    let format: OutputFormat
    /// The claims that are the same for all files.
    let claims: Submission
    /// Whether reasons, archives' entries and cards are told as well.
    var hasManifest = false

    /// Takes the files under `paths` in and answers for each.
    func over(_ paths: [[UInt8]]) async -> ExitStatus {
        Interrupt.listen()
        let clock = ContinuousClock.now
        var counts: [Outcome: Int] = [:]
        var output = StandardOutput()
        var unlisted: [(SluiceError, [UInt8])] = []
        let files = SourceTree.files(under: paths) { unlisted.append(($0, $1)) }
        let total = files.reduce(0) { $0 + $1.size }
        var progress = ProgressLine(total: files.count, bytes: total)

        func report(_ path: [UInt8], _ result: BatchResult) {
            counts[result.outcome, default: 0] += 1
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
        await Batch(pipeline, threads: threads, jobs: jobs).run(
            files, submission: claim, isInterrupted: { Interrupt.isAsked || output.isBroken },
            report: { file, result in
                report(file.path, result)
                progress.advance(bytes: file.size)
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
        return ExitStatus(counts, interrupted: interrupted)
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
