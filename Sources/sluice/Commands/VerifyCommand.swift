// `sluice verify`: proves that rows and bytes agree.

import SluiceModel
import SluicePipeline
import SluiceStorage

extension Command {
    static let verify = Command(
        name: "verify", synopsis: "[--store STORE] [--mend] [--part I/N] [--rate SIZE]",
        summary: "Prove that rows and bytes of a store agree.",
        details: """
            Every kept file is read again and its digest compared; rows without bytes, bytes without rows, files in the wrong place and
            a damaged database are told. Exit status 1 when anything is wrong. It changes nothing unless --mend is given.

            A large store is verified in parts, by several machines or over several nights: --part 1/7 to 7/7. An interrupted run says
            where it can go on (--from).
            """,
        options: [
            .store, .blobs, .spool,
            Option("--part", "I/N", "Only this part of N about equal ones; N is at most 256."),
            Option("--from", "HEX", "Go on there: two hexadecimal digits, as an interrupted run has said."),
            Option("--rate", "SIZE", "Read at most so much a second, such as \"20 MB\"; by default without bound."),
            Option(
                "--mend", nil, "Remove leftovers of a crash that nothing refers to and that are older than an hour."),
            .format,
        ]
    ) { arguments in
        guard arguments.paths.isEmpty else {
            throw UsageError(message: "verify takes no path; name the store by --store.")
        }
        Interrupt.listen()
        let format = try arguments.format
        let scope = try scope(arguments)
        let rate = try arguments.size("--rate")
        let store = try StoreLocation(arguments).open(creating: false)
        defer { store.close() }
        let clock = ContinuousClock.now
        let report = VerifyReport(format)
        let summary = try store.verify(
            scope, bytesPerSecond: rate?.bytes, mending: arguments.isSet("--mend"), isCancelled: { Interrupt.isAsked },
            report: report.tell)
        report.finish()
        StandardError.line(words(summary, clock.duration(to: .now)))
        if summary.wasInterrupted { return .interrupted }
        return summary.problems.values.reduce(0, +) > summary.mended ? .refused : .success
    }

    private static func scope(_ arguments: Arguments) throws(UsageError) -> VerificationScope {
        var scope = VerificationScope.all
        if let text = arguments["--part"] {
            let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard numbers.count == 2, let number = numbers[0], let count = numbers[1],
                let part = VerificationScope(part: number, of: count)
            else {
                throw UsageError(
                    message:
                        "--part takes two numbers as in 3/8, at most 256/256, not \(SafeText.display(text, limit: 40))."
                )
            }
            scope = part
        }
        guard let text = arguments["--from"] else { return scope }
        guard text.utf8.count == 2, let byte = UInt8(text, radix: 16) else {
            throw UsageError(
                message: "--from takes two hexadecimal digits, such as 7f, not \(SafeText.display(text, limit: 40)).")
        }
        guard let rest = scope.beginning(at: byte) else {
            throw UsageError(
                message:
                    "--from \(text) is not in this part, which is \(twoDigits(scope.bytes.lowerBound)) to \(twoDigits(scope.bytes.upperBound))."
            )
        }
        return rest
    }

    private static func twoDigits(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func words(_ summary: VerificationSummary, _ elapsed: Duration) -> String {
        let read = "\(summary.files.counted("file")) (\(ByteCount(summary.bytes).short)) read in \(elapsed.shown)"
        let kinds = summary.problems.sorted { $0.key.rawValue < $1.key.rawValue }
        let list = kinds.map { "\($0.value.grouped) \($0.key.rawValue)" }.joined(separator: ", ")
        if summary.wasInterrupted {
            let rest = summary.goesOnFrom.map { " Go on with --from \(twoDigits($0))." } ?? ""
            return "\(read); interrupted before the end\(list.isEmpty ? "" : ", so far " + list).\(rest)"
        }
        return list.isEmpty ? "\(read): rows and bytes agree." : "\(read): \(list); \(summary.mended.grouped) mended."
    }
}

/// Prints the events of a verification. They come from several threads.
private final class VerifyReport: @unchecked Sendable {
    private let format: OutputFormat
    // guarded by: the verification, which never reports two events at the same time.
    private var output = StandardOutput()
    private var progress: ProgressLine?

    init(_ format: OutputFormat) { self.format = format }

    func tell(_ event: VerificationEvent) {
        switch event {
        case .progress(let standing):
            if progress == nil { progress = ProgressLine(total: standing.filesInAll, bytes: standing.bytesInAll) }
            progress?.show(done: standing.files, bytes: standing.bytes)
        case .problem(let problem):
            progress?.clear()
            tell(problem)
        }
    }

    func finish() {
        progress?.clear()
        output.flush()
    }

    private func tell(_ problem: StoreProblem) {
        switch format {
        case .json:
            var object = JSONObject()
            object.add("problem", problem.kind.rawValue)
            object.add("subject", problem.subject)
            object.add("attachment", problem.attachment)
            object.add("message", problem.what)
            object.add("remedy", problem.mend)
            object.add("harmless", problem.isHarmless)
            object.add("mended", problem.isMended)
            output.line(object.line)
        case .table:
            output.line("\(problem.kind.rawValue)  \(problem.subject)")
            output.line("    \(problem.what)")
            output.line("  → \(problem.isMended ? "Mended." : problem.mend)")
        }
    }
}
