// What a command is, and the list of them all.

import SluiceModel

/// One command: its words for the help and what it does.
struct Command: Sendable {
    let name: String
    /// What follows the name: `PATH… --ticket ID`.
    let synopsis: String
    let summary: String
    /// Further lines of the help.
    let details: String
    let options: [Option]
    let run: @Sendable (Arguments) async throws -> ExitStatus

    static let all: [Command] = [
        .check, .importing, .watch, .serve, .token, .review, .reconcile, .verify, .store, .categorize, .corrections,
        .findings,
        .policy, .features, .doctor, .completion,
    ]

    var help: String {
        var lines = ["usage: sluice \(name) \(synopsis)", "", summary]
        if !details.isEmpty { lines += ["", details] }
        let rows = (options + [Option("--help", nil, "Show this.")]).map { option in
            (option.name + (option.value.map { " " + $0 } ?? ""), option.help)
        }
        lines += ["", "Options:"] + Self.columns(rows)
        return lines.joined(separator: "\n")
    }

    static var overview: String {
        let rows = all.map { ($0.name + " " + $0.synopsis, $0.summary) }
        return """
            Sluice proves what an attachment is, looks inside archives, decides, and hands on what it accepted.

            usage: sluice COMMAND …

            Commands:
            \(columns(rows).joined(separator: "\n"))

            sluice COMMAND --help says more about each.
            Exit status: 0 all accepted (or duplicate), 1 something rejected or quarantined, 2 usage or policy file wrong,
            3 something failed and can be tried again, 130 interrupted.
            """
    }

    private static func columns(_ rows: [(String, String)]) -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  " + $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
    }
}
