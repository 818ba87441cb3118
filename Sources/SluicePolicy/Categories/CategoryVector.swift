// The columns of the linear model: shares of lines and of characters, and the hint of the name. Training and judging share this file, so
// that both see the same numbers.

public import SluiceModel

/// A text and its name as the numbers of the model.
public struct CategoryVector: Sendable {
    /// In the order of `names`.
    public let values: [Double]

    /// What a column stands for.
    enum Column: Sendable {
        /// The share of the lines that are not blank.
        case share(TextFeature)
        /// The square root of that share: a few lines of a kind say nearly as much as many.
        case root(TextFeature)
        /// The square root of the share of characters.
        case characters(CharacterClass)
        case blankShare
        /// Nearly all rows have the same number of fields, two or more, and few rows begin with a time.
        case table
        /// The same with three fields or more, some of which hold a time.
        case timedTable
        /// Characters in a line, as a part of 200.
        case width
        /// Fewer than ten lines.
        case few
        case json
        case xml
        case name(Category)

        var name: String {
            switch self {
            case .share(let feature): "\(feature)"
            case .root(let feature): "\(feature).root"
            case .characters(let kind): "characters.\(kind)"
            case .name(let category): "name.\(category)"
            default: "\(self)"
            }
        }
    }

    /// Features that are not shares of lines, or say nothing about the category.
    private static let apart: Set<TextFeature> = [
        .lines, .sampledLines, .blankLines, .columns, .nulCharacters, .longestLine, .formulaCells,
        // CategoryForms judges these.
        .listingRows, .ruleSetLines,
    ]

    static let columns: [Column] = {
        let shares = TextFeature.allCases.filter { !apart.contains($0) }
        return shares.map { .share($0) } + shares.map { .root($0) } + CharacterClass.allCases.map { .characters($0) }
            + [.blankShare, .table, .timedTable, .width, .few, .json, .xml]
            + [Category.logFile, .configuration, .other].map { .name($0) }
    }()

    public static let names: [String] = columns.map(\.name)

    public init(name: DeclaredName, recognized: RecognizedType, text: TextFeatures) {
        self.init(NameEvidence(name), recognized, text)
    }

    init(_ named: NameEvidence?, _ recognized: RecognizedType, _ text: TextFeatures) {
        let lines = Double(max(1, text[.sampledLines] - text[.blankLines]))
        let characters = Double(max(1, text.characters.reduce(UInt64(0)) { $0 + UInt64($1) }))
        let isTable = Double(text[.delimitedLines]) > 0.9 * lines && text[.columns] >= 2
        values = Self.columns.map { column in
            switch column {
            case .share(let feature): min(1, Double(text[feature]) / lines)
            case .root(let feature): min(1, Double(text[feature]) / lines).squareRoot()
            case .characters(let kind): (Double(text.characters[Int(kind.rawValue)]) / characters).squareRoot()
            case .blankShare: text.share(.blankLines)
            case .table: isTable && Double(text[.timestampLines]) < 0.3 * lines ? 1 : 0
            case .timedTable: isTable && text[.columns] >= 3 && Double(text[.clockLines]) > 0.7 * lines ? 1 : 0
            case .width: min(1, characters / lines / 200)
            case .few: lines < 10 ? 1 : 0
            case .json: recognized.mediaType == .json ? 1 : 0
            case .xml: recognized.mediaType.name.hasSuffix("xml") ? 1 : 0
            case .name(let category): named?.category == category ? named!.strength : 0
            }
        }
    }
}
