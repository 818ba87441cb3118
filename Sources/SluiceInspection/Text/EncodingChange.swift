// Where a text changes between 8-bit and 16-bit characters: Windows' `>>` appends UTF-16 to the output of another program, or the other
// way round.

import Glibc
import SluiceModel

/// Finds the changes. It looks at a few bytes ahead; where a piece ends before them, they wait here for the next piece.
struct EncodingChanges {
    /// Bytes that show UTF-16 by NUL in every second place, the first one included (chosen: eight characters).
    static let aheadOfWide = 16
    /// Bytes behind a line end that show 8-bit text (chosen: sixteen units of UTF-16 that all read as two ASCII characters do not occur).
    static let aheadOfEight = 32

    private(set) var count = 0
    /// The line of the first change, 1-based.
    private(set) var firstLine = 0
    /// Bytes that can be decided only when more bytes have come.
    private(set) var waiting: [UInt8] = []
    /// UTF-16 ended in a line end with a piece: the next piece may begin with 8-bit text.
    var isBehindLineEnd = false
    /// The next decoded character was read as an 8-bit one already.
    var skipsFirst = false

    mutating func note(line: Int) {
        count += 1
        if count == 1 { firstLine = line }
    }

    mutating func wait(_ bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { waiting.append(contentsOf: $0) }
    }

    mutating func takeWaiting() -> [UInt8] {
        defer { waiting = [] }
        return waiting
    }

    /// - Returns: the next NUL from which on the bytes are UTF-16, or behind which too few are there to tell; `nil` where there is none.
    static func nextChange(_ bytes: Span<UInt8>) -> Int? {
        bytes.withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress else { return nil }
            var from = 0
            while from < buffer.count, let hit = memchr(base + from, 0, buffer.count - from) {
                let at = UnsafeRawPointer(hit) - base
                if at + aheadOfWide > buffer.count || isWide(bytes, at) { return at }
                from = at + 1
                while from < buffer.count, buffer[from] == 0 { from += 1 }
            }
            return nil
        }
    }

    /// Whether NUL stands in every second place from `start` on, and something else between.
    /// - Parameter least: how many bytes have to be there.
    static func isWide(_ bytes: Span<UInt8>, _ start: Int, least: Int = aheadOfWide) -> Bool {
        let end = min(bytes.count, start + aheadOfWide)
        guard end - start >= least else { return false }
        for index in start..<end where ((index - start) & 1 == 0) != (bytes[index] == 0) { return false }
        return true
    }

    /// Whether the bytes from `start` on are plain ASCII, as two bytes of UTF-16 hardly ever are.
    static func isEight(_ bytes: Span<UInt8>, _ start: Int, least: Int = aheadOfEight) -> Bool {
        let end = min(bytes.count, start + aheadOfEight)
        guard end - start >= least else { return false }
        for index in start..<end {
            let byte = bytes[index]
            guard (0x20...0x7E).contains(byte) || byte == 0x09 || byte == 0x0A || byte == 0x0D else { return false }
        }
        return true
    }
}

/// The environment of a process as Linux shows it: `NAME=value`, each ended by NUL (`man 5 proc`, /proc/PID/environ).
enum Environment {
    static func holds(_ opening: Span<UInt8>) -> Bool {
        var entries = 0
        var at = 0
        while at < opening.count {
            guard let end = opening.firstOffset(of: 0 as UInt8, from: at, before: opening.count) else { break }
            guard isEntry(opening, at..<end) else { return false }
            entries += 1
            at = end + 1
        }
        return entries >= 1
    }

    private static func isEntry(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        while at < range.upperBound, isNamePart(text[at], isFirst: at == range.lowerBound) { at += 1 }
        return at > range.lowerBound && at < range.upperBound && text[at] == UInt8(ascii: "=")
    }

    private static func isNamePart(_ byte: UInt8, isFirst: Bool) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") || !isFirst && (0x30...0x39).contains(byte)
    }
}
