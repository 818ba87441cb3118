// The counts that are taken while a text is read. The policy works out a category and its reason from them.

/// What is counted. Only the *sampled* lines count, unless the name says otherwise.
public enum TextFeature: UInt8, Sendable, CaseIterable {
    /// All line ends, plus an unfinished last line.
    case lines
    /// Lines that were looked at closely; all of them in a small text, a spread sample in a large one.
    case sampledLines
    case blankLines
    /// Begin with a date and time, a time or a clock count in one of the usual forms, perhaps behind a bracket or a priority.
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
    /// Several words as in a sentence.
    case proseLines
    /// Fields split by the commonest of comma, semicolon, tab and bar, as many as in the first line.
    case delimitedLines
    /// The number of fields of the first line, by that delimiter.
    case columns
    /// Bytes or code units that are NUL.
    case nulCharacters
    /// The longest of the sampled lines, in characters or bytes.
    case longestLine
    /// Cells that a spreadsheet would read as formulas (CSV only).
    case formulaCells
    /// Carry a time of day `hh:mm:ss` or `hh:mm` with a date somewhere in their first characters, at the beginning or not.
    case clockLines
    /// Begin with a date that no time follows.
    case dateLines
    /// Three or more `key=value` pairs in one line.
    case pairLines
    /// `key = value` or `key=value` alone, a part of `keyValueLines`.
    case assignmentLines
    /// Begin with a list mark: `- `, `* `, `1. `.
    case listLines
    /// Markdown or reStructuredText: headings, underlines, fences, links, directives.
    case markupLines
    /// Like program source: `import …`, `def …:`, `return`, statements that end in `;` or `)`.
    case codeLines
    /// Begin with a tag or end one.
    case tagLines
    /// End in an opening or are a closing brace.
    case braceLines
    /// Begin with a word and an argument or two, without a sentence's shape: `listen 80`, `hostname r1`.
    case commandLines
    /// Carry an IPv4 address.
    case addressLines
    /// A test result or progress line of a build, `[ok]`, `…%`, `==>`.
    case progressLines
    /// `123 --> 456`, numbers alone: subtitles and columns of figures.
    case numberLines
    /// Lines whose fields by the delimiter are mostly numbers.
    case numericRows

    // Lines that repeat other lines.
    /// Have the same shape, apart from letters and digits, as an earlier line.
    case repeatedShapes
    /// Say the same, apart from numbers, as an earlier line.
    case repeatedWordings
    /// Begin in the same shape as the line before.
    case alikeStarts
    /// Set a key that was set before.
    case repeatedKeys
    case repeatedFirstWords
    /// Begin with a time not before the last line's.
    case risingTimes

    // What a line holds.
    /// `name[123]`, a process with its number.
    case processLines
    /// An identifier of eight or more hexadecimal digits.
    case identifierLines
    /// A field in square brackets that is not the whole line.
    case bracketLines
    case quotedLines
    case pathLines
    case linkLines
    /// Three numbers or more.
    case numberedLines
    /// `GET …`, `HTTP/1.1`.
    case requestLines
    /// Two or more of the small words of English sentences.
    case smallWordLines
    /// A word that tells an event: started, failed, connection, timeout.
    case eventLines
    /// `12ms`, `0.3s`.
    case durationLines
    /// `level=…`, `"severity":`.
    case levelFields
    case arrowLines
    /// `...` somewhere.
    case ellipsisLines
    /// `$NAME`, `${name}`, `%name%`.
    case variableLines
    /// `eth0/1`, a word, a number and slashes: ports of devices.
    case portLines

    // The layout of a line.
    /// Over 200 characters.
    case longLines
    /// Under 16 characters.
    case shortLines
    case sentenceEnds
    case commaEnds
    case semicolonEnds
    case colonEnds
    case capitalStarts
    case digitStarts
    /// Indented by four columns or more.
    case deepLines
    case tabIndents
    /// Nothing but marks, as a rule.
    case ruleLines

    // Settings.
    /// `- key: …`.
    case listedKeys
    /// `key:` with nothing behind it.
    case openKeys
    case quotedValues
    /// End in a word such as true, no, off, enabled.
    case switchLines
    /// A key whose value is a number.
    case numberValues
    /// `#key = value`, a setting behind a comment mark.
    case hiddenSettings
    case hashComments
    case semicolonComments
    case exclamationComments
    case slashComments
    /// `KEY=value`.
    case upperKeys
    /// `"key":` at the beginning.
    case quotedKeys
    /// `From:`, `Subject:` and the like.
    case mailHeaders
    /// Begin with `set`, `unset`, `add`, `delete` or `edit`.
    case setLines
    /// `listen 80;`: words in small letters and a semicolon, no parenthesis, no equals sign.
    case statementLines
    /// `ServerName web-1`: begin with several words run together, each with its capital.
    case camelLines
    /// `key => value`.
    case fatArrows
    /// An XML element that is only attributes: `<user name="a"/>`.
    case emptyTags
    /// An XML element with its content in one line.
    case leafTags
    /// Hold something between backticks.
    case codeSpans

    // Marks of logs with several lines for each entry, and of logs in columns.
    /// Follow a line that began with a time, and begin with none.
    case linesUnderTime
    /// Have as many words as the line before, four at least.
    case alikeWords
    /// `#Fields:`, `#Software:`, `#separator`: the heads of the W3C's and Zeek's logs.
    case logHeaders

    // Marks of the output of a command, and of a rule set that a command prints.
    /// Rows of a listing or a table under titles, sums of files, columns of figures.
    case listingRows
    /// Lines of a packet filter's rule set.
    case ruleSetLines
}

/// Classes of characters, counted over the sampled lines.
public enum CharacterClass: UInt8, Sendable, CaseIterable {
    case small, capital, digit, blank, tab, point, comma, semicolon, colon, equals, doubleQuote, singleQuote, round,
        square,
        curly, angle, slash, backslash, bar, hyphen, underscore, hash, percent, ampersand, star, plus, at, dollar,
        exclamation, question, tilde, caret, backtick, control, high
}

/// The counts of one text, and its encoding.
public struct TextFeatures: Sendable, Hashable {
    public enum Encoding: UInt8, Sendable, CaseIterable {
        case ascii, utf8, utf8WithMark, utf16LittleEndian, utf16BigEndian, utf32LittleEndian, utf32BigEndian
        case singleByte, shiftJIS
        /// Other multi-byte code pages (EUC, GBK, Big5).
        case multiByte

        /// The name of the encoding for a person.
        public var words: String {
            switch self {
            case .ascii: "ASCII"
            case .utf8: "UTF-8"
            case .utf8WithMark: "UTF-8 with byte order mark"
            case .utf16LittleEndian: "UTF-16, little endian"
            case .utf16BigEndian: "UTF-16, big endian"
            case .utf32LittleEndian: "UTF-32, little endian"
            case .utf32BigEndian: "UTF-32, big endian"
            case .singleByte: "single-byte"
            case .shiftJIS: "Shift JIS"
            case .multiByte: "East Asian multi-byte"
            }
        }
    }

    public var encoding: Encoding
    /// In the order of `TextFeature.allCases`.
    public private(set) var counts: [UInt32]
    /// In the order of `CharacterClass.allCases`.
    public var characters: [UInt32]

    public init(encoding: Encoding) {
        self.encoding = encoding
        counts = Array(repeating: 0, count: TextFeature.allCases.count)
        characters = Array(repeating: 0, count: CharacterClass.allCases.count)
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
