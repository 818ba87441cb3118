// Searches content for a byte or a short pattern at the speed of the C library. ByteReading reads numbers.

import Glibc

extension Span<UInt8> {
    /// The first offset from `start` on, and before `end`, that holds `byte`.
    func firstOffset(of byte: UInt8, from start: Int, before end: Int) -> Int? {
        let low = Swift.max(start, 0)
        let high = Swift.min(end, count)
        guard low < high else { return nil }
        // Unsafe because `memchr` is several times faster than a loop here; the range was bounded just above.
        return withUnsafeBufferPointer { buffer in
            guard let base = UnsafeRawPointer(buffer.baseAddress),
                let hit = memchr(base + low, CInt(byte), high - low)
            else { return nil }
            return UnsafeRawPointer(hit) - base
        }
    }

    /// The first offset from `start` on at which all of `pattern` stands before `end`.
    func firstOffset(of pattern: StaticString, from start: Int, before end: Int) -> Int? {
        let last = Swift.min(end, count) - pattern.utf8CodeUnitCount
        var from = start
        while let hit = firstOffset(of: pattern.utf8Start[0], from: from, before: last + 1) {
            if has(pattern, at: hit) { return hit }
            from = hit + 1
        }
        return nil
    }

    /// The last offset before `end`, and not before `start`, at which all of `pattern` stands.
    func lastOffset(of pattern: StaticString, from start: Int, before end: Int) -> Int? {
        var offset = Swift.min(end, count) - pattern.utf8CodeUnitCount
        let low = Swift.max(start, 0)
        while offset >= low {
            if self[offset] == pattern.utf8Start[0], has(pattern, at: offset) { return offset }
            offset -= 1
        }
        return nil
    }

    /// How many bytes from `start` on, and before `end`, are zero.
    func zeroRun(from start: Int, before end: Int) -> Int {
        var offset = start
        let high = Swift.min(end, count)
        while offset < high, self[offset] == 0 { offset += 1 }
        return offset - start
    }
}
