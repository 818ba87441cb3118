// Whether bytes above 0x7F that are not UTF-8 are letters of a code page that people still use. It sees only those bytes and their neighbors.

import SluiceModel

/// Follows all legacy code pages at once; fed by `ByteProof`.
struct LegacyProof {
    /// One double-byte code page.
    private struct DoubleByte {
        var isDead = false
        /// The lead byte that waits for its trail; 0 for none.
        var lead: UInt8 = 0
        /// Characters of two bytes, and those of them in the rows that nearly all text uses.
        var characters = 0
        var common = 0
    }

    private var shiftJIS = DoubleByte()
    private var chinese = DoubleByte()  // GBK, and so GB 2312
    private var taiwanese = DoubleByte()  // Big5
    private var unix = DoubleByte()  // EUC-JP, EUC-KR
    private var halfWidth = 0
    /// How often each byte from 0x80 occurs; made when the first one comes.
    private var histogram: [UInt32] = []
    /// How often a byte from row `i` follows one from row `j`, a row being 16 bytes.
    private var steps: [UInt32] = []
    private var runs = 0
    private var runsBesideLetters = 0
    private var isClosed = false
    private var inRun = false
    private var runCounted = false

    /// A character or a run of high bytes goes on.
    var isOpen: Bool { inRun || shiftJIS.lead != 0 || chinese.lead != 0 || taiwanese.lead != 0 || unix.lead != 0 }

    /// No legacy code page is considered any more.
    mutating func close() { self = LegacyProof(closed: true) }

    init() {}
    private init(closed: Bool) { isClosed = closed }

    mutating func take(_ byte: UInt8, _ previous: UInt8) {
        if isClosed { return }
        if byte >= 0x80 {
            if histogram.isEmpty {
                histogram = Array(repeating: 0, count: 128)
                steps = Array(repeating: 0, count: 64)
            }
            histogram[Int(byte & 0x7F)] &+= 1
            if inRun {
                steps[Int((byte >> 4) & 7) * 8 + Int((previous >> 4) & 7)] &+= 1
            } else {
                runs += 1
                inRun = true
                runCounted = Self.isLetter(previous)
                if runCounted { runsBesideLetters += 1 }
            }
        } else if inRun {
            if !runCounted && Self.isLetter(byte) { runsBesideLetters += 1 }
            inRun = false
        }
        takeShiftJIS(byte)
        takeChinese(byte)
        takeTaiwanese(byte)
        takeUnix(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    // JIS X 0208 annex 1: lead 81–9F, E0–FC; trail 40–7E, 80–FC; A1–DF stand alone (half-width katakana).
    private mutating func takeShiftJIS(_ byte: UInt8) {
        guard !shiftJIS.isDead else { return }
        if shiftJIS.lead != 0 {
            guard byte >= 0x40, byte != 0x7F, byte <= 0xFC else { return kill(&shiftJIS) }
            // Punctuation, figures, kana and the first level of kanji.
            count(&shiftJIS, common: (0x81...0x84).contains(shiftJIS.lead) || (0x88...0x98).contains(shiftJIS.lead))
        } else if byte >= 0x80 {
            if (0xA1...0xDF).contains(byte) {
                halfWidth += 1
            } else if (0x81...0x9F).contains(byte) || (0xE0...0xFC).contains(byte) {
                shiftJIS.lead = byte
            } else {
                kill(&shiftJIS)
            }
        }
    }

    // GBK: lead 81–FE, trail 40–FE without 7F. Rows A1–A3 and B0–D7 (GB 2312, first level) carry nearly all text.
    private mutating func takeChinese(_ byte: UInt8) {
        guard !chinese.isDead else { return }
        if chinese.lead != 0 {
            guard byte >= 0x40, byte != 0x7F, byte != 0xFF else { return kill(&chinese) }
            let row = chinese.lead
            count(&chinese, common: byte >= 0xA1 && ((0xA1...0xA3).contains(row) || (0xB0...0xD7).contains(row)))
        } else if byte >= 0x80 {
            if byte == 0x80 || byte == 0xFF { kill(&chinese) } else { chinese.lead = byte }
        }
    }

    // Big5: lead 81–FE, trail 40–7E, A1–FE. Rows A1–A3 and A4–C6 (frequently used characters).
    private mutating func takeTaiwanese(_ byte: UInt8) {
        guard !taiwanese.isDead else { return }
        if taiwanese.lead != 0 {
            guard (0x40...0x7E).contains(byte) || (0xA1...0xFE).contains(byte) else { return kill(&taiwanese) }
            count(&taiwanese, common: (0xA1...0xC6).contains(taiwanese.lead))
        } else if byte >= 0x80 {
            if byte == 0x80 || byte == 0xFF { kill(&taiwanese) } else { taiwanese.lead = byte }
        }
    }

    // EUC: both bytes A1–FE; 8E (one more) and 8F (two more, the first of which is then a lead) in EUC-JP.
    private mutating func takeUnix(_ byte: UInt8) {
        guard !unix.isDead else { return }
        if unix.lead != 0 {
            guard (0xA1...0xFE).contains(byte) else { return kill(&unix) }
            if unix.lead == 0x8F {
                unix.lead = 0xFE
                return
            }
            count(&unix, common: (0xA1...0xA5).contains(unix.lead) || (0xB0...0xCF).contains(unix.lead))
        } else if byte >= 0x80 {
            if (0xA1...0xFE).contains(byte) || byte == 0x8E || byte == 0x8F { unix.lead = byte } else { kill(&unix) }
        }
    }

    private func count(_ page: inout DoubleByte, common: Bool) {
        page.characters += 1
        if common { page.common += 1 }
        page.lead = 0
    }

    private func kill(_ page: inout DoubleByte) {
        page.isDead = true
        page.lead = 0
    }

    // MARK: - The answer

    /// - Returns: the kind of code page that explains every high byte plausibly, or `nil`.
    func encoding(total: Int, highBytes: Int) -> TextFeatures.Encoding? {
        guard !isClosed, !histogram.isEmpty, isVaried(highBytes) else { return nil }
        // A character of two bytes beside ASCII letters in most places is a Latin letter and its neighbor.
        if runsBesideLetters * 2 <= runs {
            if isPlausible(shiftJIS, singles: halfWidth) { return .shiftJIS }
            if isPlausible(chinese) || isPlausible(taiwanese) || isPlausible(unix) { return .multiByte }
        }
        if isLatin(total, highBytes) || isOtherAlphabet(highBytes) { return .singleByte }
        if isPlausible(shiftJIS, singles: halfWidth) { return .shiftJIS }
        return isPlausible(chinese) || isPlausible(taiwanese) || isPlausible(unix) ? .multiByte : nil
    }

    /// Filler (0xFF, one pattern again and again) is no language: no byte makes up more than 6 of 10 (chosen; the lead byte of kana makes up half).
    private func isVaried(_ highBytes: Int) -> Bool {
        guard highBytes >= 16, runs * 4 < highBytes else { return true }
        let most = histogram.max() ?? 0
        return Int(most) * 10 <= highBytes * 6 && histogram.count { $0 > 0 } >= 4
    }

    /// Valid to the end, and 7 of 10 characters in the common rows (chosen; real text has 9 of 10).
    private func isPlausible(_ page: DoubleByte, singles: Int = 0) -> Bool {
        !page.isDead && page.lead == 0 && page.characters + singles >= 2
            && (page.common + singles) * 10 >= (page.characters + singles) * 7 && page.characters * 4 >= singles
    }

    private func amount(_ letters: AlphabetPage) -> (letters: Int, signs: Int, undefined: Int) {
        var letterCount = 0
        var signCount = 0
        var undefined = 0
        for (index, times) in histogram.enumerated() where times > 0 {
            let byte = UInt8(index) | 0x80
            if letters.isLetter(byte) {
                letterCount += Int(times)
            } else if letters.isUndefined(byte) {
                undefined += Int(times)
            } else {
                signCount += Int(times)
            }
        }
        return (letterCount, signCount, undefined)
    }

    /// ASCII letters with accented ones among them, or ASCII with a few signs (°, £, quotes, a frame).
    private func isLatin(_ total: Int, _ highBytes: Int) -> Bool {
        guard highBytes * 4 <= total else { return false }
        let isSparse = highBytes * 50 <= total
        for page in AlphabetPage.latin {
            let (letters, _, undefined) = amount(page)
            if undefined > 0 { continue }
            // Letters stand beside letters, or alone (French à); long runs of accented letters do not occur.
            let inContext = runsBesideLetters * 10 >= runs * 4 && highBytes * 10 <= runs * 18
            if letters * 10 >= highBytes * 7 && inContext { return true }
            if isSparse && (page.signsAreCommon || letters * 10 >= highBytes * 7) { return true }
        }
        return false
    }

    /// Words of letters from 0x80: Cyrillic, Greek, Hebrew, Arabic, Thai.
    private func isOtherAlphabet(_ highBytes: Int) -> Bool {
        guard highBytes >= runs * 2, runsBesideLetters * 5 <= runs else { return false }
        for page in AlphabetPage.other {
            let (letters, _, undefined) = amount(page)
            guard undefined == 0, letters * 100 >= highBytes * 85 else { continue }
            // No letter of an alphabet makes up a third of a text of some length.
            if highBytes >= 32, Int(histogram.max() ?? 0) * 3 > highBytes { continue }
            // A capital letter behind a small one is rare in any language.
            var rises = 0
            var all = 0
            for next in 0..<8 {
                for first in 0..<8 {
                    let times = Int(steps[next * 8 + first])
                    all += times
                    if page.smallRows.contains(first) && page.capitalRows.contains(next) { rises += times }
                }
            }
            if rises * 20 <= all { return true }
        }
        return false
    }
}
