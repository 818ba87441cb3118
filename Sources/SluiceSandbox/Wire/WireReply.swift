// An inspector's reply as bytes: the order's number in front of the evidence, whose coding is SluiceModel's.

internal import SluiceModel

/// A reply: which order it answers, and the evidence.
struct WireReply: Equatable {
    var nonce: UInt64
    var inspection: Inspection

    init(nonce: UInt64, inspection: Inspection) {
        self.nonce = nonce
        self.inspection = inspection
    }

    /// With its 32-bit length in front. A listing longer than the order's budget is cut there (the budget's own finding says so); an
    /// answer that is too large as a whole becomes one that says just that.
    func framed(for order: InspectionOrder) -> [UInt8] {
        var out = BinaryWriter()
        out.number(nonce)
        out.inspection(inspection, entries: order.archives.entries)
        guard out.bytes.count <= WireBounds.reply else {
            let tooLarge = Finding(.inspectionFailed, [.text("the report about it would be too large")])
            return WireReply(nonce: nonce, inspection: Inspection(findings: [tooLarge])).framed(for: order)
        }
        return WireFrame.framed(out.bytes)
    }

    /// - Parameter bytes: the message without its length.
    init(_ bytes: ArraySlice<UInt8>, answering order: InspectionOrder) throws(CodingDefect) {
        var reader = BinaryReader(bytes)
        nonce = try reader.number("nonce")
        inspection = try reader.inspection(InspectionBounds(order.archives))
        try reader.end()
    }
}
