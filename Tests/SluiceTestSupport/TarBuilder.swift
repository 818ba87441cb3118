// Builds tars byte by byte, honest ones by default; every odd byte is a parameter.

/// A tar in the making.
public struct TarBuilder: Sendable {
    public enum Dialect: Sendable { case posix, gnu, v7 }

    public private(set) var bytes: [UInt8] = []
    public var dialect: Dialect

    public init(_ dialect: Dialect = .posix) { self.dialect = dialect }

    /// One header block with a right checksum.
    /// - Parameters:
    ///   - size: written into the header, whatever follows it.
    ///   - change: the last word on the block before its checksum is written.
    public static func header(
        _ name: [UInt8], type: UInt8 = UInt8(ascii: "0"), size: Int = 0, sizeField: [UInt8]? = nil, mode: Int = 0o644,
        link: [UInt8] = [], prefix: [UInt8] = [], dialect: Dialect = .posix, checksumOffBy: Int = 0,
        change: (inout [UInt8]) -> Void = { _ in }
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ value: [UInt8], _ offset: Int, _ length: Int) {
            for (index, byte) in value.prefix(length).enumerated() { block[offset + index] = byte }
        }
        put(name, 0, 100)
        put(octal(mode, 7), 100, 8)
        put(octal(1000, 7), 108, 8)
        put(octal(1000, 7), 116, 8)
        put(sizeField ?? octal(size, 11), 124, 12)
        put(octal(1_600_000_000, 11), 136, 12)
        block[156] = type
        put(link, 157, 100)
        switch dialect {
        case .posix: put(Array("ustar\0".utf8) + Array("00".utf8), 257, 8)
        case .gnu: put(Array("ustar  \0".utf8), 257, 8)
        case .v7: break
        }
        put(prefix, 345, 155)
        for index in 148..<156 { block[index] = 0x20 }
        change(&block)
        let sum = block.reduce(0) { $0 + Int($1) } + checksumOffBy
        put(octal(sum, 6) + [0], 148, 8)
        return block
    }

    public static func octal(_ value: Int, _ digits: Int) -> [UInt8] {
        let text = Array(String(value, radix: 8).utf8)
        return [UInt8](repeating: 0x30, count: max(0, digits - text.count)) + text
    }

    /// `length key=value\n`, with the length that makes it true.
    public static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let body = [0x20] + Array(key.utf8) + [0x3D] + value + [0x0A]
        var length = body.count + 1
        while String(length).utf8.count + body.count != length { length = String(length).utf8.count + body.count }
        return Array(String(length).utf8) + body
    }

    public static func record(_ key: String, _ value: String) -> [UInt8] { record(key, Array(value.utf8)) }

    // MARK: Entries

    public func raw(_ more: [UInt8]) -> TarBuilder {
        var out = self
        out.bytes += more
        return out
    }

    /// Any entry: its header and its data, filled up to a block.
    public func entry(
        _ name: String, _ data: [UInt8] = [], type: Character = "0", claimingSize: Int? = nil, mode: Int = 0o644,
        link: String = "", prefix: String = "", checksumOffBy: Int = 0, filling: UInt8 = 0,
        change: (inout [UInt8]) -> Void = { _ in }
    ) -> TarBuilder {
        entry(
            bytes: Array(name.utf8), data, type: type, claimingSize: claimingSize, mode: mode, link: link,
            prefix: prefix,
            checksumOffBy: checksumOffBy, filling: filling, change: change)
    }

    public func entry(
        bytes name: [UInt8], _ data: [UInt8] = [], type: Character = "0", claimingSize: Int? = nil, mode: Int = 0o644,
        link: String = "", prefix: String = "", checksumOffBy: Int = 0, filling: UInt8 = 0,
        change: (inout [UInt8]) -> Void = { _ in }
    ) -> TarBuilder {
        var out = self
        out.bytes += Self.header(
            name, type: type.asciiValue ?? 0, size: claimingSize ?? data.count, mode: mode, link: Array(link.utf8),
            prefix: Array(prefix.utf8), dialect: dialect, checksumOffBy: checksumOffBy, change: change)
        out.bytes += data
        while out.bytes.count % 512 != 0 { out.bytes.append(filling) }
        return out
    }

    public func file(_ name: String, _ text: String) -> TarBuilder { entry(name, Array(text.utf8)) }
    public func folder(_ name: String) -> TarBuilder { entry(name, type: "5", mode: 0o755) }
    public func symlink(_ name: String, to target: String) -> TarBuilder { entry(name, type: "2", link: target) }
    public func hardLink(_ name: String, to target: String) -> TarBuilder { entry(name, type: "1", link: target) }

    /// An extended header for the next entry (`x`) or for all that follow (`g`).
    public func pax(_ records: [UInt8]..., type: Character = "x") -> TarBuilder {
        entry("PaxHeaders/0", records.flatMap(\.self), type: type)
    }

    /// GNU's long name (`L`) or link target (`K`).
    public func long(_ name: String, type: Character = "L", terminated: Bool = true) -> TarBuilder {
        entry("././@LongLink", Array(name.utf8) + (terminated ? [0] : []), type: type)
    }

    // MARK: The end

    /// - Parameters:
    ///   - zeroBlocks: two in an honest tar.
    ///   - behind: whatever is to follow them.
    public func build(zeroBlocks: Int = 2, behind: [UInt8] = []) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: zeroBlocks * 512) + behind
    }
}
