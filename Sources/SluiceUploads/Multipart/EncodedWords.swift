// Encoded words of mail headers (RFC 2047), in which .NET, Spring, JavaMail and others write a file's name into a form. The standard of forms
// does not know them, so they come in quotes, in one piece or in several, and beside `filename*` or alone.

import FoundationEssentials
import SluiceModel
import SluiceServer

/// `=?utf-8?B?R2Vyw6R0LnR4dA==?=` and `=?iso-8859-1?Q?Ger=E4t.txt?=`.
enum EncodedWords {
    enum Reading: Equatable {
        /// No encoded word in it: the bytes are the name.
        case plain
        case decoded([UInt8])
        /// A character set or a coding that is not read here.
        case unknown
    }

    private struct Word {
        let charset: NameCharset
        let bytes: [UInt8]
        let end: Int
    }

    /// Reads a value with encoded words anywhere in it. White space between two of them is dropped (RFC 2047 §6.2), and a character may be cut
    /// in two by the border of two words, as some agents do.
    static func read(_ value: [UInt8]) -> Reading {
        guard value.firstRange(of: [UInt8(ascii: "="), UInt8(ascii: "?")]) != nil else { return .plain }
        var out: [UInt8] = []
        var pending: (charset: NameCharset, bytes: [UInt8])?
        var found = false
        var at = 0
        while at < value.count {
            if value[at] == UInt8(ascii: "="), at + 1 < value.count, value[at + 1] == UInt8(ascii: "?") {
                switch word(value, at) {
                case .none: break
                case .some(.none): return .unknown
                case .some(.some(let word)):
                    found = true
                    if let open = pending, open.charset == word.charset {
                        pending = (word.charset, open.bytes + word.bytes)
                    } else {
                        guard flush(&pending, into: &out) else { return .unknown }
                        pending = (word.charset, word.bytes)
                    }
                    at = word.end
                    let next = value[at...].drop(while: HeaderParameters.isSpace)
                    if next.starts(with: [UInt8(ascii: "="), UInt8(ascii: "?")]) { at = next.startIndex }
                    continue
                }
            }
            guard flush(&pending, into: &out) else { return .unknown }
            out.append(value[at])
            at += 1
        }
        guard flush(&pending, into: &out) else { return .unknown }
        return found ? .decoded(out) : .plain
    }

    private static func flush(_ pending: inout (charset: NameCharset, bytes: [UInt8])?, into out: inout [UInt8]) -> Bool
    {
        guard let (charset, bytes) = pending else { return true }
        pending = nil
        guard let text = charset.utf8(bytes) else { return false }
        out += text
        return true
    }

    /// - Returns: `nil` for what has not the form of an encoded word, `.some(nil)` for one that cannot be decoded.
    private static func word(_ value: [UInt8], _ start: Int) -> Word?? {
        let question = UInt8(ascii: "?")
        var fields: [ArraySlice<UInt8>] = []
        var at = start + 2
        for _ in 0..<2 {
            guard let mark = value[at...].firstIndex(of: question) else { return .none }
            fields.append(value[at..<mark])
            at = mark + 1
        }
        guard !fields[0].isEmpty, fields[0].allSatisfy(FieldSyntax.isToken), fields[1].count == 1,
            let mark = value[at...].firstIndex(of: question), mark + 1 < value.count,
            value[mark + 1] == UInt8(ascii: "=")
        else { return .none }
        let text = value[at..<mark]
        // `utf-8*en`: a language may follow (RFC 2231 §5).
        guard let charset = NameCharset(fields[0].prefix { $0 != UInt8(ascii: "*") }) else { return .some(nil) }
        let bytes: [UInt8]?
        switch fields[1].first {
        case UInt8(ascii: "B"), UInt8(ascii: "b"): bytes = base64(text)
        case UInt8(ascii: "Q"), UInt8(ascii: "q"): bytes = quoted(text)
        default: bytes = nil
        }
        guard let bytes else { return .some(nil) }
        return Word(charset: charset, bytes: bytes, end: mark + 2)
    }

    /// Leniency: the padding may be missing.
    private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let bare = text.prefix { $0 != UInt8(ascii: "=") }
        guard text[bare.endIndex...].allSatisfy({ $0 == UInt8(ascii: "=") }) else { return nil }
        let padded = bare + [UInt8](repeating: UInt8(ascii: "="), count: (4 - bare.count % 4) % 4)
        return Data(base64Encoded: Data(padded)).map { [UInt8]($0) }
    }

    /// RFC 2047 §4.2: as in quoted-printable, and `_` is a blank.
    private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        // A percent sign is no sign of this coding; an equals sign is what a percent sign is in the other one.
        var out: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "_"): out.append(0x20)
            case UInt8(ascii: "="):
                guard let pair = PercentEncoding.decode([UInt8(ascii: "%")] + rest.prefix(2)), pair.count == 1 else {
                    return nil
                }
                out += pair
                rest = rest.dropFirst(2)
            default: out.append(byte)
            }
        }
        return out
    }
}

/// The character sets in which agents name files.
enum NameCharset: Equatable {
    case utf8, ascii
    /// ISO 8859-1, and Windows-1252, which writes printable characters where the former has none that a name could hold.
    case western

    /// - Parameter name: in any case.
    init?(_ name: some Sequence<UInt8>) {
        switch HeaderParameters.lowercased(name) {
        case "utf-8", "utf8": self = .utf8
        case "us-ascii", "ascii": self = .ascii
        case "iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252": self = .western
        default: return nil
        }
    }

    /// - Returns: the same text in UTF-8; `nil` for bytes that the character set has not.
    func utf8(_ bytes: [UInt8]) -> [UInt8]? {
        switch self {
        case .utf8: String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
        case .ascii: bytes.allSatisfy { $0 < 0x80 } ? bytes : nil
        case .western:
            bytes.flatMap { byte -> [UInt8] in
                let scalar = (0x80...0x9F).contains(byte) ? Self.windows[Int(byte) - 0x80] : UInt32(byte)
                return Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
            }
        }
    }

    /// 0x80 to 0x9F of Windows-1252 (encoding.spec.whatwg.org, index windows-1252).
    private static let windows: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]
}
