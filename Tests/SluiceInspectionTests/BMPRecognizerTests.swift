import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct BMPRecognizerTests {
    private func run(_ change: (inout BMPBuilder) -> Void) -> RecognizerRun {
        RecognizerRun(BMPRecognizer.self, BMPBuilder(change).bytes)
    }

    @Test(arguments: [12, 16, 40, 52, 56, 64, 108, 124], [1, 4, 8, 24])
    func `All header versions are proven`(_ length: Int, bits: Int) {
        let result = run {
            $0.headerLength = length
            $0.bits = bits
        }
        #expect(result.type == RecognizedType(.bmp, .proven, detail: "\(bits)-bit, 3 × 2"))
        #expect(result.codes.isEmpty)
    }

    @Test(arguments: [(3, 16), (3, 32), (6, 32)])
    func `Colour masks follow the header`(_ compression: Int, bits: Int) {
        #expect(
            run {
                $0.compression = compression
                $0.bits = bits
            }.type?.basis == .proven)
    }

    @Test func `Rows may run downwards`() { #expect(run { $0.height = -2 }.type?.detail == "24-bit, 3 × 2") }

    @Test(
        arguments: [
            ([3, 7, 0, 3, 1, 2, 3, 0, 0, 2, 1, 1, 0, 0, 0, 1], true),
            ([3, 7, 0, 0, 3, 7], false),
            ([3, 7, 0, 9, 1, 2], false), ([3], false),
            ([3, 7, 0, 1] + Array("<?php phpinfo(); ?>".utf8), false),
        ] as [([UInt8], Bool)])
    func `Run lengths are walked`(_ pixels: [UInt8], isWhole: Bool) {
        let result = run {
            $0.compression = 1
            $0.bits = 8
            $0.pixels = pixels
        }
        #expect(result.isAccepted == isWhole)
    }

    @Test(
        arguments: [
            .init("image.broken-structure") { $0.planes = 2 },
            .init("image.broken-structure") {
                $0.width = 0; $0.pixels = []
            },
            .init("image.broken-structure") {
                $0.width = -3; $0.pixels = []
            }, .init("image.broken-structure") { $0.bits = 7 },
            .init("image.broken-structure") { $0.compression = 9 },
            .init("image.broken-structure") { $0.compression = 1 },
            .init("image.truncated") {
                $0.height = 3; $0.pixels = [1, 2, 3, 4]
            },
            .init("image.broken-structure") { $0.pixelOffset = 10 },
            .init("image.truncated") { $0.pixelOffset = 70_000 },
            .init("image.too-many-pixels") {
                $0.width = 30_000; $0.height = 30_000; $0.pixels = []
            },
            .init("image.too-many-pixels") {
                $0.width = 11_000; $0.height = -11_000; $0.pixels = []
            },
            .init("image.too-many-pixels") {
                $0.width = 0x7FFF_FFFF; $0.height = -0x8000_0000; $0.pixels = []
            },
            .init("image.unaccounted-bytes") { $0.gap = [UInt8](repeating: 7, count: 1025) },
            .init("image.trailing-bytes") { $0.trailing = Array("PK\u{3}\u{4}archive, more than slack".utf8) },
            .init("image.trailing-bytes") { $0.trailing = Array("<?php".utf8) },
        ] as [Oddity<BMPBuilder>])
    func `Wrong images are named`(_ odd: Oddity<BMPBuilder>) {
        let result = run(odd.change)
        #expect(result.codes.first == odd.code)
        #expect(result.type?.basis == .signature)
        #expect(!result.isAccepted)
    }

    @Test(
        arguments: [
            .init("image.size-field") { $0.declaredSize = 0 }, .init("image.padding") { $0.trailing = [0, 0] },
        ] as [Oddity<BMPBuilder>])
    func `Honest oddities are notes`(_ odd: Oddity<BMPBuilder>) {
        let result = run(odd.change)
        #expect(result.codes == [odd.code])
        #expect(result.type?.basis == .proven)
    }

    @Test(arguments: [(4, true), (0, false), (5, false)])
    func `Run lengths without an end mark end where the header says`(_ size: Int, isWhole: Bool) {
        let result = run {
            $0.compression = 1
            $0.bits = 8
            $0.imageSize = size
            $0.pixels = [3, 7, 3, 7]
        }
        #expect(result.isAccepted == isWhole)
    }

    @Test(arguments: [0, 1])
    func `The palette's offset in place of the pixels' is understood`(_ compression: Int) {
        let result = run {
            $0.compression = compression
            $0.bits = 8
            $0.pixels = compression == 0 ? [1, 2, 3, 0, 4, 5, 6, 0] : [3, 7, 0, 1]
            $0.imageSize = 4
            $0.pixelOffset = 54
        }
        #expect(result.type?.basis == .proven)
    }

    @Test func `Bytes between palette and pixels weaken the proof`() {
        #expect(run { $0.gap = [0, 0, 0, 0] }.type?.basis == .proven)
        #expect(run { $0.gap = [1, 2, 3, 4] }.type?.basis == .structure)
    }

    @Test func `The last row's padding may be missing`() {
        #expect(run { $0.pixels = [UInt8](repeating: 1, count: 21) }.isAccepted)
        #expect(!run { $0.pixels = [UInt8](repeating: 1, count: 20) }.isAccepted)
    }

    @Test(arguments: [
        "BM", "BMW is a car maker from Munich.", "BM\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}AAAA",
    ])
    func `Text is not claimed`(_ text: String) {
        let result = RecognizerRun(BMPRecognizer.self, Array(text.utf8))
        #expect(!result.isClaimed)
        #expect(result.type == nil)
    }

    @Test func `Damage never traps`() {
        let valid = BMPBuilder {
            $0.compression = 1
            $0.bits = 8
            $0.colorsUsed = 4
            $0.pixels = [3, 7, 0, 3, 1, 2, 3, 0, 0, 0, 0, 2, 1, 1, 0, 1]
        }.bytes
        var rejected = 0
        mutate(valid, rounds: 4000, seed: 13) { bytes in
            if !RecognizerRun(BMPRecognizer.self, bytes).isAccepted { rejected += 1 }
        }
        #expect(rejected > 1000, "seed 13")
    }
}
