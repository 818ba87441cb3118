// Builds the binary logs of a bundle: Windows event logs and packet captures, every odd byte a parameter.

/// Event logs and packet captures.
public enum LogBundleBuilder {
    // MARK: Packet captures

    /// A pcap file; `packets` are the stored bytes of each.
    public static func capture(
        magic: UInt32 = 0xA1B2_C3D4, isLittle: Bool = true, version: UInt16 = 2, packets: [[UInt8]] = [[1, 2, 3], []],
        claimedLength: UInt32? = nil
    ) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] { isLittle ? value.lowestFirst : value.lowestFirst.reversed() }
        func short(_ value: UInt16) -> [UInt8] { isLittle ? value.lowestFirst : value.lowestFirst.reversed() }
        var out = number(magic) + short(version) + short(4) + number(0) + number(0) + number(65_535) + number(1)
        for packet in packets {
            let length = claimedLength ?? UInt32(packet.count)
            out += number(1_700_000_000) + number(5) + number(length) + number(length) + packet
            if magic == 0xA1B2_CD34 {
                out.insert(contentsOf: [UInt8](repeating: 0, count: 8), at: out.count - packet.count)
            }
        }
        return out
    }

    /// A pcapng file of one section with `blocks` further blocks.
    public static func captureNext(
        isLittle: Bool = true, blocks: [[UInt8]] = [[1, 2, 3, 4]], order: UInt32 = 0x1A2B_3C4D,
        secondLength: UInt32? = nil
    ) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] { isLittle ? value.lowestFirst : value.lowestFirst.reversed() }
        func block(_ type: UInt32, _ body: [UInt8], _ second: UInt32? = nil) -> [UInt8] {
            let length = UInt32(12 + body.count)
            return number(type) + number(length) + body + number(second ?? length)
        }
        let section = block(0x0A0D_0D0A, number(order) + number(1) + [UInt8](repeating: 0xFF, count: 8))
        return section + blocks.flatMap { block(6, $0, secondLength) }
    }

    // MARK: Event logs

    /// An event log; each chunk is a list of the payloads of its records.
    public static func eventLog(
        chunks: [[[UInt8]]] = [[[1, 2, 3, 4], [5, 6, 7, 8]]], flags: UInt32 = 0, declared: UInt16? = nil,
        emptyChunks: Int = 0,
        headerSum: UInt32? = nil, chunkSum: UInt32? = nil
    ) -> [UInt8] {
        var header = Array("ElfFile\0".utf8) + [UInt8](repeating: 0, count: 24) + UInt32(128).lowestFirst
        header += UInt16(1).lowestFirst + UInt16(3).lowestFirst + UInt16(4096).lowestFirst
        header += (declared ?? UInt16(chunks.count)).lowestFirst + [UInt8](repeating: 0, count: 76)
        header += flags.lowestFirst + (headerSum ?? crc32(header)).lowestFirst
        var out = header + [UInt8](repeating: 0, count: 4096 - header.count)
        for records in chunks {
            var body: [UInt8] = []
            for record in records {
                let size = UInt32(28 + record.count).lowestFirst
                body += UInt32(0x2A2A).lowestFirst + size + [UInt8](repeating: 0, count: 16) + record + size
            }
            var head = Array("ElfChnk\0".utf8) + [UInt8](repeating: 0, count: 32) + UInt32(128).lowestFirst
            head += UInt32(0).lowestFirst + UInt32(512 + body.count).lowestFirst + (chunkSum ?? crc32(body)).lowestFirst
            head += [UInt8](repeating: 0, count: 64)
            let tables = [UInt8](repeating: 0, count: 384)
            let chunk = head + UInt32(0).lowestFirst + crc32(head + tables).lowestFirst + tables + body
            out += chunk + [UInt8](repeating: 0, count: 65_536 - chunk.count)
        }
        return out + [UInt8](repeating: 0, count: emptyChunks * 65_536)
    }

    /// CRC-32, bit by bit.
    public static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { value, byte in
            (0..<8).reduce(value ^ UInt32(byte)) { one, _ in one & 1 == 1 ? one >> 1 ^ 0xEDB8_8320 : one >> 1 }
        }
    }
}
