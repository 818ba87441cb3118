// `sluice findings`: every finding there is, with its level and words.

import SluiceModel
import SluicePipeline

extension Command {
    static let findings = Command(
        name: "findings", synopsis: "[CODE…]",
        summary: "List the findings that an inspection can give, or explain some of them.",
        details:
            "Codes are stable: they are never renamed and never reused. {0}, {1} … stand for the figures of a case.",
        options: [.format]
    ) { arguments in
        let format = try arguments.format
        let asked = arguments.words
        var output = StandardOutput()
        defer { output.flush() }
        for definition in try selected(asked) {
            switch format {
            case .json: output.line(object(definition).line)
            case .table where asked.isEmpty: output.line(row(definition))
            case .table: explain(definition).forEach { output.line($0) }
            }
        }
        return .success
    }

    private static func selected(_ codes: [String]) throws(UsageError) -> [FindingDefinition] {
        if codes.isEmpty { return FindingDefinition.all }
        var out: [FindingDefinition] = []
        for code in codes {
            guard let definition = FindingDefinition.named(code) else {
                throw UsageError(message: "There is no finding \(SafeText.display(code)).")
            }
            out.append(definition)
        }
        return out
    }

    private static func row(_ definition: FindingDefinition) -> String {
        func pad(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(1, width - text.count))
        }
        return pad(definition.code, 34) + pad(definition.severity.rawValue, 12) + definition.title
    }

    private static func explain(_ definition: FindingDefinition) -> [String] {
        [
            definition.code, "  level  \(definition.severity.rawValue) (unless the policy says otherwise)",
            "  title  \(definition.title)", "  what   \(definition.what)", "  why    \(definition.why)",
            "  mend   \(definition.mend)",
        ]
    }

    private static func object(_ definition: FindingDefinition) -> JSONObject {
        var object = JSONObject()
        object.add("code", definition.code)
        object.add("severity", definition.severity.rawValue)
        object.add("title", definition.title)
        object.add("what", definition.what)
        object.add("why", definition.why)
        object.add("remedy", definition.mend)
        return object
    }
}
