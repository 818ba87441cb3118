// Reads numbers, texts and lists out of bytes that nobody vouches for. Every length is checked against the bytes that are there
// before anything is allocated, every size and count against its bound.

internal import SluiceModel

/// The bytes are not what our own inspector writes.
struct WireNonsense: Error, Equatable {
    /// For the log: which part could not be read.
    let part: String
}

/// Reads one message from its beginning to its end.
struct WireReader {
    private let bytes: ArraySlice<UInt8>
    private var next: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        next = bytes.startIndex
    }

    var remaining: Int { bytes.endIndex - next }

    mutating func number<Number: FixedWidthInteger>(_ part: StaticString) throws(WireNonsense) -> Number {
        let width = Number.bitWidth / 8
        guard remaining >= width else { throw WireNonsense(part: "\(part)") }
        var value: Number = 0
        for index in 0..<width { value |= Number(truncatingIfNeeded: bytes[next + index]) << Number(8 * index) }
        next += width
        return value
    }

    /// The counterpart of `WireWriter.packed`: at most five bytes, and no number in more bytes than it needs.
    mutating func packed(_ part: StaticString) throws(WireNonsense) -> UInt32 {
        var value: UInt64 = 0
        for step in UInt64(0)..<5 {
            let byte: UInt8 = try number(part)
            value |= UInt64(byte & 0x7F) << (7 * step)
            guard byte & 0x80 == 0 else { continue }
            guard value <= UInt32.max, byte != 0 || step == 0 else { break }
            return UInt32(value)
        }
        throw WireNonsense(part: "\(part)")
    }

    /// A size or a count.
    mutating func size(_ part: StaticString) throws(WireNonsense) -> ByteCount {
        let bytes: Int64 = try number(part)
        guard (0...WireBounds.size).contains(bytes) else { throw WireNonsense(part: "\(part)") }
        return ByteCount(bytes)
    }

    /// A number in a finding's sentence.
    mutating func figure(_ part: StaticString) throws(WireNonsense) -> Int64 {
        let value: Int64 = try number(part)
        guard (-WireBounds.size...WireBounds.size).contains(value) else { throw WireNonsense(part: "\(part)") }
        return value
    }

    mutating func flag(_ part: StaticString) throws(WireNonsense) -> Bool {
        let value: UInt8 = try number(part)
        guard value <= 1 else { throw WireNonsense(part: "\(part)") }
        return value == 1
    }

    mutating func blob(most: Int, _ part: StaticString) throws(WireNonsense) -> ArraySlice<UInt8> {
        let length: UInt32 = try number(part)
        guard Int(length) <= most, Int(length) <= remaining else { throw WireNonsense(part: "\(part)") }
        defer { next += Int(length) }
        return bytes[next..<next + Int(length)]
    }

    mutating func text(most: Int, _ part: StaticString) throws(WireNonsense) -> String {
        guard let text = String(validating: try blob(most: most, part), as: UTF8.self) else {
            throw WireNonsense(part: "\(part)")
        }
        return text
    }

    /// The length of a list whose elements take at least `width` bytes each.
    mutating func count(most: Int, width: Int, _ part: StaticString) throws(WireNonsense) -> Int {
        let count: UInt32 = try number(part)
        guard Int(count) <= most, Int(count) <= remaining / width else { throw WireNonsense(part: "\(part)") }
        return Int(count)
    }

    mutating func optional<Value>(
        _ part: StaticString, _ read: (inout WireReader) throws(WireNonsense) -> Value
    ) throws(WireNonsense) -> Value? {
        try flag(part) ? try read(&self) : nil
    }

    /// Nothing may follow.
    func end() throws(WireNonsense) {
        guard remaining == 0 else { throw WireNonsense(part: "end") }
    }
}
