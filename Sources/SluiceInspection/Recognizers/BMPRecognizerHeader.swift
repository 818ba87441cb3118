// The two headers of a BMP, in all versions, as numbers that are checked against each other but not yet against the content's length.

import SluiceModel

/// File header and bitmap header.
struct BMPHeader {
    let declaredSize: Int
    let width: Int
    /// Without the sign, which only says that the rows run downwards.
    let height: Int
    /// Zero in the file where a writer never filled it in; then it is worked out.
    let pixelOffset: Int
    let imageSize: Int
    /// The offset behind bitmap header and masks.
    let headersEnd: Int
    let paletteEnd: Int
    /// Where the header says that a colour profile is embedded or linked (version 5).
    let profile: Range<Int>?
    private let length: Int
    private let planes: Int
    private let bits: Int
    private let compression: Int
    private let isOS2: Bool

    /// - Returns: `nil` where the content ends within the headers.
    init?(_ content: Span<UInt8>) {
        func number16(_ at: Int) -> Int { Int(content.littleEndian16(at) ?? 0) }
        func number32(_ at: Int) -> Int { Int(content.littleEndian32(at) ?? 0) }
        length = number32(14)
        guard content.count >= 14 + length, content.count >= 26 else { return nil }
        declaredSize = number32(2)
        let isCore = length == 12
        width = isCore ? number16(18) : Int(Int32(truncatingIfNeeded: number32(18)))
        height = isCore ? number16(20) : Int(Int32(truncatingIfNeeded: number32(22)).magnitude)
        planes = number16(isCore ? 22 : 26)
        bits = number16(isCore ? 24 : 28)
        compression = length >= 20 ? number32(30) : 0
        imageSize = length >= 24 ? number32(34) : 0
        isOS2 = length == 64 || length < 40
        let colors = length >= 36 ? number32(46) : 0

        // Masks follow only the 40-byte header; later versions hold them inside.
        let masks = length == 40 ? (compression == 3 ? 12 : compression == 6 ? 16 : 0) : 0
        headersEnd = 14 + length + masks
        let most = bits <= 8 ? 1 << bits : 0
        let entries = colors == 0 ? most : min(colors, 65_536)
        paletteEnd = headersEnd + entries * (isCore ? 3 : 4)
        let offset = number32(10)
        // Some writers give the palette's offset instead of the pixels'; then the content is longer by the palette.
        let (rows, overflow) = ((width * bits + 31) / 32 * 4).multipliedReportingOverflow(by: height)
        let room = content.count - paletteEnd
        let isPaletteOffset =
            offset == headersEnd && paletteEnd > offset
            && (compression == 0 ? !overflow && rows > 0 && rows <= room : imageSize > 0 && imageSize == room)
        pixelOffset = offset == 0 || isPaletteOffset ? paletteEnd : offset
        let space = length == 124 ? number32(14 + 56) : 0
        if space == 0x4D42_4544 || space == 0x4C49_4E4B {  // 'MBED', 'LINK'
            let start = 14 + number32(14 + 112)
            profile = start..<start + number32(14 + 116)
        } else {
            profile = nil
        }
    }

    /// The part that contradicts itself or does not exist; `nil` when all is well.
    var firstFault: String? {
        if planes != 1 { return "it has \(planes) colour planes instead of one" }
        if width <= 0 || height == 0 { return "it has no dimensions" }
        switch compression {
        case 0: return [1, 2, 4, 8, 16, 24, 32, 64].contains(bits) ? nil : "\(bits) bits a pixel do not exist"
        case 1: return bits == 8 ? nil : "run lengths of 8 bits need 8 bits a pixel"
        case 2: return bits == 4 ? nil : "run lengths of 4 bits need 4 bits a pixel"
        case 3 where isOS2: return bits == 1 ? nil : "Huffman coding needs 1 bit a pixel"
        case 4 where isOS2: return bits == 24 ? nil : "run lengths of 24 bits need 24 bits a pixel"
        case 3, 6: return bits == 16 || bits == 32 ? nil : "colour masks need 16 or 32 bits a pixel"
        case 4, 5: return bits == 0 || bits == 24 ? nil : "an embedded image has no bits a pixel"
        default: return "the compression \(compression) does not exist"
        }
    }

    /// Bytes that one run-length coded pixel (or pair of pixels) takes; `nil` without run lengths.
    var runUnit: BMPRuns.Unit? {
        switch compression {
        case 1: .byte
        case 2: .nibble
        case 4 where isOS2: .triple
        default: nil
        }
    }

    /// Whether the pixels are in a coding that is not walked: Huffman, or an embedded JPEG or PNG for printers.
    var isOpaque: Bool {
        isOS2 && compression == 3 || !isOS2 && (compression == 4 || compression == 5)
    }

    private var rowBytes: Int { (width * bits + 7) / 8 }
    /// Rows are filled up to four bytes.
    var rowSize: Int { (rowBytes + 3) / 4 * 4 }
    var rowPadding: Int { rowSize - rowBytes }

    var detail: String {
        "\(bits)-bit\(runUnit == nil ? "" : " run-length coded"), \(width.grouped) × \(height.grouped)"
    }
}
