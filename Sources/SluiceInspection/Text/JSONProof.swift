// Whether a whole text is one JSON value that is an object or an array (RFC 8259). Lines of objects are a log, not one value.

/// A streaming check, without recursion, bounded in depth.
struct JSONProof {
    /// Deeper nesting is no longer called JSON (chosen; programs' own limits lie between 64 and 1 000).
    private static let deepest = 512

    private enum Expected: UInt8 {
        case start, value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd, nothing
    }

    private(set) var isPossible = true
    private var expected = Expected.start
    /// One bit a level, the innermost last: true for an object.
    private var levels: [Bool] = []
    private var inString = false
    private var isKey = false
    private var escaped = false
    private var hexDigits = 0
    private var word: [UInt8] = []

    mutating func take(_ bytes: Span<UInt8>) {
        var at = 0
        while at < bytes.count && isPossible {
            let byte = bytes[at]
            at += 1
            if inString {
                if hexDigits > 0 || escaped {
                    takeEscape(byte)
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                    expected = isKey ? .colon : afterValue
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte < 0x20 {
                    isPossible = false
                }
                continue
            }
            if !word.isEmpty {
                if Self.belongsToWord(byte) {
                    word.append(byte)
                    if word.count > 400 { isPossible = false }
                    continue
                }
                closeWord()
            }
            if byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { continue }
            takeToken(byte)
        }
    }

    /// Whether all of it was one value.
    mutating func finish() -> Bool { isPossible && expected == .nothing && levels.isEmpty }

    private var afterValue: Expected { levels.isEmpty ? .nothing : .commaOrEnd }

    private static func belongsToWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private mutating func takeEscape(_ byte: UInt8) {
        if hexDigits > 0 {
            let folded = byte | 0x20
            if (0x30...0x39).contains(byte) || (0x61...0x66).contains(folded) {
                hexDigits -= 1
            } else {
                isPossible = false
            }
            return
        }
        escaped = false
        switch byte {
        case UInt8(ascii: "u"): hexDigits = 4
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            break
        default: isPossible = false
        }
    }

    private mutating func takeToken(_ byte: UInt8) {
        switch (byte, expected) {
        case (UInt8(ascii: "{"), .start), (UInt8(ascii: "{"), .value), (UInt8(ascii: "{"), .valueOrEnd):
            open(object: true)
        case (UInt8(ascii: "["), .start), (UInt8(ascii: "["), .value), (UInt8(ascii: "["), .valueOrEnd):
            open(object: false)
        case (UInt8(ascii: "}"), .commaOrEnd) where levels.last == true, (UInt8(ascii: "}"), .keyOrEnd):
            close()
        case (UInt8(ascii: "]"), .commaOrEnd) where levels.last == false, (UInt8(ascii: "]"), .valueOrEnd):
            close()
        case (UInt8(ascii: ","), .commaOrEnd): expected = levels.last == true ? .key : .value
        case (UInt8(ascii: ":"), .colon): expected = .value
        case (UInt8(ascii: "\""), .key), (UInt8(ascii: "\""), .keyOrEnd):
            inString = true
            isKey = true
        case (UInt8(ascii: "\""), .value), (UInt8(ascii: "\""), .valueOrEnd):
            inString = true
            isKey = false
        case (_, .value) where Self.belongsToWord(byte), (_, .valueOrEnd) where Self.belongsToWord(byte):
            word.append(byte)
        default: isPossible = false
        }
    }

    private mutating func open(object: Bool) {
        levels.append(object)
        expected = object ? .keyOrEnd : .valueOrEnd
        if levels.count > Self.deepest { isPossible = false }
    }

    private mutating func close() {
        levels.removeLast()
        expected = afterValue
    }

    private mutating func closeWord() {
        if Self.isNumber(word) || word == Array("true".utf8) || word == Array("false".utf8)
            || word == Array("null".utf8)
        {
            expected = afterValue
        } else {
            isPossible = false
        }
        word.removeAll(keepingCapacity: true)
    }

    /// RFC 8259 §6.
    static func isNumber(_ text: [UInt8]) -> Bool {
        var at = 0
        func digits() -> Int {
            let start = at
            while at < text.count && (0x30...0x39).contains(text[at]) { at += 1 }
            return at - start
        }
        if at < text.count && text[at] == UInt8(ascii: "-") { at += 1 }
        let leadsWithZero = at < text.count && text[at] == 0x30
        let whole = digits()
        if whole == 0 || (leadsWithZero && whole > 1) { return false }
        if at < text.count && text[at] == UInt8(ascii: ".") {
            at += 1
            if digits() == 0 { return false }
        }
        if at < text.count && text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < text.count && (text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-")) { at += 1 }
            if digits() == 0 { return false }
        }
        return at == text.count
    }
}
