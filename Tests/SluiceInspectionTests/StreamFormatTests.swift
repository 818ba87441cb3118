// One compressed file of any kind: what is in it is recognized, what follows it is told, and it comes out as it was put in.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct StreamFormatTests {
    private static func inspect(_ bytes: [UInt8], depth: Int = 3) -> Inspection {
        AttachmentInspection().inspect(bytes.span, InspectionOrder(archives: ArchiveBudgets(depth: depth)))
    }

    @Test(arguments: StreamSample.all) func `What a stream holds is recognized`(_ sample: StreamSample) throws {
        let log = Self.inspect(sample.log)
        #expect(log.recognized.mediaType.isCompressedStream)
        #expect(log.recognized.basis == .structure)
        #expect(log.findings.isEmpty, "\(log.findings.map(\.message))")
        let entry = try #require(log.manifest?.entries.first)
        #expect(entry.recognized.mediaType == .plainText)
        #expect(entry.size == ByteCount(StreamSample.logContent.count))
        let program = try #require(Self.inspect(sample.program).manifest?.entries.first)
        #expect(program.recognized.mediaType.isProgram)
    }

    @Test(arguments: StreamSample.all) func `A program in a stream in a zip is found`(_ sample: StreamSample) {
        let zip = ZipBuilder().stored("data.\(sample.ending)", sample.program).build()
        let entries = Self.inspect(zip).manifest?.entries ?? []
        #expect(entries.contains { $0.recognized.mediaType.isProgram })
    }

    @Test(arguments: StreamSample.all) func `A stream's content comes out as it was put in`(_ sample: StreamSample)
        throws
    {
        let zip = ZipBuilder().file("a", "b").stored("data", sample.log).build()
        for (bytes, index) in [(sample.log, 0), (zip, 2)] {
            let entries = try #require(Self.inspect(bytes).manifest?.entries)
            let address = try #require(EntryAddress(index, in: entries))
            var out: [UInt8] = []
            let ending = AttachmentInspection().extract(address, from: bytes.span, InspectionOrder()) { piece in
                piece.withUnsafeBufferPointer { out += $0 }
            }
            #expect(ending == .complete)
            #expect(out == StreamSample.logContent)
        }
    }

    /// In the formats of `compress` and old lz4 nothing marks the end.
    private static let ended = StreamSample.all.filter { !["Z", "legacy.lz4"].contains($0.ending) }

    @Test(arguments: ended) func `A line break or zeros behind the end are a note`(_ sample: StreamSample) {
        for padding in [[0x0A], [0x0D, 0x0A], [UInt8](repeating: 0, count: 700), [0, 0, 0x0A]] {
            let inspection = Self.inspect(sample.log + padding)
            #expect(inspection.findings.map(\.code) == ["content.padding"], "\(padding.count)")
            #expect(inspection.recognized.basis == .structure)
            #expect(inspection.manifest?.entries.first?.text != nil)
        }
    }

    @Test(arguments: ended) func `Anything else behind the end is refused`(_ sample: StreamSample) {
        for behind in [Array("junk behind the end".utf8), [0, 0, 0, 0, 7]] {
            let inspection = Self.inspect(sample.log + behind)
            #expect(inspection.findings.map(\.code) == ["content.stream-damaged"], "\(behind.count)")
            #expect(inspection.recognized.basis == .signature)
        }
    }

    @Test func `Gzip tells its padding as well`() {
        let gzip = GzipBuilder(name: "a.log").stored(StreamSample.logContent)
        for padding in [[0x0A], [UInt8](repeating: 0, count: 512)] {
            let inspection = Self.inspect(gzip + padding)
            #expect(inspection.findings.map(\.code) == ["content.padding"])
            #expect(inspection.recognized.basis == .proven)
        }
    }

    @Test(arguments: [
        Array("BZh9 is how such files begin\n".utf8), Array("]\0\0 no stream".utf8) + [1, 2, 3],
        [0x1F, 0x9D, 0x00, 1, 2, 3], [0x1F, 0x9D, 0x90],
    ])
    func `Content that only begins like a stream is none`(_ bytes: [UInt8]) {
        let isClaimed = CompressedStream.claims(bytes.span)  // the macros cannot take a span
        #expect(!isClaimed)
    }

    @Test func `A compressed tar is one container, wherever it stands`() {
        let rotated = GzipBuilder(name: "messages.1").stored(StreamSample.logContent)
        let tar = TarBuilder().entry("var/log/messages.1.gz", rotated).build()
        let report = GzipBuilder().stored(tar)
        for outer in [
            ZipBuilder().stored("report.tar.gz", report).build(), TarBuilder().entry("r.tgz", report).build(),
        ] {
            let inspection = Self.inspect(outer)
            #expect(inspection.findings.isEmpty, "\(inspection.findings.map(\.message))")
            #expect(inspection.manifest?.entries.map(\.depth) == [1, 2, 3])
        }
        #expect(Self.inspect(report, depth: 2).findings.isEmpty)
        #expect(Self.inspect(report, depth: 1).findings.map(\.code) == ["archive.budget-depth"])
    }

    @Test func `Entries of streams inside compressed tars come out`() throws {
        let rotated = GzipBuilder(name: "messages.1").stored(StreamSample.logContent)
        let report = GzipBuilder().stored(TarBuilder().file("a", "b").entry("m.gz", rotated).build())
        let bytes = ZipBuilder().file("first", "1").stored("r.tgz", report).build()
        let entries = try #require(Self.inspect(bytes).manifest?.entries)
        let index = try #require(entries.firstIndex { $0.name.description.hasSuffix("messages.1") })
        let address = try #require(EntryAddress(index, in: entries))
        var out: [UInt8] = []
        let ending = AttachmentInspection().extract(address, from: bytes.span, InspectionOrder()) { piece in
            piece.withUnsafeBufferPointer { out += $0 }
        }
        #expect(ending == .complete)
        #expect(out == StreamSample.logContent)
    }

    @Test func `Damage neither crashes nor hangs a reader`() {
        var random = SeededNumbers(seed: UInt64.random(in: 0 ... .max))
        print("seed \(random)")
        let inspection = AttachmentInspection()
        for sample in StreamSample.all {
            for _ in 0..<150 {
                var bytes = sample.log
                for _ in 0..<2 {
                    bytes[Int.random(in: 4..<bytes.count, using: &random)] = .random(in: 0 ... .max, using: &random)
                }
                if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count - 8, using: &random)) }
                _ = inspection.inspect(bytes.span, InspectionOrder())
            }
        }
    }
}
