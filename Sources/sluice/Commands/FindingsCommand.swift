// `sluice findings`: the tables of codes. Lists every finding with its level and words; with `--errors`, every error with its statuses.

import SluiceModel
import SluicePipeline

extension Command {
    static let findings = Command(
        name: "findings", synopsis: "[CODE…] [--errors]",
        summary: "List the findings that an inspection can give, or the errors, or explain some of them.",
        details:
            "A finding is a fact about an attachment; an error means that our own work failed or that a request cannot be answered.\n"
            + "Codes are stable: they are never renamed and never reused. {0}, {1} … stand for the figures of a case.",
        options: [
            .format,
            Option("--errors", nil, "List the errors instead: HTTP status, exit status, whose fault, who mends them."),
        ]
    ) { arguments in
        let format = try arguments.format
        let asked = arguments.words
        let lines: [CodeLine]
        if arguments.isSet("--errors") {
            lines = try selected(asked, from: ErrorDefinition.all, "error", ErrorDefinition.named).map(CodeLine.init)
        } else {
            lines = try selected(asked, from: FindingDefinition.all, "finding", FindingDefinition.named)
                .map(CodeLine.init)
        }
        var output = StandardOutput()
        defer { output.flush() }
        for line in lines {
            switch format {
            case .json: output.line(line.object.line)
            case .table where asked.isEmpty: output.line(line.row)
            case .table: line.explanation.forEach { output.line($0) }
            }
        }
        return .success
    }

    private static func selected<Definition>(
        _ codes: [String], from all: [Definition], _ kind: String, _ named: (String) -> Definition?
    ) throws(UsageError) -> [Definition] {
        if codes.isEmpty { return all }
        var out: [Definition] = []
        for code in codes {
            guard let definition = named(code) else {
                throw UsageError(message: "There is no \(kind) \(SafeText.display(code)).")
            }
            out.append(definition)
        }
        return out
    }
}

/// One line of a table of codes, in its three forms.
private struct CodeLine {
    let object: JSONObject
    let row: String
    let explanation: [String]

    init(_ finding: FindingDefinition) {
        var object = JSONObject()
        object.add("code", finding.code)
        object.add("severity", finding.severity.rawValue)
        object.add("title", finding.title)
        object.add("what", finding.what)
        object.add("why", finding.why)
        object.add("remedy", finding.mend)
        self.object = object
        row = Self.padded(finding.code, 34) + Self.padded(finding.severity.rawValue, 12) + finding.what
        explanation = [
            finding.code, "  title  \(finding.title)",
            "  level  \(finding.severity.rawValue) (unless the policy says otherwise)",
            "  what   \(finding.what)", "  why    \(finding.why)", "  mend   \(finding.mend)",
        ]
    }

    init(_ error: ErrorDefinition) {
        var object = JSONObject()
        object.add("code", error.code)
        object.add("fault", error.fault.rawValue)
        object.add("mending", error.mending.rawValue)
        object.add("reach", error.reach.rawValue)
        object.add("httpStatus", json: error.httpStatus.map { "\($0)" } ?? "null")
        object.add("retryAfter", json: error.retryAfter.map { "\($0)" } ?? "null")
        object.add("exitStatus", json: error.exitStatus.map { "\($0)" } ?? "null")
        object.add("what", error.what)
        object.add("remedy", error.remedy)
        self.object = object
        let (http, exit) = (error.httpStatus.map { "\($0)" } ?? "-", error.exitStatus.map { "\($0)" } ?? "-")
        row =
            Self.padded(error.code, 34) + Self.padded("HTTP \(http)", 10) + Self.padded("exit \(exit)", 8)
            + Self.padded(error.fault.rawValue, 13) + Self.padded(error.mending.rawValue, 13) + error.what
        explanation = [
            error.code, "  what   \(error.what)", "  fault  \(error.fault.rawValue)",
            "  mended \(error.mending.rawValue), stops \(error.reach.rawValue)",
            "  HTTP   \(http)\(error.retryAfter.map { ", Retry-After \($0)" } ?? "")", "  exit   \(exit)",
            "  mend   \(error.remedy)",
        ]
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
