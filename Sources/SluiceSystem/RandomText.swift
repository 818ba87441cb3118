// Text that nobody can guess, and names that sort by the time at which they were made.

import Glibc

/// Random text in Crockford's base 32.
public enum RandomText {
    /// Lower case, without `i`, `l`, `o`, `u`, and in ASCII order, so that text sorts like the number that it writes.
    static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// - Parameter count: characters of five random bits each; at most 256.
    public static func make(_ count: Int) -> String {
        var random = [UInt8](repeating: 0, count: count)
        // getentropy never falls short for so few bytes (man 3 getentropy).
        let code = getentropy(&random, random.count)
        precondition(code == 0, "the kernel gives no random bytes")
        return String(decoding: random.map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
}

/// Names of attachments and partial uploads.
public enum TimeOrderedID {
    /// 26 characters: 55 bits of microseconds since 1970 (until the year 3111), then 75 bits that nobody can guess.
    public static func make(at microseconds: Int64) -> String {
        let time = String(unsafeUninitializedCapacity: 11) { out in
            for index in 0..<11 { out[index] = RandomText.alphabet[Int(microseconds >> Int64(5 * (10 - index)) & 31)] }
            return 11
        }
        return time + RandomText.make(15)
    }

    /// Whether a text could be such a name.
    public static func isValid(_ text: String) -> Bool {
        text.utf8.count == 26 && text.utf8.allSatisfy { RandomText.alphabet.contains($0) }
    }
}
