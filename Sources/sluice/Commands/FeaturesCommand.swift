// `sluice features`: the counts of texts, for training the category model. It uses the same inspection and the same columns as a
// judgement.

import SluiceModel
import SluicePipeline
import SluicePolicy

extension Command {
    static let features = Command(
        name: "features", synopsis: "PATH… [--list FILE] [options]",
        summary: "Print the figures that a category rests on, for training (see Scripts/train-categories).",
        details: """
            One JSON object a text file: its path, its name, and the columns of the category model. What is no text has no line. With
            --list, further files are named in FILE, one a line: the path, a tab, and the name under which it is to be judged.
            """,
        options: [
            Option("--list", "FILE", "Further files: path, tab, name."),
            Option("--columns", nil, "Print only the columns' names."), .jobs, .weak,
        ]
    ) { arguments in
        var output = StandardOutput()
        defer { output.flush() }
        if arguments.isSet("--columns") {
            CategoryVector.names.forEach { output.line($0) }
            return .success
        }
        let listed = try arguments["--list"].map { try FeatureList.read($0) } ?? []
        let named = arguments.paths.map { FeatureList.Row(path: $0, name: DeclaredName(bytes: $0)) }
        // The name does not influence the inspection here: every file is read in the same way.
        let policy = FeatureList.policy
        let pipeline = try Composition.checking(arguments, policy)
        var hasFailed = false
        for row in named + listed {
            let submission = Submission(declaredName: DeclaredName("case.txt"), source: .batch)
            do throws(SluiceError) {
                switch try FileBody.open(row.path, followsLink: true) {
                case .notAFile: continue
                case .file(let body):
                    let answer = try await pipeline.ingest(submission, body: body)
                    if let line = FeatureList.line(row, answer.decision.inspection) { output.line(line) }
                }
            } catch {
                hasFailed = true
                StandardError.line("sluice features: \(SafeText.display(row.path)): \(error.what)")
            }
        }
        return hasFailed ? .failed : .success
    }
}

private enum FeatureList {
    struct Row {
        let path: [UInt8]
        let name: DeclaredName
    }

    static func read(_ path: String) throws(UsageError) -> [Row] {
        guard let content = SmallFile.read(path) else {
            throw UsageError(message: "--list: \(SafeText.display(path)) cannot be read, or is over 1 MiB.")
        }
        return content.split(separator: 0x0A).map { line in
            let parts = line.split(separator: 0x09, maxSplits: 1)
            return Row(path: Array(parts[0]), name: DeclaredName(bytes: Array(parts.last!)))
        }
    }

    /// The `bundle` policy with a limit for large files and without a card.
    static let policy: Policy = {
        var policy = Policy.builtIn.first { $0.name == "bundle" }!
        policy.sizeLimit = .mebibytes(1024)
        policy.card = false
        return policy
    }()

    /// - Returns: `nil` for content that is not text.
    static func line(_ row: Row, _ inspection: Inspection) -> String? {
        guard let text = inspection.text else { return nil }
        let vector = CategoryVector(name: row.name, recognized: inspection.recognized, text: text)
        let judged = CategoryJudge.judge(name: row.name, recognized: inspection.recognized, text: text)
        var object = JSONObject()
        object.add("path", String(decoding: row.path, as: UTF8.self))
        object.add("mediaType", inspection.recognized.mediaType.name)
        object.add("category", judged.category.rawValue)
        object.add("confidence", judged.confidence)
        object.add("isWeighed", CategoryJudge.isWeighed(inspection.recognized, text))
        object.add("values", numbers: vector.values)
        return object.line
    }
}
