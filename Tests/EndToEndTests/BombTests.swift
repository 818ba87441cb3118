import Foundation
import SluiceTestSupport
import Testing

/// What expands or claims without measure is answered soon and in little memory, with the budget that it hit and the figure against the limit.
@Suite(.serialized) struct BombTests {
    struct Bomb: CustomTestStringConvertible, Sendable {
        var testDescription: String
        /// With the extension that it is sent under.
        var name: String
        var code: String
        /// Part of the finding's message: the figures.
        var figures: String
        var bytes: @Sendable () -> [UInt8]

        init(
            _ description: String, _ name: String, _ code: String, _ figures: String,
            _ bytes: @escaping @Sendable () -> [UInt8]
        ) {
            (testDescription, self.name, self.code, self.figures, self.bytes) = (
                description, name, code, figures, bytes
            )
        }
    }

    static func nested(_ levels: Int) -> [UInt8] {
        (0..<levels).reduce(ZipBuilder().file("a.log", "x\n").build()) { inner, _ in
            ZipBuilder().stored("r.zip", inner).build()
        }
    }

    static let all: [Bomb] = [
        Bomb("a ratio of a thousand", "ratio.zip", "archive.budget-ratio", "the limit is 250 times") {
            BombBuilder.member("a.bin", 17_500).build()
        },
        Bomb("many below the ratio", "size.zip", "archive.budget-expanded", "the limit is 20 MB") {
            (0..<3).reduce(ZipBuilder()) { BombBuilder.member("\($1).bin", 16_000, in: $0) }.build()
        },
        Bomb("members over each other", "overlap.zip", "zip.overlap", "shares bytes") {
            (1..<1000).reduce(BombBuilder.member("0", 16_000)) { zip, index in
                BombBuilder.member("\(index)", 16_000, in: zip).with { $0.members[index].sharesHeaderOf = 0 }
            }.build()
        },
        Bomb("entries in a zip", "entries.zip", "archive.budget-entries", "more than 1 000 entries") {
            (0..<1_050).reduce(into: ZipBuilder()) { $0 = $0.stored("\($1)", []) }.build()
        },
        Bomb("entries in a tar", "entries.tar", "archive.budget-entries", "more than 1 000 entries") {
            [UInt8]((0..<1_050).map { TarBuilder.header(Array("\($0)".utf8)) }.joined())
                + [UInt8](repeating: 0, count: 1024)
        },
        Bomb("containers in containers", "depth.zip", "archive.budget-depth", "levels deep; the limit is 3") {
            nested(50)
        },
        Bomb("a zip that holds itself", "quine.zip", "archive.budget-depth", "4 levels deep; the limit is 3") {
            ZipQuine.build()
        },
        Bomb("a small size declared for a large member", "lie.zip", "zip.length-wrong", "declared as 10 bytes") {
            BombBuilder.member("a.bin", 17_500).with {
                $0.members[0].localSize = 10
                $0.members[0].centralSize = 10
            }.build()
        },
        Bomb("a large size declared in a tar", "lie.tar", "tar.truncated", "") {
            TarBuilder().file("a", "x").entry("b", claimingSize: 0o77_777_777_777).build()
        },
        Bomb("a gzip stream", "ratio.gz", "archive.budget-ratio", "the limit is 250 times") {
            BombBuilder.gzip(17_500)
        },
        Bomb("a tar in a gzip stream", "ratio.tar.gz", "archive.budget-ratio", "the limit is 250 times") {
            GzipBuilder().stored(TarBuilder().entry("a.gz", BombBuilder.gzip(17_500)).build())
        },
        Bomb("streams in streams", "depth.tar.gz", "archive.budget-depth", "5 levels deep; the limit is 4") {
            (0..<40).reduce(TarBuilder().file("a.log", "x\n").build()) { inner, _ in
                GzipBuilder().stored(TarBuilder().entry("r.tar.gz", inner).build())
            }
        },
        Bomb("a gzip stream with a false length", "lie.gz", "content.stream-damaged", "") {
            GzipBuilder(lengthOffBy: 1 << 20).stored(Array("x\n".utf8))
        },
        Bomb("a document part", "part.docx", "archive.budget-ratio", "the limit is 250 times") {
            BombBuilder.member("word/styles.xml", 17_500, in: OpenXMLBuilder.word().zip()).build()
        },
        Bomb("an object stream of a PDF", "objects.pdf", "pdf.objects-unreadable", "the limit is 250 times") {
            var document = AllowedTypes.document
            document.objectStream(["<< >>"]) { _ in BombBuilder.zlib(17_500) }
            return document.bytes
        },
        Bomb("pixels of a PNG", "flood.png", "image.too-many-pixels", "60 000 × 60 000") {
            PNGBuilder.image(width: 60_000, height: 60_000).bytes
        },
        Bomb("pixels of a JPEG", "flood.jpg", "image.too-many-pixels", "65 500 × 65 500") {
            JPEGBuilder.image(width: 65_500, height: 65_500, coded: [UInt8](repeating: 0x55, count: 64)).bytes
        },
        Bomb("pixels of a BMP, upside down", "flood.bmp", "image.too-many-pixels", "30 000 × 30 000") {
            BMPBuilder {
                $0.width = 30_000
                $0.height = -30_000
                $0.pixels = [UInt8](repeating: 0, count: 64)
            }.bytes
        },
    ]

    /// Seconds, processor seconds and the largest process, children included.
    static let measure = """
        import json, resource, subprocess, sys, time
        start = time.monotonic()
        run = subprocess.run(sys.argv[1:], capture_output=True, text=True)
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(json.dumps({"seconds": time.monotonic() - start, "processor": usage.ru_utime + usage.ru_stime,
            "mebibytes": usage.ru_maxrss / 1024, "answer": json.loads(run.stdout)}))
        """

    @Test(arguments: all) func `A bomb is answered in time and within memory`(_ it: Bomb) throws {
        let place = try Workplace()
        let path = try place.write(it.name, it.bytes())
        // The same budgets, spent sooner: the tests run a program that is not optimized.
        let small = try place.write(
            "small.json5",
            Data("{ base: 'portal', name: 'small', archives: { entries: 1000, expandedSize: '20 MB' } }".utf8))
        let ran = try place.run(
            "python3",
            [
                "-c", Self.measure, Workplace.program("sluice").path, "check", path, "--format", "json", "--policy",
                it.name.hasSuffix(".gz") ? "bundle" : small,
            ])
        let measured = try #require(try ran.answers().first, "\(ran.errors)")
        let answer = try #require(measured["answer"] as? [String: Any])
        #expect(["quarantined", "rejected"].contains(answer["outcome"] as? String), "\(answer)")
        let finding = try #require(
            (answer["findings"] as? [[String: Any]])?.first { $0["code"] as? String == it.code }, "\(codes(answer))")
        if !it.figures.isEmpty { #expect((finding["message"] as? String ?? "").contains(it.figures), "\(finding)") }
        func figure(_ key: String) -> Double { measured[key] as? Double ?? .infinity }
        // Other suites run beside this one: what the bomb itself costs is processor time.
        #expect(figure("processor") < 2 && figure("seconds") < 10)
        #expect(figure("mebibytes") < 256)
    }
}
