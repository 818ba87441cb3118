// Words that tell kinds of lines apart, looked up in a couple of nanoseconds: a small open hash table made once. Longer words are known by their
// first eight letters.

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
}

struct WordTable {
    static let shared = WordTable()

    private static let size = 1024
    private var keys = [UInt64](repeating: 0, count: size)
    private var classes = [UInt8](repeating: 0, count: size)

    private init() {
        add(
            .small,
            "the of and to is in that it with as was are be this which from or an by not have has will can you your we their they but its at if for on when all into than then may such these"
        )
        add(
            .event,
            "started starting stopped stopping failed failure failing connected connecting connection disconnected received sent sending closed closing opened opening accepted accept rejected denied refused loaded loading created deleted removed completed finished shutdown shutting initialized initializing registered timeout timed exception error errors warning retry retrying listening session request response logged login logout succeeded success successful successfully unable cannot could invalid unknown reset expired aborted exited killed running done processing executing detected found missing updated changed installed established terminated restarting restarted begin ended assigned attempt attempting lost"
        )
        add(
            .toggle,
            "true false yes no on off enable disable enabled disabled none default auto null always never any")
        add(.request, "get post put head options http delete patch connect")
        add(.level, "level severity loglevel lvl priority levelname facility")
        add(
            .mail,
            "from subject to date received cc bcc message mime content return delivered reply sender references")
        add(.duration, "ms s us ns sec secs seconds min mins usec msec")
    }

    private mutating func add(_ kind: WordClass, _ words: String) {
        for word in words.utf8.split(separator: UInt8(ascii: " ")) {
            var packed: UInt64 = 0
            for byte in word.prefix(8) { packed = packed << 8 | UInt64(byte) }
            var slot = Self.slot(packed)
            while keys[slot] != 0 && keys[slot] != packed { slot = (slot + 1) & (Self.size - 1) }
            keys[slot] = packed
            classes[slot] |= kind.rawValue
        }
    }

    private static func slot(_ packed: UInt64) -> Int {
        // Fibonacci hashing: the high bits of a product with 2^64 over the golden ratio.
        Int(truncatingIfNeeded: (packed &* 0x9E37_79B9_7F4A_7C15) >> 54)
    }

    subscript(packed: UInt64) -> WordClass {
        var slot = Self.slot(packed)
        while keys[slot] != 0 {
            if keys[slot] == packed { return WordClass(rawValue: classes[slot]) }
            slot = (slot + 1) & (Self.size - 1)
        }
        return []
    }
}
