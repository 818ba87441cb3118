// `sluice token`: makes, lists and revokes the tokens of the endpoint. The text of a token is printed once, when it is made.

import SluiceModel
import SluicePipeline
import SluiceStorage

extension Command {
    static let token = Command(
        name: "token", synopsis: "create|list|revoke [ID] [--store DIR] [options]",
        summary: "Make, list and revoke the tokens of the upload endpoint.",
        details: """
            create prints the token as its last line, this once and never again: only its digest is kept. A submitter sends attachments and
            reads what became of those sent under its own name; with --ticket it reads all of that ticket, with --all-tickets all of every
            ticket. A reviewer reads all and also decides what is quarantined; an admin also makes tokens. A running endpoint takes a new
            token at once, and refuses a revoked one within 5 seconds.
            """,
        options: [
            Option("--role", "ROLE", "For create: submitter, reviewer or admin."),
            Option("--ticket", "ID", "For create: the only ticket that it reaches; by default all."),
            Option("--all-tickets", nil, "For create: a submitter that also reads what others sent, on every ticket."),
            Option("--submitter", "NAME", "For create: whom it speaks for; on record with what is sent."),
            .store, .blobs, .spool, .format,
        ]
    ) { arguments in
        let words = arguments.words
        switch (words.first, words.count) {
        case ("create", 1): try create(arguments)
        case ("list", 1): try list(arguments)
        case ("revoke", 2): try revoke(words[1], arguments)
        case ("revoke", _): throw UsageError(message: "Name the token by its id: sluice token revoke ID.")
        default: throw UsageError(message: "Say what to do: create, list or revoke ID.")
        }
        return .success
    }

    private static func create(_ arguments: Arguments) throws {
        guard let role = try arguments.choice("--role", Role.self) else {
            throw UsageError(message: "Say what it may do: --role submitter, reviewer or admin.")
        }
        var ticket: TicketID?
        if let text = arguments["--ticket"] {
            guard let known = TicketID(text) else {
                throw UsageError(message: "--ticket takes 1 to 64 letters, digits, -, _ and ., not \(shown(text)).")
            }
            ticket = known
        }
        let seesAllTickets = arguments.isSet("--all-tickets")
        if seesAllTickets && ticket != nil {
            throw UsageError(message: "Give --ticket or --all-tickets, not both.")
        }
        let submitter = arguments["--submitter"]
        if let submitter, !SubmitterName.isOne(submitter) {
            throw UsageError(message: "--submitter takes \(SubmitterName.rule), not \(shown(submitter)).")
        }
        let store = try StoreLocation(arguments).open()
        defer { store.close() }
        let made = try store.tokens.create(role, ticket: ticket, submitter: submitter, seesAllTickets: seesAllTickets)
        var output = StandardOutput()
        defer { output.flush() }
        switch try arguments.format {
        case .json: output.line(object(made.token).line)
        case .table: output.line("Token \(line(made.token)). It is shown this once:")
        }
        output.line(made.text)
    }

    private static func list(_ arguments: Arguments) throws {
        let format = try arguments.format
        let store = try StoreLocation(arguments).open(creating: false)
        defer { store.close() }
        var output = StandardOutput()
        defer { output.flush() }
        for token in try store.tokens.all() { output.line(format == .json ? object(token).line : line(token)) }
    }

    private static func revoke(_ id: String, _ arguments: Arguments) throws {
        let store = try StoreLocation(arguments).open(creating: false)
        defer { store.close() }
        guard try store.tokens.revoke(id) else {
            throw UsageError(message: "There is no token \(shown(id)); sluice token list tells them all.")
        }
    }

    private static func shown(_ text: String) -> String { SafeText.display(text, limit: 80) }

    private static func line(_ token: StoredToken) -> String {
        var words = [token.id, token.role.rawValue]
        if let ticket = token.ticket { words.append("on \(ticket)") }
        if let submitter = token.submitter { words.append("for \(SafeText.display(submitter))") }
        if token.seesAllTickets { words.append("reads all tickets") }
        words.append("made \(time(token.createdAt))")
        if let revoked = token.revokedAt { words.append("revoked \(time(revoked))") }
        return words.joined(separator: "  ")
    }

    private static func object(_ token: StoredToken) -> JSONObject {
        var object = JSONObject()
        object.add("id", token.id)
        object.add("role", token.role.rawValue)
        object.add("submitter", token.submitter)
        object.add("ticket", token.ticket?.text)
        object.add("allTickets", token.seesAllTickets)
        object.add("created", time(token.createdAt))
        object.add("revoked", token.revokedAt.map(time))
        return object
    }

    private static func time(_ microseconds: Int64) -> String { CivilTime.text(microseconds / 1_000_000) + "Z" }
}
