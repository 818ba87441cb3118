// The most frequent error messages, with their numbers, identifiers and paths masked. Memory is bounded: when the table is full, the rarest
// half makes room, so that counts are never too high (lossy counting, Manku and Motwani 2002).

import SluiceModel

struct CardTemplates {
    private struct Entry {
        var text: [UInt8]
        var count: Int64
        /// In the order of first appearance; the older ones of equally rare ones go first.
        var age: Int
    }

    private static let most = 512
    private var entries: [UInt64: Entry] = [:]
    private var age = 0

    /// The most frequent ones, most frequent first.
    func top(_ count: Int) -> [BundleCard.Template] {
        entries.values.sorted { ($1.count, $0.age) < ($0.count, $1.age) }.prefix(count).map {
            BundleCard.Template(text: String(decoding: $0.text, as: UTF8.self), count: $0.count)
        }
    }

    /// - Parameter start: where the message begins: what stands before differs from line to line.
    mutating func note(_ text: Span<UInt8>, _ count: Int, from start: Int) {
        let line = text.extracting(0..<min(count, LineBits.width))
        let names = LineBits.names(text, count)
        let digits = LineBits.digits(text, count)
        let slashes = LineBits.slashes(text, count)
        // First the hash alone: nearly every message was met before.
        var hash: UInt64 = 14_695_981_039_346_656_037
        Self.parts(line, start, names, digits, slashes) { part in
            switch part {
            case .word(let range): hash = Self.mixed(hash, line, range)
            case .number: hash = (hash ^ 1) &* 0x9E37_79B9_7F4A_7C15
            case .path: hash = (hash ^ 2) &* 0x9E37_79B9_7F4A_7C15
            case .marks(let range): hash = Self.mixed(hash, line, range)
            }
        }
        if let place = entries.index(forKey: hash) {
            entries.values[place].count += 1
            return
        }
        if entries.count >= Self.most { makeRoom() }
        var masked: [UInt8] = []
        Self.parts(line, start, names, digits, slashes) { part in
            switch part {
            case .word(let range), .marks(let range): for index in range { masked.append(max(line[index], 0x20)) }
            case .number: masked.append(UInt8(ascii: "#"))
            case .path: masked += Array("</>".utf8)
            }
        }
        age += 1
        entries[hash] = Entry(text: masked, count: 1, age: age)
    }

    private enum Part {
        case word(Range<Int>), number, path, marks(Range<Int>)
    }

    /// Cuts a line into names and what stands between them.
    @inline(__always)
    private static func parts(
        _ line: Span<UInt8>, _ start: Int, _ names: LineBits, _ digits: LineBits, _ slashes: LineBits,
        _ body: (Part) -> Void
    ) {
        var at = start
        while at < line.count {
            let begin = names.next(at)
            if begin > at { body(.marks(at..<min(begin, line.count))) }
            guard begin < line.count else { return }
            var end = min(names.end(begin), line.count)
            at = end
            // A colon or a full stop behind a word belongs to the sentence.
            while end > begin + 1, line[end - 1] == UInt8(ascii: ":") || line[end - 1] == UInt8(ascii: ".") { end -= 1 }
            if end - begin > 3 && slashes.has(anyOf: begin..<end) {
                body(.path)
            } else if digits.has(anyOf: begin..<end) {
                body(.number)
            } else {
                body(.word(begin..<end))
            }
            if at > end { body(.marks(end..<at)) }
        }
    }

    @inline(__always)
    private static func mixed(_ hash: UInt64, _ line: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        line.withUnsafeBytes { buffer in
            var hash = hash ^ UInt64(range.count)
            var at = range.lowerBound
            while at + 8 <= range.upperBound {
                hash = (hash ^ buffer.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
                at += 8
            }
            var rest: UInt64 = 0
            while at < range.upperBound {
                rest = rest << 8 | UInt64(buffer[at])
                at += 1
            }
            hash = (hash ^ rest) &* 0x9E37_79B9_7F4A_7C15
            return hash ^ hash >> 29
        }
    }

    private mutating func makeRoom() {
        let kept = entries.sorted { ($1.value.count, $1.value.age) < ($0.value.count, $0.value.age) }.prefix(
            Self.most / 2)
        entries = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
