// The reason for a category, in figures that a person can check against the file.

import SluiceModel

enum CategoryReasons {
    /// The sentence for a text whose form alone says that it is neither a log nor a configuration.
    static func documentForm(_ type: MediaType) -> String? {
        switch type.name {
        case "text/html": "a web page"
        case "message/rfc822": "a mail message"
        case "text/rtf": "a Rich Text document"
        case "application/postscript": "a PostScript document"
        case "image/svg+xml": "a drawing"
        case "text/vcard": "a contact card"
        case "text/calendar": "a calendar"
        case "text/x-script": "a script"
        case "text/x-php": "a program"
        default: nil
        }
    }

    /// How a person would describe lines with this feature; `nil` for features that explain nothing by themselves.
    private static func words(_ feature: TextFeature, _ text: TextFeatures) -> String? {
        switch feature {
        case .timestampLines: "begin with a timestamp"
        case .clockLines: "carry a time"
        case .severityLines: "carry a severity"
        case .jsonLines: "are JSON objects"
        case .keyValueLines: "are keys with values"
        case .sectionLines: "open a section"
        case .commentLines: "are comments"
        case .directiveLines: "are commands of a device"
        case .commandLines: "are a directive with arguments"
        case .indentedLines: "are indented"
        case .traceLines: "belong to stack traces"
        case .proseLines: "are prose"
        case .delimitedLines: "have the same \(text[.columns].grouped) fields"
        case .pairLines: "hold several key=value pairs"
        case .listLines: "are list items"
        case .markupLines: "are marked up like a document"
        case .codeLines: "look like program source"
        case .addressLines: "carry an IP address"
        case .numericRows: "are rows of figures"
        case .numberLines: "hold no letter"
        case .processLines: "name a process with its number"
        case .identifierLines: "carry a hexadecimal identifier"
        case .pathLines: "name a path"
        case .requestLines: "tell of a request"
        case .smallWordLines: "read like a sentence"
        case .eventLines: "tell an event"
        case .durationLines: "carry a duration"
        case .levelFields: "have a level field"
        case .portLines: "name a port"
        case .sentenceEnds: "end with a full stop"
        case .ruleLines: "are rules of marks"
        case .listedKeys: "are list items with a key"
        case .openKeys: "are keys with nothing behind them"
        case .quotedValues: "set a quoted value"
        case .switchLines: "end in a switch such as true or off"
        case .numberValues: "set a number"
        case .hiddenSettings: "are settings behind a comment mark"
        case .hashComments: "begin with #"
        case .semicolonComments: "begin with ;"
        case .exclamationComments: "begin with !"
        case .slashComments: "are // comments"
        case .upperKeys: "set a variable"
        case .quotedKeys: "begin with a quoted key"
        case .mailHeaders: "are fields of a mail"
        case .variableLines: "use a variable"
        case .setLines: "begin with a command such as set or edit"
        case .statementLines: "are directives that end in a semicolon"
        case .camelLines: "begin with words run together, as in ServerName"
        case .fatArrows: "assign with =>"
        case .emptyTags: "are XML elements of attributes alone"
        case .leafTags: "are XML elements with one value"
        case .linesUnderTime: "belong to an entry that began with a timestamp"
        case .logHeaders: "name the fields of a log"
        default: nil
        }
    }

    /// How much each feature adds to the score of a category above the mean of the other two, summed over its columns; in the order of
    /// the features.
    private static func gains(_ category: Category, _ vector: CategoryVector) -> [(feature: TextFeature, gain: Double)]
    {
        let wanted = CategoryWeights.index(category)
        var gains = TextFeature.allCases.map { (feature: $0, gain: 0.0) }
        for (index, column) in CategoryVector.columns.enumerated() {
            let feature: TextFeature
            switch column {
            case .share(let named), .root(let named): feature = named
            default: continue
            }
            let weights = CategoryWeights.rows[index].weights
            let others = (weights[0] + weights[1] + weights[2] - weights[wanted]) / 2
            gains[Int(feature.rawValue)].gain += (weights[wanted] - others) * vector.values[index]
        }
        return gains
    }

    /// `94 % of 1 200 lines begin with a timestamp, 31 % carry a severity`: the two features that weighed most for the category.
    static func sentence(_ category: Category, _ text: TextFeatures, _ vector: CategoryVector) -> String {
        let marks = CategoryForms.marks[category]
        var gains = gains(category, vector).filter {
            text[$0.feature] > 0 && words($0.feature, text) != nil && marks?.contains($0.feature) != false
        }
        if category == .logFile {
            // Times and severities are the easiest marks of a log for a person to check, so they come first where they count at all.
            for index in gains.indices
            where [.timestampLines, .clockLines, .severityLines].contains(gains[index].feature)
                && text[gains[index].feature] * 20 > text[.sampledLines] && gains[index].gain > 0
            { gains[index].gain += 100 }
        }
        gains.sort { $0.gain > $1.gain }
        // A timestamp at the beginning is also a time in the line: name only the stronger of the two.
        if let first = gains.first(where: { $0.feature == .timestampLines || $0.feature == .clockLines }) {
            let covered = text[.timestampLines] * 10 >= text[.clockLines] * 9
            gains.removeAll {
                ($0.feature == .clockLines && covered)
                    || ($0.feature == .timestampLines && !covered && first.feature == .clockLines)
            }
        }
        let lines = text[.sampledLines] - text[.blankLines]
        var out = ""
        // Two features may have the same words: only the stronger is named.
        var told: Set<String> = []
        gains.removeAll { !told.insert(words($0.feature, text) ?? "").inserted }
        let strongest = gains.prefix(2).filter { $0.gain > 0.05 }
        for (feature, _) in strongest.sorted(by: { text[$0.feature] > text[$1.feature] }) {
            let share = percent(Double(text[feature]) / Double(max(1, lines)))
            guard let words = words(feature, text) else { continue }
            out = join(out, out.isEmpty ? "\(share) of \(amount(text, lines)) \(words)" : "\(share) \(words)")
        }
        return out
    }

    static func nothingSpeaks(_ text: TextFeatures) -> String {
        "\(amount(text, text[.sampledLines] - text[.blankLines])) show neither the marks of a log nor those of a configuration"
    }

    static func amount(_ text: TextFeatures, _ lines: Int) -> String {
        let sampled = text[.sampledLines] < text[.lines] ? "sampled " : ""
        return "\(lines.grouped) \(sampled)\(lines == 1 ? "line" : "lines")"
    }

    static func join(_ first: String, _ second: String) -> String {
        first.isEmpty ? second : first + ", " + second
    }

    /// Rounded down below all lines and up above none, so that `100 %` means every line.
    static func percent(_ share: Double) -> String {
        if share >= 1 { return "100 %" }
        if share > 0 && share < 0.01 { return "under 1 %" }
        return "\(Int(share * 100)) %"
    }
}
