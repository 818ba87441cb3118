// The extra fields of a header (THREATS Z8): well-formed, zip64 and unicode path at most once. What the other fields hold (times, owners,
// alignment) says nothing about the content and differs between local and central headers in honest archives.

import SluiceModel

/// The extra fields of one header that can change how the archive is read.
struct ZipExtraFields {
    /// APPNOTE §4.5.3.
    private static let zip64Identifier: UInt16 = 0x0001
    /// APPNOTE §4.6.9.
    private static let unicodePathIdentifier: UInt16 = 0x7075

    var zip64: Range<Int>?
    var unicodePath: Range<Int>?

    enum Problem { case malformed, repeated }

    /// Walks the fields to their end.
    static func read(_ content: Span<UInt8>, _ range: Range<Int>) -> (fields: ZipExtraFields, problem: Problem?) {
        var fields = ZipExtraFields()
        var at = range.lowerBound
        while at < range.upperBound {
            guard range.upperBound - at >= 4, let identifier = content.littleEndian16(at),
                let length = content.littleEndian16(at + 2), Int(length) <= range.upperBound - at - 4
            else {
                // Up to three zero bytes are what zipalign fills up with.
                let rest = content.extracting(at..<range.upperBound)
                return (fields, rest.count < 4 && rest.isAllZero ? nil : .malformed)
            }
            let data = at + 4..<at + 4 + Int(length)
            switch identifier {
            case zip64Identifier:
                if fields.zip64 != nil { return (fields, .repeated) }
                fields.zip64 = data
            case unicodePathIdentifier:
                if fields.unicodePath != nil { return (fields, .repeated) }
                fields.unicodePath = data
            default: break
            }
            at = data.upperBound
        }
        return (fields, nil)
    }

    /// The sizes and the offset with what the zip64 field adds to them.
    struct Sizes: Equatable {
        var size: UInt64
        var storedSize: UInt64
        var offset: UInt64
    }

    /// Puts the 64-bit values in the place of those fields that are all ones, in the order size, stored size, offset (APPNOTE §4.5.3).
    /// - Parameter offset: `nil` in a local header, which has none.
    /// - Parameter mayBeZero: values that are not needed may be 0: room that a writer of the stream kept free (seen from Java and Google).
    /// - Returns: `nil` when the field is too short, or holds values that it need not hold and that differ.
    func sizes(
        _ content: Span<UInt8>, size: UInt32, storedSize: UInt32, offset: UInt32?, mayBeZero: Bool
    ) -> Sizes? {
        var sizes = Sizes(size: UInt64(size), storedSize: UInt64(storedSize), offset: UInt64(offset ?? 0))
        guard let zip64 else { return sizes }
        var at = zip64.lowerBound
        func next() -> UInt64? {
            guard at + 8 <= zip64.upperBound else { return nil }
            defer { at += 8 }
            return content.littleEndian64(at)
        }
        if size == .max {
            guard let value = next() else { return nil }
            sizes.size = value
        }
        if storedSize == .max {
            guard let value = next() else { return nil }
            sizes.storedSize = value
        }
        if let offset, offset == .max {
            guard let value = next() else { return nil }
            sizes.offset = value
        }
        return at == zip64.upperBound || repeatsOnly(content, zip64, sizes, mayBeZero) ? sizes : nil
    }

    /// Some writers always write all values, needed or not: honest as long as each says what the header says.
    private func repeatsOnly(_ content: Span<UInt8>, _ zip64: Range<Int>, _ sizes: Sizes, _ mayBeZero: Bool) -> Bool {
        // With the disk number: four bytes, the first disk.
        let values = zip64.count / 8
        guard values <= 3,
            zip64.count % 8 == 0 || (zip64.count % 8 == 4 && content.littleEndian32(zip64.upperBound - 4) == 0)
        else { return false }
        for (index, wanted) in [sizes.size, sizes.storedSize, sizes.offset].prefix(values).enumerated() {
            guard let value = content.littleEndian64(zip64.lowerBound + index * 8) else { return false }
            if value != wanted, !(mayBeZero && value == 0) { return false }
        }
        return true
    }
}

extension Span<UInt8> {
    var isAllZero: Bool {
        for index in indices where self[index] != 0 { return false }
        return true
    }
}
