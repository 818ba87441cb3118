// An entry's bytes on their way out of the confined process: pieces, then how it ended. As with a report, whatever is not exactly what our own
// inspector writes is nonsense; that the pieces add up to what the manifest says is ConfinedEntry's to see.

internal import SluiceModel

/// One message of the answer to an order that names an entry.
enum WireEntryMessage: Equatable {
    /// 1 to `WireBounds.piece` bytes.
    case piece([UInt8])
    case end(EntryEnding)

    /// The order's number and the kind.
    static let overhead = 9

    /// With its 32-bit length in front.
    func framed(nonce: UInt64) -> [UInt8] {
        switch self {
        case .piece(let bytes): bytes.withUnsafeBufferPointer { Self.framedPiece($0, nonce: nonce) }
        case .end(let ending):
            Self.head(kind: 1, rest: 1, nonce: nonce) + [ending.rawValue]
        }
    }

    /// As `.piece`, without a copy in between.
    static func framedPiece(_ bytes: UnsafeBufferPointer<UInt8>, nonce: UInt64) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(WireFrame.prefix + overhead + bytes.count)
        frame += head(kind: 0, rest: bytes.count, nonce: nonce)
        frame += bytes
        return frame
    }

    private static func head(kind: UInt8, rest: Int, nonce: UInt64) -> [UInt8] {
        var out = BinaryWriter()
        out.number(UInt32(overhead + rest))
        out.number(nonce)
        out.byte(kind)
        return out.bytes
    }

    /// - Parameter bytes: the message without its length.
    init(_ bytes: ArraySlice<UInt8>, answering nonce: UInt64) throws(CodingDefect) {
        var reader = BinaryReader(bytes)
        guard try reader.number("nonce") == nonce else { throw CodingDefect(part: "nonce") }
        let kind: UInt8 = try reader.number("kind")
        switch kind {
        case 0:
            guard (1...WireBounds.piece).contains(reader.remaining) else { throw CodingDefect(part: "piece") }
            self = .piece(Array(bytes[(bytes.endIndex - reader.remaining)...]))
        case 1:
            guard let ending = EntryEnding(rawValue: try reader.number("ending")) else {
                throw CodingDefect(part: "ending")
            }
            try reader.end()
            self = .end(ending)
        default: throw CodingDefect(part: "kind")
        }
    }
}

extension BinaryWriter {
    mutating func address(_ entry: EntryAddress) {
        number(entry.size.bytes)
        count(entry.places.count)
        for place in entry.places { number(UInt32(place)) }
    }
}

extension BinaryReader {
    mutating func address() throws(CodingDefect) -> EntryAddress {
        let size = ByteCount(try number("entry size") as Int64)
        var places: [Int] = []
        for _ in 0..<(try count(most: EntryAddress.deepest, width: 4, "places")) {
            places.append(Int(try number("place") as UInt32))
        }
        guard let address = EntryAddress(places: places, size: size) else { throw CodingDefect(part: "address") }
        return address
    }
}
