// Windows event logs (.evtx): file header, then chunks of 64 KiB, each with its checksums ([MS-EVEN6] 2.2; the layout as libevtx documents it).

import SluiceModel

/// Recognizes `.evtx` files.
enum EventLogRecognizer: Recognizer {
    private static let chunkSize = 65_536
    private static let recordMark: UInt32 = 0x0000_2A2A

    static func claims(_ content: Span<UInt8>) -> Bool { content.has("ElfFile\0", at: 0) }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        var records = 0
        var chunks = 0
        func answer(_ basis: RecognizedType.Basis) -> Recognition {
            Recognition(
                RecognizedType(
                    .eventLog, basis, detail: "Windows event log, \(chunks.grouped) chunks, \(records.grouped) records")
            )
        }
        func broken(_ reason: String) -> Recognition {
            context.find(.bundleEventLogBroken, .text(reason))
            return answer(.signature)
        }
        guard let headerSize = content.littleEndian32(32), let major = content.littleEndian16(38),
            let block = content.littleEndian16(40), let declared = content.littleEndian16(42),
            let flags = content.littleEndian32(120), let sum = content.littleEndian32(124), content.count >= 4096
        else { return broken("its header is not whole") }
        guard headerSize == 128, major == 3, block == 4096 else { return broken("its header is of an unknown kind") }
        guard ByteChecksum.crc32(content, 0..<120) == sum else { return broken("the checksum of its header is wrong") }
        for index in 128..<4096 where content[index] != 0 { return broken("the rest of its header is not empty") }
        // A log that Windows has open says "dirty": its header lags behind its chunks.
        let isDirty = flags & 1 != 0
        if isDirty { context.find(.bundleEventLogInUse) }
        var offset = 4096
        while offset < content.count {
            let end = offset + chunkSize
            if content.has("ElfChnk\0", at: offset) {
                guard end <= content.count else { return broken("its last chunk is not whole") }
                guard let count = walk(content, offset, isDirty: isDirty) else {
                    return broken("chunk \(chunks + 1) is damaged")
                }
                records += count
            } else {
                // Windows allots chunks ahead of use; they are empty until then.
                guard end <= content.count, isZero(content, offset..<end) else {
                    if content.isPadding(offset..<content.count) {
                        context.find(.contentPadding, .size(ByteCount(content.count - offset)))
                        break
                    }
                    context.find(.bundleTrailingData, .size(ByteCount(content.count - offset)))
                    return answer(.signature)
                }
                offset = end
                continue
            }
            chunks += 1
            offset = end
        }
        if !isDirty && chunks < Int(declared) { return broken("it has \(chunks) of \(declared) chunks") }
        return answer(.proven)
    }

    /// Checks a chunk's checksums and walks its records.
    /// - Returns: the number of records, or `nil` when something does not fit.
    private static func walk(_ content: Span<UInt8>, _ chunk: Int, isDirty: Bool) -> Int? {
        guard content.littleEndian32(chunk + 40) == 128, let free = content.littleEndian32(chunk + 48),
            let recordsSum = content.littleEndian32(chunk + 52), let headerSum = content.littleEndian32(chunk + 124),
            free >= 512, Int(free) <= chunkSize
        else { return nil }
        if !isDirty {
            let tables = ByteChecksum.crc32(
                content, chunk + 128..<chunk + 512, after: ByteChecksum.crc32(content, chunk..<chunk + 120))
            guard tables == headerSum, ByteChecksum.crc32(content, chunk + 512..<chunk + Int(free)) == recordsSum else {
                return nil
            }
        }
        var at = chunk + 512
        var count = 0
        while at < chunk + Int(free) {
            guard content.littleEndian32(at) == recordMark, let size = content.littleEndian32(at + 4), size >= 28,
                at + Int(size) <= chunk + Int(free), content.littleEndian32(at + Int(size) - 4) == size
            else { return nil }
            at += Int(size)
            count += 1
        }
        return count
    }

    private static func isZero(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where content[index] != 0 { return false }
        return true
    }
}

/// CRC-32 as zip, PNG and event logs have it (ISO 3309).
enum ByteChecksum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    /// - Parameter before: the checksum of what precedes the range.
    static func crc32(_ content: Span<UInt8>, _ range: Range<Int>, after before: UInt32 = 0) -> UInt32 {
        var value = ~before
        for index in range.clamped(to: 0..<content.count) {
            value = value >> 8 ^ table[Int(UInt8(truncatingIfNeeded: value) ^ content[index])]
        }
        return ~value
    }
}
