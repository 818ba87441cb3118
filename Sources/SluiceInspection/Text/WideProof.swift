// Proves UTF-16 and UTF-32 text to its end and turns it into UTF-8 for the readers of lines. ByteProof.swift proves 8-bit text.

import SluiceModel

/// A streaming proof of text in code units of two or four bytes. The answer does not depend on how the bytes are cut.
///
/// Strict: surrogates in pairs, no noncharacters, nothing above U+10FFFF, no private use beyond 1 in 50. The end may be cut inside a unit or pair. Control
/// characters other than the usual ones up to 1 in 32 with a byte order mark, 1 in 100 without (chosen). Without a mark, nine of ten characters must be
/// ASCII, of one alphabet's page, or of the scripts of East Asia together.
struct WideProof {
    let encoding: TextFeatures.Encoding
    let hasMark: Bool
    private let width: Int
    private let isBigEndian: Bool

    private(set) var isImpossible = false
    private(set) var lineFeeds = 0
    private(set) var nulCount = 0
    private(set) var nulRuns = 0
    private var returns = 0
    private(set) var units = 0
    /// The first control character that is not ordinary.
    private(set) var firstControl: TextPlace?
    private(set) var controls = 0
    private var privateUse = 0
    private var ascii = 0
    /// Signs and letters of Western languages, which share their page with ASCII.
    private var latin = 0
    /// How many units of each page of 256; filled only where there is no mark.
    private var pages: [UInt32]
    private var last: UInt32 = 0x0A

    // Between two pieces.
    private var unit: UInt32 = 0
    private var bytesOfUnit = 0
    private var lead: UInt32 = 0

    init(_ encoding: TextFeatures.Encoding, hasMark: Bool) {
        self.encoding = encoding
        self.hasMark = hasMark
        width = encoding == .utf16LittleEndian || encoding == .utf16BigEndian ? 2 : 4
        isBigEndian = encoding == .utf16BigEndian || encoding == .utf32BigEndian
        pages = hasMark ? [] : Array(repeating: 0, count: 256)
    }

    var isOfTwoBytes: Bool { width == 2 }
    /// The last character is a line feed, and no other has begun.
    var endsLine: Bool { units > 0 && last == 0x0A && bytesOfUnit == 0 }
    var lineEnds: Int { lineFeeds > 0 ? lineFeeds : returns }
    var endsInLine: Bool { units > 0 && last != 0x0A && !(lineFeeds == 0 && last == 0x0D) }

    /// Appends what `bytes` say, as UTF-8, to `out`.
    mutating func decode(_ bytes: Span<UInt8>, into out: inout [UInt8]) {
        _ = decode(bytes, into: &out) { _ in false }
    }

    /// The same, and stops behind a line end where `stops` says so of the bytes behind it.
    /// - Parameter stops: asked with the offset behind each line feed.
    /// - Returns: how many bytes were read.
    mutating func decode(_ bytes: Span<UInt8>, into out: inout [UInt8], stops: (Int) -> Bool) -> Int {
        for index in bytes.indices {
            if isImpossible { return bytes.count }
            let byte = UInt32(bytes[index])
            unit = isBigEndian ? unit << 8 | byte : unit | byte << UInt32(8 * bytesOfUnit)
            bytesOfUnit += 1
            if bytesOfUnit == width {
                let value = unit
                unit = 0
                bytesOfUnit = 0
                take(value, &out)
                if value == 0x0A && stops(index + 1) { return index + 1 }
            }
        }
        return bytes.count
    }

    /// Begins in the middle of a unit, of which the first byte was read elsewhere.
    mutating func begin(with first: UInt8) {
        unit = UInt32(first)
        bytesOfUnit = 1
    }

    private mutating func take(_ value: UInt32, _ out: inout [UInt8]) {
        if width == 2 {
            // The Unicode Standard, D91: a lead surrogate, then a trail surrogate, and neither alone.
            if lead != 0 {
                guard (0xDC00...0xDFFF).contains(value) else { return fail() }
                accept(0x10000 + (lead - 0xD800) << 10 + (value - 0xDC00), &out)
                lead = 0
                return
            }
            if (0xD800...0xDBFF).contains(value) {
                lead = value
                return
            }
        }
        if (0xD800...0xDFFF).contains(value) { return fail() }
        accept(value, &out)
    }

    private mutating func fail() { isImpossible = true }

    private mutating func accept(_ value: UInt32, _ out: inout [UInt8]) {
        guard value <= 0x10FFFF, value & 0xFFFE != 0xFFFE else { return fail() }
        units += 1
        switch value {
        case 0x20...0x7E, 0x09, 0x07, 0x08, 0x0B, 0x0C, 0x1B: ascii += 1
        case 0x0A:
            ascii += 1
            lineFeeds += 1
        case 0x0D:
            ascii += 1
            returns += 1
        case 0:
            nulCount += 1
            if last != 0 { nulRuns += 1 }
        case 0...0x1F, 0x7F...0x9F:
            controls += 1
            if firstControl == nil {
                firstControl = TextPlace(
                    byte: UInt8(truncatingIfNeeded: value), offset: units * width - width, line: lineEnds + 1)
            }
        case 0xE000...0xF8FF, 0xF0000...0x10FFFF: privateUse += 1
        case 0xA0...0xFF: latin += 1
        default: break
        }
        if controls > 64 && controls * 8 > units { fail() }
        if !hasMark {
            pages[Int(value >> 8 & 0xFF)] &+= 1
        }
        last = value
        switch value {
        case 0..<0x80: out.append(UInt8(value))
        case 0x80..<0x800:
            out.append(UInt8(0xC0 | value >> 6))
            out.append(UInt8(0x80 | value & 0x3F))
        case 0x800..<0x10000:
            out.append(UInt8(0xE0 | value >> 12))
            out.append(UInt8(0x80 | value >> 6 & 0x3F))
            out.append(UInt8(0x80 | value & 0x3F))
        default:
            out.append(UInt8(0xF0 | value >> 18))
            out.append(UInt8(0x80 | value >> 12 & 0x3F))
            out.append(UInt8(0x80 | value >> 6 & 0x3F))
            out.append(UInt8(0x80 | value & 0x3F))
        }
    }

    /// The content ends inside a unit or between the two surrogates of a character.
    var isCut: Bool { bytesOfUnit != 0 || lead != 0 }

    /// Whether all of it was text.
    func isText() -> Bool {
        guard !isImpossible, units > nulCount else { return false }
        guard controls * (hasMark ? 32 : 100) <= units || controls <= 2 && units >= 64, privateUse * 50 <= units else {
            return false
        }
        if nulCount > 0 && nulRuns > lineEnds + 2 && nulRuns * 32 > units { return false }
        if hasMark { return true }
        var best: UInt32 = 0
        var eastAsian: UInt32 = 0
        for page in 1..<256 {
            best = max(best, pages[page])
            if Self.isEastAsian(page) { eastAsian += pages[page] }
        }
        return units >= 4 && (ascii + latin + Int(max(best, eastAsian))) * 10 >= units * 9 && ascii * 50 >= units
            && latin * 2 <= units
    }

    /// Punctuation, kana, ideographs, Korean syllables and full-width forms (The Unicode Standard, chapter 18 and the block names).
    private static func isEastAsian(_ page: Int) -> Bool {
        page == 0x20 || page == 0x30 || (0x34...0x9F).contains(page) || (0xAC...0xD7).contains(page) || page == 0xFF
    }

    /// Whether the first bytes look like UTF-16 without a mark: NUL in every second byte, or one alphabet's page with NUL at the blanks.
    static func guess(_ opening: Span<UInt8>) -> TextFeatures.Encoding? {
        let pairs = opening.count / 2
        guard pairs >= 4 else { return nil }
        var zeros = (even: 0, odd: 0)
        var seen = (even: Array(repeating: 0, count: 256), odd: Array(repeating: 0, count: 256))
        for pair in 0..<pairs {
            let even = opening[2 * pair]
            let odd = opening[2 * pair + 1]
            if even == 0 { zeros.even += 1 }
            if odd == 0 { zeros.odd += 1 }
            seen.even[Int(even)] += 1
            seen.odd[Int(odd)] += 1
        }
        func fits(_ high: [Int], _ low: [Int], _ highZeros: Int, _ lowZeros: Int) -> Bool {
            // Nearly all content is ASCII, and has no NUL.
            guard highZeros > 0 else { return false }
            let isLowRight = lowZeros * 50 <= pairs
            if isLowRight && highZeros * 10 >= pairs * 7 { return true }
            let page = high[1...].max() ?? 0
            if isLowRight && highZeros * 20 >= pairs && (page + highZeros) * 10 >= pairs * 9 { return true }
            // East Asia: the line ends and blanks have a NUL, the characters lie in a third of all pages. ASCII has no NUL at all.
            let eastAsian = (1..<256).reduce(0) { isEastAsian($1) ? $0 + high[$1] : $0 }
            // The low bytes of ideographs can be anything; those of ASCII with a NUL here and there are letters.
            let printable = low[0x20...0x7E].reduce(0, +)
            return printable * 4 <= pairs * 3 && lowZeros <= max(1, pairs / 12) && highZeros >= 1
                && highZeros * 50 >= pairs
                && high[0x30] * 20 + highZeros * 10 >= pairs && (eastAsian + highZeros) * 100 >= pairs * 98
        }
        if fits(seen.odd, seen.even, zeros.odd, zeros.even) { return .utf16LittleEndian }
        if fits(seen.even, seen.odd, zeros.even, zeros.odd) { return .utf16BigEndian }
        return nil
    }
}
