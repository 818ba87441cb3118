// Small files that expand without measure. No content is ever made: the streams are written compressed.

/// Compressed zeros, and containers of them.
public enum BombBuilder {
    /// A raw deflate stream (RFC 1951) of zeros: one block whose code for a match of 258 has one bit and its distance another, so that each
    /// of `count` zero bytes stands for four matches; then an empty final block.
    public static func zeros(_ count: Int) -> [UInt8] {
        [0xEC, 0xC1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x80, 0x90, 0xFE, 0xAF, 0xEE, 0x08, 0x0A]
            + [UInt8](repeating: 0, count: count) + [0x1E, 0x00]
    }

    /// What such a stream expands to.
    public static func expanded(_ count: Int) -> Int { 518 + count * 1032 }

    /// One zip member of zeros; its CRC is right for 16 000 only.
    public static func member(_ name: String, _ count: Int, in zip: ZipBuilder = ZipBuilder()) -> ZipBuilder {
        zip.file(name, "") {
            $0.stored = zeros(count)
            $0.localCRC = 0xEB76_961F
            $0.centralCRC = 0xEB76_961F
            $0.localSize = UInt32(expanded(count))
            $0.centralSize = UInt32(expanded(count))
        }
    }

    /// A gzip stream of zeros; its trailer is wrong.
    public static func gzip(_ count: Int) -> [UInt8] {
        [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + zeros(count) + [UInt8](repeating: 0, count: 8)
    }

    /// A zlib stream of zeros; its check is wrong.
    public static func zlib(_ count: Int) -> [UInt8] { [0x78, 0xDA] + zeros(count) + [0, 0, 0, 0] }
}
