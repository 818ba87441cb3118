// Packet captures: pcap (both byte orders, micro- and nanoseconds) and pcapng, walked packet by packet to their end.

import SluiceModel

/// Recognizes pcap and pcapng files.
enum PacketCaptureRecognizer: Recognizer {
    /// No packet is longer: libpcap's own limit for any link type (pcap-savefile(5); MAXIMUM_SNAPLEN and USB's 128 MiB).
    private static let longestPacket = 128 << 20

    static func claims(_ content: Span<UInt8>) -> Bool {
        order(of: content) != nil || content.has([0x0A, 0x0D, 0x0D, 0x0A], at: 0)
    }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        if let order = order(of: content) { return classic(content, order, &context) }
        return nextGeneration(content, &context)
    }

    // MARK: pcap (draft-ietf-opsawg-pcap)

    private struct Order {
        var isLittle: Bool
        var hasNanoseconds: Bool
        /// Packet headers of the modified format of old Linux tcpdumps are longer.
        var recordHeader: Int

        func number(_ offset: Int, _ content: Span<UInt8>) -> UInt32? {
            isLittle ? content.littleEndian32(offset) : content.bigEndian32(offset)
        }

        func short(_ offset: Int, _ content: Span<UInt8>) -> UInt16? {
            isLittle ? content.littleEndian16(offset) : content.bigEndian16(offset)
        }
    }

    private static func order(of content: Span<UInt8>) -> Order? {
        for isLittle in [true, false] {
            switch isLittle ? content.littleEndian32(0) : content.bigEndian32(0) {
            case 0xA1B2_C3D4: return Order(isLittle: isLittle, hasNanoseconds: false, recordHeader: 16)
            case 0xA1B2_3C4D: return Order(isLittle: isLittle, hasNanoseconds: true, recordHeader: 16)
            case 0xA1B2_CD34: return Order(isLittle: isLittle, hasNanoseconds: false, recordHeader: 24)
            default: continue
            }
        }
        return nil
    }

    private static func classic(_ content: Span<UInt8>, _ order: Order, _ context: inout InspectionContext)
        -> Recognition
    {
        func answer(_ basis: RecognizedType.Basis, _ packets: Int) -> Recognition {
            Recognition(
                RecognizedType(.packetCapture, basis, detail: "packet capture (pcap), \(packets.grouped) packets"))
        }
        func broken(_ reason: String, _ packets: Int) -> Recognition {
            context.find(.bundleCaptureBroken, .text(reason))
            return answer(.signature, packets)
        }
        guard content.count >= 24, let major = order.short(4, content), let snapshot = order.number(16, content) else {
            return broken("its header is not whole", 0)
        }
        guard major == 2 else { return broken("its version \(major) is unknown", 0) }
        // 0 and very large lengths mean "no limit".
        let limit = snapshot == 0 || snapshot > UInt32(longestPacket) ? longestPacket : max(Int(snapshot), 262_144)
        var offset = 24
        var packets = 0
        while offset < content.count {
            if packets > 0, content.isPadding(offset..<content.count) { break }
            guard let stored = order.number(offset + 8, content),
                order.number(offset + order.recordHeader - 4, content) != nil
            else {
                return cut(content.count - offset, packets, &context)
            }
            guard Int(stored) <= limit else { return broken("packet \(packets + 1) claims \(stored) bytes", packets) }
            let next = offset + order.recordHeader + Int(stored)
            guard next <= content.count else {
                // Only what could be a packet is one that was cut: a length that no packet has would be broken, above.
                return packets == 0
                    ? broken("its first packet is not whole", 0) : cut(content.count - offset, packets, &context)
            }
            offset = next
            packets += 1
        }
        if offset < content.count { context.find(.contentPadding, .size(ByteCount(content.count - offset))) }
        return answer(.proven, packets)

        func cut(_ rest: Int, _ packets: Int, _ context: inout InspectionContext) -> Recognition {
            context.find(.bundleCaptureCut, .size(ByteCount(rest)))
            return answer(.structure, packets)
        }
    }

    // MARK: pcapng (draft-ietf-opsawg-pcapng)

    private static func nextGeneration(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let first = sectionIsLittle(content, at: 0) else { return nil }
        var isLittle = first
        var offset = 0
        var blocks = 0
        var failure: String?
        while offset < content.count {
            if blocks > 0, content.isPadding(offset..<content.count) {
                context.find(.contentPadding, .size(ByteCount(content.count - offset)))
                break
            }
            if content.has([0x0A, 0x0D, 0x0D, 0x0A], at: offset) {
                guard let order = sectionIsLittle(content, at: offset) else {
                    failure = "a section has no byte order"
                    break
                }
                isLittle = order
            }
            func number(_ at: Int) -> Int? {
                (isLittle ? content.littleEndian32(at) : content.bigEndian32(at)).map(Int.init)
            }
            guard let length = number(offset + 4), length >= 12, length % 4 == 0, length <= longestPacket else {
                failure = "block \(blocks + 1) has no possible length"
                break
            }
            guard offset + length <= content.count else {
                context.find(.bundleCaptureCut, .size(ByteCount(content.count - offset)))
                return Recognition(
                    RecognizedType(.packetCaptureNext, blocks > 1 ? .structure : .signature, detail: detail(blocks)))
            }
            guard number(offset + length - 4) == length else {
                failure = "the two lengths of block \(blocks + 1) differ"
                break
            }
            offset += length
            blocks += 1
        }
        if let failure {
            context.find(.bundleCaptureBroken, .text(failure))
            return Recognition(RecognizedType(.packetCaptureNext, .signature, detail: detail(blocks)))
        }
        return Recognition(RecognizedType(.packetCaptureNext, .proven, detail: detail(blocks)))
    }

    private static func detail(_ blocks: Int) -> String { "packet capture (pcapng), \(blocks.grouped) blocks" }

    private static func sectionIsLittle(_ content: Span<UInt8>, at offset: Int) -> Bool? {
        switch content.littleEndian32(offset + 8) {
        case 0x1A2B_3C4D: true
        case 0x4D3C_2B1A: false
        default: nil
        }
    }
}

extension MediaType {
    static let packetCaptureNext: MediaType = "application/x-pcapng"
}
