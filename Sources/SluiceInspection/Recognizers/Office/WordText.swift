// The text of a binary Word document, piece by piece ([MS-DOC] 2.4.1), as far as fields need it: their marks and what stands between them.

import SluiceModel

/// Reads fields out of the text of a `.doc`.
struct WordText {
    /// Marks of a field's beginning, separator and end ([MS-DOC] 2.8.25).
    private enum Mark { static let begin: UInt16 = 0x13, separate: UInt16 = 0x14, end: UInt16 = 0x15 }

    private var fields = FieldReader()
    private var run: [UInt8] = []
    /// Characters that may still be read: pieces may lie one over the other, so their number alone bounds nothing.
    private var left: Int

    private init(most: Int) { left = most }

    /// - Parameters:
    ///   - stream: the `WordDocument` stream.
    ///   - pieces: where each piece lies in it, in the order of the text.
    static func dangers(_ stream: Span<UInt8>, _ pieces: [Piece]) -> [FieldRules.Danger] {
        var text = WordText(most: 2 * stream.count)
        for piece in pieces { text.read(piece, stream) }
        text.flush()
        text.fields.finish()
        return text.fields.found
    }

    struct Piece {
        var range: Range<Int>
        var isWide: Bool
    }

    /// The list of pieces in the table stream (the Clx, [MS-DOC] 2.9.38).
    static func pieces(_ table: Span<UInt8>, _ clx: Range<Int>, _ stream: Span<UInt8>) -> [Piece] {
        var at = clx.lowerBound
        // Property changes stand first, each with its length.
        while table.byte(at) == 1, let length = table.littleEndian16(at + 1), at < clx.upperBound {
            at += 3 + Int(length)
        }
        guard table.byte(at) == 2, let size = table.littleEndian32(at + 1), size >= 16,
            at + 5 + Int(size) <= min(clx.upperBound, table.count)
        else { return [] }
        let count = (Int(size) - 4) / 12
        let list = at + 5
        var pieces: [Piece] = []
        for index in 0..<count {
            guard let first = table.littleEndian32(list + index * 4),
                let next = table.littleEndian32(list + index * 4 + 4),
                let place = table.littleEndian32(list + (count + 1) * 4 + index * 8 + 2), next > first
            else { continue }
            // Bit 30 says that a character takes one byte, at half the place.
            let isWide = place & 0x4000_0000 == 0
            let start = isWide ? Int(place & 0x3FFF_FFFF) : Int(place & 0x3FFF_FFFF) / 2
            let end = start + Int(next - first) * (isWide ? 2 : 1)
            pieces.append(Piece(range: (start..<end).clamped(to: 0..<stream.count), isWide: isWide))
        }
        return pieces
    }

    private mutating func read(_ piece: Piece, _ stream: Span<UInt8>) {
        let step = piece.isWide ? 2 : 1
        var at = piece.range.lowerBound
        while at + step <= piece.range.upperBound, left > 0 {
            if !fields.isOpen {
                // Between fields only the next mark matters.
                guard let mark = stream.firstOffset(of: 0x13, from: at, before: piece.range.upperBound) else { return }
                let skipped = (mark - at) / step * step
                at += skipped
                left -= skipped / step
                guard at + step <= piece.range.upperBound else { return }
            }
            let unit = piece.isWide ? stream.littleEndian16(at) ?? 0 : UInt16(stream[at])
            at += step
            left -= 1
            take(unit)
        }
    }

    private mutating func take(_ unit: UInt16) {
        switch unit {
        case Mark.begin:
            flush()
            fields.begin()
        case Mark.separate:
            flush()
            fields.separate()
        case Mark.end:
            flush()
            fields.end()
        case 0..<0x80: if fields.isOpen { run.append(UInt8(unit)) }
        default:
            guard fields.isOpen else { return }
            // Half of a pair cannot be a letter of an instruction.
            run += Array(String(Unicode.Scalar(unit).map(Character.init) ?? " ").utf8)
        }
        if run.count >= 4096 { flush() }
    }

    private mutating func flush() {
        if !run.isEmpty { fields.text(run) }
        run.removeAll(keepingCapacity: true)
    }
}
