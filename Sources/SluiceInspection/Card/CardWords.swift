// What a word can be, by its first four characters: a level, the beginning of a product's name, a host's key, or (nearly always)
// nothing. Two small tables, made once.

import SluiceModel

struct CardWords {
    static let shared = CardWords()

    /// What a word may be. The full comparison follows.
    struct Kind: OptionSet {
        let rawValue: UInt8
        static let level = Kind(rawValue: 1)
        static let product = Kind(rawValue: 2)
        static let host = Kind(rawValue: 4)
    }

    private static let size = 4096
    private var kinds = [UInt8](repeating: 0, count: size)
    private static let levelSlots = 128
    private var levelKeys = [UInt64](repeating: 0, count: levelSlots)
    private var levels = [BundleCard.Level](repeating: .info, count: levelSlots)

    private init() {
        for key in CardLevel.firstFours { add(key, .level) }
        for form in CardProducts.forms { add(Self.key(form.word), .product) }
        for word in CardHosts.keys { add(Self.key(word), .host) }
        for (level, text) in CardLevel.words + [(.error, "err")] {
            var packed: UInt64 = 0
            for byte in text.utf8.prefix(8) { packed = packed << 8 | UInt64(byte) }
            var slot = Self.levelSlot(packed)
            while levelKeys[slot] != 0 && levelKeys[slot] != packed { slot = (slot + 1) % Self.levelSlots }
            levelKeys[slot] = packed
            levels[slot] = level
        }
    }

    private mutating func add(_ key: UInt32, _ kind: Kind) { kinds[Self.slot(key)] |= kind.rawValue }

    /// The first four characters, folded as `Span.folded4` does.
    static func key(_ text: String) -> UInt32 {
        text.utf8.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) } | 0x2020_2020
    }

    @inline(__always)
    private static func slot(_ key: UInt32) -> Int { Int((key &* 0x9E37_79B1) >> 20) }

    @inline(__always)
    private static func levelSlot(_ packed: UInt64) -> Int { Int((packed &* 0x9E37_79B9_7F4A_7C15) >> 57) }

    @inline(__always)
    func kind(_ text: Span<UInt8>, _ at: Int) -> Kind {
        let key = text.folded4(at)
        // `err` has no fourth letter of its own.
        if key & 0xFF_FFFF == 0x72_7265 { return .level.union(Kind(rawValue: kinds[Self.slot(key)])) }
        return Kind(rawValue: kinds[Self.slot(key)])
    }

    /// The level that is spelled from `start` on.
    @inline(__always)
    func level(_ line: Span<UInt8>, _ start: Int, _ length: Int) -> BundleCard.Level? {
        var packed: UInt64 = 0
        for index in start..<start + min(length, 8) { packed = packed << 8 | UInt64(line[index] | 0x20) }
        var slot = Self.levelSlot(packed)
        while levelKeys[slot] != 0 {
            if levelKeys[slot] == packed { return levels[slot] }
            slot = (slot + 1) % Self.levelSlots
        }
        return nil
    }
}
