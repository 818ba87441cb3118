// The names of attachments: they sort by time and cannot be guessed.

import Glibc

/// Makes attachment ids.
enum AttachmentID {
    /// Crockford's alphabet in lower case: no `i`, `l`, `o`, `u`, and in ASCII order, so that text sorts like the number.
    static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// 26 characters: 55 bits of microseconds since 1970 (until the year 3111), then 75 bits that nobody can guess.
    static func make(at microseconds: Int64) -> String {
        var random = [UInt8](repeating: 0, count: 15)
        // Never falls short for so few bytes (man 3 getentropy).
        let code = getentropy(&random, random.count)
        precondition(code == 0, "the kernel gives no random bytes")
        return String(unsafeUninitializedCapacity: 26) { out in
            for index in 0..<11 { out[index] = alphabet[Int(microseconds >> Int64(5 * (10 - index)) & 31)] }
            for index in 0..<15 { out[11 + index] = alphabet[Int(random[index] & 31)] }
            return 26
        }
    }

    /// Whether a text could be one of these names.
    static func isOne(_ text: String) -> Bool {
        text.utf8.count == 26 && text.utf8.allSatisfy { alphabet.contains($0) }
    }
}
