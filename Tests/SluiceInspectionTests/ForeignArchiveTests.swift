// Containers of other kinds than zip and tar: named where they are not to be expanded, and judged by their members where they are.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct ForeignArchiveTests {
    private static let all = InspectionOrder(archives: ArchiveBudgets(expand: Set(ForeignContainer.allCases)))

    private static func builder() -> ForeignBuilder {
        ForeignBuilder([("APP.LOG", StreamSample.logContent), ("RUN", StreamSample.programContent)])
    }

    private struct Sample: Sendable, CustomTestStringConvertible {
        let kind: ForeignContainer
        let bytes: [UInt8]
        var testDescription: String { kind.rawValue }
    }

    private static let samples: [Sample] = {
        let builder = Self.builder()
        return [
            Sample(kind: .cab, bytes: builder.cabinet()), Sample(kind: .sevenZip, bytes: builder.sevenZip()),
            Sample(kind: .rar, bytes: builder.rar()), Sample(kind: .iso, bytes: builder.discImage()),
        ]
    }()

    private static func inspect(_ bytes: [UInt8], _ order: InspectionOrder = all) -> Inspection {
        AttachmentInspection().inspect(bytes.span, order)
    }

    @Test(arguments: samples) private func `Members are listed and recognized`(_ sample: Sample) throws {
        for (bytes, prefix) in [
            (sample.bytes, ""), (ZipBuilder().stored("x.iso", sample.bytes).build(), "x.iso!/"),
            (ZipBuilder().file(Array("x.iso".utf8), sample.bytes).build(), "x.iso!/"),
        ] {
            let inspection = Self.inspect(bytes)
            #expect(inspection.findings.isEmpty, "\(inspection.findings.map(\.message))")
            let files = try #require(inspection.manifest).entries.filter { $0.kind == .file && $0.name.bytes.count > 5 }
            #expect(
                files.last?.name.description == prefix + "RUN" || files.last?.name.description == prefix + "APP.LOG")
            let entries = try #require(inspection.manifest).entries
            #expect(entries.contains { $0.name.description == prefix + "APP.LOG" && $0.text != nil })
            #expect(entries.contains { $0.name.description == prefix + "RUN" && $0.recognized.mediaType.isProgram })
        }
        #expect(
            Self.inspect(sample.bytes).recognized
                == RecognizedType(
                    sample.kind.mediaType, .structure, detail: Self.inspect(sample.bytes).recognized.detail))
    }

    @Test(arguments: samples) private func `Without the policy's word it is only named`(_ sample: Sample) {
        let inspection = Self.inspect(sample.bytes, InspectionOrder())
        #expect(inspection.recognized == RecognizedType(sample.kind.mediaType, .signature))
        #expect(inspection.manifest == nil)
        #expect(inspection.recognized.mediaType.isUnreadableContainer)
    }

    @Test(arguments: samples) private func `Entries come out as they were put in`(_ sample: Sample) throws {
        for bytes in [sample.bytes, ZipBuilder().file("a", "b").stored("x", sample.bytes).build()] {
            let entries = try #require(Self.inspect(bytes).manifest).entries
            for (suffix, content) in [("APP.LOG", StreamSample.logContent), ("RUN", StreamSample.programContent)] {
                let index = try #require(entries.firstIndex { $0.name.description.hasSuffix(suffix) })
                let address = try #require(EntryAddress(index, in: entries))
                var out: [UInt8] = []
                let ending = AttachmentInspection().extract(address, from: bytes.span, Self.all) { piece in
                    piece.withUnsafeBufferPointer { out += $0 }
                }
                #expect(ending == .complete, "\(suffix)")
                #expect(out == content, "\(suffix)")
                // Asked without leave to expand, it is honestly missing.
                let plain = AttachmentInspection().extract(address, from: bytes.span, InspectionOrder()) { _ in }
                #expect(plain == .missing)
            }
        }
    }

    @Test(arguments: samples) private func `Nested archives inside are walked`(_ sample: Sample) throws {
        let inner = ZipBuilder().stored("run", StreamSample.programContent).build()
        let builder = ForeignBuilder([("IN.ZIP", inner)])
        let bytes: [UInt8] =
            switch sample.kind {
            case .cab: builder.cabinet()
            case .sevenZip: builder.sevenZip()
            case .rar: builder.rar()
            case .iso: builder.discImage()
            }
        let entries = try #require(Self.inspect(bytes).manifest).entries
        #expect(entries.contains { $0.name.description == "IN.ZIP!/run" && $0.recognized.mediaType.isProgram })
    }

    @Test(arguments: samples) private func `One that is cut could not be checked`(_ sample: Sample) {
        // A disc image ends in 150 empty sectors; its files stand before them.
        let cut = Array(sample.bytes.dropLast(sample.kind == .iso ? 152 * 2048 : 40))
        let inspection = Self.inspect(cut)
        #expect(inspection.findings.contains { $0.definition.leavesUnchecked }, "\(inspection.findings.map(\.code))")
        #expect(inspection.recognized.basis == .signature)
    }

    @Test func `A second list of files is not taken on trust`() {
        var image = Self.builder().discImage()
        // The sequence of UDF stands behind the descriptors.
        image.replaceSubrange(18 * 2048 + 1..<18 * 2048 + 6, with: Array("BEA01".utf8))
        let inspection = Self.inspect(image)
        #expect(inspection.findings.map(\.code) == ["archive.container-unread"])
    }

    @Test func `Names and budgets count as in any archive`() {
        let climbing = ForeignBuilder([("../../x", [1])]).rar()
        #expect(Self.inspect(climbing).findings.map(\.code) == ["archive.path-escapes"])
        let many = ForeignBuilder((0..<30).map { ("F\($0)", [UInt8($0)]) }).sevenZip()
        let narrow = InspectionOrder(archives: ArchiveBudgets(entries: 10, expand: [.sevenZip]))
        #expect(Self.inspect(many, narrow).findings.map(\.code) == ["archive.budget-entries"])
        let small = InspectionOrder(archives: ArchiveBudgets(expandedSize: ByteCount(5), expand: [.sevenZip]))
        #expect(Self.inspect(many, small).findings.map(\.code) == ["archive.budget-expanded"])
        let shallow = InspectionOrder(archives: ArchiveBudgets(depth: 1, expand: [.sevenZip]))
        let nested = ZipBuilder().stored("a.7z", many).build()
        #expect(Self.inspect(nested, shallow).findings.map(\.code) == ["archive.budget-depth"])
    }

    @Test func `Damage neither crashes nor hangs a reader`() {
        var random = SeededNumbers(seed: UInt64.random(in: 0 ... .max))
        print("seed \(random)")
        let inspection = AttachmentInspection()
        for sample in Self.samples {
            for _ in 0..<150 {
                var bytes = sample.bytes
                let from = sample.kind == .iso ? 32_768 : 6
                for _ in 0..<3 {
                    bytes[Int.random(in: from..<bytes.count, using: &random)] = .random(in: 0 ... .max, using: &random)
                }
                _ = inspection.inspect(bytes.span, Self.all)
            }
        }
    }

    // MARK: By bytes, whatever the name

    private static func image(_ size: Int, _ parts: [(Int, String)]) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: size)
        for (offset, text) in parts {
            out.replaceSubrange(offset..<offset + text.utf8.count, with: Array(text.utf8))
        }
        return out
    }

    private static let containers: [(MediaType, [UInt8])] = [
        ("application/x-iso9660-image", image(40_000, [(32_769, "CD001")])),
        ("application/x-udf-image", image(40_000, [(32_769, "BEA01"), (34_817, "NSR02")])),
        ("application/x-vhd", image(2000, [(2000 - 512, "conectix")])),
        // Longer than what is kept of a member that nobody claims: the mark at the end is still seen.
        ("application/x-vhd", image(600_000, [(600_000 - 512, "conectix")])),
        ("application/x-vhd", image(2000, [(0, "conectix")])),
        ("application/x-vhdx", image(2000, [(0, "vhdxfile")])),
        ("application/x-vmdk", image(2000, [(0, "KDMV")])),
        ("application/vnd.rar", image(200, [(0, "Rar!\u{1A}\u{7}")])),
        ("application/vnd.ms-htmlhelp", image(200, [(0, "ITSF\u{3}")])),
        ("application/x-ms-wim", image(200, [(0, "MSWIM")])),
        ("application/x-ace-compressed", image(200, [(7, "**ACE**")])),
        ("application/x-disk-image", image(2000, [(3, "NTFS    ")]).marked()),
        ("application/x-disk-image", image(2000, [(82, "FAT32   ")]).marked()),
    ]

    @Test(arguments: containers) func `A renamed container is known by its bytes`(_ type: MediaType, _ bytes: [UInt8]) {
        for zip in [
            ZipBuilder().file(Array("data.txt".utf8), bytes).build(), ZipBuilder().stored("data.bin", bytes).build(),
            TarBuilder().entry("data", bytes).build(),
        ] {
            let entry = Self.inspect(zip, InspectionOrder()).manifest?.entries.first
            #expect(entry?.recognized.mediaType == type)
            #expect(entry?.recognized.mediaType.isUnreadableContainer == true)
        }
    }
}

extension [UInt8] {
    /// With the mark of a boot sector.
    fileprivate func marked() -> [UInt8] {
        var out = self
        (out[510], out[511]) = (0x55, 0xAA)
        return out
    }
}
