// Further counts of a line: repetitions from line to line, its words and its layout. LineClassifier has the first counts, and calls this
// once for each line.

import SluiceModel

/// Whether something was met before, by its hash, among some hundreds of the latest; a fixed table, so that memory stays bounded.
private struct Memory {
    private static let slots = 512
    private var table = [UInt32](repeating: 0, count: slots)

    /// - Returns: whether it was there already.
    mutating func meets(_ hash: UInt64) -> Bool {
        let mixed = UInt32(truncatingIfNeeded: (hash &* 0x9E37_79B9_7F4A_7C15) >> 32)
        let slot = Int(mixed >> 23)
        if table[slot] == mixed { return true }
        table[slot] = mixed
        return false
    }
}

/// A count for each feature, in place.
struct FeatureCounts {
    private var counts = InlineArray<128, UInt32>(repeating: 0)

    @inline(__always)
    subscript(feature: TextFeature) -> Int {
        get { Int(counts[Int(feature.rawValue & 127)]) }
        set { counts[Int(feature.rawValue & 127)] = UInt32(clamping: newValue) }
    }

    func add(to features: inout TextFeatures) {
        for feature in TextFeature.allCases {
            let count = counts[Int(feature.rawValue & 127)]
            if count > 0 { features[feature] += Int(count) }
        }
    }
}

/// Counts of lines that need a look at every character or at lines before.
struct LineTraits {
    private var shapes = Memory()
    private var wordings = Memory()
    private var keys = Memory()
    private var firstWords = Memory()
    private var lastStart: UInt32 = 0
    /// The first characters of the last line that began with a time.
    private var lastTime: (UInt64, UInt64, UInt64)?
    private var lastWords = 0
    private(set) var counts = FeatureCounts()

    private mutating func count(_ feature: TextFeature) { counts[feature] += 1 }

    /// - Parameters:
    ///   - isTimed: the line begins with a time.
    ///   - key: the kind of assignment that the line is.
    mutating func take(
        _ line: Span<UInt8>, _ shape: LineShape, length: Int, last: UInt8, isTimed: Bool, key: LineWords.Assignment,
        firstWord: UInt64
    ) {
        takeRepetition(line, shape, isTimed: isTimed, key: key, firstWord: firstWord)
        takeContent(shape)
        takeLayout(line, shape, length, last, isTimed: isTimed)
        takeSetting(line, shape, key)
        takeDialect(line, shape, firstWord, last)
    }

    // MARK: - What follows from it

    private mutating func takeRepetition(
        _ line: Span<UInt8>, _ shape: LineShape, isTimed: Bool, key: LineWords.Assignment,
        firstWord: UInt64
    ) {
        if shapes.meets(shape.shape) { count(.repeatedShapes) }
        if wordings.meets(shape.wording) { count(.repeatedWordings) }
        var start: UInt32 = 2_166_136_261
        for index in 0..<min(shape.end, 14) {
            let byte = line[index]
            start = (start ^ (Timestamp.isLetter(byte) ? 1 : Timestamp.isDigit(byte) ? 2 : UInt32(byte))) &* 16_777_619
        }
        if start == lastStart { count(.alikeStarts) }
        lastStart = start
        if !isTimed && firstWord != 0 {
            if firstWords.meets(firstWord ^ firstWord >> 29) { count(.repeatedFirstWords) }
        }
        if key != .none {
            var hash = UInt64(truncatingIfNeeded: shape.start) &+ 2_166_136_261
            for index in shape.start..<min(shape.end, shape.start + 60) {
                let byte = line[index]
                if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") { break }
                hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            }
            if keys.meets(hash) { count(.repeatedKeys) }
        }
        if isTimed {
            let time = Self.beginning(line.extracting(shape.start..<shape.end))
            if let lastTime, (time.0, time.1, time.2) >= lastTime { count(.risingTimes) }
            lastTime = time
        } else if lastTime != nil {
            count(.linesUnderTime)
        }
        if shape.words >= 4 && shape.words == lastWords { count(.alikeWords) }
        lastWords = shape.words
    }

    /// The first 24 characters, so that they compare as texts do.
    private static func beginning(_ line: Span<UInt8>) -> (UInt64, UInt64, UInt64) {
        func eight(_ start: Int) -> UInt64 {
            var out: UInt64 = 0
            for index in start..<start + 8 { out = out << 8 | UInt64(index < line.count ? line[index] : 0) }
            return out
        }
        return (eight(0), eight(8), eight(16))
    }

    private mutating func takeContent(_ shape: LineShape) {
        if shape.marks.hasProcess { count(.processLines) }
        if shape.hasIdentifier { count(.identifierLines) }
        if shape.marks.hasBracket && !(shape.words <= 1 && shape.start == 0) { count(.bracketLines) }
        if shape.marks.quotes >= 2 { count(.quotedLines) }
        if shape.marks.slashes >= 2 && !shape.marks.hasLink { count(.pathLines) }
        if shape.marks.hasLink { count(.linkLines) }
        if shape.numbers >= 3 { count(.numberedLines) }
        if shape.classes.contains(.request) && shape.marks.slashes > 0 { count(.requestLines) }
        if shape.smallWords >= 2 { count(.smallWordLines) }
        if shape.classes.contains(.event) { count(.eventLines) }
        if shape.hasDuration { count(.durationLines) }
        if shape.classes.contains(.level) && shape.marks.equals + shape.marks.colons > 0 { count(.levelFields) }
        if shape.marks.hasArrow { count(.arrowLines) }
        if shape.marks.hasEllipsis { count(.ellipsisLines) }
        if shape.marks.hasVariable { count(.variableLines) }
        if shape.marks.hasPort { count(.portLines) }
    }

    private mutating func takeLayout(
        _ line: Span<UInt8>, _ shape: LineShape, _ length: Int, _ last: UInt8, isTimed: Bool
    ) {
        if length > 200 { count(.longLines) }
        if length < 16 { count(.shortLines) }
        switch shape.isWhole ? line[shape.end - 1] : last {
        case UInt8(ascii: "."): count(.sentenceEnds)
        case UInt8(ascii: ","): count(.commaEnds)
        case UInt8(ascii: ";"): count(.semicolonEnds)
        case UInt8(ascii: ":"): count(.colonEnds)
        default: break
        }
        let first = line[shape.start]
        if first &- 0x41 < 26 { count(.capitalStarts) }
        if Timestamp.isDigit(first) && !isTimed { count(.digitStarts) }
        if shape.start >= 4 { count(.deepLines) }
        if shape.start > 0 && line[0] == 0x09 { count(.tabIndents) }
        if shape.letters + shape.digits == 0 && shape.end - shape.start >= 3 { count(.ruleLines) }
    }

    private mutating func takeSetting(
        _ line: Span<UInt8>, _ shape: LineShape, _ key: LineWords.Assignment
    ) {
        let first = line[shape.start]
        let second = line.byte(shape.start + 1) ?? 0x20
        switch first {
        case UInt8(ascii: "#"):
            count(.hashComments)
            if Timestamp.isLetter(second) && shape.words <= 4 { count(.hiddenSettings) }
        case UInt8(ascii: ";"):
            count(.semicolonComments)
            if Timestamp.isLetter(second) && shape.words <= 4 { count(.hiddenSettings) }
        case UInt8(ascii: "!"): count(.exclamationComments)
        case UInt8(ascii: "/") where second == first || second == UInt8(ascii: "*"): count(.slashComments)
        case UInt8(ascii: "\"") where key != .none: count(.quotedKeys)
        default: break
        }
        if shape.lastWord.contains(.toggle) && shape.lastWordEnd + 2 >= shape.end { count(.switchLines) }
        guard key != .none else { return }
        if first == UInt8(ascii: "-") && second == 0x20 { count(.listedKeys) }
        let final = line[shape.end - 1]
        if key == .colon && final == UInt8(ascii: ":") { count(.openKeys) }
        var at = shape.start
        var hasSmall = false
        while at < shape.end, line[at] != UInt8(ascii: "="), line[at] != UInt8(ascii: ":") {
            if line[at] &- 0x61 < 26 { hasSmall = true }
            at += 1
        }
        if key == .equals && !hasSmall && Timestamp.isLetter(first) { count(.upperKeys) }
        if key == .colon && shape.start == 0 && shape.classes.contains(.mail) && first &- 0x41 < 26 {
            count(.mailHeaders)
        }
        at += 1
        while at < shape.end, line[at] == 0x20 || line[at] == 0x09 || line[at] == UInt8(ascii: "=") { at += 1 }
        guard at < shape.end else { return }
        if line[at] == UInt8(ascii: "\"") || line[at] == UInt8(ascii: "'") { count(.quotedValues) }
        if Timestamp.isDigit(line[at]) && shape.end - at <= 12 { count(.numberValues) }
    }

    private static let setting = Set(["set", "unset", "add", "delete", "edit"].map { PackedWords.pack($0.utf8) })
    private static let heads = Set(
        ["#fields", "#software", "#date", "#version", "#separator"].map { PackedWords.pack($0.utf8.dropFirst()) })

    /// Marks by which one family of languages is known.
    private mutating func takeDialect(_ line: Span<UInt8>, _ shape: LineShape, _ firstWord: UInt64, _ last: UInt8) {
        if shape.marks.hasFatArrow { count(.fatArrows) }
        if shape.marks.backticks >= 2 { count(.codeSpans) }
        let first = line[shape.start]
        let last = shape.isWhole ? line[shape.end - 1] : last
        if first &- 0x61 < 26 {
            if Self.setting.contains(firstWord) { count(.setLines) }
            if last == UInt8(ascii: ";"), shape.words >= 2, !shape.marks.hasParenthesis, shape.marks.equals == 0 {
                count(.statementLines)
            }
        } else if first &- 0x41 < 26 {
            if isCamel(line, shape) { count(.camelLines) }
        } else if first == UInt8(ascii: "<"), last == UInt8(ascii: ">"), shape.isWhole {
            if line[max(0, shape.end - 2)] == UInt8(ascii: "/") { count(.emptyTags) }
            if shape.marks.angles == 4 { count(.leafTags) }
        } else if first == UInt8(ascii: "#"), shape.start == 0, Self.heads.contains(firstWord) {
            count(.logHeaders)
        }
    }

    private func isCamel(_ line: Span<UInt8>, _ shape: LineShape) -> Bool {
        guard shape.words <= 8 else { return false }
        var at = shape.start + 1
        var hasSmall = false
        var hasCapital = false
        while at < shape.end, Timestamp.isLetter(line[at]) {
            if line[at] < 0x60 { hasCapital = hasCapital || hasSmall } else { hasSmall = true }
            at += 1
        }
        return hasCapital && at - shape.start >= 5 && line.byte(at) == 0x20
    }
}
