// How much each counted feature speaks for each category. A linear model over shares of lines, fitted to labelled files of many programs and
// rounded; the counts themselves are taken in SluiceInspection.

import SluiceModel

enum CategoryWeights {
    /// The categories in the order of every row's weights.
    static let order: [Category] = [.logFile, .configuration, .other]

    static func index(_ category: Category) -> Int {
        switch category {
        case .logFile: 0
        case .configuration: 1
        case .other: 2
        }
    }

    /// One feature with its weights.
    struct Row: Sendable {
        enum Source: Sendable {
            /// The share of the lines that are not blank, times a factor, at most 1: a log of long records has few lines with a time.
            case share(TextFeature, times: Double)
            case blankShare
            /// Nearly all rows have the same two or more fields, and few begin with a time.
            case table
        }

        let source: Source
        let weights: [Double]

        init(_ source: Source, _ log: Double, _ configuration: Double, _ other: Double) {
            self.source = source
            weights = [log, configuration, other]
        }

        /// From 0 to 1.
        func value(_ text: TextFeatures) -> Double {
            let lines = Double(max(1, text[.sampledLines] - text[.blankLines]))
            switch source {
            case .share(let feature, let times): return min(1, Double(text[feature]) / lines * times)
            case .blankShare: return text.share(.blankLines)
            case .table:
                return Double(text[.delimitedLines]) > 0.9 * lines && text[.columns] >= 2
                    && Double(text[.timestampLines]) < 0.3 * lines
                    ? 1 : 0
            }
        }
    }

    static let bias = [-0.52, -0.16, 0.68]

    static let rows: [Row] = [
        Row(.share(.timestampLines, times: 2), 0.94, -0.43, -0.51),
        Row(.share(.severityLines, times: 4), 0.98, -0.57, -0.41),
        Row(.share(.jsonLines, times: 1.2), 0.84, -0.16, -0.68),
        Row(.share(.keyValueLines, times: 1), 0.02, 0.72, -0.74),
        Row(.share(.sectionLines, times: 4), -0.38, 0.50, -0.12),
        Row(.share(.commentLines, times: 1), -0.35, 1.84, -1.48),
        Row(.share(.indentedLines, times: 1), -0.19, 0.54, -0.35),
        Row(.share(.directiveLines, times: 2), -0.14, 1.19, -1.05),
        Row(.share(.traceLines, times: 4), 0.51, -0.31, -0.20),
        Row(.share(.proseLines, times: 2), -0.87, 0.09, 0.78),
        Row(.share(.delimitedLines, times: 1), 0.45, -0.61, 0.17),
        Row(.share(.clockLines, times: 4), 2.24, -1.64, -0.60),
        Row(.share(.pairLines, times: 2), 0.62, -0.25, -0.37),
        Row(.share(.assignmentLines, times: 1), -0.28, 0.78, -0.50),
        Row(.share(.listLines, times: 1), -0.43, -0.23, 0.66),
        Row(.share(.markupLines, times: 2), -0.34, -1.09, 1.43),
        Row(.share(.codeLines, times: 3), -0.02, -1.18, 1.19),
        Row(.share(.tagLines, times: 1.5), 0.34, -0.32, -0.02),
        Row(.share(.braceLines, times: 3), -0.23, 0.17, 0.07),
        Row(.share(.commandLines, times: 1), -0.36, 1.68, -1.32),
        Row(.share(.addressLines, times: 1), 0.91, -0.18, -0.73),
        Row(.share(.numberLines, times: 1), -0.94, 0.47, 0.48),
        Row(.share(.numericRows, times: 1), -0.65, -0.30, 0.95),
        Row(.blankShare, -0.77, -0.27, 1.05),
        Row(.table, -0.24, -0.58, 0.82),
    ]
}
