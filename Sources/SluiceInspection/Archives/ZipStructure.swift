// A zip's structure, proven: local headers against the central directory, no gap, no overlap, nothing before or behind.

import SluiceModel

/// One member of a zip, as the central directory and the local header agree on it.
struct ZipEntry {
    /// As stored, unless a valid unicode-path field says the same name in UTF-8.
    var name: [UInt8]
    var isDirectory: Bool
    /// 0 stored, 8 deflated; others could not be checked.
    var method: UInt16
    var isEncrypted: Bool
    /// Unix mode from the external attributes, 0 where there is none.
    var unixMode: UInt32
    var crc: UInt32
    var storedSize: Int
    /// Declared; never believed.
    var declaredSize: Int
    /// Where the stored bytes begin in the content.
    var dataOffset: Int
}

/// A zip's members in the order of the central directory.
struct ZipStructure {
    var entries: [ZipEntry]
    /// Every byte of the content belongs to a header, a member or a record.
    var isComplete: Bool

    /// - Returns: `nil` when there is no readable structure; the findings say where it breaks.
    static func read(_ content: Span<UInt8>, _ context: inout InspectionContext) -> ZipStructure? { nil }

    /// Expands one member, spending the budget, and checks its length, its CRC and that its stream ends exactly at its end.
    /// - Parameter sink: takes the next piece; answers false to stop early, which is not a finding.
    /// - Returns: false when it could not be expanded to its end; the findings say why.
    static func expand(
        _ entry: ZipEntry, in content: Span<UInt8>, _ context: inout InspectionContext,
        to sink: (Span<UInt8>, inout InspectionContext) -> Bool
    ) -> Bool { false }
}
