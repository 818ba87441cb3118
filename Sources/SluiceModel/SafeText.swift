// Shows bytes from outside to a person: on one line, without control characters or changes of direction, with bounded length.

/// Bytes from outside, made safe to show on a terminal, in a log line or in a report.
public enum SafeText {
    /// Longest text shown, in characters of the result ("names are escaped and cut").
    public static let longest = 200

    /// Escapes everything that could move the cursor, end the line, reverse the reading direction or be invisible;
    /// invalid UTF-8 becomes `\xNN`. The result is cut at `limit` with an ellipsis.
    public static func display(_ bytes: some Collection<UInt8>, limit: Int = longest) -> String {
        // Nearly every name is plain ASCII, and looking up the properties of each scalar is slow.
        if bytes.count <= limit, bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        var out = ""
        var shown = 0
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            if shown >= limit { return out + "…" }
            let scalar = decodeFirst(&rest)
            switch scalar {
            case .success(let value):
                if isHarmless(value) {
                    out.unicodeScalars.append(value)
                    shown += 1
                } else {
                    let piece = escape(value)
                    out += piece
                    shown += piece.count
                }
            case .failure(let byte):
                out += "\\x" + hexadecimal(UInt32(byte.value), digits: 2)
                shown += 4
            }
        }
        return out
    }

    /// The name or path of a file, escaped in the same way. A long name is cut before its extension, which says what the file is.
    public static func name(_ bytes: [UInt8], limit: Int = longest) -> String {
        if bytes.count <= limit / longestPiece { return display(bytes, limit: limit) }
        let whole = display(bytes, limit: .max)
        if whole.unicodeScalars.count <= limit { return whole }
        let ending = display(bytes[extensionStart(bytes)...], limit: .max)
        let room = limit - ending.unicodeScalars.count
        guard !ending.isEmpty, room > limit / 2 else { return display(bytes, limit: limit) }
        return display(bytes, limit: room) + ending
    }

    /// The longest result of one byte: `\u{200b}` comes from three bytes, `\xff` from one.
    private static let longestPiece = 5

    /// Where the extension begins, with its dot; `.tar.gz` counts as one extension.
    private static func extensionStart(_ bytes: [UInt8]) -> Int {
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return bytes.endIndex }
        let inner = Array(".tar".utf8)
        return bytes[..<dot].suffix(inner.count).map { $0 | 0x20 } == inner.map { $0 | 0x20 } ? dot - inner.count : dot
    }

    public static func display(_ text: String, limit: Int = longest) -> String { display(text.utf8, limit: limit) }

    /// A byte that does not belong to well-formed UTF-8.
    struct StrayByte: Error { var value: UInt8 }

    private static func decodeFirst(_ rest: inout ArraySlice<UInt8>) -> Result<Unicode.Scalar, StrayByte> {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = rest.makeIterator()
        let first = rest[rest.startIndex]
        if case .valid(let encoded) = decoder.parseScalar(from: &iterator) {
            rest = rest.dropFirst(encoded.count)
            return .success(Unicode.UTF8.decode(encoded))
        }
        rest = rest.dropFirst()
        return .failure(StrayByte(value: first))
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\\" { return false }  // otherwise an escape could be forged
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
        default: return !isInvisible(scalar)
        }
    }

    /// Characters that are drawn as nothing although they are not format characters. (Hangul fillers and variation selectors are
    /// harmless.)
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{115F}" || scalar == "\u{1160}" || scalar == "\u{3164}" || scalar == "\u{FFA0}"
            || scalar == "\u{2800}"
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\\": "\\\\"
        default: "\\u{" + hexadecimal(scalar.value, digits: 1) + "}"
        }
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
