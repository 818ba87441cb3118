// Cuts the text into lines for the card; where the stream is cut makes no difference, and of a long line only the beginning is kept.

internal import Glibc
import SluiceModel

struct CardLines {
    private let card: CardCollector
    private let lineEnd: UInt8
    private var lines = 0
    private var carried: [UInt8] = []
    private var isCarrying = false
    private static let kept = 512
    /// Products and hosts are looked for in so many lines at the beginning of each text (chosen: banners stand there).
    private static let early = 300

    init(_ card: CardCollector, lineEnd: UInt8) {
        self.card = card
        self.lineEnd = lineEnd
    }

    mutating func take(_ bytes: Span<UInt8>) {
        var at = 0
        while at < bytes.count {
            guard let stop = find(bytes, from: at) else { return carry(bytes, at..<bytes.count) }
            if isCarrying {
                carry(bytes, at..<stop)
                tellCarried()
            } else {
                lines += 1
                card.take(bytes.extracting(at..<min(stop, at + Self.kept)), isEarly: lines <= Self.early)
            }
            at = stop + 1
        }
    }

    mutating func finish() { if isCarrying { tellCarried() } }

    private mutating func tellCarried() {
        lines += 1
        let line = carried
        card.take(line.span, isEarly: lines <= Self.early)
        carried.removeAll(keepingCapacity: true)
        isCarrying = false
    }

    private mutating func carry(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        isCarrying = true
        for index in range.prefix(max(0, Self.kept - carried.count)) { carried.append(bytes[index]) }
    }

    private func find(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        // memchr; the pointer stays inside the closure.
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, start < buffer.count,
                let hit = memchr(base + start, CInt(lineEnd), buffer.count - start)
            else { return nil }
            return UnsafeRawPointer(hit) - base
        }
    }
}
