// The code pages of East Asia, in which a character has two bytes. All of them are followed at once, one bit for each page, with one
// table look-up for each byte. Facts from the Unicode Consortium's mapping tables (VENDORS/MICSFT, EASTASIA), from JIS X 0208, GB 18030
// and KS X 1001.

/// Which of the pages a text may be in, as far as it was read.
struct DoubleBytePages {
    struct Pages: OptionSet {
        let rawValue: UInt8
        static let shiftJIS = Pages(rawValue: 1)
        /// GB 2312, GBK and GB 18030.
        static let chinese = Pages(rawValue: 2)
        /// Big5 and its Hong Kong supplement.
        static let taiwanese = Pages(rawValue: 4)
        /// EUC-JP and EUC-KR.
        static let unix = Pages(rawValue: 8)
        /// Korean Windows (949).
        static let korean = Pages(rawValue: 16)
        static let johab = Pages(rawValue: 32)
    }

    private static let count = 6

    /// A lead byte was read and its trail is awaited.
    private var pending: UInt8 = 0
    /// Characters among them whose lead byte stands in a row that nearly all text uses.
    private var pendingCommon: UInt8 = 0
    private var alive: UInt8 = 63
    /// GB 18030: how many bytes of a character of four were read; 0 for none.
    private var quad: UInt8 = 0
    private var highBytes = 0
    private var characters = [UInt32](repeating: 0, count: Self.count)
    private var common = [UInt32](repeating: 0, count: Self.count)
    private var errors = [UInt32](repeating: 0, count: Self.count)
    /// Half-width katakana of Shift JIS: one byte each.
    private var halfWidth = 0

    /// A character is not finished.
    var isOpen: Bool { pending & alive != 0 || quad != 0 }

    /// Half-width katakana are most of what Shift JIS would make of it, and nearly all of it stands in EUC's own rows: those are the same bytes in pairs.
    var isRatherUnix: Bool {
        halfWidth > Int(characters[0]) && errors[3] == 0 && characters[3] >= 2
            && common[3] * 10 >= characters[3] * 9
    }

    /// Bytes below 0x80 outside of a character need not be shown.
    mutating func take(_ byte: UInt8) {
        guard alive != 0 else { return }
        let table = Self.table[Int(byte)]
        if byte >= 0x80 { highBytes += 1 }
        if quad != 0 && takeQuad(byte) { return }
        let waiting = pending & alive
        var finished = waiting & table.trail
        if waiting & Pages.chinese.rawValue != 0, (0x30...0x39).contains(byte) {
            // GB 18030 §5: a lead byte and a figure begin a character of four bytes.
            quad = 2
            pending &= ~Pages.chinese.rawValue
            finished &= ~Pages.chinese.rawValue
            settle(waiting & ~Pages.chinese.rawValue, finished, table)
            return
        }
        settle(waiting, finished, table)
        guard byte >= 0x80 else { return }
        let fresh = alive & ~finished
        pending |= fresh & table.lead
        pendingCommon = (pendingCommon & ~fresh) | (fresh & table.commonLead)
        if fresh & table.single != 0 { halfWidth += 1 }
        fail(fresh & ~table.lead & ~table.single)
    }

    /// Counts the characters that this byte finishes, and what was awaited and did not come.
    private mutating func settle(_ waiting: UInt8, _ finished: UInt8, _ table: Entry) {
        var bits = finished
        while bits != 0 {
            let page = bits.trailingZeroBitCount
            characters[page] &+= 1
            if pendingCommon & table.commonTrail & (1 << UInt8(page)) != 0 { common[page] &+= 1 }
            bits &= bits &- 1
        }
        pending = 0
        fail(waiting & ~finished)
    }

    /// - Returns: whether the byte belongs to a character of four bytes.
    private mutating func takeQuad(_ byte: UInt8) -> Bool {
        let isRight = quad == 2 ? (0x81...0xFE).contains(byte) : (0x30...0x39).contains(byte)
        guard isRight else {
            quad = 0
            fail(Pages.chinese.rawValue)
            return false
        }
        quad += 1
        if quad == 4 {
            characters[1] &+= 1
            quad = 0
        }
        return true
    }

    private mutating func fail(_ pages: UInt8) {
        // A text may begin inside a character: its first bytes prove nothing.
        guard pages != 0, highBytes > 2 else { return }
        var bits = pages & alive
        while bits != 0 {
            let page = bits.trailingZeroBitCount
            errors[page] &+= 1
            if errors[page] > 8 && errors[page] * 16 > characters[page] { alive &= ~(1 << UInt8(page)) }
            bits &= bits &- 1
        }
    }

    /// Nearly valid from end to end, and most characters in the rows that text uses (chosen: real text of some length has 6 of 10 there, names of
    /// persons and places fewer; of random bytes one in six is, and one in four is no character at all).
    /// - Parameter isBare: there is no ASCII at all, not even a line end.
    func isPlausible(_ page: Pages, isBare: Bool) -> Bool {
        guard page.rawValue & alive != 0 else { return false }
        let index = page.rawValue.trailingZeroBitCount
        let singles = page == .shiftJIS ? halfWidth : 0
        let all = Int(characters[index]) + singles
        let usual = Int(common[index]) + singles
        guard all >= 2, Int(errors[index]) * 50 <= all || (errors[index] == 1 && all >= 8) else { return false }
        // Johab has so many pairs that random bytes are mostly valid, too.
        if page == .johab { return all >= 10 && usual * 100 >= all * 85 }
        // Its rows are so few that of bytes around 0x90 two thirds are common ones.
        if page == .shiftJIS { return usual * 100 >= all * (all < 6 ? 65 : 80) }
        return usual * 100 >= all * (isBare ? 75 : all < 6 ? 65 : all < 12 ? 40 : 55)
    }

    // MARK: - The table

    private struct Entry {
        var lead: UInt8 = 0
        var trail: UInt8 = 0
        var commonLead: UInt8 = 0
        var commonTrail: UInt8 = 0
        var single: UInt8 = 0
    }

    private static let table: [Entry] = {
        var table = [Entry](repeating: Entry(), count: 256)
        func mark(_ field: WritableKeyPath<Entry, UInt8>, _ page: Pages, _ ranges: ClosedRange<Int>...) {
            for range in ranges { for byte in range { table[byte][keyPath: field] |= page.rawValue } }
        }
        // JIS X 0208 annex 1: A1–DF stand alone (half-width katakana). Row 87 holds NEC's signs, FA–FC IBM's.
        mark(\.lead, .shiftJIS, 0x81...0x9F, 0xE0...0xFC)
        mark(\.trail, .shiftJIS, 0x40...0x7E, 0x80...0xFC)
        mark(\.single, .shiftJIS, 0xA1...0xDF)
        mark(\.commonLead, .shiftJIS, 0x81...0x84, 0x87...0x98)
        mark(\.commonTrail, .shiftJIS, 0x40...0x7E, 0x80...0xFC)
        // GBK; rows A1–A3 and B0–D7 (GB 2312, first level) carry most text.
        mark(\.lead, .chinese, 0x81...0xFE)
        mark(\.trail, .chinese, 0x40...0x7E, 0x80...0xFE)
        mark(\.commonLead, .chinese, 0xA1...0xA3, 0xB0...0xD7)
        mark(\.commonTrail, .chinese, 0xA1...0xFE)
        // Big5: rows A1–C6 are the signs and the frequently used characters.
        mark(\.lead, .taiwanese, 0x81...0xFE)
        mark(\.trail, .taiwanese, 0x40...0x7E, 0xA1...0xFE)
        mark(\.commonLead, .taiwanese, 0xA1...0xC6)
        mark(\.commonTrail, .taiwanese, 0x40...0x7E, 0xA1...0xFE)
        // EUC: both bytes A1–FE; 8E leads half-width katakana, 8F a third byte.
        mark(\.lead, .unix, 0x8E...0x8F, 0xA1...0xFE)
        mark(\.trail, .unix, 0xA1...0xFE)
        mark(\.commonLead, .unix, 0x8E...0x8E, 0xA1...0xA5, 0xB0...0xCF)
        mark(\.commonTrail, .unix, 0xA1...0xFE)
        // Windows 949: the syllables of KS X 1001 stand in B0–C8, the others around them.
        mark(\.lead, .korean, 0x81...0xFE)
        mark(\.trail, .korean, 0x41...0x5A, 0x61...0x7A, 0x81...0xFE)
        mark(\.commonLead, .korean, 0xA1...0xA3, 0xB0...0xC8)
        mark(\.commonTrail, .korean, 0xA1...0xFE)
        // KS X 1001 annex 3 (Johab): syllables by their letters.
        mark(\.lead, .johab, 0x84...0xD3, 0xD8...0xDE, 0xE0...0xF9)
        mark(\.trail, .johab, 0x31...0x7E, 0x81...0xFE)
        mark(\.commonLead, .johab, 0x88...0xD3, 0xD9...0xD9)
        mark(\.commonTrail, .johab, 0x41...0x7E, 0x81...0xFE)
        return table
    }()
}
