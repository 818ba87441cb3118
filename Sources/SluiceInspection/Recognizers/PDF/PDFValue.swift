// PDF objects as trees (ISO 32000-1 §7.3), for the places where a value matters: decoding a stream, following an action, finding carried
// files. Everywhere else they are only counted (PDFObjects). Size and depth are bounded.

import SluiceModel

indirect enum PDFValue: Equatable {
    /// Also reals and stray words: nothing here depends on them.
    case null
    case truth(Bool)
    case integer(Int)
    /// Escapes resolved.
    case name([UInt8])
    /// Escapes resolved, decrypted.
    case string([UInt8])
    case array([PDFValue])
    case dictionary(PDFEntries)
    case reference(Int)

    var known: PDFName? {
        if case .name(let bytes) = self { PDFName.known(bytes) } else { nil }
    }
}

/// The pairs of a dictionary in their order. A key may stand twice, and viewers differ in which they take.
struct PDFEntries: Equatable {
    struct Pair: Equatable {
        var key: [UInt8]
        var value: PDFValue
    }
    var pairs: [Pair] = []

    func values(of name: PDFName) -> [PDFValue] {
        pairs.filter { $0.key.elementsEqual(name.rawValue.utf8) }.map(\.value)
    }

    func has(_ name: PDFName) -> Bool { pairs.contains { $0.key.elementsEqual(name.rawValue.utf8) } }
}

/// Reads one value.
struct PDFValueReader {
    /// Containers within each other (chosen: what matters here is a few levels deep).
    private static let deepest = 64
    /// Values still allowed, over all objects read by this reader: hostile objects may be long and read again and again.
    var left: Int
    /// Undoes the encryption of strings; `nil` where there is none.
    var cipher: PDFObjectCipher?

    /// - Parameter offset: where the value begins, or blanks before it.
    /// - Returns: the value and the offset behind it; `nil` when it does not end, or is too large or too deep.
    mutating func read(_ content: Span<UInt8>, at offset: Int) -> (value: PDFValue, end: Int)? {
        var lexer = PDFLexer(offset)
        defer { left -= (lexer.offset - offset) / 64 }  // blanks and comments cost time as well
        guard let first = value(content, &lexer, lexer.next(content), depth: 0) else { return nil }
        guard case .integer(let number) = first else { return (first, lexer.offset) }
        var ahead = lexer
        if case .integer = ahead.next(content), case .keyword(let word) = ahead.next(content), isR(content, word) {
            return (.reference(number), ahead.offset)
        }
        return (first, lexer.offset)
    }

    private func isR(_ content: Span<UInt8>, _ word: Range<Int>) -> Bool {
        word.count == 1 && content[word.lowerBound] == UInt8(ascii: "R")
    }

    private mutating func value(
        _ content: Span<UInt8>, _ lexer: inout PDFLexer, _ token: PDFToken, depth: Int
    ) -> PDFValue? {
        left -= 1
        guard left > 0, depth < Self.deepest else { return nil }
        switch token {
        case .integer(let value): return .integer(value)
        case .name(let range): return .name(PDFName.unescaped(content, range))
        case .string(let range):
            left -= range.count / 64
            let plain = PDFText.bytes(content, range)
            return .string(cipher?.decrypt(plain) ?? plain)
        case .dictionaryOpen: return items(content, &lexer, isDictionary: true, depth).map(Self.entries)
        case .arrayOpen: return items(content, &lexer, isDictionary: false, depth).map(PDFValue.array)
        case .keyword(let word):
            if word.count == 4, content.has("true", at: word.lowerBound) { return .truth(true) }
            if word.count == 5, content.has("false", at: word.lowerBound) { return .truth(false) }
            return isEnd(content, word) ? nil : .null
        case .number(let range): return Self.negative(content, range)
        case .junk: return .null
        case .dictionaryClose, .arrayClose, .end: return nil
        }
    }

    private func isEnd(_ content: Span<UInt8>, _ word: Range<Int>) -> Bool {
        for end in ["endobj", "stream", "obj", "xref", "startxref", "trailer"] as [StaticString]
        where content.has(end, at: word.lowerBound) {
            return true
        }
        return false
    }

    private mutating func items(
        _ content: Span<UInt8>, _ lexer: inout PDFLexer, isDictionary: Bool, _ depth: Int
    ) -> [PDFValue]? {
        var items: [PDFValue] = []
        while true {
            let token = lexer.next(content)
            switch token {
            case .dictionaryClose: if isDictionary { return items }
            case .arrayClose: if !isDictionary { return items }
            case .keyword(let word) where isR(content, word):
                guard items.count >= 2, case .integer(let number) = items[items.count - 2] else { break }
                items.removeLast(2)
                items.append(.reference(number))
            default:
                guard let value = value(content, &lexer, token, depth: depth + 1) else { return nil }
                items.append(value)
            }
        }
    }

    private static func negative(_ content: Span<UInt8>, _ range: Range<Int>) -> PDFValue {
        guard content.byte(range.lowerBound) == UInt8(ascii: "-"), (2...15).contains(range.count) else { return .null }
        var value = 0
        for index in range.dropFirst() {
            guard (0x30...0x39).contains(content[index]) else { return .null }
            value = value * 10 + Int(content[index] - 0x30)
        }
        return .integer(-value)
    }

    private static func entries(_ items: [PDFValue]) -> PDFValue {
        var entries = PDFEntries()
        var index = 0
        while index < items.count {
            guard case .name(let key) = items[index] else {
                index += 1
                continue
            }
            entries.pairs.append(.init(key: key, value: index + 1 < items.count ? items[index + 1] : .null))
            index += 2
        }
        return .dictionary(entries)
    }
}
