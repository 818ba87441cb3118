// Proves 8-bit text to its end: ASCII, UTF-8 or a legacy code page; counts the bytes that do not belong into text. LineSampler.swift
// reads the lines, LegacyProof.swift knows the code pages, WideProof.swift proves 16- and 32-bit text.

import SluiceModel

/// A streaming proof. The answer does not depend on how the bytes are cut.
///
/// The tolerated bytes, all figures chosen. Ordinary are tab, line ends, form feed, vertical tab, bell, backspace and well-formed escape
/// sequences.
/// Other control characters ("stray") up to 1 in 32 bytes, field separators (0x01, 0x1C to 0x1F: FIX logs and the like) and shifts (0x0E, 0x0F: ISO 2022)
/// up to 1 in 4; where bytes are not UTF-8 either, controls up to 1 in 100 and separators up to 1 in 10. Two are tolerated in any text of some length.
/// Runs of NUL up to the number of lines plus two and 1 in 32 bytes. 0x1A at the very end is the DOS end-of-file mark.
struct ByteProof {
    enum Reading: Equatable {
        case text(TextFeatures.Encoding)
        /// UTF-8 with so many places that are not.
        case mixed(Int)
    }

    /// UTF-8 sequences after which no legacy code page is considered any more (chosen: by chance not even ten in a row occur).
    private static let settledSequences = 2048

    private(set) var count = 0
    private(set) var lineFeeds = 0
    private(set) var nulCount = 0
    private(set) var nulRuns = 0
    private(set) var isImpossible = false
    /// The first control character that is not ordinary, and the first byte that is not UTF-8, with their places.
    private(set) var firstControl: TextPlace?
    private(set) var firstMalformed: TextPlace?
    private var strayControls = 0
    private var separators = 0
    private var returns = 0
    private var highBytes = 0
    private var sequences = 0
    private var malformed = 0
    private var legacy = LegacyProof()
    private var settled = false

    // Between two bytes.
    private var previous: UInt8 = 0x0A
    private var missing = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF
    private var afterEscape = false
    private var endMarks = 0

    /// No sequence is open: a block of ordinary bytes may be passed over.
    private var isCalm: Bool { missing == 0 && !afterEscape && endMarks == 0 && !legacy.isOpen }

    /// Control characters that do not belong into text; separators and shifts count.
    var controls: Int { strayControls + separators }

    /// The last byte that was read; a line end before the first.
    var lastByte: UInt8 { previous }

    /// The content ends inside a UTF-8 character, and nothing else is wrong with it. Known at the end.
    private(set) var wasCut = false

    /// Whether anything but ordinary ASCII or UTF-8 was met.
    var isUnclean: Bool { nulCount > 0 || strayControls > 0 || separators > 0 || malformed > 0 || endMarks > 0 }

    /// Whole lines, ended by LF, or by CR where there is no LF (old Macintosh).
    var lineEnds: Int { lineFeeds > 0 ? lineFeeds : returns }

    var endsInLine: Bool { count > 0 && previous != 0x0A && !(lineFeeds == 0 && previous == 0x0D) }

    mutating func scan(_ bytes: Span<UInt8>) {
        if isImpossible {
            count += bytes.count
            return
        }
        // The hot loop: raw loads of 16 bytes at a time, each inside the buffer by the loop's condition.
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            let end = buffer.count
            var at = 0
            while at < end {
                if isCalm {
                    let skipped = skipOrdinary(base, at, end)
                    if skipped > at {
                        at = skipped
                        previous = base.load(fromByteOffset: at - 1, as: UInt8.self)
                        continue
                    }
                }
                // After a NUL only the number of NULs changes: a file of zeros must cost no more than a text.
                if previous == 0 && isCalm {
                    let skipped = Self.skipZeros(base, at, end)
                    nulCount += skipped - at
                    at = skipped
                    if at == end { break }
                }
                let stop = min(at + 64, end)
                readClosely(base, at, stop)
                at = stop
                if isImpossible { break }
            }
            count += end
        }
    }

    /// Passes over blocks of 64 ordinary bytes and counts their line ends.
    /// - Returns: the offset of the first block that holds anything else, or that is not whole.
    private mutating func skipOrdinary(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
        typealias Lane = SIMD16<Int8>
        let blank = Lane(repeating: 0x20)
        let feed = Lane(repeating: 0x0A)
        let turn = Lane(repeating: 0x0D)
        let tab = Lane(repeating: 0x09)
        let delete = Lane(repeating: 0x7F)
        let one = Lane(repeating: 1)
        let none = Lane(repeating: 0)
        var at = start
        while at + 64 <= end {
            var feeds = none
            var turns = none
            var blocks = 0
            // A lane of 8 bits counts to 127; a block adds at most 4.
            while at + 64 <= end && blocks < 31 {
                var odd = SIMDMask<SIMD16<Int8>>(repeating: false)
                var feedsHere = none
                var turnsHere = none
                for offset in stride(from: 0, to: 64, by: 16) {
                    let lane = base.loadUnaligned(fromByteOffset: at + offset, as: Lane.self)
                    let isFeed = lane .== feed
                    let isTurn = lane .== turn
                    // Signed: bytes from 0x80 are negative and so below the blank as well.
                    let isOrdinary = isFeed .| isTurn .| (lane .== tab)
                    odd.formUnion(((lane .< blank) .& .!isOrdinary) .| (lane .== delete))
                    feedsHere &+= none.replacing(with: one, where: isFeed)
                    turnsHere &+= none.replacing(with: one, where: isTurn)
                }
                let bits = unsafeBitCast(odd, to: SIMD2<UInt64>.self)
                if bits[0] | bits[1] != 0 {
                    lineFeeds += Self.sum(feeds)
                    returns += Self.sum(turns)
                    return at
                }
                feeds &+= feedsHere
                turns &+= turnsHere
                at += 64
                blocks += 1
            }
            lineFeeds += Self.sum(feeds)
            returns += Self.sum(turns)
        }
        return at
    }

    /// - Returns: the offset of the first eight bytes that are not all zero, or that are not whole.
    private static func skipZeros(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int {
        var at = start
        while at + 8 <= end, base.loadUnaligned(fromByteOffset: at, as: UInt64.self) == 0 { at += 8 }
        return at
    }

    private static func sum(_ lanes: SIMD16<Int8>) -> Int { Int(lanes.wrappedByteSum) }

    private mutating func readClosely(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) {
        for at in start..<end {
            let byte = base.load(fromByteOffset: at, as: UInt8.self)
            if byte < 0x80 {
                if !isCalm { settlePending(byte) }
                switch byte {
                case 0x20...0x7E, 0x09: break
                case 0x0A: lineFeeds += 1
                case 0x0D: returns += 1
                case 0x07, 0x08, 0x0B, 0x0C: break
                case 0x1B: afterEscape = true
                case 0x1A: endMarks += 1
                case 0x00: nul()
                case 0x01, 0x0E, 0x0F, 0x1C...0x1F:
                    noteControl(byte, count + at)
                    separators += 1
                default:
                    noteControl(byte, count + at)
                    strayControls += 1
                    judgeControls(count + at)
                }
            } else {
                if afterEscape || endMarks > 0 { settlePending(byte) }
                high(byte, count + at)
            }
            previous = byte
            if isImpossible { return }
        }
    }

    private mutating func nul() {
        nulCount += 1
        if previous != 0 || nulCount == 1 { nulRuns += 1 }
    }

    private mutating func noteControl(_ byte: UInt8, _ position: Int) {
        if firstControl == nil { firstControl = TextPlace(byte: byte, offset: position, line: lineEnds + 1) }
    }

    /// Monotone: once impossible, nothing that follows can mend it.
    private mutating func judgeControls(_ position: Int) {
        if strayControls > 256 && strayControls * 8 > position { isImpossible = true }
        if malformed > 64 && strayControls > 32 && strayControls * 50 > position { isImpossible = true }
    }

    /// Closes what was open before this byte, which is not a continuation.
    private mutating func settlePending(_ byte: UInt8) {
        if afterEscape {
            afterEscape = false
            // ECMA-48 5.3: the byte behind ESC is 0x20 to 0x7E.
            if !(0x20...0x7E).contains(byte) {
                strayControls += 1
                judgeControls(count)
            }
        }
        if endMarks > 0 && byte != 0x1A && byte != 0 {
            strayControls += endMarks
            endMarks = 0
            judgeControls(count)
        }
        if missing > 0 && byte < 0x80 {
            missing = 0
            malform(count)
        }
        if legacy.isOpen { legacy.take(byte, previous) }
    }

    private mutating func malform(_ position: Int) {
        malformed += 1
        if firstMalformed == nil { firstMalformed = TextPlace(byte: previous, offset: position, line: lineEnds + 1) }
    }

    private mutating func high(_ byte: UInt8, _ position: Int) {
        highBytes += 1
        if !settled { legacy.take(byte, previous) }
        if missing > 0 {
            if byte >= lowest && byte <= highest {
                missing -= 1
                lowest = 0x80
                highest = 0xBF
                if missing == 0 {
                    sequences += 1
                    if sequences == Self.settledSequences && malformed == 0 {
                        settled = true
                        legacy.close()
                    }
                }
                return
            }
            missing = 0
            malform(position)
        }
        // The Unicode Standard, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
        lowest = 0x80
        highest = 0xBF
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0:
            missing = 2
            lowest = 0xA0
        case 0xED:
            missing = 2
            highest = 0x9F
        case 0xE1...0xEF: missing = 2
        case 0xF0:
            missing = 3
            lowest = 0x90
        case 0xF4:
            missing = 3
            highest = 0x8F
        case 0xF1...0xF3: missing = 3
        default:
            malformed += 1
            if firstMalformed == nil {
                firstMalformed = TextPlace(byte: byte, offset: position, line: lineEnds + 1)
            }
        }
    }

    /// - Parameters:
    ///   - isWordy: whether the beginning looks like words and figures; asked where the bytes alone prove little.
    ///   - isListOfEntries: whether NUL ends entries as a line end does (`/proc/PID/environ`).
    /// - Returns: `nil` when these bytes are not text.
    mutating func finish(isWordy: Bool = true, isListOfEntries: Bool = false) -> Reading? {
        wasCut = missing > 0 && malformed == 0 && sequences > 0
        if missing > 0 && !wasCut { malform(count) }
        missing = 0
        if afterEscape { strayControls += 1 }
        guard !isImpossible, count > nulCount + endMarks else { return nil }
        guard areNulsOrdinary || isListOfEntries else { return nil }
        // A few bytes are often text by chance.
        if malformed > 0 && nulCount > 0 && count <= 64 { return nil }
        let isClean = malformed == 0
        guard areControlsFew(of: isClean ? 32 : 100, separators: isClean ? 4 : 10) else { return nil }
        if highBytes == 0 { return .text(.ascii) }
        if isClean { return .text(.utf8) }
        // By chance a legacy text holds a sequence or two.
        // Lines of two programs in one file have as many of both; a code page of East Asia has one to every five stray places.
        if sequences >= 4 && malformed <= sequences * 2 { return .mixed(malformed) }
        if !settled, let encoding = legacy.encoding(total: count, highBytes: highBytes, isWordy: isWordy) {
            return .text(encoding)
        }
        // Lines of two programs in one file, one in UTF-8 and one in a code page: random bytes have a sequence to every ten stray places.
        let isSparse = highBytes * 4 <= count
        if sequences >= 4 && (malformed <= sequences || (isSparse && malformed <= sequences * 8)) {
            return .mixed(malformed)
        }
        // A text in UTF-8 that was cut inside a character, or into which a byte or two have strayed.
        if sequences >= 1 && malformed <= 2 && isSparse { return .mixed(malformed) }
        return nil
    }

    /// A crash or a rotation leaves some among lines. A table of strings in a program has one behind every string, and hardly a line.
    private var areNulsOrdinary: Bool {
        nulCount == 0 || nulRuns * 512 <= count - nulCount
            || (nulRuns <= lineEnds + 2 && (nulRuns <= 4 || nulRuns * 32 <= count - nulCount))
    }

    private func areControlsFew(of stray: Int, separators share: Int) -> Bool {
        let isLong = count >= 16 && (malformed == 0 || count >= 200)
        return (strayControls * stray <= count || (isLong && strayControls <= 2))
            && (separators * share <= count || (isLong && separators <= 2))
            // Beside NUL a few at most: both together, and bytes of no encoding besides, are how a picture behind a text begins.
            && (nulCount == 0 || controls <= 2 && (malformed == 0 || controls == 0 || malformed <= 2)
                || controls * 2000 <= count)
    }
}

/// Where something odd stands in a text.
struct TextPlace {
    let byte: UInt8
    /// From the first byte of the text, 0-based.
    let offset: Int
    /// 1-based.
    let line: Int
}

extension SIMDMask<SIMD16<Int8>> {
    @inline(__always)
    fileprivate mutating func formUnion(_ other: Self) {
        let union = self .| other
        self = union
    }
}

extension SIMD16<Int8> {
    /// The sum of all lanes, each from 0 to 127.
    fileprivate var wrappedByteSum: Int {
        // Two steps of pairwise sums in one register: no lane can overflow on the way.
        let words = unsafeBitCast(self, to: SIMD8<UInt16>.self)
        let pairs = (words & 0xFF) &+ (words &>> 8)
        return Int(pairs.wrappedSum())
    }
}
