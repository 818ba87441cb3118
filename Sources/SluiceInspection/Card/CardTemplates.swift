// The most frequent error messages, with their numbers, identifiers and paths masked. Memory is bounded: when the table is full, the
// rarest half is dropped, so that counts are never too high (lossy counting, Manku and Motwani 2002).

import SluiceModel

struct CardTemplates {
    private struct Entry {
        /// The first line of its kind, from where its message begins.
        var line: [UInt8]
        let hash: UInt64
        var count: Int64
        /// In the order of first appearance; the older ones of equally rare ones go first.
        var age: Int
    }

    private static let most = 512
    private var entries: [Entry] = []
    /// Where an entry stands in `entries`, by its hash: 0 for none, else its place plus one. Open addressing, at most half full.
    /// Made with the first entry: most texts have none.
    private var places: [UInt16] = []
    private var age = 0

    /// The most frequent ones, most frequent first.
    func top(_ count: Int) -> [BundleCard.Template] {
        entries.sorted { ($1.count, $0.age) < ($0.count, $1.age) }.prefix(count).map {
            BundleCard.Template(text: Self.masked($0.line), count: $0.count)
        }
    }

    /// - Parameter start: where the message begins: what stands before differs from line to line.
    mutating func note(_ text: Span<UInt8>, _ count: Int, from start: Int) {
        let line = text.extracting(0..<min(count, LineBits.width))
        guard start < line.count else { return }
        let names = LineBits.names(text, count)
        let digits = LineBits.digits(text, count)
        let slashes = LineBits.slashes(text, count)
        // First the hash alone: nearly every message was met before.
        var hash: UInt64 = 14_695_981_039_346_656_037
        Self.parts(line, start, names, digits, slashes) { part in
            switch part {
            case .word(let range): hash = Self.mixed(hash, line, range)
            case .number: hash = (hash ^ 0x1_0000_0001) &* 0x9E37_79B9_7F4A_7C15
            case .path: hash = (hash ^ 0x2_0000_0001) &* 0x9E37_79B9_7F4A_7C15
            case .marks(let range): hash = Self.mixed(hash, line, range)
            }
        }
        add(hash, 1) { line.copy(start..<line.count) }
    }

    /// The messages of another text, whose letters are read in its encoding.
    mutating func add(_ other: CardTemplates, _ encoding: TextFeatures.Encoding) {
        for entry in other.entries { add(entry.hash, entry.count) { CardLetters.utf8(entry.line, encoding) } }
    }

    @inline(__always)
    private mutating func add(_ hash: UInt64, _ count: Int64, _ line: () -> [UInt8]) {
        if places.isEmpty { places = [UInt16](repeating: 0, count: 2 * Self.most) }
        let slot = slot(hash)
        if places[slot] > 0 {
            entries[Int(places[slot]) - 1].count += count
            return
        }
        age += 1
        // The line as it is. It is masked only if it is shown in the end.
        entries.append(Entry(line: line(), hash: hash, count: count, age: age))
        places[slot] = UInt16(entries.count)
        if entries.count > Self.most { makeRoom() }
    }

    /// Where an entry stands, or where it would.
    @inline(__always)
    private func slot(_ hash: UInt64) -> Int {
        var slot = Int(hash >> 54) & (places.count - 1)
        while places[slot] > 0, entries[Int(places[slot]) - 1].hash != hash { slot = (slot + 1) & (places.count - 1) }
        return slot
    }

    private static func masked(_ line: [UInt8]) -> String {
        let text = line.span
        var out: [UInt8] = []
        let names = LineBits.names(text, line.count)
        let digits = LineBits.digits(text, line.count)
        parts(text, 0, names, digits, LineBits.slashes(text, line.count)) { part in
            switch part {
            case .word(let range), .marks(let range): for index in range { out.append(max(line[index], 0x20)) }
            case .number: out.append(UInt8(ascii: "#"))
            case .path: out += Array("</>".utf8)
            }
        }
        return String(decoding: out, as: UTF8.self)
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
            while at < range.upperBound {
                let left = range.upperBound - at
                var piece: UInt64 = 0
                if at + 8 <= buffer.count {
                    piece = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                    if left < 8 { piece &= 1 << UInt64(8 * left) - 1 }
                } else {
                    for index in 0..<min(8, left) { piece |= UInt64(buffer[at + index]) << UInt64(8 * index) }
                }
                hash = (hash ^ piece) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
                at += 8
            }
            return hash
        }
    }

    /// Drops the rarest, all that were met once, and then up to twice, four times and so on, until half of the room is free.
    private mutating func makeRoom() {
        var least: Int64 = 1
        while entries.count > Self.most / 2 {
            entries.removeAll { $0.count <= least }
            least *= 2
        }
        for slot in places.indices { places[slot] = 0 }
        for index in entries.indices { places[slot(entries[index].hash)] = UInt16(index + 1) }
    }
}
