// A small deflater and CRC-32 for the builders, so that tests do not check a library against itself.

/// Raw deflate streams of one block with the fixed codes (RFC 1951, 3.2.6). Only runs of one byte are compressed: enough for bombs.
public enum Deflater {
    public static func deflate(_ content: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        bits.put(0b011, 3)  // final block, fixed codes
        var at = 0
        while at < content.count {
            bits.literal(UInt16(content[at]))
            var run = 1
            while at + run < content.count, content[at + run] == content[at] { run += 1 }
            at += 1
            while run > 258 {
                // Length 258 is symbol 285, distance 1 is symbol 0 of five bits.
                bits.literal(285)
                bits.put(0, 5)
                run -= 258
                at += 258
            }
        }
        bits.literal(256)
        return bits.bytes
    }

    /// One stored block (RFC 1951, 3.2.4), at most 65 535 bytes.
    public static func storedBlock(_ content: [UInt8], isFinal: Bool = true) -> [UInt8] {
        let length = UInt16(content.count)
        return [isFinal ? 1 : 0, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
            + content
    }
}

private struct BitWriter {
    var bytes: [UInt8] = []
    private var used = 8

    mutating func put(_ value: UInt16, _ count: Int) {
        for shift in 0..<count { bit(value >> UInt16(shift) & 1) }
    }

    /// A literal, length or end symbol in its fixed code, most significant bit first.
    mutating func literal(_ symbol: UInt16) {
        let (code, length): (UInt16, Int) =
            switch symbol {
            case 0...143: (0x30 + symbol, 8)
            case 144...255: (0x190 + symbol - 144, 9)
            case 256...279: (symbol - 256, 7)
            default: (0xC0 + symbol - 280, 8)
            }
        for shift in stride(from: length - 1, through: 0, by: -1) { bit(code >> UInt16(shift) & 1) }
    }

    private mutating func bit(_ value: UInt16) {
        if used == 8 {
            bytes.append(0)
            used = 0
        }
        bytes[bytes.count - 1] |= UInt8(value) << UInt8(used)
        used += 1
    }
}

/// CRC-32 (ISO 3309) bit by bit over a table.
public enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    public static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 255)] }
    }
}
