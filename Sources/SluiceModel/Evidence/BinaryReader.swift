// Reads numbers, texts and lists out of bytes that nobody vouches for. Every length is checked against the bytes that are there
// before anything is allocated, every size and count against its bound.

/// The bytes are not what our own program writes.
@usableFromInline package struct CodingDefect: Error, Equatable {
    /// For the log: which part could not be read.
    package let part: String

    @usableFromInline package init(part: String) { self.part = part }
}

/// Reads one message from its beginning to its end.
@usableFromInline package struct BinaryReader {
    @usableFromInline package let bytes: ArraySlice<UInt8>
    @usableFromInline package var next: Int

    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        next = bytes.startIndex
    }

    @inlinable package var remaining: Int { bytes.endIndex - next }

    /// Inlined, so that other rooms get code for their own type of number.
    @inlinable package mutating func number<Number: FixedWidthInteger>(_ part: StaticString) throws(CodingDefect)
        -> Number
    {
        let width = Number.bitWidth / 8
        guard remaining >= width else { throw CodingDefect(part: "\(part)") }
        var value: Number = 0
        for index in 0..<width { value |= Number(truncatingIfNeeded: bytes[next + index]) << Number(8 * index) }
        next += width
        return value
    }

    /// The counterpart of `BinaryWriter.packed`: at most five bytes, and no number in more bytes than it needs.
    package mutating func packed(_ part: StaticString) throws(CodingDefect) -> UInt32 {
        var value: UInt64 = 0
        for step in UInt64(0)..<5 {
            let byte: UInt8 = try number(part)
            value |= UInt64(byte & 0x7F) << (7 * step)
            guard byte & 0x80 == 0 else { continue }
            guard value <= UInt32.max, byte != 0 || step == 0 else { break }
            return UInt32(value)
        }
        throw CodingDefect(part: "\(part)")
    }

    /// A size or a count.
    package mutating func size(_ part: StaticString) throws(CodingDefect) -> ByteCount {
        let bytes: Int64 = try number(part)
        guard (0...EvidenceBounds.size).contains(bytes) else { throw CodingDefect(part: "\(part)") }
        return ByteCount(bytes)
    }

    /// A number in a finding's sentence.
    package mutating func figure(_ part: StaticString) throws(CodingDefect) -> Int64 {
        let value: Int64 = try number(part)
        guard (-EvidenceBounds.size...EvidenceBounds.size).contains(value) else { throw CodingDefect(part: "\(part)") }
        return value
    }

    package mutating func flag(_ part: StaticString) throws(CodingDefect) -> Bool {
        let value: UInt8 = try number(part)
        guard value <= 1 else { throw CodingDefect(part: "\(part)") }
        return value == 1
    }

    package mutating func blob(most: Int, _ part: StaticString) throws(CodingDefect) -> ArraySlice<UInt8> {
        let length: UInt32 = try number(part)
        guard Int(length) <= most, Int(length) <= remaining else { throw CodingDefect(part: "\(part)") }
        defer { next += Int(length) }
        return bytes[next..<next + Int(length)]
    }

    package mutating func text(most: Int, _ part: StaticString) throws(CodingDefect) -> String {
        guard let text = String(validating: try blob(most: most, part), as: UTF8.self) else {
            throw CodingDefect(part: "\(part)")
        }
        return text
    }

    /// The length of a list whose elements take at least `width` bytes each.
    package mutating func count(most: Int, width: Int, _ part: StaticString) throws(CodingDefect) -> Int {
        let count: UInt32 = try number(part)
        guard Int(count) <= most, Int(count) <= remaining / width else { throw CodingDefect(part: "\(part)") }
        return Int(count)
    }

    package mutating func optional<Value>(
        _ part: StaticString, _ read: (inout BinaryReader) throws(CodingDefect) -> Value
    ) throws(CodingDefect) -> Value? {
        try flag(part) ? try read(&self) : nil
    }

    /// Nothing may follow.
    package func end() throws(CodingDefect) {
        guard remaining == 0 else { throw CodingDefect(part: "end") }
    }
}
