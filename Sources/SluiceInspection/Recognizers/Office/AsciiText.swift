// Comparing bytes as ASCII text without regard to case, as Office does with names and keywords.

/// Comparisons of bytes from a document.
enum AsciiText {
    static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }

    /// - Parameter words: in capitals.
    static func startsWith(_ bytes: [UInt8], _ words: [String]) -> Bool {
        words.contains { word in
            bytes.count >= word.utf8.count
                && zip(bytes, word.utf8).allSatisfy { (isLetter($0) ? $0 & 0xDF : $0) == $1 }
        }
    }
}
