// The marks of a line (neither letters nor digits nor blanks): the number of separating marks, and what marks mean next to their
// neighbors. Also counts the characters of all lines by class.

import SluiceModel

/// Counts over the marks of one line.
struct LineMarks {
    /// All but quotes, separators, equals signs, colons and angles.
    private(set) var count = 0
    private(set) var quotes = 0
    /// Separators outside of quotes.
    private(set) var commas = 0
    private(set) var semicolons = 0
    private(set) var bars = 0
    var tabs = 0
    private(set) var equals = 0
    private(set) var colons = 0
    private(set) var angles = 0
    /// `key=value`, several of which can stand in a line.
    private(set) var pairs = 0
    private(set) var slashes = 0
    private(set) var hasParenthesis = false
    private(set) var hasLink = false
    private(set) var hasProcess = false
    private(set) var hasBracket = false
    private(set) var hasArrow = false
    private(set) var hasFatArrow = false
    private(set) var backticks = 0
    private(set) var hasEllipsis = false
    private(set) var hasVariable = false
    private(set) var hasPort = false
    /// A link, an inline literal, bold.
    private(set) var hasMarkup = false
    /// Cisco: `%FACILITY-5-MNEMONIC`.
    private(set) var hasFacility = false
    private(set) var isQuoted = false

    /// - Parameters:
    ///   - line: as much of it as is looked at.
    ///   - start: where the line's first byte is that is not blank.
    ///   - lastWordEnd: where the last run of letters ended, or 0.
    mutating func take(_ byte: UInt8, _ line: Span<UInt8>, _ at: Int, start: Int, lastWordEnd: Int) {
        let before = at > 0 ? line[at - 1] : 0x20
        let after = at + 1 < line.count ? line[at + 1] : 0x20
        switch byte {
        case UInt8(ascii: "\""):
            quotes += 1
            isQuoted.toggle()
            return
        case UInt8(ascii: ","):
            if !isQuoted { commas += 1 }
            return
        case UInt8(ascii: ";"):
            if !isQuoted { semicolons += 1 }
            return
        case UInt8(ascii: "|"):
            if !isQuoted { bars += 1 }
            return
        case UInt8(ascii: "="):
            equals += 1
            if at > start, Timestamp.isLetter(before) || before == UInt8(ascii: "_") || Timestamp.isDigit(before),
                at + 1 < line.count, after > 0x20, after != UInt8(ascii: "=")
            {
                pairs += 1
            }
            return
        case UInt8(ascii: ":"):
            colons += 1
            return
        case UInt8(ascii: "<"):
            angles += 1
            return
        case UInt8(ascii: ">"):
            angles += 1
            if before == UInt8(ascii: "-") || before == UInt8(ascii: "=") { hasArrow = true }
            if before == UInt8(ascii: "=") { hasFatArrow = true }
            return
        case UInt8(ascii: "("), UInt8(ascii: ")"): hasParenthesis = true
        case UInt8(ascii: "/"):
            slashes += 1
            if before == UInt8(ascii: "/") && at >= 2 && line[at - 2] == UInt8(ascii: ":") { hasLink = true }
            if Timestamp.isDigit(before) && Timestamp.isDigit(after) && lastWordEnd > 0 && lastWordEnd + 3 >= at {
                hasPort = true
            }
        case UInt8(ascii: "["):
            if Timestamp.isDigit(after) && (Timestamp.isLetter(before) || Timestamp.isDigit(before)) {
                hasProcess = true
            }
            if before == 0x20 || at == 0 { hasBracket = true }
        case UInt8(ascii: "]"): if after == UInt8(ascii: "(") { hasMarkup = true }
        case UInt8(ascii: "`"):
            backticks += 1
            if after == UInt8(ascii: "`") || after == UInt8(ascii: "_") { hasMarkup = true }
        case UInt8(ascii: "*"): if after == UInt8(ascii: "*") { hasMarkup = true }
        case UInt8(ascii: "."):
            if before == UInt8(ascii: ".") && after == UInt8(ascii: ".") { hasEllipsis = true }
        case UInt8(ascii: "$"), UInt8(ascii: "%"):
            if Timestamp.isLetter(after) || after == UInt8(ascii: "{") || after == UInt8(ascii: "(") {
                hasVariable = true
            }
            if byte == UInt8(ascii: "%"), !hasFacility { hasFacility = LineWords.isFacility(line, at + 1) }
        default: break
        }
        count += 1
    }
}

/// How often each character stood in the lines: letters and digits by class, marks by themselves.
struct CharacterTally {
    var small = 0
    var capitals = 0
    var digits = 0
    var high = 0
    private var ascii = InlineArray<128, UInt32>(repeating: 0)

    /// Neither a letter nor a digit.
    @inline(__always)
    mutating func count(_ byte: UInt8) { ascii[Int(byte & 0x7F)] &+= 1 }

    /// In the order of `CharacterClass.allCases`.
    var classes: [UInt32] {
        var out = [UInt32](repeating: 0, count: CharacterClass.allCases.count)
        func add(_ kind: CharacterClass, _ count: Int) { out[Int(kind.rawValue)] += UInt32(clamping: count) }
        add(.small, small)
        add(.capital, capitals)
        add(.digit, digits)
        add(.high, high)
        for byte in 0..<128 where ascii[byte] > 0 { add(Self.kind(UInt8(byte)), Int(ascii[byte])) }
        return out
    }

    private static func kind(_ byte: UInt8) -> CharacterClass {
        switch byte {
        case 0x20: .blank
        case 0x09: .tab
        case UInt8(ascii: "."): .point
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: ";"): .semicolon
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "\""): .doubleQuote
        case UInt8(ascii: "'"): .singleQuote
        case UInt8(ascii: "("), UInt8(ascii: ")"): .round
        case UInt8(ascii: "["), UInt8(ascii: "]"): .square
        case UInt8(ascii: "{"), UInt8(ascii: "}"): .curly
        case UInt8(ascii: "<"), UInt8(ascii: ">"): .angle
        case UInt8(ascii: "/"): .slash
        case UInt8(ascii: "\\"): .backslash
        case UInt8(ascii: "|"): .bar
        case UInt8(ascii: "-"): .hyphen
        case UInt8(ascii: "_"): .underscore
        case UInt8(ascii: "#"): .hash
        case UInt8(ascii: "%"): .percent
        case UInt8(ascii: "&"): .ampersand
        case UInt8(ascii: "*"): .star
        case UInt8(ascii: "+"): .plus
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "$"): .dollar
        case UInt8(ascii: "!"): .exclamation
        case UInt8(ascii: "?"): .question
        case UInt8(ascii: "~"): .tilde
        case UInt8(ascii: "^"): .caret
        case UInt8(ascii: "`"): .backtick
        default: .control
        }
    }
}
