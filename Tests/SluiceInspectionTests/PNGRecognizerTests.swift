import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct PNGRecognizerTests {
    private func run(_ builder: PNGBuilder) -> RecognizerRun { RecognizerRun(PNGRecognizer.self, builder.bytes) }

    @Test(arguments: [
        PNGBuilder.image(), .image(depth: 16, colorType: 0), .image(colorType: 4), .image(depth: 16, colorType: 6),
        .image(interlace: 1), .image().chunk("tEXt", Array("Comment\0hello".utf8)),
        .image().chunk("IDAT").chunk("IDAT"),
        .header(depth: 4, colorType: 3).chunk("PLTE", [1, 2, 3]).data(),
        .header().chunk("IDAT").data(),
        .header().chunk("acTL", bigEndian32(1) + bigEndian32(0)).chunk("fcTL", [UInt8](repeating: 0, count: 26)).data(),
    ])
    func `Right images are proven`(_ builder: PNGBuilder) {
        let result = run(builder)
        #expect(result.type?.mediaType == .png)
        #expect(result.type?.basis == .proven)
        #expect(result.codes.isEmpty)
    }

    @Test(arguments: [
        (PNGBuilder.header().chunk("IDAT", [0x78, 0x01]).withoutEnd(), "image.truncated"),
        (.image(width: 0), "image.broken-structure"),
        (.image(depth: 3), "image.broken-structure"),
        (.image(colorType: 5), "image.broken-structure"),
        (.image(depth: 16, colorType: 3), "image.broken-structure"),
        (.image(depth: 8, colorType: 3), "image.broken-structure"),
        (.image(compression: 1), "image.broken-structure"),
        (.image(filter: 1), "image.broken-structure"),
        (.image(interlace: 2), "image.broken-structure"),
        (.header(), "image.broken-structure"),
        (PNGBuilder().data(), "image.broken-structure"),
        (PNGBuilder().chunk("tEXt"), "image.broken-structure"),
        (.image().chunk("IHDR", [UInt8](repeating: 0, count: 13)), "image.broken-structure"),
        (.image().chunk("tEXt").data(), "image.broken-structure"),
        (.image().chunk("PLTE", [1, 2, 3]), "image.broken-structure"),
        (.header().chunk("PLTE", [1, 2]).data(), "image.broken-structure"),
        (.header().chunk("IDAT", Array("<?php".utf8)), "image.broken-structure"),
        (.image().chunk("ABCD"), "image.broken-structure"),
        (.image().chunk("a\u{1}CD"), "image.broken-structure"),
        (.image().chunk("tEXt", [1, 2], checksumXor: 1), "image.checksum-wrong"),
        (.header().chunk("tEXt", [1, 2], claimingLength: 70_000), "image.truncated"),
        (.header().chunk("tEXt", [1, 2], claimingLength: 0xFFFF_FFFF), "image.truncated"),
    ])
    func `Broken images are named`(_ builder: PNGBuilder, code: String) {
        let result = run(builder)
        #expect(result.codes.first == code)
        #expect(result.type?.basis == .signature)
        #expect(result.gravest == .reject)
    }

    @Test(arguments: [
        ("PK\u{3}\u{4}xxxxxxxxxxxxxxxxxxx", "a ZIP archive"), ("<?php system($_GET[0]); ?>", "a PHP program"),
        ("host,errors\nalpha,3\nbeta,0\n", "text"), ("%PDF-1.4", "a PDF document"),
    ])
    func `Bytes behind the end are named`(_ text: String, name: String) {
        let result = run(.image().trailing(Array(text.utf8)))
        #expect(result.codes == ["image.trailing-bytes"])
        #expect(result.findings.first?.facts.last == .text(name))
        #expect(!result.isAccepted)
    }

    @Test(arguments: [1, 65_536, 65_537, 3_000_000])
    func `Zeros behind the end hold nothing, however many`(_ count: Int) {
        let result = run(.image().trailing([UInt8](repeating: 0, count: count)))
        #expect(result.isAccepted)
        #expect(result.codes == ["image.padding"])
    }

    @Test(arguments: [
        ([0x50, 0xC5, 0xB4, 0xDC, 0, 0, 0, 0], true), ([UInt8](repeating: 0x91, count: 32), true),
        ([UInt8](repeating: 0x91, count: 33), false), (Array("0123456789abcdef".utf8), true),
        (Array("0123456789abcdefg".utf8), false), (Array("<?php 1;".utf8), false),
        ([0, 0, 0] + Array("#!/bin/sh".utf8), false),
    ])
    func `A few bytes behind the end hold nothing unless they begin like something`(_ rest: [UInt8], isTaken: Bool) {
        let result = run(.image().trailing(rest))
        #expect(result.isAccepted == isTaken)
        #expect(result.codes == [isTaken ? "image.few-bytes" : "image.trailing-bytes"])
    }

    @Test(arguments: [
        (60_000, 60_000, true), (65_536, 1, true), (1, 65_536, true), (1, 65_535, false), (10_000, 12_001, true),
        (10_000, 12_000, false),
    ])
    func `Floods of pixels are rejected from the header`(_ width: Int, _ height: Int, isFlood: Bool) {
        let result = run(.image(width: width, height: height))
        #expect(result.codes.contains("image.too-many-pixels") == isFlood)
    }

    @Test func `An animation out of order is only a warning`() {
        let result = run(.header().chunk("fcTL", bigEndian32(7) + [UInt8](repeating: 0, count: 22)).data())
        #expect(result.codes == ["image.animation-odd"])
        #expect(result.isAccepted)
    }

    @Test(arguments: [([UInt16]([0, 29]), false), ([1, 2, 3, 4], true), ([], false)])
    func `A position is noted where there is one`(_ tags: [UInt16], isPosition: Bool) {
        let result = run(.header().chunk("eXIf", JPEGBuilder.exifData(gpsTags: tags)).data())
        #expect(result.codes == (isPosition ? ["image.gps"] : []))
    }

    @Test func `A zip inside a chunk at the end is a second format`() {
        let directory = Array("PK\u{1}\u{2}".utf8) + [UInt8](repeating: 0, count: 42)
        let end =
            Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0, 1, 0, 1, 0] + littleEndian32(46) + littleEndian32(0) + [0, 0]
        let result = run(.image().chunk("zIPx", directory + end))
        #expect(result.codes.contains("image.second-format"))
        #expect(result.type?.basis == .signature)
    }

    @Test func `Damage never traps`() {
        let valid = PNGBuilder.header(colorType: 3).chunk("PLTE", [1, 2, 3]).chunk(
            "eXIf", JPEGBuilder.exifData(gpsTags: [2])
        )
        .data().bytes
        var rejected = 0
        mutate(valid, rounds: 3000, seed: 11) { bytes in
            let result = RecognizerRun(PNGRecognizer.self, bytes)
            if result.type == nil || result.gravest == .reject { rejected += 1 }
            // Checksums cover all but the signature, so an image that still passes is the one that went in, perhaps without its end.
            if result.isAccepted, bytes.count <= valid.count {
                #expect(bytes == valid || result.codes.contains("image.end-missing"), "seed 11")
            }
        }
        #expect(rejected > 2000)
    }
}
