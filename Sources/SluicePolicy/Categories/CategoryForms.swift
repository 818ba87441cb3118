// Two questions that are answered without weights. Does the form of the lines alone decide (the output of a command, a rule set)? Does
// the text hold any mark of the category that the weights chose? Without a mark, the weights only name the least unlikely category.

import SluiceModel

enum CategoryForms {
    /// The form decides from this share of lines on (chosen: the lines that a command prints above and below its rows are fewer than the
    /// rows).
    private static let most = 0.5

    /// - Parameter lines: the number of lines that are not blank.
    static func judge(_ text: TextFeatures, _ lines: Int, _ named: NameEvidence?) -> CategoryJudgement? {
        func share(_ feature: TextFeature) -> Double { Double(text[feature]) / Double(max(1, lines)) }
        func basis(_ feature: TextFeature, _ words: String) -> String {
            "\(CategoryReasons.percent(share(feature))) of \(CategoryReasons.amount(text, lines)) \(words)."
        }
        func confidence(_ share: Double) -> Double { (min(0.95, 0.5 + share * 0.45) * 100).rounded() / 100 }
        if share(.ruleSetLines) > most, lines >= 3 {
            return CategoryJudgement(
                .configuration, basis: basis(.ruleSetLines, "are rules of a packet filter"),
                confidence: confidence(share(.ruleSetLines)))
        }
        // A row that begins with a time belongs to a log, whatever stands above it. Some logs hold tables between their entries.
        let isNamedLog =
            named?.category == .logFile && text[.severityLines] > 0 && text[.clockLines] > 0
        if share(.listingRows) > most, !isNamedLog, lines >= 2, share(.timestampLines) < 0.2,
            share(.severityLines) < 0.05
        {
            return CategoryJudgement(
                .other, basis: basis(.listingRows, "are rows of a listing as commands print it"),
                confidence: confidence(share(.listingRows)))
        }
        return nil
    }

    /// What a person would call a mark of a category. Other has no marks: it is what remains.
    static let marks: [Category: Set<TextFeature>] = [
        .logFile: [
            .timestampLines, .clockLines, .severityLines, .jsonLines, .traceLines, .pairLines, .processLines,
            .identifierLines, .requestLines, .eventLines, .durationLines, .levelFields, .linesUnderTime, .logHeaders,
            .dateLines, .addressLines, .delimitedLines, .numericRows, .numberLines, .pathLines,
        ],
        .configuration: [
            .keyValueLines, .sectionLines, .commentLines, .directiveLines, .commandLines, .indentedLines, .listLines,
            .addressLines, .listedKeys, .openKeys, .quotedValues, .switchLines, .numberValues, .hiddenSettings,
            .hashComments, .semicolonComments, .exclamationComments, .slashComments, .upperKeys, .quotedKeys,
            .variableLines, .setLines, .statementLines, .camelLines, .fatArrows, .emptyTags, .leafTags, .portLines,
            .pairLines, .tagLines, .braceLines, .assignmentLines, .pathLines,
        ],
    ]

    static func hasMark(of category: Category, _ text: TextFeatures, _ named: NameEvidence?) -> Bool {
        guard let marks = marks[category] else { return true }
        return named?.category == category || marks.contains { text[$0] > 0 }
    }
}
