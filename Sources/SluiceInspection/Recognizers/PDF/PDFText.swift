// Strings of PDF (ISO 32000-1 §7.3.4) and the texts in them (§7.9.2).

enum PDFText {
    /// The bytes that a string means.
    /// - Parameter range: with its opening mark, and its closing one if it has one.
    static func bytes(_ content: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        guard let open = content.byte(range.lowerBound) else { return [] }
        let inside = range.lowerBound + 1..<max(range.lowerBound + 1, range.upperBound)
        return open == UInt8(ascii: "(") ? literal(content, inside) : PDFFilters.undoHexadecimal(content.copy(inside))
    }

    private static func literal(_ content: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(range.count)
        var at = range.lowerBound
        let end = content.byte(range.upperBound - 1) == UInt8(ascii: ")") ? range.upperBound - 1 : range.upperBound
        while at < end {
            let byte = content[at]
            at += 1
            if byte == 13 {  // §7.3.4.2: any end of line is one line feed
                if at < end, content[at] == 10 { at += 1 }
                out.append(10)
                continue
            }
            guard byte == UInt8(ascii: "\\"), at < end else {
                out.append(byte)
                continue
            }
            let escaped = content[at]
            at += 1
            switch escaped {
            case UInt8(ascii: "n"): out.append(10)
            case UInt8(ascii: "r"): out.append(13)
            case UInt8(ascii: "t"): out.append(9)
            case UInt8(ascii: "b"): out.append(8)
            case UInt8(ascii: "f"): out.append(12)
            case 13: if at < end, content[at] == 10 { at += 1 }
            case 10: break
            case 0x30...0x37:
                var value = Int(escaped - 0x30)
                for _ in 0..<2 where at < end && (0x30...0x37).contains(content[at]) {
                    value = value * 8 + Int(content[at] - 0x30)
                    at += 1
                }
                out.append(UInt8(truncatingIfNeeded: value))
            default: out.append(escaped)
            }
        }
        return out
    }

    /// A text string: UTF-16 or UTF-8 behind a byte order mark, else one byte a character (ASCII is alike in PDFDocEncoding).
    static func scalars(_ bytes: [UInt8]) -> [Unicode.Scalar] {
        if bytes.starts(with: [0xFE, 0xFF]) { return wide(bytes, highFirst: true) }
        if bytes.starts(with: [0xFF, 0xFE]) { return wide(bytes, highFirst: false) }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return Array(String(decoding: bytes.dropFirst(3), as: UTF8.self).unicodeScalars)
        }
        return bytes.map { Unicode.Scalar($0) }
    }

    private static func wide(_ bytes: [UInt8], highFirst: Bool) -> [Unicode.Scalar] {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count / 2)
        var at = 2
        while at + 1 < bytes.count {
            let (one, two) = (UInt16(bytes[at]), UInt16(bytes[at + 1]))
            units.append(highFirst ? one << 8 | two : two << 8 | one)
            at += 2
        }
        return Array(String(decoding: units, as: UTF16.self).unicodeScalars)
    }

    /// As UTF-8, without the zeros at the end that some writers add to a name.
    static func utf8(_ bytes: [UInt8]) -> [UInt8] {
        var out = String.UnicodeScalarView()
        out.append(contentsOf: scalars(bytes).filter { $0.value != 0 })
        return Array(String(out).utf8)
    }
}
