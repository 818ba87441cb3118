// `sluice import`: judge files and store them. A file that is reported as accepted is durable.

import SluiceModel

extension Command {
    static let importing = Command(
        name: "import", synopsis: "PATH… --ticket ID [options]",
        summary: "Judge files and folders and record them on a ticket.",
        details: """
            A folder is walked. A ticket that does not exist is opened. Importing the same again adds nothing: what is on the ticket
            already is answered as duplicate, so an interrupted import is simply run again. What desktops, editors and unfinished
            transfers leave in a folder (.DS_Store, Thumbs.db, ~$…, .part …) is left out and told; named by itself, it is taken.
            """,
        options: [
            Option("--ticket", "ID", "The ticket: letters, digits, - _ and . (at most 64)."), .store, .blobs, .spool,
            .policy,
            .category,
            Option("--submitter", "NAME", "Who sends it; kept with the attachment."), .format, .jobs, .weak,
        ]
    ) { arguments in
        guard !arguments.paths.isEmpty else { throw UsageError(message: "Name at least one file or folder.") }
        guard let text = arguments["--ticket"] else { throw UsageError(message: "Say which ticket: --ticket ID.") }
        guard let ticket = TicketID(text) else {
            throw UsageError(
                message: "--ticket takes 1 to 64 letters, digits, - _ and ., not \(SafeText.display(text, limit: 80)).")
        }
        if let name = arguments["--submitter"], !SubmitterName.isOne(name) {
            throw UsageError(
                message: "--submitter takes \(SubmitterName.rule), not \(SafeText.display(name, limit: 80)).")
        }
        let claims = Submission(
            declaredName: DeclaredName(""), declaredCategory: try arguments.choice("--category", Category.self),
            ticket: ticket, submitter: arguments["--submitter"], source: .batch)
        let run = Run(
            pipeline: try Composition.importing(arguments), jobs: try arguments.jobs, format: try arguments.format,
            claims: claims)
        return await run.over(arguments.paths)
    }
}
