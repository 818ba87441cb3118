// The extra fields of a header (Threats, Z8): well-formed, with zip64 and the unicode path at most once. The other fields (times,
// owners, alignment) say nothing about the content, and differ between local and central headers in honest archives.

import SluiceModel

/// The extra fields of one header that can change how the archive is read.
struct ZipExtraFields {
    /// APPNOTE §4.5.3.
    private static let zip64Identifier: UInt16 = 0x0001
    /// APPNOTE §4.6.9.
    private static let unicodePathIdentifier: UInt16 = 0x7075

    var zip64: Range<Int>?
    var unicodePath: Range<Int>?
    /// The data of the first field that holds what no program shows, with its identifier (Threats, T21).
    var hidden: (identifier: UInt16, data: Range<Int>)?

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
            default:
                if fields.hidden == nil, mayHide(content, identifier, data) { fields.hidden = (identifier, data) }
            }
            at = data.upperBound
        }
        return (fields, nil)
    }

    /// Fields that programs read or write (APPNOTE §4.5.2 and §4.6.1, Info-ZIP's proginfo/extrafld.txt, Apache Commons Compress, the Android SDK),
    /// with the most that their writers put into them. All of it says something about the member: times, owners, names, access lists, signatures.
    private static let mostKnown: [UInt16: Int] = [
        0x0007: 1024, 0x0008: 1024, 0x0009: 4096, 0x000A: 64, 0x000C: 4096, 0x000D: 1024, 0x000E: 1024, 0x000F: 256,
        0x0014: 8192, 0x0015: 8192, 0x0016: 8192, 0x0017: 1024, 0x0018: 1024, 0x0019: 8192, 0x0020: 4096, 0x0021: 4096,
        0x0022: 4096, 0x0023: 4096, 0x0065: 1024, 0x0066: 1024, 0x07C8: 4096, 0x1986: 1024, 0x2605: 512, 0x2705: 512,
        0x2805: 512, 0x334D: 4096, 0x4154: 512, 0x4341: 512, 0x4453: 8192, 0x4690: 512, 0x4704: 1024, 0x470F: 1024,
        0x4854: 512, 0x4B46: 64, 0x4C41: 1024, 0x4D49: 1024, 0x4D63: 512, 0x4F4C: 1024, 0x5356: 1024, 0x5455: 64,
        0x554E: 2048, 0x5855: 64, 0x6375: 65_535, 0x6542: 4096, 0x6854: 512, 0x7441: 1024, 0x756E: 1024, 0x7855: 64,
        0x7875: 64, 0x9901: 64, 0xA11E: 64, 0xA220: 1024, 0xCAFE: 4, 0xD935: 64, 0xE57A: 256, 0xFB4A: 64, 0xFD4A: 64,
    ]

    /// Whether a field holds something that no program shows: an unknown one with content, or one with far more than its writers put there.
    private static func mayHide(_ content: Span<UInt8>, _ identifier: UInt16, _ data: Range<Int>) -> Bool {
        if data.count <= mostKnown[identifier] ?? 0 { return false }
        return content.zeroRun(from: data.lowerBound, before: data.upperBound) < data.count
    }

    /// Notes what the fields hide (Threats, T21).
    func noteHidden(_ content: Span<UInt8>, _ context: inout InspectionContext) {
        guard let (identifier, data) = hidden else { return }
        let digits = String(identifier, radix: 16)
        let number = "0x" + String(repeating: "0", count: 4 - digits.count) + digits
        context.noteHidden(content, data, in: "an extra field of the entry (\(number))")
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
