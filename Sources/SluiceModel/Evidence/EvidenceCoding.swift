// The inspection that is kept with an attachment: versioned, so that later programs can read it.

/// Encodes what an attachment was judged on.
package enum EvidenceCoding {
    /// Grows when the order or the meaning of the parts changes. Further text features and finding codes need no new version.
    package static let version = 1

    /// Without the card, which is kept as JSON beside it: no rule judges by the card.
    package static func encode(_ inspection: Inspection) -> [UInt8] {
        var inspection = inspection
        inspection.card = nil
        var out = BinaryWriter()
        out.inspection(inspection, entries: .max)
        return out.bytes
    }

    /// - Returns: `nil` for a version that this program does not know.
    /// - Throws: where the bytes are not what this version writes.
    package static func decode(_ bytes: [UInt8], version: Int) throws(CodingDefect) -> Inspection? {
        guard version == self.version else { return nil }
        var reader = BinaryReader(bytes[...])
        let inspection = try reader.inspection(.kept)
        try reader.end()
        return inspection
    }
}
