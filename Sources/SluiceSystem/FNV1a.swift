// A short mark computed from bytes, where a collision costs little and nobody gains by one. For everything else there is SHA256.

/// FNV-1a of 64 bits (datatracker.ietf.org/doc/html/draft-eastlake-fnv).
public enum FNV1a {
    public static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
