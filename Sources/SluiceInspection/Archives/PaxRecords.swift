// The records of a pax extended header: `length key=value\n`, one behind the other, nothing between (POSIX.1-2001 pax).

import SluiceModel

/// The values of the extended headers that are in force for an entry.
struct PaxRecords {
    var path: [UInt8]?
    var link: [UInt8]?
    var size: Int?
    var isSparse = false

    /// Headers beyond this are not read; libarchive's own limit is the same (chosen: an extended attribute is at most 64 KiB).
    static let largest = 1 << 20

    /// Reads one extended header's body and notes what is wrong with it.
    /// - Parameter isGlobal: whether it applies to all that follows; then it must not rename or resize.
    /// - Returns: `nil` when it is malformed; a finding says how.
    static func read(
        _ content: Span<UInt8>, _ range: Range<Int>, isGlobal: Bool, _ context: inout InspectionContext
    ) -> PaxRecords? {
        var out = PaxRecords()
        var seen: Set<[UInt8]> = []
        var offset = range.lowerBound
        while offset < range.upperBound {
            guard let record = record(content, offset, range.upperBound) else {
                context.find(.tarPaxRecord, .text("byte \(offset): no well-formed record"))
                return nil
            }
            offset = record.value.upperBound + 1
            let key = content.copy(record.key)
            guard seen.insert(key).inserted else {
                context.find(.tarPaxDuplicate, .bytes(key))
                return nil
            }
            guard out.take(key, content.extracting(record.value), isGlobal: isGlobal, &context) else { return nil }
        }
        return out
    }

    private static func record(_ content: Span<UInt8>, _ start: Int, _ end: Int) -> (
        key: Range<Int>, value: Range<Int>
    )? {
        var index = start
        var length = 0
        while index < end, (0x30...0x39).contains(content[index]) {
            // A plain decimal: there is one way to write it.
            if index == start && content[index] == 0x30 { return nil }
            length = length * 10 + Int(content[index] - 0x30)
            if length > largest { return nil }
            index += 1
        }
        guard index > start, index < end, content[index] == 0x20, start + length <= end else { return nil }
        let last = start + length - 1
        guard last > index, content[last] == 0x0A else { return nil }
        let keyStart = index + 1
        var equals = keyStart
        while equals < last, content[equals] != 0x3D { equals += 1 }
        guard equals < last, equals > keyStart else { return nil }
        return (keyStart..<equals, equals + 1..<last)
    }

    private mutating func take(
        _ key: [UInt8], _ value: Span<UInt8>, isGlobal: Bool, _ context: inout InspectionContext
    ) -> Bool {
        guard !key.contains(where: { $0 < 0x21 || $0 == 0x7F }) else {
            context.find(.tarPaxRecord, .text("a key with control characters or spaces"))
            return false
        }
        let name = String(decoding: key, as: UTF8.self)
        switch name {
        case "path", "linkpath", "size", "hdrcharset", "charset":
            if isGlobal && name != "charset" {
                context.find(.tarGlobalRename, .text(name))
                return false
            }
            return takeMeaningful(name, value, &context)
        case "mtime", "atime", "ctime", "uid", "gid":
            guard isPlain(name, value, &context) else { return false }
            guard Self.isNumber(value.copy(0..<value.count)) else {
                context.find(.tarPaxRecord, .text("\(name) is no number"))
                return false
            }
            return true
        case "uname", "gname", "comment": return isPlain(name, value, &context)
        default:
            if name.hasPrefix("GNU.sparse.") || name == "SCHILY.realsize" {
                if isGlobal {
                    context.find(.tarGlobalRename, .text(name))
                    return false
                }
                isSparse = true
            } else if !name.contains(".") {
                // A vendor's key is VENDOR.keyword (POSIX pax, extended header keywords).
                context.find(.tarPaxKey, .bytes(key))
            }
            return true
        }
    }

    private mutating func takeMeaningful(_ name: String, _ value: Span<UInt8>, _ context: inout InspectionContext)
        -> Bool
    {
        guard isPlain(name, value, &context) else { return false }
        let bytes = value.copy(0..<value.count)
        switch name {
        case "size":
            guard let size = Self.decimal(bytes) else {
                context.find(.tarPaxRecord, .text("a size that is no plain decimal"))
                return false
            }
            self.size = size
        case "path", "linkpath":
            guard !bytes.isEmpty else {
                context.find(.tarPaxRecord, .text("an empty \(name)"))
                return false
            }
            if !EntryPath.isUTF8(bytes) { context.find(.tarPaxCharset, .text(name)) }
            if name == "path" { path = bytes } else { link = bytes }
        default:
            // POSIX names exactly one value for UTF-8. BINARY takes the bytes as they are, which bsdtar writes without a locale: harmless, since names
            // have to be UTF-8 all the same.
            let isPlain = bytes == Array("BINARY".utf8) && name == "hdrcharset"
            if !isPlain, bytes != Array("ISO-IR 10646 2000 UTF-8".utf8) { context.find(.tarPaxCharset, .text("names")) }
        }
        return true
    }

    /// Attributes of vendors are binary; the standard's own values hold no NUL.
    private func isPlain(_ name: String, _ value: Span<UInt8>, _ context: inout InspectionContext) -> Bool {
        for index in 0..<value.count where value[index] == 0 {
            context.find(.tarPaxRecord, .text("a NUL in \(name)"))
            return false
        }
        return true
    }

    /// Digits with at most one sign, fraction and exponent: Python writes its floating-point numbers as they are. Nothing at all takes a key of a
    /// global header back (POSIX.1-2001 pax, "extended header keyword precedence").
    private static func isNumber(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= longestNumber else { return false }
        var rest = bytes[...]
        skipSign(&rest)
        var digits = skipDigits(&rest)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            digits += skipDigits(&rest)
        }
        guard digits > 0 || bytes.isEmpty else { return false }
        if rest.first == UInt8(ascii: "e") {
            rest.removeFirst()
            skipSign(&rest)
            guard skipDigits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// Chosen: far more than nanoseconds of any year.
    private static let longestNumber = 64

    private static func skipSign(_ rest: inout ArraySlice<UInt8>) {
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    }

    private static func skipDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
        let before = rest.count
        rest = rest.drop { (0x30...0x39).contains($0) }
        return before - rest.count
    }

    private static func decimal(_ bytes: [UInt8]) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 18, bytes.count == 1 || bytes[0] != 0x30 else { return nil }
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}
