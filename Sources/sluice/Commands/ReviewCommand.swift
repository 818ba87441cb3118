// `sluice review`: lists what is quarantined, and records a reviewer's decision. The endpoint's pages do the same.

import SluiceModel
import SluicePipeline
import SluiceStorage
import SluiceUploads

extension Command {
    static let review = Command(
        name: "review",
        synopsis: "list|release ID|delete ID|log|releases|revoke RELEASE [--note TEXT --by NAME] [options]",
        summary: "List what is quarantined, and release or delete it.",
        details: """
            release puts an attachment on its ticket. It holds for these bytes and these findings on this ticket: sent again through whichever
            door, they are let pass, with a note by whom. With --everywhere it holds on every ticket. Who sent an attachment does not release
            it. releases lists them, revoke takes one back. delete removes the bytes; that they were there, their findings and the note stay
            on record. log tells what was done to attachments after their first verdict, by whom and why, oldest first.
            """,
        options: [
            Option("--note", "TEXT", "For release and delete: why; on record with the decision."),
            Option("--by", "NAME", "For release, delete and revoke: who decides."),
            Option("--everywhere", nil, "For release: it holds for the same bytes on every ticket."),
            Option("--ticket", "ID", "For list, log and releases: only this ticket; by default all."),
            .store, .blobs, .spool, .format,
        ]
    ) { arguments in
        let words = arguments.words
        switch (words.first, words.count) {
        case ("list", 1): try list(arguments)
        case ("release", 2):
            let everywhere = arguments.isSet("--everywhere")
            try decide(words[1], arguments) { (desk, person, note) in
                try desk.release(words[1], by: person, note: note, everywhere: everywhere)
            }
            say(
                "Released to its ticket. It holds for the same bytes on \(everywhere ? "every ticket" : "this ticket")."
            )
        case ("delete", 2):
            try decide(words[1], arguments) { (desk, person, note) in
                try desk.delete(words[1], by: person, note: note)
            }
            say("Deleted. Its findings and the note stay on record.")
        case ("log", 1): try listLog(arguments)
        case ("releases", 1): try listReleases(arguments)
        case ("revoke", 2):
            try revoke(words[1], arguments)
            say("Taken back. What it let pass stays; the same bytes sent again are judged anew.")
        case ("release", _), ("delete", _):
            throw UsageError(message: "Name one attachment by its id; sluice review list tells them.")
        case ("revoke", _): throw UsageError(message: "Name one release by its id; sluice review releases tells them.")
        default:
            throw UsageError(message: "Say what to do: list, release ID, delete ID, log, releases or revoke RELEASE.")
        }
        return .success
    }

    /// Attachments read from the store at once (chosen).
    private static let page = 200

    private static func say(_ line: String) {
        var output = StandardOutput()
        output.line(line)
        output.flush()
    }

    private static func ticket(_ arguments: Arguments) throws -> TicketID? {
        guard let text = arguments["--ticket"] else { return nil }
        guard let known = TicketID(text) else {
            throw UsageError(
                message: "--ticket takes 1 to 64 letters, digits, - _ and ., not \(SafeText.display(text, limit: 80)).")
        }
        return known
    }

    private static func list(_ arguments: Arguments) throws {
        try listing(arguments) { (store, ticket, show) in
            var after: String?
            repeat {
                let found = try store.tickets.quarantined(on: ticket, after: after, limit: page)
                for detail in try store.tickets.details(of: found) {
                    show(StoredObject.object(detail), PeopleTable.lines(detail))
                }
                after = found.count == page ? found.last?.id : nil
            } while after != nil
        }
    }

    private static func listReleases(_ arguments: Arguments) throws {
        try listing(arguments) { (store, ticket, show) in
            for release in try store.review.allReleases(of: ticket) {
                show(StoredObject.object(release), PeopleTable.lines(release))
            }
        }
    }

    private static func listLog(_ arguments: Arguments) throws {
        try listing(arguments) { (store, ticket, show) in
            var last: Int64? = 0
            while let after = last {
                let found = try store.tickets.reviewEvents(after: after, limit: page)
                for event in found where ticket == nil || event.ticket == ticket {
                    show(StoredObject.object(event), PeopleTable.lines(event))
                }
                last = found.count == page ? found.last?.number : nil
            }
        }
    }

    /// Opens the store and shows what `list` finds in it, as JSON or as lines for people.
    private static func listing(
        _ arguments: Arguments,
        _ list: (Storage, TicketID?, _ show: (JSONObject, @autoclosure () -> [String]) -> Void) throws -> Void
    ) throws {
        let format = try arguments.format
        let ticket = try ticket(arguments)
        let store = try StoreLocation(arguments).open(creating: false)
        defer { store.close() }
        var output = StandardOutput()
        defer { output.flush() }
        try list(store, ticket) { object, lines in
            switch format {
            case .json: output.line(object.line)
            case .table: lines().forEach { output.line($0) }
            }
        }
    }

    private static func revoke(_ id: String, _ arguments: Arguments) throws {
        let person = try person(arguments)
        let store = try StoreLocation(arguments).open(creating: false)
        defer { store.close() }
        guard try store.review.revokeRelease(id, by: person) else {
            throw UsageError(
                message: "There is no release \(SafeText.display(id, limit: 80)); sluice review releases tells them.")
        }
    }

    private static func person(_ arguments: Arguments) throws -> String {
        guard let person = arguments["--by"], !person.isEmpty, person.utf8.count <= 200 else {
            throw UsageError(message: "Say who decides: --by NAME (at most 200 bytes).")
        }
        return person
    }

    private static func decide(
        _ id: String, _ arguments: Arguments,
        _ deed: (ReviewDesk, _ person: String, _ note: String) throws -> ReviewOutcome
    ) throws {
        let person = try person(arguments)
        // The same rule as at the endpoint.
        guard let note = arguments["--note"], !note.isEmpty, note.unicodeScalars.count <= 2000 else {
            throw UsageError(message: "Say why: --note TEXT (at most 2 000 characters).")
        }
        let store = try StoreLocation(arguments).open(creating: false)
        defer { store.close() }
        switch try deed(store.review, person, note) {
        case .done: return
        case .noSuchAttachment:
            throw UsageError(message: "There is no attachment \(SafeText.display(id, limit: 80)) in this store.")
        case .notQuarantined:
            throw UsageError(
                message: "The attachment \(id) is not quarantined; perhaps somebody has decided about it already.")
        case .sentByReviewer:
            throw UsageError(message: "Who sent an attachment does not release it; somebody else has to look at it.")
        }
    }
}
