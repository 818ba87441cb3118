// A zip whose only member is that zip itself: whoever unpacks level by level never comes to an end.

/// Built after the scheme of Russ Cox, "Zip Files All The Way Down": a deflate stream of stored blocks and of blocks that repeat what just came out,
/// arranged so that the output runs through the archive's own beginning, then the stream, then the archive's own end.
public enum ZipQuine {
    public static let name = "r.zip"

    /// Fixed blocks (RFC 1951, 3.2.6) of whole bytes that copy the last so many bytes; the last one is the stream's final block.
    private static let repeats65: [UInt8] = [0x02, 0x88, 0x62, 0x03, 0x00]
    private static let repeats20: [UInt8] = [0x42, 0x88, 0x21, 0xC4, 0x00]
    private static let repeats79: [UInt8] = [0x03, 0x1A, 0x47, 0x4D, 0xE3, 0x00]

    public static func build() -> [UInt8] {
        // The CRC of the whole depends on itself, four times over, and linearly: every bit of it is one equation (GF(2)).
        let start = CRC32.of(build(crc: 0))
        let columns = (0..<32).map { bit in CRC32.of(build(crc: 1 << bit)) ^ start ^ 1 << bit }
        var rows: [UInt64] = (0..<32).map { row in
            columns.indices.reduce(UInt64(start >> row & 1) << 32) { $0 | UInt64(columns[$1] >> row & 1) << $1 }
        }
        for column in 0..<32 {
            guard let pivot = (column..<32).first(where: { rows[$0] >> column & 1 == 1 }) else {
                preconditionFailure("no CRC fits; another byte of the header would make one fit")
            }
            rows.swapAt(column, pivot)
            for row in 0..<32 where row != column && rows[row] >> column & 1 == 1 { rows[row] ^= rows[column] }
        }
        return build(crc: (0..<32).reduce(UInt32(0)) { $0 | UInt32(rows[$1] >> 32 & 1) << $1 })
    }

    private static func build(crc: UInt32) -> [UInt8] {
        let (head, tail) = (60, 73)
        let stream = stream([UInt8](repeating: 0, count: head), [UInt8](repeating: 0, count: tail)).count
        let zip = ZipBuilder().file(name, "") {
            $0.localCRC = crc
            $0.centralCRC = crc
            $0.localSize = UInt32(head + stream + tail)
            $0.centralSize = $0.localSize
            // Alignment, as Android writes it, makes the head as long as the blocks above need it.
            $0.localExtra = [0x35, 0xD9, 21, 0] + [UInt8](repeating: 0, count: 21)
            $0.stored = [UInt8](repeating: 0, count: stream)
        }.build()
        precondition(zip.count == head + stream + tail)
        let (first, last) = (Array(zip.prefix(head)), Array(zip.suffix(tail)))
        return first + Self.stream(first, last) + last
    }

    private static func stream(_ head: [UInt8], _ tail: [UInt8]) -> [UInt8] {
        /// The head of a block that prints the bytes behind it.
        func prints(_ count: Int) -> [UInt8] {
            Array(Deflater.storedBlock([UInt8](repeating: 0, count: count), isFinal: false).prefix(5))
        }
        let (nothing, five, twenty) = (prints(0), prints(5), prints(20))
        let end = prints(repeats79.count + tail.count)
        let blocks: [[UInt8]] = [
            prints(65), head, prints(65), repeats65, five, repeats65, five, five,
            twenty, repeats65, five, five, twenty, repeats20,
            twenty, repeats20, twenty, repeats20, twenty, repeats20,
            twenty, repeats20, nothing, nothing, end, repeats20,
            nothing, nothing, end, repeats79, tail, repeats79,
        ]
        return Array(blocks.joined())
    }
}
