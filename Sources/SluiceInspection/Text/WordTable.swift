// Words that tell kinds of lines apart, found in a couple of nanoseconds: a small open hash table, made once. Longer words are known by
// their first eight letters.

/// Which lists a word stands in.
struct WordClass: OptionSet {
    let rawValue: UInt8

    /// The small words of English sentences.
    static let small = WordClass(rawValue: 1)
    /// Tells that something happened.
    static let event = WordClass(rawValue: 2)
    /// A value that switches something.
    static let toggle = WordClass(rawValue: 4)
    /// HTTP's methods and its name.
    static let request = WordClass(rawValue: 8)
    /// Names a severity's field.
    static let level = WordClass(rawValue: 16)
    /// A mail's header fields.
    static let mail = WordClass(rawValue: 32)
    /// A unit of time behind a number.
    static let duration = WordClass(rawValue: 64)
    /// Severities, where their neighbors do not speak against it.
    static let severity = WordClass(rawValue: 128)
}

/// Words with bits, looked up by their first eight letters; made once.
struct PackedWords {
    private static let size = 1024
    private var keys = [UInt64](repeating: 0, count: size)
    private var bits = [UInt8](repeating: 0, count: size)

    init(_ lists: [(bits: UInt8, words: some Sequence<UInt64>)]) {
        for (bits, words) in lists {
            for packed in words {
                var slot = Self.slot(packed)
                while keys[slot] != 0 && keys[slot] != packed { slot = (slot + 1) & (Self.size - 1) }
                keys[slot] = packed
                self.bits[slot] |= bits
            }
        }
    }

    static func pack(_ word: some Sequence<UInt8>) -> UInt64 { word.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    @inline(__always)
    private static func slot(_ packed: UInt64) -> Int {
        // Fibonacci hashing: the high bits of a product with 2^64 over the golden ratio.
        Int(truncatingIfNeeded: (packed &* 0x9E37_79B9_7F4A_7C15) >> 54)
    }

    @inline(__always)
    subscript(packed: UInt64) -> UInt8 {
        var slot = Self.slot(packed)
        while keys[slot] != 0 {
            if keys[slot] == packed { return bits[slot] }
            slot = (slot + 1) & (Self.size - 1)
        }
        return 0
    }
}

struct WordTable {
    static let shared = WordTable()

    private let words = PackedWords(
        lists.map { kind, words in
            (kind.rawValue, words.utf8.split(separator: UInt8(ascii: " ")).map { PackedWords.pack($0) })
        })

    subscript(packed: UInt64) -> WordClass { WordClass(rawValue: words[packed]) }

    private static let lists: [(WordClass, String)] = [
        (
            .small,
            "the of and to is in that it with as was are be this which from or an by not have has will can you your we their they but its at if for on when all into than then may such these"
        ),
        (
            .event,
            "started starting stopped stopping failed failure failing connected connecting connection disconnected received sent sending closed closing opened opening accepted accept rejected denied refused loaded loading created deleted removed completed finished shutdown shutting initialized initializing registered timeout timed exception error errors warning retry retrying listening session request response logged login logout succeeded success successful successfully unable cannot could invalid unknown reset expired aborted exited killed running done processing executing detected found missing updated changed installed established terminated restarting restarted begin ended assigned attempt attempting lost"
        ),
        (.toggle, "true false yes no on off enable disable enabled disabled none default auto null always never any"),
        (.request, "get post put head options http delete patch connect"),
        (.level, "level severity loglevel lvl priority levelname facility"),
        (.mail, "from subject to date received cc bcc message mime content return delivered reply sender references"),
        (
            .severity,
            "error err errors warn warning info debug trace fatal critical crit notice severe alert emerg verbose fine finest panic failure success audit security config log hint detail statement fail information"
        ),
        (.duration, "ms s us ns sec secs seconds min mins usec msec"),
    ]
}
