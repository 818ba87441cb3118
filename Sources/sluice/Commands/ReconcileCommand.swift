// `sluice reconcile`: proves that every file of a drop folder is accounted for.

import SluiceDropFolder
import SluiceModel
import SluicePipeline
import SluiceStorage

extension Command {
    static let reconcile = Command(
        name: "reconcile", synopsis: "FOLDER [--store DIR] [--dry-run]",
        summary: "Prove that every file of a drop folder is accounted for; mend after a crash.",
        details: """
            Every file in done/, quarantined/ and rejected/ is read again and compared with its verdict and with the store; what a dead
            watcher had claimed is put back into in/. Exit status 1 when something is wrong that was not mended.
            """,
        options: [.store, .blobs, .spool, Option("--dry-run", nil, "Tell only, change nothing."), .format]
    ) { arguments in
        guard arguments.paths.count == 1 else { throw UsageError(message: "Name one folder.") }
        Interrupt.listen()
        let format = try arguments.format
        let store = try StoreLocation(arguments).open(creating: false)
        defer { store.close() }
        var output = StandardOutput()
        let summary = try Reconcile.run(
            arguments.paths[0], records: StoreRecords(store: store), mending: !arguments.isSet("--dry-run"),
            isInterrupted: { Interrupt.isAsked }
        ) { problem in
            switch format {
            case .json:
                var object = JSONObject()
                object.add("problem", problem.kind.rawValue)
                object.add("path", String(decoding: problem.path, as: UTF8.self))
                object.add("message", problem.what)
                object.add("remedy", problem.mend)
                object.add("mended", problem.isMended)
                output.line(object.line)
            case .table:
                output.line("\(problem.kind.rawValue)  \(SafeText.display(problem.path))")
                output.line("    \(problem.what)")
                output.line("  → \(problem.isMended ? "Mended." : problem.mend)")
            }
        }
        output.flush()
        StandardError.line(words(summary))
        if summary.wasInterrupted { return .interrupted }
        return summary.problems > summary.mended ? .refused : .success
    }

    private static func words(_ summary: ReconcileSummary) -> String {
        var parts = ["\(summary.pending.grouped) pending"]
        if summary.claimed > 0 { parts.append("\(summary.claimed.grouped) claimed") }
        parts += summary.outcomes.sorted { $0.key < $1.key }.map { "\($0.value.grouped) in \($0.key)/" }
        if summary.deleted > 0 { parts.append("\(summary.deleted.grouped) of them deleted by a reviewer") }
        let list = parts.joined(separator: ", ")
        let watcher = summary.hasWatcher ? " A watcher is at work: nothing was mended beside it." : ""
        if summary.wasInterrupted { return "\(list); interrupted before the end." }
        if summary.problems == 0 { return "\(list): every file is accounted for.\(watcher)" }
        return "\(list): \(summary.problems.grouped) wrong, \(summary.mended.grouped) mended.\(watcher)"
    }
}

/// The store, as a reconciliation sees it.
private struct StoreRecords: DropFolderRecords {
    /// Rows read at once (chosen).
    private static let page = 1000

    let store: Storage

    func attachments(of ticket: TicketID) throws(SluiceError) -> [String: Digest] {
        var found: [String: Digest] = [:]
        var last: String?
        repeat {
            let page = try store.tickets.attachments(of: ticket, after: last, limit: Self.page)
            for attachment in page { found[attachment.id] = attachment.digest }
            last = page.count == Self.page ? page.last?.id : nil
        } while last != nil
        return found
    }

    func rejectedDigests(on ticket: TicketID) throws(SluiceError) -> Set<Digest> {
        var found: Set<Digest> = []
        var last: Int64? = 0
        while let after = last {
            let page = try store.tickets.rejections(on: ticket, after: after, limit: Self.page)
            found.formUnion(page.compactMap(\.facts.digest))
            last = page.count == Self.page ? page.last?.number : nil
        }
        return found
    }

    func wasDeleted(_ attachment: String) throws(SluiceError) -> Bool { try store.review.wasDeleted(attachment) }
}
