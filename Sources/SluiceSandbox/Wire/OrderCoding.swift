// An inspection order as bytes. It goes from us to the confined process, so that only our own side has to be believed.

internal import SluiceModel

/// What the confined process is told about one attachment; the descriptor travels beside it.
struct WireOrder: Equatable {
    /// Comes back in the reply: an answer given before the question was asked does not know it.
    var nonce: UInt64
    var size: ByteCount
    var order: InspectionOrder
    /// Not an inspection: this entry's bytes are wanted.
    var entry: EntryAddress?

    /// With its 32-bit length in front.
    var framed: [UInt8] {
        var out = BinaryWriter()
        out.number(nonce)
        out.number(size.bytes)
        out.text(order.declaredExtension.text, most: WireBounds.fileExtension)
        out.flag(order.secondOpinion == .always)
        out.number(Int64(order.archives.entries))
        out.number(order.archives.expandedSize.bytes)
        out.number(Int64(order.archives.ratio))
        out.number(order.archives.ratioFloor.bytes)
        out.number(Int64(order.archives.depth))
        out.number(order.archives.nameLength.bytes)
        out.number(order.archives.wallClock.wireNanoseconds)
        out.number(order.archives.heldMember.bytes)
        out.number(order.archives.expand.wireBits)
        out.number(Int64(order.images.pixels))
        out.number(Int64(order.images.side))
        out.flag(order.wantsCard)
        out.optional(entry) { $0.address($1) }
        return WireFrame.framed(out.bytes)
    }

    init(nonce: UInt64, size: ByteCount, order: InspectionOrder, entry: EntryAddress? = nil) {
        self.nonce = nonce
        self.size = size
        self.order = order
        self.entry = entry
    }

    init(_ bytes: ArraySlice<UInt8>) throws(CodingDefect) {
        var reader = BinaryReader(bytes)
        nonce = try reader.number("nonce")
        size = ByteCount(try reader.number("size") as Int64)
        let fileExtension = try reader.text(most: WireBounds.fileExtension, "extension")
        let secondOpinion: SecondOpinion = try reader.flag("second opinion") ? .always : .unproven
        let entries = Int(try reader.number("entries") as Int64)
        let expandedSize = ByteCount(try reader.number("expanded size") as Int64)
        let ratio = Int(try reader.number("ratio") as Int64)
        let ratioFloor = ByteCount(try reader.number("ratio floor") as Int64)
        let depth = Int(try reader.number("depth") as Int64)
        let nameLength = ByteCount(try reader.number("name length") as Int64)
        let wallClock = Duration.nanoseconds(try reader.number("wall clock") as Int64)
        let heldMember = ByteCount(try reader.number("held member") as Int64)
        let expand = Set<ForeignContainer>(wireBits: try reader.number("expanded containers") as Int64)
        let pixels = Int(try reader.number("pixels") as Int64)
        let side = Int(try reader.number("side") as Int64)
        let wantsCard = try reader.flag("card")
        entry = try reader.optional("entry") { (r) throws(CodingDefect) in try r.address() }
        try reader.end()
        order = InspectionOrder(
            declaredExtension: FileExtension(fileExtension), secondOpinion: secondOpinion,
            archives: ArchiveBudgets(
                entries: entries, expandedSize: expandedSize, ratio: ratio, ratioFloor: ratioFloor, depth: depth,
                nameLength: nameLength, wallClock: wallClock, heldMember: heldMember, expand: expand),
            images: ImageBudgets(pixels: pixels, side: side), wantsCard: wantsCard)
    }
}

extension Set<ForeignContainer> {
    /// One bit a container, in the order of its cases.
    fileprivate var wireBits: Int64 {
        ForeignContainer.allCases.enumerated().reduce(0) { contains($1.element) ? $0 | 1 << Int64($1.offset) : $0 }
    }

    fileprivate init(wireBits: Int64) {
        self = Set(
            ForeignContainer.allCases.enumerated().filter { wireBits >> Int64($0.offset) & 1 == 1 }.map(\.element))
    }
}

extension Duration {
    /// Saturating: a budget of centuries stays one.
    fileprivate var wireNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }
}

/// A message behind its 32-bit length.
enum WireFrame {
    static let prefix = 4

    static func framed(_ message: [UInt8]) -> [UInt8] {
        var out = BinaryWriter()
        out.number(UInt32(message.count))
        return out.bytes + message
    }

    /// The length that the first four bytes announce; `nil` while there are fewer.
    static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= prefix else { return nil }
        return bytes.prefix(prefix).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
