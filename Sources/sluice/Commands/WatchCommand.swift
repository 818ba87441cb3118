// `sluice watch`: the drop folder.

import Glibc
import SluiceDropFolder
import SluiceModel
import SluicePipeline

extension Command {
    static let watch = Command(
        name: "watch", synopsis: "FOLDER [options]",
        summary: "Take in what is dropped into a folder.",
        details: """
            FOLDER/in/TICKET/name goes to that ticket; a file directly in FOLDER/in to the ticket of its sidecar name.sluice.json, else to
            --ticket. Once nothing happens to it any more, it is judged, recorded, and moved to done/, quarantined/, rejected/ or failed/
            with its verdict beside it. With --once, the exit status is that of import.
            """,
        options: [
            .store, .blobs, .spool, .policy,
            Option("--ticket", "ID", "The ticket of files directly in in/ that have no sidecar."),
            Option("--create", nil, "Make FOLDER where there is none; without it, a mistyped name is refused."),
            Option("--once", nil, "Take what is there, then end."),
            Option("--settle", "TIME", "How long nothing may happen to a file before it is taken; by default 2s."),
            Option("--rescan", "TIME", "Look at everything this often, in case an event was lost; by default 30s."),
            Option("--poll", nil, "For NFS and SMB: look at everything each second, since no events come from there."),
            Option("--ignore", "LIST", "Further names never to be taken, as in \"*.bak,*.swp\"."),
            Option(
                "--retry-for", "TIME",
                "How long a failure is tried again before failed/; by default 5m, with --once 15s."),
            Option("--retry-failed", nil, "Also try what lies in failed/ for a reason that does not pass by itself."),
            Option("--keep-done", "TIME", "Remove files from done/ after this time, such as 30d; by default never."),
            Option("--event-queue", "N", "Events taken at once; more cost a rescan. By default 16384."),
            Option(
                "--format", "FORMAT",
                "table, or json: one JSON object a line; by default table on a terminal, json everywhere else."),
            .jobs, .weak,
        ]
    ) { arguments in
        guard arguments.paths.count == 1 else { throw UsageError(message: "Name one folder.") }
        var options = DropFolderOptions(jobs: try arguments.jobs)
        options.creates = arguments.isSet("--create")
        try checkFolder(arguments.paths[0], mayBeMissing: options.creates)
        options.once = arguments.isSet("--once")
        options.retriesAllFailed = arguments.isSet("--retry-failed")
        options.patience = try arguments.time("--retry-for") ?? (options.once ? .seconds(15) : .seconds(300))
        options.keepDone = try arguments.time("--keep-done")
        if let time = try arguments.time("--settle") { options.settleTime = time }
        if let time = try arguments.time("--rescan") { options.rescanPause = max(time, .milliseconds(100)) }
        if arguments.isSet("--poll") { options.polling = .seconds(1) }
        if let list = arguments["--ignore"] {
            options.ignored = LeftoverNames([".*"] + list.split(separator: ",").map(String.init))
        }
        if let text = arguments["--event-queue"] {
            guard let most = Int(text), most >= 1 else { throw UsageError(message: "--event-queue takes a number.") }
            options.eventQueue = most
        }
        if let text = arguments["--ticket"] {
            guard let ticket = TicketID(text) else {
                throw UsageError(
                    message:
                        "--ticket takes 1 to 64 letters, digits, - _ and ., not \(SafeText.display(text, limit: 80)).")
            }
            options.defaultTicket = ticket
        }
        let format: OutputFormat =
            try arguments.choice("--format", OutputFormat.self)
            ?? (isatty(STDOUT_FILENO) == 1 ? .table : .json)
        Interrupt.listen()
        let report = WatchReport(format)
        let pipeline = try Composition.importing(arguments)
        let status = try await DropFolder.watch(
            arguments.paths[0], through: pipeline, options,
            DropFolderReport(
                placed: report.placed, status: report.show, remark: report.remark,
                isInterrupted: { Interrupt.isAsked }))
        report.finish(status)
        return ExitStatus(status.outcomes, refused: status.refused, interrupted: Interrupt.isAsked)
    }

    private static func checkFolder(_ path: [UInt8], mayBeMissing: Bool) throws(UsageError) {
        var status = stat()
        let text = String(decoding: path, as: UTF8.self)
        if stat(text, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw UsageError(message: "\(SafeText.display(path)) is not a folder.")
            }
        } else if !mayBeMissing {
            throw UsageError(
                message: "There is no folder \(SafeText.display(path)). Check the name, or have it made by --create.")
        }
    }
}

/// Prints what a watcher reports: a status line on a terminal, and one JSON object for each file everywhere else.
private final class WatchReport {
    private let format: OutputFormat
    private var output = StandardOutput()
    private var statusLine = StatusOnTerminal()

    init(_ format: OutputFormat) { self.format = format }

    func placed(_ path: [UInt8], _ place: [UInt8], _ result: AttachmentResult, _ line: String) {
        switch format {
        case .json: output.line(line)
        case .table:
            statusLine.clear()
            PeopleTable.lines(path: place, result).forEach { output.line($0) }
        }
    }

    func show(_ status: WatcherStatus) {
        // A reader that follows the lines gets each within a second.
        output.flush()
        statusLine.show(status.line)
    }

    func remark(_ text: String) {
        statusLine.clear()
        StandardError.line("sluice: \(text)")
    }

    func finish(_ status: WatcherStatus) {
        statusLine.clear()
        output.flush()
        if format == .table || StandardError.isTerminal { StandardError.line("\(status.line).") }
    }
}

/// A line on standard error that is redrawn in place.
private struct StatusOnTerminal {
    private var isShown = false

    mutating func show(_ text: String) {
        guard StandardError.isTerminal else { return }
        isShown = true
        StandardError.write("\r\u{1B}[K" + text.prefix(max(StandardError.width - 1, 0)))
    }

    mutating func clear() {
        guard isShown else { return }
        isShown = false
        StandardError.write("\r\u{1B}[K")
    }
}

extension Arguments {
    /// A time with its unit: `500ms`, `2s`, `5m`, `12h`, `30d`.
    func time(_ option: String) throws(UsageError) -> Duration? {
        guard let text = self[option] else { return nil }
        let digits = text.prefix { $0.isNumber }
        let units: [String: Duration] = [
            "ms": .milliseconds(1), "s": .seconds(1), "m": .seconds(60), "h": .seconds(3600), "d": .seconds(86_400),
        ]
        guard let number = Int64(digits), number <= 1_000_000, let unit = units[String(text.dropFirst(digits.count))]
        else {
            throw UsageError(
                message: "\(option) takes a time such as 500ms, 2s, 5m, 12h or 30d, not \(SafeText.display(text)).")
        }
        return .milliseconds(
            number * (unit.components.seconds * 1000 + unit.components.attoseconds / 1_000_000_000_000_000))
    }
}
