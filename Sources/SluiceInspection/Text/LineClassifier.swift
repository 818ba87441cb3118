// What one line is like: the counts that a category rests on. Which lines are looked at is LineSampler's, times are in Timestamps.swift,
// words in LineWords.swift.

import SluiceModel

/// Counts features of the lines it is given.
struct LineClassifier {
    private(set) var lines = 0
    private(set) var privateKeyLine: Int?
    private var counts = Array(repeating: 0, count: TextFeature.allCases.count)
    /// How often each of comma, semicolon, tab and bar stands in the first line that is not blank; `nil` before it.
    private var firstDelimiters: [Int]?
    private var alike = [0, 0, 0, 0]
    private var traits = LineTraits()
    /// The line at hand begins with a time.
    private var isTimed = false

    private mutating func count(_ feature: TextFeature) { counts[Int(feature.rawValue)] += 1 }

    /// - Parameters:
    ///   - kept: the line's beginning, without its end mark.
    ///   - length: the whole line's.
    ///   - last: the whole line's last byte.
    mutating func take(_ kept: Span<UInt8>, length: Int, last: UInt8) {
        lines += 1
        let longest = Int(TextFeature.longestLine.rawValue)
        counts[longest] = max(counts[longest], length)
        let shape = LineShape(kept, isWhole: kept.count == length)
        if shape.isBlank { return count(.blankLines) }
        isTimed = false
        takeTimes(kept, shape)
        takeStructure(kept, shape, last)
        takeWords(kept, shape, length, last)
        takeDelimiters(shape)
    }

    private mutating func takeTimes(_ line: Span<UInt8>, _ shape: LineShape) {
        // `00:00:12,345 --> 00:00:14,000` times a subtitle, not an event.
        if shape.letters == 0 && shape.angles == 1 { return }
        switch Timestamp.leading(line) {
        case .time:
            isTimed = true
            count(.timestampLines)
            count(.clockLines)
        case .date:
            count(.dateLines)
            if Timestamp.anywhere(line) { count(.clockLines) }
        case .none:
            if shape.digits >= 4 && Timestamp.anywhere(line) { count(.clockLines) }
        }
        if LineWords.hasSeverity(line) { count(.severityLines) }
    }

    private mutating func takeStructure(_ line: Span<UInt8>, _ shape: LineShape, _ last: UInt8) {
        let first = line[shape.start]
        let second = line.byte(shape.start + 1) ?? 0x20
        let final = shape.isWhole ? line[shape.end - 1] : last == 0x0D ? UInt8(ascii: " ") : last
        if shape.start > 0 { count(.indentedLines) }
        if shape.start == 0 && first == UInt8(ascii: "{") && final == UInt8(ascii: "}") && shape.quotes >= 2 {
            count(.jsonLines)
        }
        if final == UInt8(ascii: "{") || first == UInt8(ascii: "}") { count(.braceLines) }
        if first == UInt8(ascii: "<")
            && (Timestamp.isLetter(second) || second == UInt8(ascii: "/") || second == UInt8(ascii: "?")
                || second == UInt8(ascii: "!"))
            || final == UInt8(ascii: ">") && shape.angles >= 2
        {
            count(.tagLines)
        }
        switch first {
        case UInt8(ascii: "#"):
            count(.commentLines)
            // `## Heading` of Markdown, but not a remark set off by several marks.
            if second == UInt8(ascii: "#") && shape.words <= 8 && shape.marks <= 6 && shape.capitals > 0 {
                count(.markupLines)
            }
        case UInt8(ascii: ";"), UInt8(ascii: "!"): count(.commentLines)
        case UInt8(ascii: "/") where second == UInt8(ascii: "/") || second == UInt8(ascii: "*"): count(.commentLines)
        case UInt8(ascii: "-"):
            if second == UInt8(ascii: "-") {
                count(shape.isRule ? .markupLines : .commentLines)
            } else if second == 0x20 {
                count(.listLines)
            }
        case UInt8(ascii: "*") where second == 0x20 || second == UInt8(ascii: "*"): count(.listLines)
        case UInt8(ascii: "="), UInt8(ascii: "~"), UInt8(ascii: "`"), UInt8(ascii: "_"), UInt8(ascii: "^"):
            if shape.isRule || second == UInt8(ascii: "`") { count(.markupLines) }
        case UInt8(ascii: ".") where second == UInt8(ascii: "."): count(.markupLines)
        case UInt8(ascii: ">") where second == 0x20: count(.markupLines)
        case UInt8(ascii: "|"): count(.markupLines)
        case UInt8(ascii: "["):
            if final == UInt8(ascii: "]") && shape.words <= 4 && shape.commas == 0 { count(.sectionLines) }
        default: break
        }
        if final == UInt8(ascii: "{") && Timestamp.isLetter(first) && !shape.hasParenthesis { count(.sectionLines) }
        if LineWords.isMarkup(line, shape) { count(.markupLines) }
        if shape.letters == 0 { count(.numberLines) }
        if final == UInt8(ascii: "%") || LineWords.isProgress(line, shape) { count(.progressLines) }
        if shape.pairs >= 3 { count(.pairLines) }
    }

    private mutating func takeWords(_ line: Span<UInt8>, _ shape: LineShape, _ length: Int, _ last: UInt8) {
        let key = LineWords.assignment(line, shape)
        switch key {
        case .equals:
            count(.keyValueLines)
            count(.assignmentLines)
        case .colon: count(.keyValueLines)
        case .none: break
        }
        let word = LineWords.firstWord(line, shape)
        traits.take(line, shape, length: length, last: last, isTimed: isTimed, key: key, firstWord: word)
        let kind = LineWords.kind(word)
        if kind.isDirective { count(.directiveLines) }
        if kind.isCode || shape.endsLikeCode { count(.codeLines) }
        if LineWords.isTrace(line, shape) { count(.traceLines) }
        if shape.isCommand { count(.commandLines) }
        if shape.isProse { count(.proseLines) }
        if shape.dottedQuads > 0 { count(.addressLines) }
        if privateKeyLine == nil && LineWords.beginsPrivateKey(line, shape) { privateKeyLine = lines }
    }

    private mutating func takeDelimiters(_ shape: LineShape) {
        let here = [shape.commas, shape.semicolons, shape.tabs, shape.bars]
        guard let first = firstDelimiters else {
            firstDelimiters = here
            for index in 0..<4 where here[index] > 0 { alike[index] = 1 }
            return
        }
        for index in 0..<4 where first[index] > 0 && first[index] == here[index] { alike[index] += 1 }
        if shape.digits > shape.letters && shape.commas + shape.semicolons + shape.tabs >= 2 { count(.numericRows) }
    }

    /// Writes the counts of the sampled lines.
    func write(_ features: inout TextFeatures) {
        for feature in TextFeature.allCases {
            features[feature] = counts[Int(feature.rawValue)] + traits.counts[Int(feature.rawValue)]
        }
        features.characters = traits.characters
        features[.sampledLines] = lines
        guard let first = firstDelimiters else { return }
        var best = 0
        for index in 1..<4 where alike[index] > alike[best] { best = index }
        if alike[best] > 0 {
            features[.delimitedLines] = alike[best]
            features[.columns] = first[best] + 1
        }
    }
}
