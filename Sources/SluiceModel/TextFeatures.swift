// What reading a text once tells about it: counts, from which the policy works out a category with a reason.

/// What is counted while a text is read. Lines are counted over the *sampled* lines where the name does not say otherwise.
public enum TextFeature: UInt8, Sendable, CaseIterable {
    /// All line ends, plus an unfinished last line.
    case lines
    /// Lines that were looked at closely; all of them in a small text, a spread sample in a large one.
    case sampledLines
    case blankLines
    /// Begin with a date or time in one of the usual forms, perhaps behind a bracket or a priority.
    case timestampLines
    /// Carry a severity word as a field of its own (ERROR, WARN, info: …).
    case severityLines
    /// One JSON object a line.
    case jsonLines
    /// `key = value`, `key: value`.
    case keyValueLines
    /// `[section]`, `<Section …>`, `section {`.
    case sectionLines
    /// Begin with `#`, `;`, `//`, `!`, `--`.
    case commentLines
    case indentedLines
    /// `set …`, `config …`, `edit …`, `end`, `interface …`, `no …`: the device dialects' commands.
    case directiveLines
    /// Like a stack trace: `at a.b.C(`, `File "…", line`, `Caused by:`.
    case traceLines
    /// End like a sentence of prose.
    case proseLines
    /// Fields split by the commonest of comma, semicolon, tab and bar, as many as in the first line.
    case delimitedLines
    /// The number of fields of the first line, by that delimiter.
    case columns
    /// Bytes or code units that are NUL.
    case nulCharacters
    /// The longest line, in characters or bytes.
    case longestLine
    /// Cells that a spreadsheet would read as formulas (CSV only).
    case formulaCells
}

/// The counts of one text, and its encoding.
public struct TextFeatures: Sendable, Hashable {
    public enum Encoding: UInt8, Sendable, CaseIterable {
        case ascii, utf8, utf8WithMark, utf16LittleEndian, utf16BigEndian, utf32LittleEndian, utf32BigEndian
        case singleByte, shiftJIS
        /// Other multi-byte code pages (EUC, GBK, Big5).
        case multiByte
    }

    public var encoding: Encoding
    /// In the order of `TextFeature.allCases`.
    public private(set) var counts: [UInt32]

    public init(encoding: Encoding) {
        self.encoding = encoding
        counts = Array(repeating: 0, count: TextFeature.allCases.count)
    }

    public subscript(feature: TextFeature) -> Int {
        get { Int(counts[Int(feature.rawValue)]) }
        set { counts[Int(feature.rawValue)] = UInt32(clamping: newValue) }
    }

    /// The part of the sampled lines that has a feature, from 0 to 1.
    public func share(_ feature: TextFeature) -> Double {
        let sampled = self[.sampledLines]
        return sampled == 0 ? 0 : Double(self[feature]) / Double(sampled)
    }
}
