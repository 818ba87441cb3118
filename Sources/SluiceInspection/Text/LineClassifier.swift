// The features of one line: the counts that a category rests on. LineSampler picks the lines, Timestamps.swift reads times,
// LineWords.swift words.

import SluiceModel

/// Counts features of the lines it is given.
struct LineClassifier {
    private(set) var lines = 0
    private(set) var privateKeyLine: Int?
    private var counts = FeatureCounts()
    private var characters = CharacterTally()
    /// How often each of comma, semicolon, tab and bar stands in the first line that is not blank; `nil` before it.
    private var firstDelimiters: SIMD4<Int32>?
    private var alike = SIMD4<Int32>()
    private var traits = LineTraits()
    private var listing = ListingRows()
    /// The line at hand begins with a time.
    private var isTimed = false

    private mutating func count(_ feature: TextFeature) { counts[feature] += 1 }

    /// - Parameters:
    ///   - kept: the line's beginning, without its end mark.
    ///   - length: the whole line's.
    ///   - last: the whole line's last byte.
    mutating func take(_ kept: Span<UInt8>, length: Int, last: UInt8) {
        lines += 1
        counts[.longestLine] = max(counts[.longestLine], length)
        let shape = LineShape(kept, isWhole: kept.count == length, &characters)
        if shape.isBlank {
            listing.passBlank()
            return count(.blankLines)
        }
        isTimed = false
        takeTimes(kept, shape)
        takeStructure(kept, shape, last)
        takeWords(kept, shape, length, last)
        takeDelimiters(shape)
        if listing.isRow(kept, shape, isTimed: isTimed) { count(.listingRows) }
        if ListingRows.isRule(kept, shape) { count(.ruleSetLines) }
    }

    private mutating func takeTimes(_ line: Span<UInt8>, _ shape: LineShape) {
        // `00:00:12,345 --> 00:00:14,000` times a subtitle, not an event.
        if shape.letters == 0 && shape.marks.angles == 1 { return }
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
        if shape.hasSeverity { count(.severityLines) }
    }

    private mutating func takeStructure(_ line: Span<UInt8>, _ shape: LineShape, _ last: UInt8) {
        let first = line[shape.start]
        let second = line.byte(shape.start + 1) ?? 0x20
        let final = shape.isWhole ? line[shape.end - 1] : last == 0x0D ? UInt8(ascii: " ") : last
        if shape.start > 0 { count(.indentedLines) }
        if shape.start == 0 && first == UInt8(ascii: "{") && final == UInt8(ascii: "}") && shape.marks.quotes >= 2 {
            count(.jsonLines)
        }
        if final == UInt8(ascii: "{") || first == UInt8(ascii: "}") { count(.braceLines) }
        if first == UInt8(ascii: "<")
            && (Timestamp.isLetter(second) || second == UInt8(ascii: "/") || second == UInt8(ascii: "?")
                || second == UInt8(ascii: "!"))
            || final == UInt8(ascii: ">") && shape.marks.angles >= 2
        {
            count(.tagLines)
        }
        switch first {
        case UInt8(ascii: "#"):
            count(.commentLines)
            // `## Heading` of Markdown, but not a remark set off by several marks.
            if second == UInt8(ascii: "#") && shape.words <= 8 && shape.marks.count <= 6 && shape.capitals > 0 {
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
            if final == UInt8(ascii: "]") && shape.words <= 4 && shape.marks.commas == 0 { count(.sectionLines) }
        default: break
        }
        if final == UInt8(ascii: "{") && Timestamp.isLetter(first) && !shape.marks.hasParenthesis {
            count(.sectionLines)
        }
        if shape.marks.hasMarkup { count(.markupLines) }
        if shape.letters == 0 { count(.numberLines) }
        if final == UInt8(ascii: "%") || LineWords.isProgress(line, shape) { count(.progressLines) }
        if shape.marks.pairs >= 3 { count(.pairLines) }
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
        let marks = shape.marks
        let here = SIMD4<Int32>(
            Int32(marks.commas), Int32(marks.semicolons), Int32(marks.tabs), Int32(marks.bars))
        guard let first = firstDelimiters else {
            firstDelimiters = here
            alike.replace(with: 1, where: here .> 0)
            return
        }
        alike.replace(with: alike &+ 1, where: (first .> 0) .& (first .== here))
        if shape.digits > shape.letters && shape.marks.commas + shape.marks.semicolons + shape.marks.tabs >= 2 {
            count(.numericRows)
        }
    }

    /// Writes the counts of the sampled lines.
    func write(_ features: inout TextFeatures) {
        counts.add(to: &features)
        traits.counts.add(to: &features)
        features.characters = characters.classes
        features[.sampledLines] = lines
        guard let first = firstDelimiters else { return }
        var best = 0
        for index in 1..<4 where alike[index] > alike[best] { best = index }
        if alike[best] > 0 {
            features[.delimitedLines] = Int(alike[best])
            features[.columns] = Int(first[best]) + 1
        }
    }
}
