// The beginning of a line as bitmaps, sixteen characters at a time, so that words, digits and marks are found without looking at every
// byte.

/// Which of a line's first characters are of one kind: bit n stands for byte n.
struct LineBits {
    /// How much of a line is looked at (chosen: the rest is message).
    static let width = 192

    typealias Lane = SIMD16<UInt8>
    typealias Mask = SIMDMask<SIMD16<Int8>>

    private var words: InlineArray<3, UInt64> = [0, 0, 0]

    /// - Parameters:
    ///   - text: from the line's first byte on, as far as it is in memory: what lies behind the line is read with it and dropped.
    ///   - count: the line's length.
    @inline(__always)
    init(_ text: Span<UInt8>, _ count: Int, _ isKind: (Lane) -> Mask) {
        let end = min(count, Self.width)
        var words: InlineArray<3, UInt64> = [0, 0, 0]
        text.withUnsafeBytes { buffer in
            var at = 0
            while at < end {
                var lane = Lane(repeating: 0)
                if at + 16 <= buffer.count {
                    lane = buffer.loadUnaligned(fromByteOffset: at, as: Lane.self)
                } else {
                    for index in at..<buffer.count { lane[index - at] = buffer[index] }
                }
                words[at >> 6] |= Self.bits(isKind(lane)) << UInt64(at & 63)
                at += 16
            }
        }
        if end & 63 != 0 { words[end >> 6] &= 1 << UInt64(end & 63) - 1 }
        self.words = words
    }

    private init(words: InlineArray<3, UInt64>) { self.words = words }

    /// One bit a byte: each half keeps bit n of its byte n, and a product adds them up in its highest byte.
    @inline(__always)
    private static func bits(_ mask: Mask) -> UInt64 {
        let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        let low = ((halves[0] & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) >> 56
        let high = ((halves[1] & 0x8040_2010_0804_0201) &* 0x0101_0101_0101_0101) >> 56
        return low | high << 8
    }

    @inline(__always)
    func has(_ at: Int) -> Bool { at >= 0 && at < Self.width && words[at >> 6] >> UInt64(at & 63) & 1 == 1 }

    /// The first bit that is set at `start` or behind it; `width` where there is none.
    @inline(__always)
    func next(_ start: Int) -> Int { first(start, flipping: 0) }

    /// The first bit that is not set at `start` or behind it; `width` where there is none.
    @inline(__always)
    func end(_ start: Int) -> Int { first(start, flipping: .max) }

    @inline(__always)
    private func first(_ start: Int, flipping: UInt64) -> Int {
        guard start < Self.width else { return Self.width }
        var word = start >> 6
        var left = (words[word] ^ flipping) & (.max << UInt64(start & 63))
        while left == 0 {
            word += 1
            if word == 3 { return Self.width }
            left = words[word] ^ flipping
        }
        return word << 6 + left.trailingZeroBitCount
    }

    /// Whether any bit of a range is set.
    @inline(__always)
    func has(anyOf range: Range<Int>) -> Bool { next(range.lowerBound) < range.upperBound }

    /// Those that the one before is not of the kind of: where words begin.
    @inline(__always)
    var starts: LineBits {
        LineBits(words: [
            words[0] & ~(words[0] << 1), words[1] & ~(words[1] << 1 | words[0] >> 63),
            words[2] & ~(words[2] << 1 | words[1] >> 63),
        ])
    }

    /// Marks with one digit at least before them and two behind them: a clock's, where `self` are digits.
    @inline(__always)
    func clocks(_ marks: LineBits) -> LineBits {
        var out: InlineArray<3, UInt64> = [0, 0, 0]
        for index in 0..<3 {
            let before = words[index] << 1 | (index > 0 ? words[index - 1] >> 63 : 0)
            let next = index < 2 ? words[index + 1] : 0
            let behind = (words[index] >> 1 | next << 63) & (words[index] >> 2 | next << 62)
            out[index] = marks.words[index] & before & behind
        }
        return LineBits(words: out)
    }
}

extension LineBits {
    // Whole lanes on both sides of every operator: with a single number on one side each character would be looked at by itself.

    @inline(__always)
    private static func isAmong(_ lane: Lane, _ first: UInt8, _ count: UInt8) -> Mask {
        (lane &- Lane(repeating: first)) .< Lane(repeating: count)
    }

    @inline(__always)
    private static func isLetter(_ lane: Lane) -> Mask { isAmong(lane | Lane(repeating: 0x20), 0x61, 26) }

    @inline(__always)
    private static func equals(_ lane: Lane, _ byte: UInt8) -> Mask { lane .== Lane(repeating: byte) }

    @inline(__always)
    static func letters(_ text: Span<UInt8>, _ count: Int) -> LineBits { LineBits(text, count) { isLetter($0) } }

    @inline(__always)
    static func digits(_ text: Span<UInt8>, _ count: Int) -> LineBits {
        LineBits(text, count) { isAmong($0, 0x30, 10) }
    }

    @inline(__always)
    static func colons(_ text: Span<UInt8>, _ count: Int) -> LineBits {
        LineBits(text, count) { equals($0, UInt8(ascii: ":")) }
    }

    @inline(__always)
    static func slashes(_ text: Span<UInt8>, _ count: Int) -> LineBits {
        LineBits(text, count) { equals($0, UInt8(ascii: "/")) .| equals($0, UInt8(ascii: "\\")) }
    }

    /// Characters of names, numbers, paths and words: letters, digits, `- . / : _ \ @ % ~ +` and what is not ASCII.
    @inline(__always)
    static func names(_ text: Span<UInt8>, _ count: Int) -> LineBits {
        LineBits(text, count) { lane in
            let words = isLetter(lane) .| isAmong(lane, 0x2D, 14) .| isAmong(lane, 0x80, 0x80)  // - . / 0 … 9 :
            let marks =
                equals(lane, UInt8(ascii: "_")) .| equals(lane, UInt8(ascii: "\\")) .| equals(lane, UInt8(ascii: "@"))
            let others =
                equals(lane, UInt8(ascii: "%")) .| equals(lane, UInt8(ascii: "~")) .| equals(lane, UInt8(ascii: "+"))
            return words .| marks .| others
        }
    }
}

extension Span<UInt8> {
    /// Four bytes as one number, folded to lower case, the first one lowest; 0 where there are not four.
    @inline(__always)
    func folded4(_ at: Int) -> UInt32 {
        guard at >= 0, at + 4 <= count else { return 0 }
        return unsafe4(at) | 0x2020_2020
    }

    @inline(__always)
    private func unsafe4(_ at: Int) -> UInt32 {
        withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: UInt32.self)) }
    }
}
