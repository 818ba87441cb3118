// Builds texts in many encodings, and cuts them into pieces at random.

/// Text turned into bytes as programs write them.
public enum TextBuilder {
    public static func utf16(_ text: String, bigEndian: Bool = false, mark: Bool = true) -> [UInt8] {
        var out: [UInt8] = mark ? (bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]) : []
        for unit in text.utf16 {
            let low = UInt8(truncatingIfNeeded: unit)
            let high = UInt8(truncatingIfNeeded: unit >> 8)
            out += bigEndian ? [high, low] : [low, high]
        }
        return out
    }

    public static func utf32(_ text: String, bigEndian: Bool = false) -> [UInt8] {
        var out: [UInt8] = bigEndian ? [0, 0, 0xFE, 0xFF] : [0xFF, 0xFE, 0, 0]
        for scalar in text.unicodeScalars {
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: scalar.value >> UInt32(8 * $0)) }
            out += bigEndian ? bytes.reversed() : bytes
        }
        return out
    }

    /// ISO 8859-1; for Cyrillic, Windows 1251 where `offset` is 0x350 (А U+0410 → 0xC0).
    public static func singleByte(_ text: String, offset: UInt32 = 0) -> [UInt8] {
        text.unicodeScalars.map { $0.value < 0x80 ? UInt8($0.value) : UInt8(truncatingIfNeeded: $0.value &- offset) }
    }

    /// A web server's log of so many lines.
    public static func log(lines: Int) -> [UInt8] {
        var out: [UInt8] = []
        for line in 0..<lines {
            let second = line % 60
            out += Array(
                "2024-03-04 10:\(line / 60 % 60 + 10):\(second < 10 ? "0" : "")\(second) INFO worker-\(line % 7) request \(line) done\n"
                    .utf8)
        }
        return out
    }
}

/// A reproducible source of numbers (SplitMix64); print the seed of a failing test.
public struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64
    public init(seed: UInt64) { state = seed }
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
