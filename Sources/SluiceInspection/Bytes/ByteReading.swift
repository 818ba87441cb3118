// Bounds-checked reads of fixed-width numbers. Every structure reader reads through these.

/// A read outside the content answers `nil`: a truncated structure is a finding of the caller's, never a trap.
extension Span<UInt8> {
    @inline(__always)
    func byte(_ offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? self[offset] : nil
    }

    @inline(__always)
    func littleEndian16(_ offset: Int) -> UInt16? {
        guard offset >= 0, offset <= count - 2 else { return nil }
        return UInt16(self[offset]) | UInt16(self[offset + 1]) << 8
    }

    @inline(__always)
    func littleEndian32(_ offset: Int) -> UInt32? {
        guard offset >= 0, offset <= count - 4 else { return nil }
        return UInt32(self[offset]) | UInt32(self[offset + 1]) << 8 | UInt32(self[offset + 2]) << 16
            | UInt32(self[offset + 3]) << 24
    }

    @inline(__always)
    func littleEndian64(_ offset: Int) -> UInt64? {
        guard let low = littleEndian32(offset), let high = littleEndian32(offset + 4) else { return nil }
        return UInt64(low) | UInt64(high) << 32
    }

    @inline(__always)
    func bigEndian16(_ offset: Int) -> UInt16? { littleEndian16(offset)?.byteSwapped }

    @inline(__always)
    func bigEndian32(_ offset: Int) -> UInt32? { littleEndian32(offset)?.byteSwapped }

    /// Whether the bytes at `offset` are exactly `pattern`.
    func has(_ pattern: StaticString, at offset: Int) -> Bool {
        let length = pattern.utf8CodeUnitCount
        guard offset >= 0, offset <= count - length else { return false }
        let wanted = UnsafeBufferPointer(start: pattern.utf8Start, count: length)
        for index in 0..<length where self[offset + index] != wanted[index] { return false }
        return true
    }

    func has(_ pattern: [UInt8], at offset: Int) -> Bool {
        guard offset >= 0, offset <= count - pattern.count else { return false }
        for index in pattern.indices where self[offset + index] != pattern[index] { return false }
        return true
    }

    /// A copy of a piece; cut at the end of the content.
    func copy(_ range: Range<Int>) -> [UInt8] {
        let bounded = range.clamped(to: 0..<count)
        var out: [UInt8] = []
        out.reserveCapacity(bounded.count)
        for index in bounded { out.append(self[index]) }
        return out
    }
}
