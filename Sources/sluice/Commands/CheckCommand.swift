// `sluice check`: judge files and store nothing.

import SluiceModel

extension Command {
    static let check = Command(
        name: "check", synopsis: "PATH… [options]",
        summary: "Judge files and folders; store nothing.",
        details: """
            A folder is walked. Links met on the way are refused, never followed. What import leaves out is left out here too.
            """,
        options: [
            .policy, .category,
            Option("--store", "DIR", "Let pass what reviewers released in this ticket store; by default none."),
            .format, .manifest,
            .jobs, .weak,
        ]
    ) { arguments in
        guard !arguments.paths.isEmpty else { throw UsageError(message: "Name at least one file or folder.") }
        let claims = Submission(
            declaredName: DeclaredName(""), declaredCategory: try arguments.choice("--category", Category.self),
            source: .batch)
        let run = Run(
            pipeline: try Composition.checking(arguments), jobs: try arguments.jobs, format: try arguments.format,
            claims: claims, hasManifest: arguments.isSet("--manifest"))
        return await run.over(arguments.paths)
    }
}
