// Further counts of a line: what repeats from line to line, which characters it is made of, its words and its layout. The first counts are
// LineClassifier's, which calls this once a line.

import SluiceModel

/// Whether something was met before, by its hash, among some hundreds of the latest; a fixed table, so that memory stays bounded.
private struct Memory {
    private static let slots = 512
    private var table = [UInt32](repeating: 0, count: slots)

    /// - Returns: whether it was there already.
    mutating func meets(_ hash: UInt32) -> Bool {
        let mixed = hash &* 0x9E37_79B1
        let slot = Int(mixed >> 23)
        if table[slot] == mixed { return true }
        table[slot] = mixed
        return false
    }
}

/// Counts of lines that need a look at every character or at lines before.
struct LineTraits {
    private var shapes = Memory()
    private var wordings = Memory()
    private var keys = Memory()
    private var firstWords = Memory()
    private var lastStart: UInt32 = 0
    /// Of the last line that began with a time, its first characters.
    private var lastTime: [UInt8] = []
    private(set) var counts = [Int](repeating: 0, count: TextFeature.allCases.count)
    private(set) var characters = [UInt32](repeating: 0, count: CharacterClass.allCases.count)

    /// Of a line so much is looked at; the shape of what follows is the same (chosen).
    private static let most = 256

    private mutating func count(_ feature: TextFeature) { counts[Int(feature.rawValue)] += 1 }

    /// What one pass over the characters found.
    private struct Found {
        var words: WordClass = []
        var smallWords = 0
        var numbers = 0
        var slashes = 0
        var hasLink = false
        var hasIdentifier = false
        var hasProcess = false
        var hasBracket = false
        var hasDuration = false
        var hasArrow = false
        var hasEllipsis = false
        var hasVariable = false
        var hasPort = false
        var lastWord: WordClass = []
        var lastWordEnd = 0
        var shape: UInt32 = 2_166_136_261
        var wording: UInt32 = 2_166_136_261
    }

    /// - Parameters:
    ///   - isTimed: the line begins with a time.
    ///   - key: the kind of assignment that the line is.
    mutating func take(
        _ line: Span<UInt8>, _ shape: LineShape, length: Int, last: UInt8, isTimed: Bool, key: LineWords.Assignment,
        firstWord: UInt64
    ) {
        let found = scan(line, shape)
        takeRepetition(line, shape, found, isTimed: isTimed, key: key, firstWord: firstWord)
        takeContent(shape, found)
        takeLayout(line, shape, length, last, isTimed: isTimed)
        takeSetting(line, shape, found, key)
    }

    // MARK: - One pass

    private static let classOf: [UInt8] = (0...255).map { byte in
        let kind: CharacterClass
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): kind = .small
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): kind = .capital
        case UInt8(ascii: "0")...UInt8(ascii: "9"): kind = .digit
        case 0x20: kind = .blank
        case 0x09: kind = .tab
        case UInt8(ascii: "."): kind = .point
        case UInt8(ascii: ","): kind = .comma
        case UInt8(ascii: ";"): kind = .semicolon
        case UInt8(ascii: ":"): kind = .colon
        case UInt8(ascii: "="): kind = .equals
        case UInt8(ascii: "\""): kind = .doubleQuote
        case UInt8(ascii: "'"): kind = .singleQuote
        case UInt8(ascii: "("), UInt8(ascii: ")"): kind = .round
        case UInt8(ascii: "["), UInt8(ascii: "]"): kind = .square
        case UInt8(ascii: "{"), UInt8(ascii: "}"): kind = .curly
        case UInt8(ascii: "<"), UInt8(ascii: ">"): kind = .angle
        case UInt8(ascii: "/"): kind = .slash
        case UInt8(ascii: "\\"): kind = .backslash
        case UInt8(ascii: "|"): kind = .bar
        case UInt8(ascii: "-"): kind = .hyphen
        case UInt8(ascii: "_"): kind = .underscore
        case UInt8(ascii: "#"): kind = .hash
        case UInt8(ascii: "%"): kind = .percent
        case UInt8(ascii: "&"): kind = .ampersand
        case UInt8(ascii: "*"): kind = .star
        case UInt8(ascii: "+"): kind = .plus
        case UInt8(ascii: "@"): kind = .at
        case UInt8(ascii: "$"): kind = .dollar
        case UInt8(ascii: "!"): kind = .exclamation
        case UInt8(ascii: "?"): kind = .question
        case UInt8(ascii: "~"): kind = .tilde
        case UInt8(ascii: "^"): kind = .caret
        case UInt8(ascii: "`"): kind = .backtick
        case 0x80...0xFF: kind = .high
        default: kind = .control
        }
        return kind.rawValue
    }

    private mutating func scan(_ line: Span<UInt8>, _ shape: LineShape) -> Found {
        var found = Found()
        let table = WordTable.shared
        let classes = Self.classOf
        let stop = min(shape.end, shape.start + Self.most)
        for index in 0..<shape.start { characters[Int(classes[Int(line[index])])] += 1 }
        var at = shape.start
        var hexRun = 0
        var hexDigits = 0
        while at < stop {
            let begin = at
            let byte = line[at]
            let kind = classes[Int(byte)]
            if kind <= CharacterClass.capital.rawValue || kind == CharacterClass.high.rawValue {
                var packed: UInt64 = 0
                var isHex = true
                while at < stop {
                    let letter = line[at]
                    let of = classes[Int(letter)]
                    guard of <= CharacterClass.capital.rawValue || of == CharacterClass.high.rawValue else { break }
                    characters[Int(of)] += 1
                    if at - begin < 8 { packed = packed << 8 | UInt64(letter | 0x20) }
                    if (letter | 0x20) &- 0x61 >= 6 { isHex = false }
                    found.wording = (found.wording ^ UInt32(letter)) &* 16_777_619
                    at += 1
                }
                found.shape = (found.shape ^ 1) &* 16_777_619
                let isBehindDigit = begin > shape.start && Timestamp.isDigit(line[begin - 1])
                let word = table[packed]
                if !word.isEmpty {
                    if isBehindDigit {
                        if word.contains(.duration) { found.hasDuration = true }
                    } else {
                        found.words.formUnion(word.subtracting(.duration))
                        if word.contains(.small) { found.smallWords += 1 }
                    }
                }
                found.lastWord = word
                found.lastWordEnd = at
                if isHex { hexRun += at - begin } else { (hexRun, hexDigits) = (0, 0) }
            } else if kind == CharacterClass.digit.rawValue {
                while at < stop, Timestamp.isDigit(line[at]) { at += 1 }
                characters[Int(kind)] += UInt32(at - begin)
                found.numbers += 1
                hexRun += at - begin
                hexDigits += at - begin
                found.shape = (found.shape ^ 2) &* 16_777_619
                found.wording = (found.wording ^ 2) &* 16_777_619
            } else {
                characters[Int(kind)] += 1
                at += 1
                if byte != 0x20 && byte != 0x09 {
                    found.shape = (found.shape ^ UInt32(byte)) &* 16_777_619
                    found.wording = (found.wording ^ UInt32(byte)) &* 16_777_619
                    mark(byte, line, begin, stop, &found)
                }
                if hexRun >= 8 && hexDigits >= 1 && hexDigits < hexRun { found.hasIdentifier = true }
                (hexRun, hexDigits) = (0, 0)
            }
        }
        if hexRun >= 8 && hexDigits >= 1 && hexDigits < hexRun { found.hasIdentifier = true }
        return found
    }

    private func mark(_ byte: UInt8, _ line: Span<UInt8>, _ at: Int, _ stop: Int, _ found: inout Found) {
        let before = at > 0 ? line[at - 1] : 0x20
        let after = at + 1 < stop ? line[at + 1] : 0x20
        switch byte {
        case UInt8(ascii: "/"):
            found.slashes += 1
            if before == UInt8(ascii: "/") && at >= 2 && line[at - 2] == UInt8(ascii: ":") { found.hasLink = true }
            if Timestamp.isDigit(before) && Timestamp.isDigit(after) && found.lastWordEnd > 0
                && found.lastWordEnd + 3 >= at
            {
                found.hasPort = true
            }
        case UInt8(ascii: "["):
            if Timestamp.isDigit(after) && (Timestamp.isLetter(before) || Timestamp.isDigit(before)) {
                found.hasProcess = true
            }
            if before == 0x20 || at == 0 { found.hasBracket = true }
        case UInt8(ascii: ">"):
            if before == UInt8(ascii: "-") || before == UInt8(ascii: "=") { found.hasArrow = true }
        case UInt8(ascii: "."):
            if before == UInt8(ascii: ".") && after == UInt8(ascii: ".") { found.hasEllipsis = true }
        case UInt8(ascii: "$"):
            if Timestamp.isLetter(after) || after == UInt8(ascii: "{") || after == UInt8(ascii: "(") {
                found.hasVariable = true
            }
        case UInt8(ascii: "%"):
            if Timestamp.isLetter(after) || after == UInt8(ascii: "{") || after == UInt8(ascii: "(") {
                found.hasVariable = true
            }
        default: break
        }
    }

    // MARK: - What follows from it

    private mutating func takeRepetition(
        _ line: Span<UInt8>, _ shape: LineShape, _ found: Found, isTimed: Bool, key: LineWords.Assignment,
        firstWord: UInt64
    ) {
        if shapes.meets(found.shape) { count(.repeatedShapes) }
        if wordings.meets(found.wording) { count(.repeatedWordings) }
        var start: UInt32 = 2_166_136_261
        let classes = Self.classOf
        for index in 0..<min(shape.end, 14) {
            let byte = line[index]
            let kind = classes[Int(byte)]
            start = (start ^ (kind <= 1 ? 1 : kind == 2 ? 2 : UInt32(byte))) &* 16_777_619
        }
        if start == lastStart { count(.alikeStarts) }
        lastStart = start
        if !isTimed && firstWord != 0 {
            if firstWords.meets(UInt32(truncatingIfNeeded: firstWord ^ firstWord >> 29)) { count(.repeatedFirstWords) }
        }
        if key != .none {
            var hash = UInt32(truncatingIfNeeded: shape.start) &+ 2_166_136_261
            for index in shape.start..<min(shape.end, shape.start + 60) {
                let byte = line[index]
                if byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":") { break }
                hash = (hash ^ UInt32(byte)) &* 16_777_619
            }
            if keys.meets(hash) { count(.repeatedKeys) }
        }
        if isTimed {
            let width = min(shape.end, shape.start + 24)
            var isRising = true
            var length = 0
            for index in shape.start..<width {
                if length < lastTime.count {
                    if line[index] != lastTime[length] {
                        isRising = line[index] > lastTime[length]
                        break
                    }
                }
                length += 1
            }
            if isRising && !lastTime.isEmpty { count(.risingTimes) }
            lastTime.removeAll(keepingCapacity: true)
            for index in shape.start..<width { lastTime.append(line[index]) }
        }
    }

    private mutating func takeContent(_ shape: LineShape, _ found: Found) {
        if found.hasProcess { count(.processLines) }
        if found.hasIdentifier { count(.identifierLines) }
        if found.hasBracket && !(shape.words <= 1 && shape.start == 0) { count(.bracketLines) }
        if shape.quotes >= 2 { count(.quotedLines) }
        if found.slashes >= 2 && !found.hasLink { count(.pathLines) }
        if found.hasLink { count(.linkLines) }
        if found.numbers >= 3 { count(.numberedLines) }
        if found.words.contains(.request) && found.slashes > 0 { count(.requestLines) }
        if found.smallWords >= 2 { count(.smallWordLines) }
        if found.words.contains(.event) { count(.eventLines) }
        if found.hasDuration { count(.durationLines) }
        if found.words.contains(.level) && shape.equals + shape.colons > 0 { count(.levelFields) }
        if found.hasArrow { count(.arrowLines) }
        if found.hasEllipsis { count(.ellipsisLines) }
        if found.hasVariable { count(.variableLines) }
        if found.hasPort { count(.portLines) }
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
        _ line: Span<UInt8>, _ shape: LineShape, _ found: Found, _ key: LineWords.Assignment
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
        if found.lastWord.contains(.toggle) && found.lastWordEnd + 2 >= shape.end { count(.switchLines) }
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
        if key == .colon && shape.start == 0 && found.words.contains(.mail) && first &- 0x41 < 26 {
            count(.mailHeaders)
        }
        at += 1
        while at < shape.end, line[at] == 0x20 || line[at] == 0x09 || line[at] == UInt8(ascii: "=") { at += 1 }
        guard at < shape.end else { return }
        if line[at] == UInt8(ascii: "\"") || line[at] == UInt8(ascii: "'") { count(.quotedValues) }
        if Timestamp.isDigit(line[at]) && shape.end - at <= 12 { count(.numberValues) }
    }
}
