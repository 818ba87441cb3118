// Whether bytes above 0x7F that are not UTF-8 are letters of a code page in use. It sees only those bytes and their neighbors.

import SluiceModel

/// Follows all legacy code pages at once; fed by `ByteProof`.
struct LegacyProof {
    private var pages = DoubleBytePages()
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
    var isOpen: Bool { inRun || pages.isOpen }

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
        pages.take(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    // MARK: - The answer

    /// - Returns: the kind of code page that explains every high byte plausibly, or `nil`.
    /// - Parameter isWordy: whether the rest of a short text looks like words and figures; asked only where the high bytes alone prove little.
    func encoding(total: Int, highBytes: Int, isWordy: Bool) -> TextFeatures.Encoding? {
        guard !isClosed, !histogram.isEmpty, isVaried(highBytes) else { return nil }
        // A few bytes are often text by chance: the other bytes have to look like words and figures.
        if total <= 64 && !isWordy { return nil }
        let double = doubleByte(isBare: total == highBytes)
        // A character of two bytes beside ASCII letters in most places is a Latin letter and its neighbor.
        if runsBesideLetters * 2 <= runs, let double { return double }
        if isLatin(total, highBytes) || isOtherAlphabet(highBytes) || isFramed(total, highBytes) { return .singleByte }
        return double ?? (isShort(total, highBytes, isWordy) ? .singleByte : nil)
    }

    private func doubleByte(isBare: Bool) -> TextFeatures.Encoding? {
        let isShiftJIS = pages.isPlausible(.shiftJIS, isBare: isBare)
        if isShiftJIS && !pages.isRatherUnix { return .shiftJIS }
        let others: [DoubleBytePages.Pages] = [.chinese, .taiwanese, .unix, .korean, .johab]
        return others.contains { pages.isPlausible($0, isBare: isBare) } ? .multiByte : nil
    }

    /// Filler (0xFF, one pattern again and again) is no language: no byte makes up more than 6 of 10 (chosen; the lead byte of kana makes up half).
    private func isVaried(_ highBytes: Int) -> Bool {
        guard highBytes >= 16, runs * 4 < highBytes else { return true }
        let most = histogram.max() ?? 0
        return Int(most) * 10 <= highBytes * 6 && histogram.count { $0 > 0 } >= 4
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

    /// Frames that DOS programs draw (437, 850, 866): `tree`, tables, menus. Most high bytes are lines and corners, the others letters of the page.
    private func isFramed(_ total: Int, _ highBytes: Int) -> Bool {
        guard highBytes >= 4, highBytes * 10 <= total * 9 else { return false }
        var lines = 0
        for (index, times) in histogram.enumerated() where Self.frame.contains(UInt8(index) | 0x80) {
            lines += Int(times)
        }
        return lines * 10 >= highBytes * 6 && histogram.count { $0 > 0 } <= 48
    }

    /// Box drawing of code page 437 as 850, 852 and 866 have it too: B0–B4, B9–BC, BF–C5, C8–CE, D9–DC, DF, and the square FE.
    private static let frame: Set<UInt8> = Set(
        [0xB0...0xB4, 0xB9...0xBC, 0xBF...0xC5, 0xC8...0xCE, 0xD9...0xDC, 0xDF...0xDF, 0xFE...0xFE, 0xFF...0xFF].flatMap
        {
            Array($0 as ClosedRange<UInt8>)
        })

    /// A few letters or signs of Windows 1252 or DOS 850 in a short text of words and figures: `10 €`, `Größe`, `• done`. One or two high bytes in a row.
    private func isShort(_ total: Int, _ highBytes: Int, _ isWordy: Bool) -> Bool {
        guard highBytes * 2 <= total, highBytes <= runs * 2, total <= 4096 || highBytes * 20 <= total else {
            return false
        }
        let known = Self.signs.union(Self.letters)
        for (index, times) in histogram.enumerated() where times > 0 && !known.contains(UInt8(index) | 0x80) {
            return false
        }
        return isWordy
    }

    /// Signs of Windows 1252 that stand alone in ordinary text: €, …, quotes, bullets, dashes, ™, §, °, ±, ², ³, µ, ·, », ¼, ½, ¾ and the like.
    private static let signs: Set<UInt8> = [
        0x80, 0x82, 0x84, 0x85, 0x86, 0x89, 0x8B, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9B, 0xA0, 0xA1,
        0xA2,
        0xA3, 0xA5, 0xA6, 0xA7, 0xA9, 0xAB, 0xAC, 0xAD, 0xAE, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB9,
        0xBB,
        0xBC, 0xBD, 0xBE, 0xBF, 0xD7, 0xF7,
    ]

    /// Letters of Western languages in Windows 1252, and ä ö ü ß é à Ä Ö Ü in DOS 850.
    private static let letters: Set<UInt8> = Set((0xC0...0xFE).map { $0 as UInt8 }).union([
        0x8A, 0x8C, 0x8E, 0x9A, 0x9C, 0x9E, 0x9F, 0xAA, 0xBA, 0x81, 0x82, 0x83, 0x84, 0x85, 0x87, 0x88, 0x8E, 0x94,
        0x99, 0x9A,
        0xE1,
    ])
}
