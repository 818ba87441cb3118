import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// Pictures whose blocks are all alike, so that their coded data can be written by hand: `10` codes a mean that does not change, `10` the end of a block.
private struct CodedPicture {
    var width = 40
    var height = 24
    var isProgressive = false
    /// Blocks that are missing at the end of the last scan.
    var missing = 0
    var restart = 0

    private var blocks: Int { ((width + 7) / 8) * ((height + 7) / 8) }

    private func table(_ place: UInt8, _ values: [UInt8]) -> [UInt8] {
        [place, 1, 1] + [UInt8](repeating: 0, count: 14) + values
    }

    private func coded(_ bits: String, _ count: Int) -> [UInt8] {
        var out: [UInt8] = []
        var byte = ""
        for block in 0..<count {
            if restart > 0, block > 0, block % restart == 0 {
                if !byte.isEmpty { out.append(UInt8(byte.padding(to: 8), radix: 2)!) }
                byte = ""
                out += [0xFF, 0xD0 + UInt8((block / restart - 1) % 8)]
            }
            for bit in bits {
                byte.append(bit)
                if byte.count == 8 {
                    out.append(UInt8(byte, radix: 2)!)
                    if out.last == 0xFF { out.append(0) }
                    byte = ""
                }
            }
        }
        if !byte.isEmpty { out.append(UInt8(byte.padding(to: 8), radix: 2)!) }
        return out
    }

    private func scan(_ from: UInt8, _ to: UInt8, _ bits: UInt8, _ data: [UInt8]) -> [UInt8] {
        [0xFF, 0xDA, 0, 8, 1, 1, 0, from, to, bits] + data
    }

    var bytes: [UInt8] {
        var picture = JPEGBuilder().jfif().quantization()
            .frame(width: width, height: height, process: isProgressive ? 0xC2 : 0xC0, components: 1)
            .segment(0xC4, table(0x00, [1, 0])).segment(0xC4, table(0x10, [1, 0]))
        if restart > 0 { picture = picture.segment(0xDD, bigEndian16(restart)) }
        if !isProgressive { return picture.bytes + scan(0, 63, 0, coded("1010", blocks - missing)) }
        return picture.bytes + scan(0, 0, 0x01, coded("10", blocks)) + scan(1, 63, 0x01, coded("10", blocks))
            + scan(0, 0, 0x10, coded("0", blocks)) + scan(1, 63, 0x10, coded("10", blocks - missing))
    }
}

extension String {
    fileprivate func padding(to length: Int) -> String { self + String(repeating: "1", count: length - count) }
}

@Suite struct JPEGCoverageTests {
    private func run(_ bytes: [UInt8]) -> RecognizerRun { RecognizerRun(JPEGRecognizer.self, bytes) }

    private static let pictures = [
        CodedPicture(), CodedPicture(width: 1, height: 1), CodedPicture(isProgressive: true), CodedPicture(restart: 2),
        CodedPicture(isProgressive: true, restart: 3),
    ]

    @Test(arguments: pictures.indices)
    func `A picture with all pixels and no end mark is taken and told`(_ index: Int) {
        let bytes = Self.pictures[index].bytes
        #expect(run(bytes + [0xFF, 0xD9]).codes.isEmpty)
        let result = run(bytes)
        #expect(result.codes == ["image.end-missing"])
        #expect(result.isAccepted)
        #expect(JPEGCoverage.end(of: bytes.span, from: 0) == bytes.count)
    }

    @Test(arguments: [false, true], [4, 9])
    func `Missing blocks stay a refusal`(isProgressive: Bool, missing: Int) {
        let result = run(CodedPicture(isProgressive: isProgressive, missing: missing).bytes)
        #expect(result.codes == ["image.truncated"])
    }

    @Test func `Zeros that fill up what is missing are no pixels`() {
        let result = run(
            CodedPicture(width: 400, height: 400, missing: 900).bytes + [UInt8](repeating: 0, count: 90_000))
        #expect(!result.isAccepted)
    }

    @Test func `What stands behind the pixels is looked at all the same`() {
        let bytes = CodedPicture().bytes
        #expect(run(bytes + [UInt8](repeating: 0, count: 5000)).codes == ["image.end-missing", "image.padding"])
        #expect(!run(bytes + Array("<?php system($_GET[0]); ?>".utf8)).isAccepted)
        let block = [0, 0, 1, 10] + littleEndian32(4) + Array("Info1234".utf8)
        let directory =
            Array("SEFH".utf8) + littleEndian32(106) + littleEndian32(1) + [0, 0, 1, 10] + littleEndian32(block.count)
            + littleEndian32(block.count)
        let samsung = block + directory + littleEndian32(directory.count) + Array("SEFT".utf8)
        let result = run(bytes + samsung)
        #expect(Set(result.codes) == ["image.end-missing", "image.camera-data"])
        #expect(result.isAccepted)
    }

    @Test(arguments: [false, true])
    func `Damage never traps`(isProgressive: Bool) {
        mutate(CodedPicture(isProgressive: isProgressive).bytes, rounds: 4000, seed: 21) { bytes in
            _ = JPEGCoverage.end(of: bytes.span, from: 0)
            _ = run(bytes)
        }
    }
}

@Suite struct JPEGOddityTests {
    private func run(_ bytes: [UInt8]) -> RecognizerRun { RecognizerRun(JPEGRecognizer.self, bytes) }
    private let photo = JPEGBuilder.image().bytes

    @Test func `A segment without its first byte is skipped and told`() {
        let stray: [UInt8] = [0, 0xE1] + bigEndian16(40) + [UInt8](repeating: 0, count: 38)
        let result = run(JPEGBuilder.image { $0.jfif().raw(stray) }.bytes)
        #expect(result.codes == ["image.stray-segment"])
        #expect(result.isAccepted)
        #expect(!run(JPEGBuilder.image { $0.jfif().raw(stray.dropLast()) }.bytes).isAccepted)
        #expect(!run(JPEGBuilder.image { $0.jfif().raw(Array("<?php".utf8)) }.bytes).isAccepted)
    }

    private static let vivoFoot: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0x1B, 0x2A, 0x39, 0x48, 0x57, 0x66, 0x75, 0x84, 0x93, 0xA2, 0xB1,
    ]

    private static let vivoText = Array("vivo{\"imageinfo\":{\"cameramode\":\"rear\"}}\0".utf8)

    @Test func `Vivo's trailer is accounted for`() {
        let plain = run(photo + Self.vivoText + Self.vivoFoot)
        #expect(plain.codes == ["image.camera-data"] && plain.isAccepted)
        #expect(plain.findings.first?.message.contains("Vivo") == true)
        let highlights =
            Array("streamdata".utf8) + JPEGBuilder.image(width: 8, height: 8).bytes
            + Array("streaminfo\0\0\0\u{4}abcdstreamcoun\u{1}".utf8)
        #expect(run(photo + highlights + Self.vivoText + Self.vivoFoot).isAccepted)
        #expect(!run(photo + Self.vivoText + Array("PK\u{3}\u{4}".utf8) + Self.vivoText + Self.vivoFoot).isAccepted)
        #expect(!run(photo + Self.vivoText + [UInt8](repeating: 0x90, count: 3000) + Self.vivoFoot).isAccepted)
        #expect(!run(photo + Array("<?php ".utf8) + Self.vivoText + Self.vivoFoot).isAccepted)
    }

    private func onePlus(_ blob: [UInt8], offset: Int? = nil) -> [UInt8] {
        let list = Array("[{\"length\": \(blob.count), \"name\": \"a.b\", \"offset\": \(offset ?? blob.count)}]".utf8)
        return blob + list + Array("jxrs".utf8) + littleEndian32(list.count + 8)
    }

    @Test func `The trailer of OnePlus, Oppo and Realme is accounted for`() {
        let blob: [UInt8] = [0xFF, 1, 2, 3, 0, 9]
        for tail in [
            onePlus(blob), [UInt8](repeating: 0, count: 70_000) + onePlus(blob),
            onePlus([UInt8](repeating: 0x77, count: 90_000)),
        ] {
            let result = run(photo + tail)
            #expect(result.codes == ["image.camera-data"] && result.isAccepted)
        }
        #expect(!run(photo + onePlus(blob, offset: 4000)).isAccepted)
        #expect(!run(photo + [UInt8](repeating: 0x90, count: 3000) + onePlus(blob)).isAccepted)
        #expect(!run(photo + onePlus(Array("PK\u{3}\u{4}".utf8) + [UInt8](repeating: 1, count: 200))).isAccepted)
    }

    @Test(arguments: [
        Array("<?php system($_GET[0]); ?>          ".utf8),
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 60),
    ])
    func `A program in a comment is for a person`(_ program: [UInt8]) {
        #expect(run(JPEGBuilder.image { $0.segment(0xFE, program) }.bytes).codes == ["image.hidden-file"])
        #expect(run(JPEGBuilder.image { $0.segment(0xEB, program) }.bytes).codes == ["image.hidden-file"])
        #expect(
            run(JPEGBuilder.image { $0.segment(0xFE, Array("made by hand, with care and patience".utf8)) }.bytes).codes
                .isEmpty)
    }

    /// What a program for screenshots leaves when it writes a cut-out over its picture.
    @Test(arguments: [true, false])
    func `The rest of an older picture is called what it is`(isPNG: Bool) {
        var numbers = SeededNumbers(seed: 5)
        let noise = (0..<3000).map { _ in UInt8.random(in: 0...254, using: &numbers) }
        let rest = isPNG ? noise + ImageRemains.lastChunk : noise + [0xFF, 0xD9]
        let image = isPNG ? PNGBuilder.image().bytes : photo
        let result = RecognizerRun(isPNG ? PNGRecognizer.self : JPEGRecognizer.self, image + rest)
        #expect(result.codes == ["image.cropped-remains"])
        #expect(result.findings.first?.message.contains("earlier, larger picture") == true)
        #expect(RecognizerRun(PNGRecognizer.self, PNGBuilder.image().bytes + noise).codes == ["image.trailing-bytes"])
    }
}
