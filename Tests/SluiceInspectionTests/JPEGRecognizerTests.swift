import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct JPEGRecognizerTests {
    private func run(_ builder: JPEGBuilder) -> RecognizerRun { RecognizerRun(JPEGRecognizer.self, builder.bytes) }
    private func run(_ bytes: [UInt8]) -> RecognizerRun { RecognizerRun(JPEGRecognizer.self, bytes) }

    @Test(arguments: [UInt8](0xC0...0xCF).filter { ![0xC4, 0xC8, 0xCC].contains($0) })
    func `All processes are proven`(_ process: UInt8) {
        let result = run(JPEGBuilder.image(process: process))
        #expect(result.type?.basis == .proven)
        #expect(result.codes.isEmpty)
    }

    @Test(arguments: [1, 3, 4])
    func `Gray, colour and four colours are proven`(_ components: Int) {
        #expect(run(JPEGBuilder.image(components: components) { $0.segment(0xEE, Array("Adobe".utf8)) }).isAccepted)
    }

    @Test func `Stuffing, restarts, fill bytes and several scans are walked`() {
        let coded: [UInt8] =
            [0x55, 0xFF, 0x00, 0x55, 0xFF, 0xD0, 0x55, 0xFF, 0xFF, 0xD1] + [UInt8](repeating: 0x55, count: 64)
        let picture = JPEGBuilder().jfif().frame(width: 16, height: 16, process: 0xC2).huffman().scan(coded: coded)
            .huffman().raw([0xFF, 0xFF]).scan(coded: coded).segment(0xFE, Array("end".utf8)).end()
        let result = run(picture)
        #expect(result.isAccepted)
        #expect(result.type?.detail == "8-bit colour, progressive, 16 × 16")
    }

    @Test func `Height may follow the first scan`() {
        let picture = JPEGBuilder().frame(width: 65_500, height: 0).scan().segment(0xDC, bigEndian16(30_000)).end()
        #expect(run(picture).codes == ["image.too-many-pixels"])
    }

    @Test(arguments: [
        (JPEGBuilder().raw(Array("\u{0}".utf8)), nil as String?),
        (JPEGBuilder().raw([0xFF, 0xE0] + Array("<?php system($_GET[0]); ?>".utf8)), "image.truncated"),
        (JPEGBuilder().raw([0xFF, 0xE0, 0, 2] + Array("<?php".utf8)), "image.broken-structure"),
        (JPEGBuilder().raw([0xFF, 0xE0, 0, 1]), "image.broken-structure"),
        (JPEGBuilder().jfif().end(), "image.broken-structure"),
        (JPEGBuilder().frame(width: 16, height: 16).end(), "image.broken-structure"),
        (JPEGBuilder().scan().end(), "image.broken-structure"),
        (JPEGBuilder().frame(width: 16, height: 16).scan(), "image.truncated"),
        (
            JPEGBuilder().frame(width: 16, height: 16).frame(width: 16, height: 16).scan().end(),
            "image.broken-structure"
        ),
        (JPEGBuilder().frame(width: 0, height: 16).scan().end(), "image.broken-structure"),
        (JPEGBuilder().frame(width: 16, height: 16, precision: 1).scan().end(), "image.broken-structure"),
        (JPEGBuilder().frame(width: 16, height: 16, sampling: 0x10).scan().end(), "image.broken-structure"),
        (JPEGBuilder().frame(width: 16, height: 16, components: 1).scan(components: 3).end(), "image.broken-structure"),
        (JPEGBuilder().segment(0xC4, [0, 0, 9]).frame(width: 16, height: 16).scan().end(), "image.broken-structure"),
        (JPEGBuilder().segment(0xDB, [0, 1]).frame(width: 16, height: 16).scan().end(), "image.broken-structure"),
        (JPEGBuilder().segment(0x82, []).frame(width: 16, height: 16).scan().end(), "image.broken-structure"),
        (JPEGBuilder().raw([0xFF, 0xD0]).frame(width: 16, height: 16).scan().end(), "image.broken-structure"),
        (.image(width: 4000, height: 4000, coded: [0x55]), "image.truncated"),
    ])
    func brokenPicturesAreNamed(_ builder: JPEGBuilder, code: String?) {
        let result = run(builder)
        #expect(result.codes.first == code)
        #expect(!result.isAccepted)
    }

    @Test(arguments: [
        (Array("<?php phpinfo();".utf8), "a PHP program"), (Array("PK\u{3}\u{4}rest".utf8), "a ZIP archive"),
        (JPEGBuilder.image().bytes, "a JPEG image"), ([0, 0, 0] + Array("<html>".utf8), "HTML or XML"),
        ([0, 0, 0, 24] + Array("ftypmp42".utf8), "a video"),
    ])
    func `Undeclared bytes behind the end are named`(_ tail: [UInt8], name: String) {
        let result = run(JPEGBuilder.image().raw(tail))
        #expect(result.codes == ["image.trailing-bytes"])
        #expect(result.findings.first?.facts.last == .text(name))
        #expect(result.type?.basis == .signature)
    }

    @Test(arguments: [
        [UInt8](repeating: 0, count: 400_000), [UInt8](repeating: 0xFF, count: 4000), [13, 10], [0xFF, 0xD9],
    ])
    func `Padding is slack`(_ tail: [UInt8]) { #expect(run(JPEGBuilder.image().raw(tail)).isAccepted) }

    @Test func `Further pictures are accounted for as far as they are declared`() {
        let second = JPEGBuilder.image(width: 8, height: 8).bytes
        let photo = JPEGBuilder.image { $0.exif().multiPicture(2) }.raw([0, 0, 0]).raw(second)
        #expect(run(photo).codes == ["image.extra-pictures"])
        #expect(run(photo).isAccepted)
        #expect(run(photo.raw(second)).codes == ["image.extra-pictures", "image.trailing-bytes"])
        #expect(!run(JPEGBuilder.image { $0.multiPicture(2) }.raw(Array(second.dropLast(2)))).isAccepted)
        #expect(!run(JPEGBuilder.image { $0.multiPicture(9) }.raw(Array("<?php".utf8))).isAccepted)
    }

    @Test func `A preview that the maker note points to is accounted for`() {
        let empty = JPEGBuilder.image { $0.exif(rest: [0, 0, 0, 0]) }
        let photo = JPEGBuilder.image { $0.exif(rest: littleEndian32(empty.bytes.count)) }
        #expect(run(photo.raw(JPEGBuilder.image(width: 8, height: 8).bytes)).isAccepted)
    }

    @Test func `A motion video is accounted for where declared`() {
        let video = bigEndian32(12) + Array("ftypmp42".utf8) + bigEndian32(8) + Array("moov".utf8)
        let photo = JPEGBuilder.image { $0.xmp("<x GCamera:MotionPhoto=\"1\"/>") }
        #expect(run(photo.raw(video)).codes == ["image.motion-video"])
        #expect(run(photo.raw(video)).isAccepted)
        #expect(!run(photo.raw(video + Array("<?php".utf8))).isAccepted)
        #expect(!run(photo.raw(bigEndian32(12) + Array("ftypmp42".utf8))).isAccepted)
    }

    @Test func `Samsung's trailer is accounted for`() {
        let block = [0, 0, 1, 10] + littleEndian32(4) + Array("Info1234".utf8)
        func trailer(blockSize: Int) -> [UInt8] {
            let directory =
                Array("SEFH".utf8) + littleEndian32(106) + littleEndian32(1) + [0, 0, 1, 10]
                + littleEndian32(block.count)
                + littleEndian32(blockSize)
            return block + directory + littleEndian32(directory.count) + Array("SEFT".utf8)
        }
        #expect(run(JPEGBuilder.image().raw(trailer(blockSize: block.count))).codes == ["image.camera-data"])
        #expect(!run(JPEGBuilder.image().raw(trailer(blockSize: 3))).isAccepted)
        #expect(!run(JPEGBuilder.image().raw(Array("<?php".utf8) + trailer(blockSize: block.count))).isAccepted)
    }

    @Test(arguments: [([UInt16]([0, 29]), false), ([1, 2, 3, 4], true), ([], false)])
    func `A position is noted where there is one`(_ tags: [UInt16], isPosition: Bool) {
        let result = run(JPEGBuilder.image { $0.exif(gpsTags: tags) })
        #expect(result.codes == (isPosition ? ["image.gps"] : []))
    }

    @Test func `A PDF in an early segment is a second format`() {
        let pdf = Array("%PDF-1.4\n1 0 obj\n<<>>\nendobj\n".utf8)
        #expect(run(JPEGBuilder.image { $0.segment(0xFE, pdf) }).codes == ["image.second-format"])
    }

    @Test func `Floods of pixels are rejected from the header`() {
        let result = run(JPEGBuilder.image(width: 65_500, height: 65_500, process: 0xC2, coded: [0x55]))
        #expect(result.codes == ["image.too-many-pixels"])
    }

    @Test func `Damage never traps`() {
        let valid = JPEGBuilder.image { $0.jfif().exif(gpsTags: [2]).multiPicture(2) }.raw(JPEGBuilder.image().bytes)
            .bytes
        var rejected = 0
        mutate(valid, rounds: 4000, seed: 12) { bytes in
            if run(bytes).gravest == .reject { rejected += 1 }
        }
        #expect(rejected > 1000, "seed 12")
    }
}
