// One pass over a line: what it is made of. The judgements that rest on it stand in LineClassifier.swift and LineWords.swift.

/// Counts over one line's kept beginning.
struct LineShape {
    let isWhole: Bool
    /// The first and behind the last byte that is not blank.
    private(set) var start = 0
    private(set) var end = 0
    private(set) var letters = 0
    private(set) var capitals = 0
    private(set) var digits = 0
    private(set) var marks = 0
    private(set) var words = 0
    private(set) var quotes = 0
    private(set) var commas = 0
    private(set) var semicolons = 0
    private(set) var tabs = 0
    private(set) var bars = 0
    private(set) var equals = 0
    private(set) var colons = 0
    private(set) var angles = 0
    private(set) var pairs = 0
    private(set) var dottedQuads = 0
    private(set) var hasParenthesis = false
    private(set) var isRule = false
    private(set) var endsLikeCode = false
    private(set) var isCommand = false
    private(set) var isProse = false

    var isBlank: Bool { end <= start }

    init(_ line: Span<UInt8>, isWhole: Bool) {
        self.isWhole = isWhole
        var last = line.count
        while last > 0
            && (line[last - 1] == 0x20 || line[last - 1] == 0x0D || line[last - 1] == 0x09 || line[last - 1] == 0)
        { last -= 1 }
        end = last
        while start < end && (line[start] == 0x20 || line[start] == 0x09 || line[start] == 0) { start += 1 }
        guard start < end else { return }
        // Enough to know a line by (chosen): the shape of what follows is the same.
        let stop = min(end, start + 320)
        let first = line[start]
        let table = ShapeTable.entries
        var counts: UInt64 = 0
        var lowerWords = 0
        var inQuotes = false
        var follows = true  // a blank, or the line's beginning
        for index in start..<stop {
            let byte = line[index]
            let entry = table[Int(byte)]
            counts &+= entry & ShapeTable.counts
            if entry & ShapeTable.blank != 0 {
                follows = true
                if byte == 0x09 && !inQuotes { tabs += 1 }
                continue
            }
            if follows {
                follows = false
                words += 1
                if byte &- 0x61 < 26 { lowerWords += 1 }
            }
            if entry & ShapeTable.special != 0 { takeSpecial(line, index, byte, &inQuotes) }
        }
        letters = ShapeTable.count(counts, 0)
        capitals = ShapeTable.count(counts, 1)
        digits = ShapeTable.count(counts, 2)
        marks = ShapeTable.count(counts, 3)
        colons = ShapeTable.count(counts, 4)
        angles = ShapeTable.count(counts, 5)
        if digits >= 4 && marks >= 3 { countQuads(line, stop) }
        let length = stop - start
        isRule =
            length >= 3 && !Timestamp.isLetter(first) && !Timestamp.isDigit(first) && Self.isAlike(line, start..<stop)
        let final = line[end - 1]
        let solid = max(1, length - (words - 1))
        endsLikeCode =
            isWhole
            && ((final == UInt8(ascii: ";") && (hasParenthesis || equals > 0))
                || (final == UInt8(ascii: "{") && hasParenthesis)
                || (final == UInt8(ascii: ":") && hasParenthesis && first &- 0x61 < 26)
                || (final == UInt8(ascii: ")") && first &- 0x61 < 26 && words <= 4))
        let isWordy = letters * 10 >= solid * 8 && equals == 0 && lowerWords * 2 >= words
        isProse = words >= 6 && isWordy && tabs == 0
        isCommand =
            first &- 0x61 < 26 && (2...7).contains(words) && equals == 0 && commas <= 1 && final != UInt8(ascii: ".")
            && final != UInt8(ascii: ",") && final != UInt8(ascii: ":") && length <= 100
    }

    /// Marks whose meaning depends on quotes or neighbors.
    private mutating func takeSpecial(_ line: Span<UInt8>, _ index: Int, _ byte: UInt8, _ inQuotes: inout Bool) {
        switch byte {
        case UInt8(ascii: "\""):
            quotes += 1
            inQuotes.toggle()
        case UInt8(ascii: ","): if !inQuotes { commas += 1 }
        case UInt8(ascii: ";"): if !inQuotes { semicolons += 1 }
        case UInt8(ascii: "|"): if !inQuotes { bars += 1 }
        case UInt8(ascii: "="):
            equals += 1
            let previous = index > start ? line[index - 1] : 0x20
            if Timestamp.isLetter(previous) || previous == UInt8(ascii: "_") || Timestamp.isDigit(previous) {
                if let next = line.byte(index + 1), next > 0x20, next != UInt8(ascii: "=") { pairs += 1 }
            }
        default: hasParenthesis = true
        }
    }

    /// Four groups of digits with dots between them.
    private mutating func countQuads(_ line: Span<UInt8>, _ stop: Int) {
        var dots = 0
        var quadDigits = 0
        for index in start..<stop {
            let byte = line[index]
            if Timestamp.isDigit(byte) {
                quadDigits += 1
                if dots == 3 && quadDigits == 1 { dottedQuads += 1 }
            } else {
                if byte == UInt8(ascii: ".") && (1...3).contains(quadDigits) { dots += 1 } else { dots = 0 }
                quadDigits = 0
            }
        }
    }

    private static func isAlike(_ line: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where line[index] != line[range.lowerBound] { return false }
        return true
    }
}

/// What each byte adds: six counters of ten bits in one number (a line's kept beginning is shorter than 1 024), and two flags.
private enum ShapeTable {
    static let counts: UInt64 = 1 << 60 - 1
    static let blank: UInt64 = 1 << 60
    static let special: UInt64 = 1 << 61

    static func count(_ counts: UInt64, _ place: UInt64) -> Int { Int(counts >> (10 * place) & 1023) }

    static let entries: [UInt64] = (0...255).map { number in
        func counter(_ place: UInt64) -> UInt64 { 1 << (10 * place) }
        let byte = UInt8(number)
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...0xFF: return counter(0)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return counter(0) + counter(1)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return counter(2)
        case 0x20, 0x09: return blank
        case UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: "="):
            return special
        case UInt8(ascii: ":"): return counter(4)
        case UInt8(ascii: "<"), UInt8(ascii: ">"): return counter(5)
        case UInt8(ascii: "("), UInt8(ascii: ")"): return counter(3) + special
        default: return counter(3)
        }
    }
}
