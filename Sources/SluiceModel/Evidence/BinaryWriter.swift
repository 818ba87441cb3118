// Writes numbers, texts and lists as bytes: little endian, each list and text behind its length. Knows no value of the model but sizes.

/// Collects one message.
@usableFromInline package struct BinaryWriter {
    @usableFromInline package var bytes: [UInt8] = []

    package init() {}

    package mutating func byte(_ value: UInt8) { bytes.append(value) }

    @inlinable package mutating func number<Number: FixedWidthInteger>(_ value: Number) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Seven bits a byte, the lowest first: nearly all counts are small, and there are a hundred for each entry of an archive.
    package mutating func packed(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A size or a count, cut at the bound: an archive's header may claim any.
    package mutating func size(_ value: ByteCount) { number(min(max(value.bytes, 0), EvidenceBounds.size)) }

    package mutating func figure(_ value: Int64) { number(min(max(value, -EvidenceBounds.size), EvidenceBounds.size)) }

    package mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// Bytes behind their 32-bit length, cut at `most`.
    package mutating func blob(_ value: some Collection<UInt8>, most: Int) {
        let kept = value.prefix(most)
        number(UInt32(kept.count))
        bytes.append(contentsOf: kept)
    }

    /// Text as UTF-8, cut at `most` bytes but never inside a character.
    package mutating func text(_ value: String, most: Int) {
        let units = value.utf8
        guard units.count > most else { return blob(units, most: most) }
        var end = units.index(units.startIndex, offsetBy: most)
        while end > units.startIndex, units[end] & 0xC0 == 0x80 { end = units.index(before: end) }
        blob(units[..<end], most: most)
    }

    package mutating func count(_ value: Int) { number(UInt32(value)) }

    package mutating func optional<Value>(_ value: Value?, _ write: (inout BinaryWriter, Value) -> Void) {
        flag(value != nil)
        if let value { write(&self, value) }
    }
}
