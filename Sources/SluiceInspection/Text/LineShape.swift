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
        var previous: UInt8 = 0x20
        var dots = 0
        var quadDigits = 0
        var alikeFirst = 0
        var lowerWords = 0
        var inQuotes = false
        let first = line[start]
        for index in start..<stop {
            let byte = line[index]
            if byte == first { alikeFirst += 1 }
            if byte != 0x20 && byte != 0x09 && (previous == 0x20 || previous == 0x09) {
                words += 1
                if byte &- 0x61 < 26 { lowerWords += 1 }
            }
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...0xFF: letters += 1
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                letters += 1
                capitals += 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case 0x20: break
            case 0x09: if !inQuotes { tabs += 1 }
            case UInt8(ascii: "\""):
                quotes += 1
                inQuotes.toggle()
            case UInt8(ascii: ","): if !inQuotes { commas += 1 }
            case UInt8(ascii: ";"): if !inQuotes { semicolons += 1 }
            case UInt8(ascii: "|"): if !inQuotes { bars += 1 }
            case UInt8(ascii: "="):
                equals += 1
                if Timestamp.isLetter(previous) || previous == UInt8(ascii: "_") || Timestamp.isDigit(previous) {
                    if let next = line.byte(index + 1), next > 0x20, next != UInt8(ascii: "=") { pairs += 1 }
                }
            case UInt8(ascii: ":"): colons += 1
            case UInt8(ascii: "<"), UInt8(ascii: ">"): angles += 1
            case UInt8(ascii: "("), UInt8(ascii: ")"):
                hasParenthesis = true
                marks += 1
            default: marks += 1
            }
            // Four groups of digits with dots between them.
            if Timestamp.isDigit(byte) {
                quadDigits += 1
                if dots == 3 && quadDigits == 1 { dottedQuads += 1 }
            } else {
                if byte == UInt8(ascii: ".") && (1...3).contains(quadDigits) { dots += 1 } else { dots = 0 }
                quadDigits = 0
            }
            previous = byte
        }
        let length = stop - start
        isRule = length >= 3 && alikeFirst == length && !Timestamp.isLetter(first) && !Timestamp.isDigit(first)
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
}
