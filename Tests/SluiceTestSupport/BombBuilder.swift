// Small files that expand without measure. No content is ever made: the streams are written compressed.

/// Compressed zeros, and containers of them.
public enum BombBuilder {
    /// A raw deflate stream (RFC 1951) of the letter a: one block whose code for a match of 258 has one bit and its distance another, so that each
    /// of `count` zero bytes stands for four matches; then an empty final block. (A run of zeros would be a hole, which is no bomb.)
    public static func letters(_ count: Int) -> [UInt8] {
        [0xED, 0xC1, 0x81, 0x00, 0x00, 0x00, 0x00, 0x80, 0x20, 0xD6, 0xFD, 0x25, 0x16, 0xA9, 0x0A]
            + [UInt8](repeating: 0, count: count) + [0x06]
    }

    /// What such a stream expands to.
    public static func expanded(_ count: Int) -> Int { 518 + count * 1032 }

    /// One zip member of such letters; its CRC is right for 16 000 only.
    public static func member(_ name: String, _ count: Int, in zip: ZipBuilder = ZipBuilder()) -> ZipBuilder {
        zip.file(name, "") {
            $0.stored = letters(count)
            $0.localCRC = 0x9732_264A
            $0.centralCRC = 0x9732_264A
            $0.localSize = UInt32(expanded(count))
            $0.centralSize = UInt32(expanded(count))
        }
    }

    /// A gzip stream of them; its trailer is wrong.
    public static func gzip(_ count: Int) -> [UInt8] {
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + letters(count) + [UInt8](repeating: 0, count: 8)
    }

    /// A zlib stream of them; its check is wrong.
    public static func zlib(_ count: Int) -> [UInt8] { [0x78, 0xDA] + letters(count) + [0, 0, 0, 0] }
}
