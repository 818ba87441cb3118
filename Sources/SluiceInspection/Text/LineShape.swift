// One pass over a line, word by word: what it consists of. LineClassifier.swift, LineTraits.swift and LineWords.swift draw the
// conclusions; LineMarks.swift interprets marks next to their neighbors.

import SluiceModel

/// Counts over one line's beginning, as far as it was kept.
struct LineShape {
    /// How much of a line is looked at after its indent; the shape of the rest is the same (chosen).
    private static let most = 256

    let isWhole: Bool
    /// The first and behind the last byte that is not blank.
    private(set) var start = 0
    private(set) var end = 0
    private(set) var letters = 0
    private(set) var capitals = 0
    private(set) var digits = 0
    /// Runs of words, whatever they are made of.
    private(set) var words = 0
    /// Runs of digits.
    private(set) var numbers = 0
    private(set) var dottedQuads = 0
    private(set) var smallWords = 0
    private(set) var hasDuration = false
    private(set) var hasIdentifier = false
    private(set) var hasSeverity = false
    /// The lists that any of the words stands in, but for units of time.
    private(set) var classes: WordClass = []
    private(set) var lastWord: WordClass = []
    private(set) var lastWordEnd = 0
    /// Hashes of the line with letters and digits masked, and with digits masked.
    private(set) var shape: UInt64 = 0
    private(set) var wording: UInt64 = 0
    private(set) var marks = LineMarks()

    private(set) var isRule = false
    private(set) var endsLikeCode = false
    private(set) var isCommand = false
    private(set) var isProse = false

    var isBlank: Bool { end <= start }

    init(_ line: Span<UInt8>, isWhole: Bool, _ tally: inout CharacterTally) {
        self.isWhole = isWhole
        var last = line.count
        while last > 0
            && (line[last - 1] == 0x20 || line[last - 1] == 0x0D || line[last - 1] == 0x09 || line[last - 1] == 0)
        { last -= 1 }
        end = last
        while start < end && (line[start] == 0x20 || line[start] == 0x09 || line[start] == 0) { start += 1 }
        guard start < end else { return }
        for index in 0..<start { tally.count(line[index]) }
        let stop = min(end, start + Self.most)
        let lowerWords = scan(line.extracting(0..<stop), &tally)
        judge(line, stop, lowerWords)
    }

    // MARK: - The pass

    /// - Returns: how many words begin with a small letter.
    private mutating func scan(_ line: Span<UInt8>, _ tally: inout CharacterTally) -> Int {
        let table = WordTable.shared
        var lowerWords = 0
        var at = start
        var follows = true  // a blank, or the line's beginning
        var hexRun = 0
        var hexDigits = 0
        // Four groups of digits with dots between them.
        var dots = 0
        var group = 0
        while at < line.count {
            let byte = line[at]
            if byte == 0x20 || byte == 0x09 {
                tally.count(byte)
                if byte == 0x09 && !marks.isQuoted { marks.tabs += 1 }
                at += 1
                follows = true
                (dots, group) = (0, 0)
                noteIdentifier(&hexRun, &hexDigits)
                continue
            }
            if follows {
                follows = false
                words += 1
                if byte &- 0x61 < 26 { lowerWords += 1 }
            }
            if Self.isLetter(byte) {
                let length = takeWord(line, at, table, &tally, &hexRun)
                if hexRun == 0 { hexDigits = 0 }
                at += length
                (dots, group) = (0, 0)
            } else if byte &- 0x30 < 10 {
                let begin = at
                while at < line.count, line[at] &- 0x30 < 10 { at += 1 }
                if dots == 3 { dottedQuads += 1 }
                group = at - begin
                digits += group
                numbers += 1
                hexRun += group
                hexDigits += group
                mix(2, 2)
            } else {
                tally.count(byte)
                dots = byte == UInt8(ascii: ".") && (1...3).contains(group) ? dots + 1 : 0
                group = 0
                mix(UInt64(byte), UInt64(byte))
                marks.take(byte, line, at, start: start, lastWordEnd: lastWordEnd)
                noteIdentifier(&hexRun, &hexDigits)
                at += 1
            }
        }
        noteIdentifier(&hexRun, &hexDigits)
        tally.digits += digits
        tally.capitals += capitals
        return lowerWords
    }

    /// ASCII letters, and whatever is not ASCII.
    @inline(__always)
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 }

    @inline(__always)
    private mutating func mix(_ masked: UInt64, _ spoken: UInt64) {
        shape = (shape ^ masked) &* 0x9E37_79B9_7F4A_7C15
        wording = (wording ^ spoken) &* 0x9E37_79B9_7F4A_7C15
        wording ^= wording >> 31
        shape ^= shape >> 31
    }

    /// A run of letters. Returns its length.
    @inline(__always)
    private mutating func takeWord(
        _ line: Span<UInt8>, _ begin: Int, _ table: WordTable, _ tally: inout CharacterTally, _ hexRun: inout Int
    ) -> Int {
        var packed: UInt64 = 0
        var rest: UInt64 = 0
        var at = begin
        var isHex = true
        var high = 0
        var shouted = 0
        while at < line.count {
            let letter = line[at]
            guard Self.isLetter(letter) else { break }
            if at - begin < 8 {
                packed = packed << 8 | UInt64(letter | 0x20)
            } else {
                rest = rest &* 31 &+ UInt64(letter)
            }
            if (letter | 0x20) &- 0x61 >= 6 { isHex = false }
            if letter < 0x60 { shouted += 1 }
            if letter >= 0x80 { high += 1 }
            at += 1
        }
        let length = at - begin
        letters += length
        capitals += shouted
        tally.high += high
        tally.small += length - shouted - high
        mix(1, packed &+ rest &* 0xC2B2_AE3D_27D4_EB4F)
        let isBehindDigit = begin > start && Timestamp.isDigit(line[begin - 1])
        let word = table[packed]
        if !word.isEmpty {
            if isBehindDigit {
                if word.contains(.duration) { hasDuration = true }
            } else {
                classes.formUnion(word)
                if word.contains(.small) { smallWords += 1 }
            }
            if word.contains(.severity), !hasSeverity,
                LineWords.isSeverity(line, begin..<at, packed, isShouted: shouted == length)
            {
                hasSeverity = true
            }
        }
        lastWord = word
        lastWordEnd = at
        hexRun = isHex ? hexRun + length : 0
        return length
    }

    /// Eight or more hexadecimal digits, letters among them.
    @inline(__always)
    private mutating func noteIdentifier(_ hexRun: inout Int, _ hexDigits: inout Int) {
        if hexRun >= 8 && hexDigits >= 1 && hexDigits < hexRun { hasIdentifier = true }
        (hexRun, hexDigits) = (0, 0)
    }

    // MARK: - What follows from it

    private mutating func judge(_ line: Span<UInt8>, _ stop: Int, _ lowerWords: Int) {
        if marks.hasFacility { hasSeverity = true }
        let first = line[start]
        let length = stop - start
        isRule =
            length >= 3 && !Timestamp.isLetter(first) && !Timestamp.isDigit(first) && Self.isAlike(line, start..<stop)
        let final = line[end - 1]
        let solid = max(1, length - (words - 1))
        endsLikeCode =
            isWhole
            && ((final == UInt8(ascii: ";") && (marks.hasParenthesis || marks.equals > 0))
                || (final == UInt8(ascii: "{") && marks.hasParenthesis)
                || (final == UInt8(ascii: ":") && marks.hasParenthesis && first &- 0x61 < 26)
                || (final == UInt8(ascii: ")") && first &- 0x61 < 26 && words <= 4))
        let isWordy = letters * 10 >= solid * 8 && marks.equals == 0 && lowerWords * 2 >= words
        isProse = words >= 6 && isWordy && marks.tabs == 0
        isCommand =
            first &- 0x61 < 26 && (2...7).contains(words) && marks.equals == 0 && marks.commas <= 1
            && final != UInt8(ascii: ".") && final != UInt8(ascii: ",") && final != UInt8(ascii: ":") && length <= 100
    }

    private static func isAlike(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where line[index] != line[range.lowerBound] { return false }
        return true
    }
}
