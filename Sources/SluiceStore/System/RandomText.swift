// Text that nobody can guess.

import Glibc

enum RandomText {
    /// - Parameter count: characters of five random bits each, from the alphabet of ids; at most 256.
    static func make(_ count: Int) -> String {
        var random = [UInt8](repeating: 0, count: count)
        // Never falls short for so few bytes (man 3 getentropy).
        let code = getentropy(&random, random.count)
        precondition(code == 0, "the kernel gives no random bytes")
        return String(decoding: random.map { AttachmentID.alphabet[Int($0 & 31)] }, as: UTF8.self)
    }
}
