import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct PNGPixelsTests {
    private func run(_ builder: PNGBuilder) -> RecognizerRun { RecognizerRun(PNGRecognizer.self, builder.bytes) }

    /// A zlib stream that expands to very many zeros; its checksum is not right, and comes too late to matter.
    private static let bomb: [UInt8] = BombBuilder.zlib(100_000)

    @Test func `The checksum of the pixels is checked`() {
        var stream = Checksums.zlibStored([UInt8](repeating: 0, count: 39))
        stream[stream.count - 1] ^= 1
        let result = run(.header().chunk("IDAT", stream))
        #expect(result.codes == ["image.checksum-wrong"])
        #expect(!result.isAccepted)
    }

    @Test func `The pixels may come in any number of chunks`() {
        let stream = Checksums.zlibStored([UInt8](repeating: 0, count: 39))
        for size in 1...stream.count {
            var builder = PNGBuilder.header()
            for start in stride(from: 0, to: stream.count, by: size) {
                builder = builder.chunk("IDAT", Array(stream[start..<min(start + size, stream.count)]))
            }
            #expect(run(builder).codes.isEmpty, "\(size)")
        }
    }

    @Test func `Fewer pixels than the header says are a truncated image`() {
        #expect(run(.header().data([UInt8](repeating: 0, count: 38))).codes == ["image.truncated"])
    }

    @Test(arguments: [(1, "image.hidden-data"), (60_000, "image.hidden-data"), (90_000, "image.expands-too-far")])
    func `More than the pixels is told`(_ more: Int, code: String) {
        #expect(run(.header().data([UInt8](repeating: 0, count: 39 + more))).codes == [code])
    }

    @Test func `Bytes behind the compressed pixels are told`() {
        let stream = Checksums.zlibStored([UInt8](repeating: 0, count: 39))
        #expect(
            run(.header().chunk("IDAT", stream + [UInt8](repeating: 0xA5, count: 100))).codes == ["image.hidden-data"])
        #expect(
            run(.header().chunk("IDAT", stream).chunk("IDAT", [UInt8](repeating: 0xA5, count: 100))).codes == [
                "image.hidden-data"
            ])
        #expect(run(.header().chunk("IDAT", stream + [UInt8](repeating: 0, count: 100))).codes.isEmpty)
    }

    @Test(arguments: ["iCCP", "zTXt", "iTXt", "IDAT"])
    func `A bomb in any compressed chunk is refused`(_ chunk: String) {
        let start: [UInt8] =
            switch chunk {
            case "iTXt": Array("key\0\u{1}\0\0\0".utf8)
            case "IDAT": []
            default: Array("key\0\0".utf8)
            }
        let builder = PNGBuilder.header().chunk(chunk, start + Self.bomb)
        let result = run(chunk == "IDAT" ? builder : builder.data())
        #expect(result.codes == ["image.expands-too-far"])
        #expect(!result.isAccepted)
    }

    @Test func `A missing end is taken where all pixels are there`() {
        for cut in 1...12 {
            let result = RecognizerRun(PNGRecognizer.self, Array(PNGBuilder.image().bytes.dropLast(cut)))
            #expect(result.codes == ["image.end-missing"], "\(cut)")
            #expect(result.isAccepted)
        }
        #expect(run(.image().withoutEnd().trailing([UInt8](repeating: 0, count: 5000))).isAccepted)
        #expect(!run(.image().withoutEnd().trailing(Array("<?php system($_GET[0]); ?>".utf8))).isAccepted)
    }

    @Test(arguments: [
        ("prVt", [UInt8](repeating: 0xA5, count: 100), ["image.hidden-data"]),
        ("prVt", [UInt8](repeating: 0, count: 100), []),
        ("prVt", [1, 2, 3], []), ("prVt", Array("MZ".utf8) + [UInt8](repeating: 0, count: 200), ["image.hidden-file"]),
        ("iDOT", [UInt8](repeating: 0xA5, count: 100), []),
        ("mkBT", [0x7F, 0x45, 0x4C, 0x46] + [UInt8](repeating: 1, count: 60), ["image.hidden-file"]),
        ("tEXt", Array("Comment\0<?php system($_GET[0]); ?> and much more".utf8), ["image.hidden-file"]),
        ("tEXt", Array("Comment\0a sentence of some length, made by hand".utf8), []),
    ])
    func `Private chunks and texts are looked at`(_ name: String, _ data: [UInt8], codes: [String]) {
        #expect(run(.header().chunk(name, data).data()).codes == codes)
    }
}
