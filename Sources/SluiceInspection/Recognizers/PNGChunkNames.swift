// Which ancillary chunks of a PNG are known, and what a chunk of text holds. A chunk on no list can carry anything past every viewer.

import SluiceModel

enum PNGChunkNames {
    /// The specification's own, its registered extensions, and those that its third edition took in.
    private static let registered: Set<String> = [
        "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "hIST", "pHYs", "sPLT", "tIME", "tEXt", "zTXt", "iTXt",
        "eXIf", "acTL", "fcTL", "fdAT", "cICP", "mDCV", "mDCv", "cLLI", "cLLi", "oFFs", "pCAL", "sCAL", "gIFg", "gIFx",
        "gIFt", "sTER", "dSIG", "fRAc",
    ]

    /// Private ones that widespread programs write: Apple, ImageMagick, Adobe Fireworks, Microsoft Office, Android, Skitch, content credentials
    /// (C2PA), older EXIF.
    private static let widespread: Set<String> = [
        "iDOT", "vpAg", "caNv", "orNT", "prVW", "mkBF", "mkBS", "mkBT", "mkTS", "msOG", "msOA", "cmOD", "cmPP", "npTc",
        "npLb", "npOl", "skMf", "skRf", "caBX", "zxIf", "exIF", "meTa", "tpNG", "cpIp", "ruSt", "tXMP", "iTxt",
    ]

    /// Whether nothing is known about the ancillary chunk `name`.
    static func isUnknown(_ name: String) -> Bool { !registered.contains(name) && !widespread.contains(name) }

    /// Whether only its writer knows what the chunk `name` holds.
    static func isPrivate(_ name: String) -> Bool { !registered.contains(name) }

    /// Where the value of a text chunk stands, or the compressed data of a chunk that has any (§11.3.2.3, §11.3.3).
    static func value(of name: String, _ content: Span<UInt8>, _ data: Range<Int>) -> (
        range: Range<Int>, isCompressed: Bool
    )? {
        guard ["tEXt", "zTXt", "iTXt", "iCCP"].contains(name),
            let keyword = content.firstOffset(of: 0, from: data.lowerBound, before: data.upperBound)
        else { return nil }
        var at = keyword + 1
        if name == "tEXt" { return (at..<data.upperBound, false) }
        guard name == "iTXt" else { return at < data.upperBound ? (at + 1..<data.upperBound, true) : nil }
        guard at + 2 <= data.upperBound else { return nil }
        let isCompressed = content[at] == 1
        at += 2
        for _ in 0..<2 {
            guard let end = content.firstOffset(of: 0, from: at, before: data.upperBound) else { return nil }
            at = end + 1
        }
        return (at..<data.upperBound, isCompressed)
    }
}
