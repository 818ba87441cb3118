// `sluice store copy`: moves a store from one engine into another one.

import SluiceModel
import SluiceStorage
import Synchronization

extension Command {
    static let store = Command(
        name: "store", synopsis: "copy FROM TO [--from-blobs PLACE] [--to-blobs PLACE]",
        summary: "Copy a store into another place or another database.",
        details: """
            FROM and TO are what --store takes: a folder, or postgres://USER@HOST/DATABASE; --from-blobs and --to-blobs are what --blobs takes.
            Stop what writes to FROM before. Bytes are copied first, then rows; at the end every row is compared and every byte of the copy is
            read again. Interrupted, it is simply run again and goes on. FROM is not changed. Uploads that are unfinished in FROM have to be
            begun again.
            """,
        options: [
            Option("--from-blobs", "PLACE", "Where FROM keeps its bytes, if not in its folder."),
            Option("--to-blobs", "PLACE", "Where TO keeps its bytes, if not in its folder."), .spool,
        ]
    ) { arguments in
        let words = arguments.words
        guard words.count == 3, words[0] == "copy" else {
            throw UsageError(message: "Say what to copy: sluice store copy FROM TO.")
        }
        let from = try StoreLocation(
            store: words[1], blobs: arguments["--from-blobs"], spool: StoreLocation.spool(arguments))
        let to = try StoreLocation(
            store: words[2], blobs: arguments["--to-blobs"], spool: StoreLocation.spool(arguments))
        Interrupt.listen()
        let source = try from.open(creating: false)
        defer { source.close() }
        let target = try to.open()
        defer { target.close() }
        let began = ContinuousClock.now
        let line = CopyLine()
        let copied = try StoreCopy(
            from: source, to: target, isCancelled: { Interrupt.isAsked }, report: { line.show($0) }
        ).run()
        line.clear()
        StandardError.line(told(copied, began.duration(to: .now)))
        if copied.wasInterrupted { return .interrupted }
        let verified = try target.verify(isCancelled: { Interrupt.isAsked }) { event in
            if case .problem(let problem) = event { line.tell(problem) }
            if case .progress(let progress) = event { line.show(.bytes(progress)) }
        }
        line.clear()
        if verified.wasInterrupted { return .interrupted }
        let wrong = verified.problems.values.reduce(0, +)
        StandardError.line(
            wrong == 0
                ? "The copy was read again (\(verified.files.counted("file")), \(ByteCount(verified.bytes).short)): rows and bytes agree."
                : "The copy was read again: \(wrong.grouped) wrong.")
        return wrong == 0 ? .success : .refused
    }

    private static func told(_ copied: CopySummary, _ elapsed: Duration) -> String {
        var text =
            "\(copied.blobs.counted("file")) (\(ByteCount(copied.bytes).short)) and \(copied.rows.counted("row")) copied"
        text += " in \(elapsed.shown)"
        if copied.wasInterrupted { return text + "; interrupted. Run it again to go on." }
        text += "; every row was compared."
        if copied.unfinishedUploads > 0 {
            text += " \(copied.unfinishedUploads.counted("unfinished upload")) of the source must be begun again."
        }
        return text
    }
}

/// What a copy is doing, on standard error where that is a terminal.
private final class CopyLine: Sendable {
    private let line = Mutex<ProgressLine?>(nil)

    func show(_ progress: CopyProgress) {
        line.withLock { line in
            switch progress {
            case .bytes(let standing):
                if line == nil { line = ProgressLine(total: standing.filesInAll, bytes: standing.bytesInAll) }
                line?.show(done: standing.files, bytes: standing.bytes)
            case .rows(let table, let count, let isComparing):
                line?.clear()
                line = nil
                if StandardError.isTerminal {
                    StandardError.write(
                        "\r\u{1B}[K\(isComparing ? "comparing" : "copying") \(table): \(count.grouped) rows")
                }
            }
        }
    }

    func tell(_ problem: StoreProblem) {
        clear()
        StandardError.line("\(problem.kind.rawValue)  \(problem.subject)\n    \(problem.what)\n  → \(problem.mend)")
    }

    func clear() {
        line.withLock { line in
            line?.clear()
            line = nil
            if StandardError.isTerminal { StandardError.write("\r\u{1B}[K") }
        }
    }
}
