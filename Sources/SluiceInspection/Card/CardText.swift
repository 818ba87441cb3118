// The state of one text between its pieces, and the results of its lines. They count for the card only when the text turns out to be a
// log.

import SluiceModel

/// The part of the card that one text adds, if it is a log.
struct CardPart {
    var times = CardTimes()
    var levels = [Int64](repeating: 0, count: BundleCard.Level.allCases.count)
    var facts = CardFacts()
    var templates = CardTemplates()
}

/// The state of one text between its pieces. Of a line that is cut only the beginning is kept.
struct CardText {
    let lineEnd: UInt8
    var lines = 0
    var carried: [UInt8] = []
    var isCarrying = false
    var times = LineTimes()
    /// Where the level stood in the line before, or -1.
    var level = -1
    /// Elastic's cluster is named in a line before its version.
    var isElastic = false
    var forms = CardForms()
    var part = CardPart()

    init(lineEnd: UInt8) { self.lineEnd = lineEnd }
}

/// The letters of a line, by the encoding of its text.
enum CardLetters {
    /// Windows-1252, 0x80 to 0x9F; the rest is as in Unicode.
    private static let page: [UInt32] = [
        0x20AC, 0x2026, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x2026,
        0x017D, 0x2026, 0x2026, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x2026, 0x017E, 0x0178,
    ]

    /// The text as UTF-8. Where no table is here for the code page, an ellipsis replaces each unreadable character, so that no wrong
    /// letter is shown.
    static func utf8(_ line: [UInt8], _ encoding: TextFeatures.Encoding) -> [UInt8] {
        guard line.contains(where: { $0 >= 0x80 }) else { return line }
        var kept = line
        if encoding != .singleByte {
            // A line is cut at a byte, perhaps in the middle of a letter.
            for _ in 0..<4 {
                if String(validating: kept, as: UTF8.self) != nil { return kept }
                guard let last = kept.last, last >= 0x80 else { break }
                kept.removeLast()
            }
        }
        var out: [UInt8] = []
        var isLeftOut = false
        for byte in line {
            guard byte >= 0x80 else {
                out.append(byte)
                isLeftOut = false
                continue
            }
            if encoding == .singleByte, let letter = Unicode.Scalar(byte < 0xA0 ? page[Int(byte - 0x80)] : UInt32(byte))
            {
                out += Array(String(Character(letter)).utf8)
            } else if !isLeftOut {
                out += Array("…".utf8)
                isLeftOut = true
            }
        }
        return out
    }
}
