// Names in the double-byte code pages of East Asia. There 0x5C may be the second half of a character, and is no backslash then.

/// Shift JIS, GBK and Big5 as far as names need them: which bytes stand alone and which take the next one along.
enum DoubleByteNames {
    /// A code page's lead bytes, its bytes from 0x80 that stand alone, and its second bytes.
    private struct Page {
        var leads: [ClosedRange<UInt8>]
        var single: ClosedRange<UInt8>?
        var trails: [ClosedRange<UInt8>]
    }

    private static let pages = [
        // Windows 932, 936, 950
        Page(leads: [0x81...0x9F, 0xE0...0xFC], single: 0xA1...0xDF, trails: [0x40...0x7E, 0x80...0xFC]),
        Page(leads: [0x81...0xFE], trails: [0x40...0x7E, 0x80...0xFE]),
        Page(leads: [0x81...0xFE], trails: [0x40...0x7E, 0xA1...0xFE]),
    ]

    private static let backslash = UInt8(ascii: "\\")

    /// - Returns: the name with a plain character in place of each 0x5C that is half of a character: for rules that look for backslashes. A name
    ///   in UTF-8, or one that no code page here reads without a rest, comes back as it is.
    static func withoutHalves(_ name: [UInt8]) -> [UInt8] {
        guard name.contains(backslash), String(validating: name, as: UTF8.self) == nil else { return name }
        for page in pages {
            guard let plain = read(name, page), !plain.contains(backslash) else { continue }
            return plain
        }
        for page in pages {
            if let plain = read(name, page) { return plain }
        }
        return name
    }

    private static func read(_ name: [UInt8], _ page: Page) -> [UInt8]? {
        var out = name
        var at = 0
        while at < name.count {
            let byte = name[at]
            if byte < 0x80 || page.single?.contains(byte) == true {
                at += 1
                continue
            }
            guard page.leads.contains(where: { $0.contains(byte) }), at + 1 < name.count,
                page.trails.contains(where: { $0.contains(name[at + 1]) })
            else { return nil }
            if name[at + 1] == backslash { out[at + 1] = UInt8(ascii: "_") }
            at += 2
        }
        return out
    }
}
