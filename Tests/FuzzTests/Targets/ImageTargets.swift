// Images.

import SluiceTestSupport

@testable import SluiceInspection

extension FuzzTarget {
    static let png = recognizing("png", [PNGRecognizer.self], longest: 1024) {
        [
            PNGBuilder.image().bytes, PNGBuilder.image().trailing([0, 0, 1]).bytes,
            PNGBuilder.header(colorType: 3).chunk("PLTE", [1, 2, 3])
                .chunk("eXIf", JPEGBuilder.exifData(gpsTags: [2])).data().bytes,
            PNGBuilder.header(width: 60_000, height: 60_000, depth: 1, colorType: 0, interlace: 1).data().bytes,
            PNGBuilder.header().chunk("acTL", bigEndian32(1) + bigEndian32(0))
                .chunk("fcTL", [UInt8](repeating: 0, count: 26)).data()
                .chunk("fdAT", bigEndian32(1) + [1]).chunk("tEXt", Array("PK\u{5}\u{6}".utf8)).bytes,
            PNGBuilder.header().chunk("iCCP", Array("p\0\0".utf8) + Checksums.zlibStored([1, 2, 3]))
                .chunk("prVt", Array("MZ".utf8) + [UInt8](repeating: 0, count: 70)).data().bytes,
            PNGBuilder.image().withoutEnd().bytes, PNGBuilder.image(interlace: 1).trailing([1, 2, 3]).bytes,
        ]
    }

    static let jpeg = recognizing("jpeg", [JPEGRecognizer.self], longest: 2048) {
        let two = JPEGBuilder.image { $0.jfif().exif(gpsTags: [2]).multiPicture(2) }.raw(JPEGBuilder.image().bytes)
        return [
            JPEGBuilder.image().bytes, two.bytes, JPEGBuilder.image(process: 0xC2, components: 1).bytes,
            JPEGBuilder.image { $0.xmp("<x:xmpmeta GContainer Item:Length=\"12\"/>") }.bytes,
            JPEGBuilder.image(width: 65_500, height: 65_500, coded: [0x55]).raw([0, 0]).bytes,
            JPEGBuilder.image(coded: [0x55, 0xFF, 0, 0x11, 0xFF, 0xD0, 0x22, 0xFF, 0xD1, 0x33]).bytes,
            // Without an end mark: baseline and progressive, so that their blocks are decoded.
            withoutEnd(process: 0xC0, [(0, 63, 0)]),
            withoutEnd(process: 0xC2, [(0, 0, 0x01), (1, 63, 0x01), (0, 0, 0x10), (1, 63, 0x10)]),
            JPEGBuilder.image().raw(Array("vivo{\"a\":1}\0".utf8)).raw([
                0xFF, 0xFF, 0xFF, 0xFF, 0x1B, 0x2A, 0x39, 0x48, 0x57, 0x66, 0x75, 0x84, 0x93, 0xA2, 0xB1,
            ]).bytes,
            JPEGBuilder.image().raw(Array("abc[{\"length\": 3, \"offset\": 3}]jxrs".utf8)).raw(littleEndian32(36))
                .bytes,
            JPEGBuilder.image { $0.jfif().raw([0, 0xE1, 0, 4, 0, 0]) }.bytes,
        ]
    }

    /// Blocks that code nothing: `10` in both tables.
    private static func withoutEnd(process: UInt8, _ scans: [(UInt8, UInt8, UInt8)]) -> [UInt8] {
        let table = [1, 1] + [UInt8](repeating: 0, count: 14) + [1, 0]
        let start = JPEGBuilder().jfif().quantization().frame(width: 32, height: 32, process: process, components: 1)
            .segment(0xC4, [0x00] + table).segment(0xC4, [0x10] + table)
        return scans.reduce(start) { picture, scan in
            picture.segment(0xDA, [1, 1, 0, scan.0, scan.1, scan.2]).raw([UInt8](repeating: 0xAA, count: 8))
        }.bytes
    }

    static let bmp = recognizing("bmp", [BMPRecognizer.self], longest: 2048) {
        let packed = BMPBuilder {
            ($0.compression, $0.bits, $0.colorsUsed) = (1, 8, 4)
            $0.pixels = [3, 7, 0, 3, 1, 2, 3, 0, 0, 0, 0, 2, 1, 1, 0, 1]
        }
        return [
            BMPBuilder().bytes, packed.bytes, BMPBuilder { ($0.headerLength, $0.bits) = (12, 4) }.bytes,
            BMPBuilder { ($0.headerLength, $0.height) = (124, -2) }.bytes,
            BMPBuilder { ($0.bits, $0.compression) = (16, 3) }.bytes, BMPBuilder { $0.trailing = [1] }.bytes,
        ]
    }
}
