// Comparing bytes as ASCII text without regard to case, as Office does with names and keywords.

/// Comparisons of bytes from a document.
enum AsciiText {
    static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }

    private static func folded(_ byte: UInt8) -> UInt8 { isLetter(byte) ? byte & 0xDF : byte }

    /// Names in a compound file are compared without regard to case ([MS-CFB] 2.6.4).
    /// - Parameter known: a name of ours, so in ASCII.
    static func isSame(_ name: String, _ known: String) -> Bool {
        name.utf8.count == known.utf8.count && zip(name.utf8, known.utf8).allSatisfy { folded($0) == folded($1) }
    }

    /// - Parameter words: in capitals.
    static func startsWith(_ bytes: [UInt8], _ words: [String]) -> Bool {
        words.contains { word in
            bytes.count >= word.utf8.count && zip(bytes, word.utf8).allSatisfy { folded($0) == $1 }
        }
    }
}
