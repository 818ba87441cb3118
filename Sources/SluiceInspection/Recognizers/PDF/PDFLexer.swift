// The tokens of PDF (ISO 32000-1 §7.2 and §7.3), one after the other, without their meaning. PDFObjects interprets them.

/// One word of PDF; ranges are into the content that was read.
enum PDFToken: Equatable {
    case integer(Int)
    /// A real number, a negative one, or one too long for this machine.
    case number(Range<Int>)
    /// Without the slash; escapes not yet resolved.
    case name(Range<Int>)
    /// From its opening mark to behind its closing one; escapes not yet resolved.
    case string(Range<Int>)
    case dictionaryOpen, dictionaryClose, arrayOpen, arrayClose
    case keyword(Range<Int>)
    /// A stray delimiter.
    case junk
    case end
}

/// Reads tokens from `offset` on. The content is handed in at each step, since a span is never stored.
struct PDFLexer {
    var offset: Int
    /// Strings that did not end (`(` without `)`); a few are honest damage, more are abandoned so that time stays linear.
    var openStrings = 0
    private static let mostOpenStrings = 8

    init(_ offset: Int) { self.offset = offset }

    /// A number at `offset` or behind a few blanks. It looks at a bounded piece of the content only, since offsets come from the content and
    /// many can point to one place.
    static func integer(_ content: Span<UInt8>, at offset: Int) -> (value: Int, start: Int, end: Int)? {
        let low = max(0, min(offset, content.count))
        var at = low
        while at < content.count, at < low + 256, isBlank(content[at]) { at += 1 }
        let start = at
        var value = 0
        while at < content.count, at < start + 15, (0x30...0x39).contains(content[at]) {
            value = value * 10 + Int(content[at] - 0x30)
            at += 1
        }
        return at == start ? nil : (value, start, at)
    }

    /// `12 0 obj` at `offset` or behind a few blanks.
    /// - Returns: the object's number, its offset, and the offset behind the words.
    static func objectHeader(_ content: Span<UInt8>, at offset: Int) -> (number: Int, start: Int, end: Int)? {
        guard let number = integer(content, at: offset), let generation = integer(content, at: number.end),
            generation.end > number.end + 1
        else { return nil }
        var at = generation.end
        while at < content.count, at < generation.end + 256, isBlank(content[at]) { at += 1 }
        return content.has("obj", at: at) ? (number.value, number.start, at + 3) : nil
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 10 || byte == 13 || byte == 9 || byte == 0 || byte == 12
    }

    static func isRegular(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 10, 13, 9, 0, 12, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "/"),
            UInt8(ascii: "%"):
            false
        default: true
        }
    }

    mutating func skipBlanks(_ content: Span<UInt8>) {
        while offset < content.count {
            if Self.isBlank(content[offset]) {
                offset += 1
            } else if content[offset] == UInt8(ascii: "%") {
                skipLine(content)
            } else {
                return
            }
        }
    }

    mutating func skipLine(_ content: Span<UInt8>) {
        while offset < content.count, content[offset] != 10, content[offset] != 13 { offset += 1 }
    }

    mutating func next(_ content: Span<UInt8>) -> PDFToken {
        skipBlanks(content)
        guard offset < content.count else { return .end }
        let byte = content[offset]
        switch byte {
        case UInt8(ascii: "/"):
            offset += 1
            return .name(regularRun(content))
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(content)
        case UInt8(ascii: "("):
            let start = offset
            skipString(content)
            return .string(start..<min(offset, content.count))
        case UInt8(ascii: "<"):
            if content.byte(offset + 1) == UInt8(ascii: "<") {
                offset += 2
                return .dictionaryOpen
            }
            let start = offset
            skipHexadecimal(content)
            return .string(start..<offset)
        case UInt8(ascii: ">"):
            let isDouble = content.byte(offset + 1) == UInt8(ascii: ">")
            offset += isDouble ? 2 : 1
            return isDouble ? .dictionaryClose : .junk
        case UInt8(ascii: "["):
            offset += 1
            return .arrayOpen
        case UInt8(ascii: "]"):
            offset += 1
            return .arrayClose
        case UInt8(ascii: ")"), UInt8(ascii: "{"), UInt8(ascii: "}"):
            offset += 1
            return .junk
        default: return .keyword(regularRun(content))
        }
    }

    private mutating func regularRun(_ content: Span<UInt8>) -> Range<Int> {
        let start = offset
        while offset < content.count, Self.isRegular(content[offset]) { offset += 1 }
        return start..<offset
    }

    private mutating func number(_ content: Span<UInt8>) -> PDFToken {
        let range = regularRun(content)
        var value = 0
        for index in range {
            let byte = content[index]
            if index == range.lowerBound, byte == UInt8(ascii: "+") { continue }
            guard (0x30...0x39).contains(byte), value < Int.max / 16 else { return .number(range) }
            value = value * 10 + Int(byte - 0x30)
        }
        return .integer(value)
    }

    /// §7.3.4.2: parentheses are balanced or escaped.
    private mutating func skipString(_ content: Span<UInt8>) {
        let start = offset
        var depth = 0
        if openStrings <= Self.mostOpenStrings {
            while offset < content.count {
                switch content[offset] {
                case UInt8(ascii: "\\"): offset += 1
                case UInt8(ascii: "("): depth += 1
                case UInt8(ascii: ")"):
                    depth -= 1
                    if depth == 0 {
                        offset += 1
                        return
                    }
                default: break
                }
                offset += 1
            }
            openStrings += 1
        }
        offset = start + 1
    }

    private mutating func skipHexadecimal(_ content: Span<UInt8>) {
        offset += 1
        while offset < content.count {
            let byte = content[offset]
            if byte == UInt8(ascii: ">") {
                offset += 1
                return
            }
            let letter = byte | 0x20
            guard Self.isBlank(byte) || (0x30...0x39).contains(byte) || (0x61...0x66).contains(letter) else { return }
            offset += 1
        }
    }
}
