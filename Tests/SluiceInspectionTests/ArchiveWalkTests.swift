// Members, budgets, nesting and compressed streams: what ArchiveWalk, MemberIntake and CompressedStream make of built archives.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

private typealias Tar = TarBuilder

private func order(_ change: (inout ArchiveBudgets) -> Void) -> InspectionOrder {
    var budgets = ArchiveBudgets()
    change(&budgets)
    return InspectionOrder(archives: budgets)
}

private func inspect(_ bytes: [UInt8], _ order: InspectionOrder = InspectionOrder()) -> Inspection {
    AttachmentInspection().inspect(bytes.span, order)
}

@Suite struct ArchiveWalkTests {
    private static let nested = Tar().entry("in.tar", Tar().entry("deep.tar", Tar().file("a", "x").build()).build())
        .build()

    @Test func `Nested entries are named by their full path`() throws {
        let manifest = try #require(inspect(Self.nested).manifest)
        #expect(manifest.entries.map(\.name.description) == ["in.tar", "in.tar!/deep.tar", "in.tar!/deep.tar!/a"])
        #expect(manifest.entries.map(\.depth) == [1, 2, 3])
        #expect(manifest.entries.prefix(2).map(\.recognized.mediaType) == [.tar, .tar])
    }

    @Test func `One container too deep is not opened`() throws {
        let bytes = Tar().entry("outer.tar", Self.nested).build()
        let inspection = inspect(bytes)
        let finding = try #require(inspection.findings.first { $0.code == "archive.budget-depth" })
        #expect(finding.entry?.description == "outer.tar!/in.tar!/deep.tar")
        #expect(finding.message.contains("4 levels deep; the limit is 3"))
        #expect(inspect(bytes, order { $0.depth = 4 }).findings.isEmpty)
    }

    @Test func `A thousand containers deep ends at the limit`() {
        var bytes = Tar().file("a", "x").build()
        for _ in 0..<200 { bytes = Tar().entry("a.tar", bytes).build() }
        #expect(codes(bytes).contains("archive.budget-depth"))
    }

    @Test func `Entries over the limit end the walk`() {
        var tar = Tar()
        for index in 0..<6 { tar = tar.file("f\(index)", "x") }
        let inspection = inspect(tar.build(), order { $0.entries = 5 })
        #expect(inspection.findings.map(\.code) == ["archive.budget-entries"])
        #expect(inspection.manifest?.entries.count == 5)
        #expect(inspect(tar.build(), order { $0.entries = 6 }).findings.isEmpty)
    }

    @Test func `Expanded bytes count over all levels`() {
        let inner = Tar().entry("a", [UInt8](repeating: 0xFF, count: 4000)).build()
        let bytes = Tar().entry("in.tar", inner).build()
        let limit = ByteCount(inner.count + 3999)
        #expect(inspect(bytes, order { $0.expandedSize = limit }).findings.map(\.code) == ["archive.budget-expanded"])
        #expect(inspect(bytes, order { $0.expandedSize = ByteCount(inner.count + 4000) }).findings.isEmpty)
    }

    @Test func `Time is a budget too`() {
        let bytes = Tar().file("a", "x").build()
        #expect(inspect(bytes, order { $0.wallClock = .zero }).findings.map(\.code) == ["archive.budget-time"])
    }

    @Test func `A broken nested archive could not be checked`() throws {
        let bytes = Tar().entry("in.tar", Tar().entry("a", type: "5", claimingSize: 512).build()).build()
        let finding = try #require(inspect(bytes).findings.first)
        #expect(finding.code == "archive.nested-damaged")
        #expect(finding.definition.severity == .quarantine)
        #expect(finding.entry?.description == "in.tar!/a")
        #expect(finding.message.contains("tar.data-without-file"))
    }

    @Test func `A damaged stream inside refuses nothing`() throws {
        let stream = GzipBuilder(checkOffBy: 1).stored(Array("hello".utf8))
        let inspection = inspect(Tar().entry("a.gz", stream).file("b", "x").build())
        let finding = try #require(inspection.findings.first)
        #expect(finding.code == "archive.member-damaged")
        #expect(finding.definition.severity == .warning)
        #expect(inspection.manifest?.entries.count == 3)
    }

    @Test func `A path that escapes inside stays as grave`() {
        let bytes = Tar().entry("in.tar", Tar().file("../a", "x").build()).build()
        let finding = inspect(bytes).findings.first
        #expect(finding?.code == "archive.path-escapes")
        #expect(finding?.entry?.description == "in.tar!/../a")
    }
}

@Suite struct CompressedStreamTests {
    private static let text = Array("2026-01-01 started\n".utf8)

    @Test func `A tar in a stream is walked as one container`() throws {
        let bytes = GzipBuilder().stored(Tar().file("d/a", "hello").build())
        let inspection = inspect(bytes, order { $0.depth = 1 })
        #expect(inspection.recognized.mediaType == .gzip)
        #expect(inspection.recognized.basis == .proven)
        #expect(inspection.findings.isEmpty)
        let manifest = try #require(inspection.manifest)
        #expect(manifest.entries.map(\.name.description) == ["d/a"])
        #expect(manifest.entries.map(\.depth) == [1])
    }

    @Test func `A single file is listed under its stored name`() throws {
        let manifest = try #require(inspect(GzipBuilder(name: "app.log").stored(Self.text)).manifest)
        #expect(manifest.entries.map(\.name.description) == ["app.log"])
        #expect(manifest.entries.map(\.size) == [ByteCount(Self.text.count)])
    }

    @Test(arguments: ["../../etc/passwd", "a\u{1B}b", ""]) func `A hostile stored name is not used`(_ name: String) {
        let shown = inspect(GzipBuilder(name: name).stored(Self.text)).manifest?.entries.first?.name.description
        #expect(shown == "content" || shown == "passwd")
    }

    @Test func `Several members are one content`() {
        let bytes = GzipBuilder().stored(Self.text) + GzipBuilder().stored(Self.text)
        let inspection = inspect(bytes)
        #expect(inspection.recognized.basis == .proven)
        #expect(inspection.manifest?.expandedSize == ByteCount(2 * Self.text.count))
    }

    private static let broken: [TarCase] = [
        TarCase("a wrong CRC", GzipBuilder(checkOffBy: 1).stored(text)),
        TarCase("a wrong length", GzipBuilder(lengthOffBy: 1).stored(text)),
        TarCase("an end too early", Array(GzipBuilder().stored(text).dropLast(9))),
        TarCase("data behind the end", GzipBuilder().stored(text) + Array("PK".utf8)),
        TarCase("no stream at all", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 7, 7, 7]),
        TarCase("no xz behind its mark", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 1, 2, 3]),
        TarCase("no zstd behind its mark", [0x28, 0xB5, 0x2F, 0xFD, 1, 2, 3]),
    ]

    @Test(arguments: broken) func `A broken stream is refused`(_ it: TarCase) {
        let inspection = inspect(it.bytes)
        #expect(inspection.findings.map(\.code) == ["content.stream-damaged"])
        #expect(inspection.recognized.basis == .signature)
    }

    @Test func `A bomb is stopped by its ratio and by its size`() {
        let bomb = GzipBuilder().run(of: 0x61, repeats: 20_000)  // 5 MB out of 33 KB
        let budgets = order {
            $0.ratio = 100
            $0.ratioFloor = .mebibytes(1)
        }
        #expect(inspect(bomb, budgets).findings.map(\.code) == ["archive.budget-ratio"])
        let size = inspect(bomb, order { $0.expandedSize = .mebibytes(2) })
        #expect(size.findings.map(\.code) == ["archive.budget-expanded"])
        // No more came out than the limit and a piece.
        #expect((size.manifest?.expandedSize.bytes ?? .max) < 3 << 20)
    }

    @Test func `Streams in streams end at the depth`() {
        var bytes = Self.text
        for _ in 0..<50 { bytes = GzipBuilder().stored(bytes) }
        #expect(codes(bytes) == ["archive.budget-depth"])
    }

    @Test func `Damage neither crashes nor hangs a reader`() {
        let source = GzipBuilder(name: "a").stored(Tar().file("d/a", "hello").build())
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededRandom(seed)
        let inspection = AttachmentInspection()
        for _ in 0..<1500 {
            var bytes = source
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...20, using: &random))
            _ = inspection.inspect(bytes.span, InspectionOrder())
        }
    }
}
