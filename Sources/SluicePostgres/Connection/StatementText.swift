// The texts of statements: as keys, and in the form that PostgreSQL reads.

/// The text of a statement as a key. Hashing every text for every statement would take long; lengths tell them apart well enough, and a text is equal to
/// itself without being read.
struct StatementText: Hashable {
    let text: String

    func hash(into hasher: inout Hasher) { hasher.combine(text.utf8.count) }

    /// Whether it only asks.
    var isQuestion: Bool { text.hasPrefix("SELECT") }

    /// What is written in another way here. A key of an index has at most 2 704 bytes, and a name may be longer: the schema's key has the name's digest.
    private static let dialect = [
        (
            "ON CONFLICT (ticket, digest, declared_name, policy)",
            "ON CONFLICT (ticket, digest, sha256(declared_name), policy)"
        )
    ]

    /// Parameters `?1` as `$1`. Texts in quotes stay as they are.
    var inPostgres: String {
        var text = text
        for (common, ours) in Self.dialect { text = text.replacing(common, with: ours) }
        var isQuoted = false
        let bytes = text.utf8.map { byte -> UInt8 in
            if byte == UInt8(ascii: "'") { isQuoted.toggle() }
            return byte == UInt8(ascii: "?") && !isQuoted ? UInt8(ascii: "$") : byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
