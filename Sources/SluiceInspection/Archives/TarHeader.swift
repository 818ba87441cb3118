// One 512-byte tar header block: its fields, its checksum and its two ways of writing numbers. TarStructure reads the blocks together,
// PaxRecords the extended headers.

/// The fields of one tar header (POSIX.1-1988 ustar, GNU and the v7 layout they grew from).
struct TarHeader {
    static let blockSize = 512

    /// The most that eleven octal digits hold: one byte less than 8 GiB (POSIX.1-1988 ustar).
    static let largestOctalSize = 0o77777777777

    enum Dialect: Equatable {
        /// Neither magic: the layout of the seventh edition.
        case v7
        /// `ustar`, NUL: has a name prefix.
        case posix
        /// `ustar  `, NUL: no prefix; times and the sparse map stand there.
        case gnu
    }

    /// A number field as it stands.
    enum Number: Equatable {
        case value(Int)
        /// Nothing but NULs and spaces.
        case blank
        case unreadable
    }

    var dialect: Dialect
    var type: UInt8
    var name: [UInt8]
    var prefix: [UInt8]
    var link: [UInt8]
    var size: Number
    var mode: Number
    /// The first of uid, gid, mtime and the device numbers that cannot be read.
    var oddNumber: StaticString?

    /// - Parameter offset: of a block that lies wholly in `content`.
    init(_ content: Span<UInt8>, at offset: Int) {
        let magic: Dialect =
            content.has("ustar\0", at: offset + 257) ? .posix : content.has("ustar  \0", at: offset + 257) ? .gnu : .v7
        dialect = magic
        type = content[offset + 156]
        name = Self.text(content, offset, 100)
        link = Self.text(content, offset + 157, 100)
        prefix = magic == .posix ? Self.text(content, offset + 345, Self.prefixLength(content, offset)) : []
        size = Self.number(content, offset + 124, 12)
        mode = Self.number(content, offset + 100, 8)
        oddNumber = nil
        if Self.number(content, offset + 108, 8) == .unreadable { oddNumber = "owner" }
        if Self.number(content, offset + 116, 8) == .unreadable { oddNumber = "group" }
        if Self.number(content, offset + 136, 12) == .unreadable { oddNumber = "time" }
    }

    /// The name as all readers of this dialect join it.
    var path: [UInt8] { prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name }

    /// Whether the block's checksum field holds the sum of its bytes, the field itself counted as spaces.
    /// Some old tars summed signed characters; both are accepted (POSIX pax, rationale of the ustar format).
    static func checksumHolds(_ content: Span<UInt8>, at offset: Int) -> Bool {
        guard offset >= 0, offset <= content.count - blockSize,
            case .value(let wanted) = number(content, offset + 148, 8)
        else { return false }
        var unsigned = 8 * 32
        var signed = 8 * 32
        for index in offset..<offset + blockSize where !(148..<156).contains(index - offset) {
            unsigned += Int(content[index])
            signed += Int(Int8(bitPattern: content[index]))
        }
        return wanted == unsigned || wanted == signed
    }

    static func hasMagic(_ content: Span<UInt8>, at offset: Int) -> Bool { content.has("ustar", at: offset + 257) }

    /// star keeps two times behind a shorter prefix and marks that at the block's end.
    private static func prefixLength(_ content: Span<UInt8>, _ offset: Int) -> Int {
        content.has("tar\0", at: offset + 508) ? 131 : 155
    }

    private static func text(_ content: Span<UInt8>, _ offset: Int, _ length: Int) -> [UInt8] {
        var end = offset
        while end < offset + length, content[end] != 0 { end += 1 }
        return content.copy(offset..<end)
    }

    /// Octal digits, spaces before them, then nothing but NULs and spaces; or base 256, marked by the top bit (GNU, star).
    static func number(_ content: Span<UInt8>, _ offset: Int, _ length: Int) -> Number {
        guard offset >= 0, offset <= content.count - length else { return .unreadable }
        let first = content[offset]
        if first & 0x80 != 0 { return base256(content, offset, length) }
        var index = offset
        let end = offset + length
        while index < end, content[index] == 0x20 { index += 1 }
        var value = 0
        var digits = 0
        while index < end, (0x30...0x37).contains(content[index]) {
            value = value << 3 | Int(content[index] - 0x30)
            digits += 1
            index += 1
        }
        while index < end {
            guard content[index] == 0 || content[index] == 0x20 else { return .unreadable }
            index += 1
        }
        return digits == 0 ? .blank : .value(value)
    }

    private static func base256(_ content: Span<UInt8>, _ offset: Int, _ length: Int) -> Number {
        let negative = content[offset] == 0xFF
        guard negative || content[offset] == 0x80 else { return .unreadable }
        let filling: UInt8 = negative ? 0xFF : 0
        var value: UInt64 = 0
        for index in offset + 1..<offset + length {
            if index < offset + length - 8, content[index] != filling { return .unreadable }
            value = value << 8 | UInt64(content[index])
        }
        if length <= 8 { return .value(Int(truncatingIfNeeded: negative ? value | 0xFF << 56 : value)) }
        guard (value >> 63 == 1) == negative else { return .unreadable }
        return .value(Int(Int64(bitPattern: value)))
    }

    /// Whether a number was written in base 256 although octal digits would have held it.
    static func isNeedlesslyBase256(_ content: Span<UInt8>, _ offset: Int, _ length: Int) -> Bool {
        guard content[offset] & 0x80 != 0, case .value(let value) = base256(content, offset, length) else {
            return false
        }
        return value >= 0 && value < 1 << (3 * (length - 1))
    }
}
