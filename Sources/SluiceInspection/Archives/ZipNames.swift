// Which name a member has. A header can give it twice and in several encodings (Threats, Z8, Z9). EntryPath checks the name itself
// (paths, twins, control characters).

import SluiceModel

/// The rules about the encoding of names and about the unicode path field.
enum ZipNames {
    enum Problem { case notUTF8, legacy, unicodePath }

    /// - Returns: the name as it is shown and compared: the unicode path where there is a sound one, else the stored bytes.
    static func settle(
        _ content: Span<UInt8>, _ header: ZipHeaderFields, _ unicodePath: Range<Int>?
    ) -> (name: [UInt8], problem: Problem?) {
        let stored = content.copy(header.name)
        let isFlagged = header.flags & ZipFlag.utf8 != 0
        let isText = String(validating: stored, as: UTF8.self) != nil
        if isFlagged, !isText { return (stored, .notUTF8) }
        guard let unicodePath else { return (stored, isText ? nil : .legacy) }
        guard let other = unicodeName(content, unicodePath, of: stored),
            other == stored || (!isFlagged && isSame(stored, other))
        else { return (stored, .unicodePath) }
        return (other, nil)
    }

    static func note(
        _ problem: Problem?, _ content: Span<UInt8>, _ unicodePath: Range<Int>?, _ context: inout InspectionContext
    ) {
        switch problem {
        case .notUTF8: context.find(.zipNameEncoding)
        case .legacy: context.find(.zipLegacyName)
        case .unicodePath: context.find(.zipUnicodePath, .bytes(content.copy((unicodePath ?? 0..<0).dropFirst(5))))
        case nil: break
        }
    }

    /// APPNOTE §4.6.9: version 1, the CRC of the stored name, the name in UTF-8.
    private static func unicodeName(_ content: Span<UInt8>, _ field: Range<Int>, of stored: [UInt8]) -> [UInt8]? {
        guard field.count > 5, content.byte(field.lowerBound) == 1,
            content.littleEndian32(field.lowerBound + 1) == CyclicCheck.of(stored.span)
        else { return nil }
        let name = content.copy(field.dropFirst(5))
        return String(validating: name, as: UTF8.self) == nil ? nil : name
    }

    /// Whether the two can be one name in two encodings: the same ASCII characters in the same order, once what no code page shares is left out.
    private static func isSame(_ stored: [UInt8], _ unicode: [UInt8]) -> Bool {
        let wanted = unicode.filter { $0 < 0x80 && $0 != UInt8(ascii: "?") }
        return skeleton(stored, doubleByte: false) == wanted || skeleton(stored, doubleByte: true) == wanted
    }

    /// The ASCII part of a name in a legacy code page.
    /// - Parameter doubleByte: whether a byte from 0x80 takes the one behind it along (Shift JIS, GBK, Big5).
    private static func skeleton(_ name: [UInt8], doubleByte: Bool) -> [UInt8] {
        var out: [UInt8] = []
        var at = 0
        while at < name.count {
            if name[at] >= 0x80 {
                at += doubleByte ? 2 : 1
            } else if let length = escape(name, at) {
                at += length
            } else {
                // The character that a writer puts where its code page lacks one.
                if name[at] != UInt8(ascii: "?") { out.append(name[at]) }
                at += 1
            }
        }
        return out
    }

    /// Info-ZIP writes `#U00e9` or `#L01f600` for a character that the local code page lacks (zip 3.0, fileio.c).
    private static func escape(_ name: [UInt8], _ at: Int) -> Int? {
        guard name[at] == UInt8(ascii: "#"), at + 1 < name.count else { return nil }
        let digits = name[at + 1] == UInt8(ascii: "U") ? 4 : name[at + 1] == UInt8(ascii: "L") ? 6 : 0
        guard digits > 0, at + 2 + digits <= name.count,
            name[at + 2..<at + 2 + digits].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return 2 + digits
    }
}
