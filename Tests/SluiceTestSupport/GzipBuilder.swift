// Builds gzip streams byte by byte: stored blocks for real content, one long run for bombs.

/// A gzip member in the making (RFC 1952).
public struct GzipBuilder: Sendable {
    public var name: String?
    /// Added to the CRC in the trailer.
    public var checkOffBy: UInt32 = 0
    /// Added to the length in the trailer.
    public var lengthOffBy: UInt32 = 0

    public init(name: String? = nil, checkOffBy: UInt32 = 0, lengthOffBy: UInt32 = 0) {
        self.name = name
        self.checkOffBy = checkOffBy
        self.lengthOffBy = lengthOffBy
    }

    private var header: [UInt8] {
        [0x1F, 0x8B, 8, name == nil ? 0 : 8, 0, 0, 0, 0, 0, 3] + (name.map { Array($0.utf8) + [0] } ?? [])
    }

    private func trailer(_ check: UInt32, _ length: Int) -> [UInt8] {
        [check &+ checkOffBy, UInt32(truncatingIfNeeded: length) &+ lengthOffBy].flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
        }
    }

    /// The content in stored blocks.
    public func stored(_ content: [UInt8]) -> [UInt8] {
        var out = header
        var offset = 0
        repeat {
            let piece = content[offset..<min(content.count, offset + 0xFFFF)]
            offset += piece.count
            let length = UInt16(piece.count)
            out.append(offset == content.count ? 1 : 0)
            out += [UInt8(length & 0xFF), UInt8(length >> 8), UInt8(~length & 0xFF), UInt8(~length >> 8)] + piece
        } while offset < content.count
        return out + trailer(Self.check(content), content.count)
    }

    /// One literal and `repeats` matches of 258 bytes before it: 158 bytes out for each byte in. The trailer's check is wrong.
    public func run(of byte: UInt8, repeats: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.add(1, 1)  // the last block
        bits.add(1, 2)  // fixed codes
        bits.addCode(UInt16(byte) + 0x30, 8)  // literals below 144
        for _ in 0..<repeats {
            bits.addCode(0b1100_0101, 8)  // length 258
            bits.addCode(0, 5)  // distance 1
        }
        bits.addCode(0, 7)
        return header + bits.finish() + trailer(0, 1 + repeats * 258)
    }

    static func check(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }
}

private struct BitWriter {
    private var bytes: [UInt8] = []
    private var held: UInt32 = 0
    private var count = 0

    /// Least significant bit first (RFC 1951 §3.1.1).
    mutating func add(_ value: UInt32, _ width: Int) {
        held |= value << UInt32(count)
        count += width
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
            count -= 8
        }
    }

    /// A Huffman code, most significant bit first.
    mutating func addCode(_ code: UInt16, _ width: Int) {
        var reversed: UInt32 = 0
        for bit in 0..<width where code >> UInt16(bit) & 1 == 1 { reversed |= 1 << UInt32(width - 1 - bit) }
        add(reversed, width)
    }

    mutating func finish() -> [UInt8] {
        if count > 0 { add(0, 8 - count) }
        return bytes
    }
}
