// Picks the lines that are classified: all of the first 16 KiB, then short windows spread over the rest, so that a large log costs
// little more than a small one. LineClassifier.swift classifies them.

internal import Glibc
import SluiceModel

/// Cuts sampled lines out of a stream of bytes; where the stream is cut makes no difference.
struct LineSampler {
    /// All lines that begin in here are looked at, up to `most` (measured: with four times as much, half of an import's time went into
    /// lines, and the categories were not better for it).
    private static let head = 16 << 10
    private static let most = 400
    /// Length of a window behind the head, and the distances between windows: a 15 MB log has 60 windows of some 20 lines.
    private static let window = 2 << 10
    /// How much of a long line is kept.
    private static let kept = 1024

    private(set) var classifier = LineClassifier()
    private let lineEnd: UInt8
    private var position = 0
    /// Where the open window ends, or `nil` between windows.
    private var windowEnd: Int? = head
    /// Where the next window begins; only between windows.
    private var next = 0
    /// The line that a window begins in was passed.
    private var isAligned = true
    private var carried: [UInt8] = []
    private var carriedLength = 0

    /// Lines that were looked at when the head ended; up to here, sampled lines are numbered as in the text.
    private var headLines = Int.max

    init(lineEnd: UInt8) { self.lineEnd = lineEnd }

    /// Where the first private key among the sampled lines begins.
    var privateKey: String? {
        classifier.privateKeyLine.map { $0 <= headLines ? "Line \($0.grouped)" : "A line in the middle" }
    }

    mutating func take(_ bytes: Span<UInt8>) {
        let start = position
        position += bytes.count
        // Nearly always: nothing of interest in this piece.
        if windowEnd == nil && next >= position { return }
        var at = 0
        while at < bytes.count {
            if windowEnd == nil {
                if next >= position { return }
                at = max(at, next - start)
                windowEnd = next + Self.window
                isAligned = false
            }
            guard let stop = find(bytes, from: at) else {
                if isAligned { carry(bytes, at..<bytes.count) }
                return
            }
            if isAligned {
                if carriedLength > 0 {
                    carry(bytes, at..<stop)
                    classifyCarried()
                } else {
                    classifier.take(
                        bytes.extracting(at..<min(stop, at + Self.kept)), length: stop - at,
                        last: stop > at ? bytes[stop - 1] : lineEnd)
                }
            }
            isAligned = true
            at = stop + 1
            closeWindow(start + at)
        }
    }

    /// The last line, where it has no end.
    mutating func finish() {
        if windowEnd != nil && isAligned && carriedLength > 0 { classifyCarried() }
    }

    private mutating func closeWindow(_ reached: Int) {
        guard let end = windowEnd, reached >= end || (end == Self.head && classifier.lines >= Self.most) else { return }
        windowEnd = nil
        headLines = min(headLines, classifier.lines)
        let distance = reached < 16 << 20 ? 256 << 10 : reached < 256 << 20 ? 2 << 20 : 32 << 20
        next = (reached / distance + 1) * distance
    }

    private mutating func carry(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        for index in range.prefix(max(0, Self.kept - carried.count)) { carried.append(bytes[index]) }
        carriedLength += range.count
        lastCarried = bytes[range.upperBound - 1]
    }

    private var lastCarried: UInt8 = 0

    private mutating func classifyCarried() {
        var line: [UInt8] = []
        swap(&line, &carried)
        classifier.take(line.span, length: carriedLength, last: lastCarried)
        line.removeAll(keepingCapacity: true)
        swap(&line, &carried)
        carriedLength = 0
    }

    private func find(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        // memchr: a window may begin inside a line of megabytes. The pointer stays inside the closure.
        bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, start < buffer.count,
                let hit = memchr(base + start, CInt(lineEnd), buffer.count - start)
            else { return nil }
            return UnsafeRawPointer(hit) - base
        }
    }
}
