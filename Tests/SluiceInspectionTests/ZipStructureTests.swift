// Each rule of Threats, Z1 to Z15: one table of archives that keep it, one of archives that break it, with the finding that names the break.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// What reading and expanding a whole zip gives.
struct ZipReading {
    var structure: ZipStructure?
    var expanded: [[UInt8]] = []
    var codes: [String] = []
    var severity: Severity?

    init(_ bytes: [UInt8], budgets: ArchiveBudgets = ArchiveBudgets()) {
        var context = InspectionContext(InspectionOrder(archives: budgets), magic: MagicDatabase())
        structure = ZipStructure.read(bytes.span, &context)
        for entry in structure?.entries ?? [] {
            context.entry = EntryName(bytes: entry.name)
            var content: [UInt8] = []
            if ZipStructure.expand(
                entry, in: bytes.span, &context,
                to: { piece, _ in
                    content += piece.copy(0..<piece.count)
                    return true
                })
            {
                expanded.append(content)
            }
        }
        codes = context.log.findings.map(\.code)
        severity = context.log.findings.map(\.definition.severity).max()
    }
}

private let text = String(repeating: "2026-11-21 09:00:00 INFO started\n", count: 40)
private func plain() -> ZipBuilder {
    ZipBuilder().file("app.log", text).directory("conf/").stored("conf/a.ini", Array("[a]\nb=1\n".utf8))
}
private typealias Member = ZipBuilder.Member

struct ZipCase: CustomTestStringConvertible, Sendable {
    var name: String
    var zip: ZipBuilder
    var code: String?

    init(_ name: String, _ zip: ZipBuilder, _ code: String? = nil) {
        self.name = name
        self.zip = zip
        self.code = code
    }

    var testDescription: String { name }
}

/// An info field of `identifier` with `data`.
private func extra(_ identifier: UInt16, _ data: [UInt8]) -> [UInt8] {
    [UInt8(identifier & 255), UInt8(identifier >> 8), UInt8(data.count & 255), UInt8(data.count >> 8)] + data
}

private func unicodePath(_ name: String, of stored: [UInt8]) -> [UInt8] {
    let crc = CRC32.of(stored)
    return extra(0x7075, [1] + (0..<4).map { UInt8(truncatingIfNeeded: crc >> (8 * $0)) } + Array(name.utf8))
}

private let honest: [ZipCase] = [
    ZipCase("plain", plain()),
    ZipCase("comment", plain().with { $0.comment = Array("7d1f0c6e commit".utf8) }),
    ZipCase("descriptor with signature", ZipBuilder().file("-", text) { $0.descriptor = .signature32 }),
    ZipCase("descriptor without signature", ZipBuilder().file("a", text) { $0.descriptor = .plain32 }.file("b", "x")),
    ZipCase(
        "large descriptor with signature", ZipBuilder().file("a", text) { $0.descriptor = .signature64 }.file("b", "x")),
    ZipCase("large descriptor without signature", ZipBuilder().file("a", text) { $0.descriptor = .plain64 }),
    ZipCase(
        "descriptor after stored bytes", ZipBuilder().stored("a", Array(text.utf8)) { $0.descriptor = .signature32 }),
    ZipCase("zip64 fields", ZipBuilder().file("a", text) { $0.isZip64 = true }),
    ZipCase(
        "zip64 fields and descriptor",
        ZipBuilder().file("a", text) { ($0.isZip64, $0.descriptor) = (true, .signature64) }),
    ZipCase("zip64 end record", plain().with { $0.isZip64 = true }),
    ZipCase(
        "zip64 field that repeats the header",
        ZipBuilder().stored("a", [1, 2, 3]) { $0.extra = extra(1, [3, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]) }),
    ZipCase(
        "zip64 field kept free in the local header",
        ZipBuilder().stored("a", [1]) { $0.localExtra = extra(1, Array(repeating: 0, count: 16)) }),
    ZipCase(
        "local times that the directory lacks",
        ZipBuilder().file("a", text) { $0.localExtra = extra(0x5455, [3, 0, 0, 0, 0, 1, 0, 0, 0]) }),
    ZipCase("alignment by zero bytes", ZipBuilder().stored("a", [1]) { $0.localExtra = [0, 0, 0] }),
    ZipCase("Android alignment", ZipBuilder().stored("a", [1]) { $0.localExtra = extra(0xD935, [4, 0, 0, 0]) }),
    ZipCase("compression level flags differ", ZipBuilder().file("a", text) { ($0.flags, $0.localFlags) = (2, 6) }),
    ZipCase(
        "UTF-8 flag differs on an ASCII name", ZipBuilder().file("a", text) { ($0.flags, $0.localFlags) = (1 << 11, 0) }
    ),
    ZipCase("UTF-8 name", ZipBuilder().file("protokoll-ä.log", text) { $0.flags = 1 << 11 }),
    ZipCase("UTF-8 name without the flag", ZipBuilder().file("protokoll-ä.log", text)),
    ZipCase(
        "unicode path for a legacy name",
        ZipBuilder().file([0x82, 0x2E, 0x74], [1]) { $0.extra = unicodePath("é.t", of: [0x82, 0x2E, 0x74]) }),
    ZipCase(
        "unicode path for a Shift JIS name",
        ZipBuilder().file([0x95, 0x5C, 0x2E, 0x74], [1]) {
            $0.extra = unicodePath("表.t", of: [0x95, 0x5C, 0x2E, 0x74])
        }),
    ZipCase(
        "unicode path for an escaped name",
        ZipBuilder().file("#U00e9.t", "x") { $0.extra = unicodePath("é.t", of: Array("#U00e9.t".utf8)) }),
    ZipCase(
        "folder with deflated nothing",
        ZipBuilder().directory("a/") { ($0.method, $0.descriptor) = (8, .signature32) }.file("a/b", text)),
    ZipCase("folder of a writer without attributes", ZipBuilder().directory("a/") { $0.attributes = 0 }),
    ZipCase("standard input of Info-ZIP", ZipBuilder().file("-", text) { $0.attributes = 0o010600 << 16 }),
    ZipCase("entry comment", ZipBuilder().file("a", text) { $0.comment = Array("from host 7".utf8) }),
    ZipCase("zip inside, stored", ZipBuilder().stored("in.zip", ZipBuilder().file("a", "x").build())),
    ZipCase("empty members", ZipBuilder().stored("a", []).file("b", "")),
    ZipCase(
        "not only fixed codes",
        ZipBuilder().file("a", "abc") {
            $0.stored = Deflater.storedBlock([0x61], isFinal: false) + Deflater.storedBlock([0x62, 0x63])
        }),
]

private let broken: [ZipCase] = [
    // Z1
    ZipCase("prefix", plain().with { $0.prefix = Array("MZ stub".utf8) }, "zip.bytes-before"),
    ZipCase(
        "prefix that offsets count",
        plain().with { ($0.prefix, $0.offsetsCountPrefix) = (Array("MZ stub".utf8), true) }, "zip.bytes-before"),
    ZipCase(
        "another archive before", plain().with { $0.prefix = ZipBuilder().file("x", "y").build() }, "zip.bytes-before"),
    ZipCase(
        "another archive before, counted",
        plain().with { ($0.prefix, $0.offsetsCountPrefix) = (ZipBuilder().file("x", "y").build(), true) },
        "zip.unlisted-entry"),
    // Z2
    ZipCase("no end record", plain().with { $0.omitsEndRecord = true }, "zip.no-end-record"),
    ZipCase("suffix", plain().with { $0.suffix = [1] }, "zip.bytes-after"),
    ZipCase("comment cut off", plain().with { $0.commentLength = 9 }, "zip.truncated"),
    ZipCase("end record in the comment", plain().with { $0.comment = ZipBuilder().build() }, "zip.two-end-records"),
    ZipCase(
        "end record that ends elsewhere in the comment", plain().with { $0.comment = ZipBuilder().build() + [1, 2] },
        "zip.two-end-records"),
    ZipCase(
        "local header in the comment", plain().with { $0.comment = Array("xPK\u{3}\u{4}".utf8) },
        "zip.record-in-comment"),
    ZipCase(
        "locator in an entry's comment",
        ZipBuilder().file("a", text) { $0.comment = Array("PK\u{6}\u{7}".utf8) + Array(repeating: 0, count: 20) },
        "zip.record-in-comment"),
    // Z3
    ZipCase("gap before a member", ZipBuilder().file("a", text).file("b", text) { $0.gapBefore = [7, 7] }, "zip.gap"),
    ZipCase("gap before the directory", plain().with { $0.gapBeforeDirectory = [7] }, "zip.gap"),
    ZipCase("gap behind the directory", plain().with { $0.gapBehindDirectory = [7] }, "zip.gap"),
    ZipCase(
        "members share one header", ZipBuilder().file("a", text).file("a", text) { $0.sharesHeaderOf = 0 },
        "zip.overlap"),
    ZipCase(
        "a member reaches into the next",
        ZipBuilder().stored("a", [1, 2, 3]) { ($0.centralSize, $0.centralStoredSize) = (9, 9) }.stored("b", [4]),
        "zip.overlap"),
    ZipCase("offset into nothing", ZipBuilder().file("a", text) { $0.centralOffset = 7 }, "zip.local-header-missing"),
    ZipCase(
        "offset behind the directory", ZipBuilder().file("a", text) { $0.centralOffset = 0xFFFF_FFF0 },
        "zip.local-header-missing"),
    // Z4
    ZipCase("one too many counted", plain().with { $0.count = 4 }, "zip.count-differs"),
    ZipCase("none counted", plain().with { $0.count = 0 }, "zip.count-differs"),
    ZipCase(
        "member not listed", ZipBuilder().file("a", text).file("b", text) { $0.isUnlisted = true }, "zip.unlisted-entry"
    ),
    // Z5
    ZipCase("other name", ZipBuilder().file("a.log", text) { $0.localName = Array("a.exe".utf8) }, "zip.name-differs"),
    ZipCase("other method", ZipBuilder().file("a", text) { $0.localMethod = 0 }, "zip.method-differs"),
    ZipCase("other flags", ZipBuilder().file("a", text) { $0.localFlags = 1 }, "zip.flags-differ"),
    ZipCase(
        "UTF-8 flag differs on another name", ZipBuilder().file("ä", text) { $0.localFlags = 1 << 11 },
        "zip.flags-differ"),
    ZipCase("other size", ZipBuilder().file("a", text) { $0.localSize = 3 }, "zip.size-differs"),
    ZipCase("other stored size", ZipBuilder().file("a", text) { $0.localStoredSize = 3 }, "zip.size-differs"),
    ZipCase("other checksum", ZipBuilder().file("a", text) { $0.localCRC = 3 }, "zip.crc-differs"),
    ZipCase(
        "descriptor with another checksum",
        ZipBuilder().file("a", text) { ($0.descriptor, $0.descriptorCRC) = (.signature32, 1) }, "zip.descriptor"),
    ZipCase(
        "descriptor with another size",
        ZipBuilder().file("a", text) { ($0.descriptor, $0.descriptorSize) = (.plain64, 1) }, "zip.descriptor"),
    ZipCase(
        "no descriptor", ZipBuilder().file("a", text) { ($0.descriptor, $0.omitsDescriptor) = (.signature32, true) },
        "zip.descriptor"),
    ZipCase(
        "descriptor with the flag off",
        ZipBuilder().file("a", text) { ($0.descriptor, $0.localFlags) = (.signature32, 0) }, "zip.gap"),
    ZipCase(
        "descriptor and a gap",
        ZipBuilder().file("a", text) { $0.descriptor = .plain32 }.file("b", "x") { $0.gapBefore = [1] }, "zip.gap"),
    // Z6, Z7
    ZipCase("bzip2", ZipBuilder().file("a", text) { $0.method = 12 }, "zip.method"),
    ZipCase("patched data", ZipBuilder().file("a", text) { $0.flags = 1 << 5 }, "zip.method"),
    ZipCase(
        "stored with two sizes", ZipBuilder().stored("a", [1, 2]) { ($0.centralSize, $0.localSize) = (1, 1) },
        "zip.stored-size"),
    ZipCase("encrypted", ZipBuilder().file("a", text) { $0.flags = 1 }, "zip.encrypted"),
    ZipCase("strongly encrypted", ZipBuilder().file("a", text) { $0.flags = 1 << 6 | 1 }, "zip.encrypted"),
    ZipCase("AES", ZipBuilder().file("a", text) { ($0.flags, $0.method) = (1, 99) }, "zip.encrypted"),
    // Z8
    ZipCase(
        "extra field too long", ZipBuilder().file("a", text) { $0.extra = [0x55, 0x54, 9, 0, 1] }, "zip.extra-field"),
    ZipCase(
        "three spaces as extra field", ZipBuilder().file("a", text) { $0.extra = [32, 32, 32] }, "zip.extra-field"),
    ZipCase(
        "local extra field too long", ZipBuilder().file("a", text) { $0.localExtra = [0x55, 0x54, 9, 0, 1] },
        "zip.extra-field"),
    ZipCase(
        "zip64 twice", ZipBuilder().file("a", text) { ($0.isZip64, $0.extra) = (true, extra(1, [])) }, "zip.extra-field"
    ),
    ZipCase(
        "zip64 too short",
        ZipBuilder().file("a", text) {
            ($0.centralSize, $0.centralStoredSize, $0.extra) = (.max, .max, extra(1, [1, 0, 0, 0, 0, 0, 0, 0]))
        }, "zip.zip64-field"),
    ZipCase(
        "zip64 says another size than the header",
        ZipBuilder().stored("a", [1]) { $0.extra = extra(1, [9, 0, 0, 0, 0, 0, 0, 0]) }, "zip.zip64-field"),
    ZipCase(
        "zip64 size without end",
        ZipBuilder().stored("a", [1]) {
            ($0.centralSize, $0.extra) = (.max, extra(1, Array(repeating: 255, count: 8)))
        }, "zip.zip64-field"),
    ZipCase(
        "unicode path twice",
        ZipBuilder().file("a", text) { $0.extra = unicodePath("a", of: [0x61]) + unicodePath("a", of: [0x61]) },
        "zip.extra-field"),
    ZipCase(
        "unicode path of another name", ZipBuilder().file("a", text) { $0.extra = unicodePath("b", of: [0x61]) },
        "zip.unicode-path"),
    ZipCase(
        "unicode path with another checksum", ZipBuilder().file("a", text) { $0.extra = unicodePath("a", of: [0x62]) },
        "zip.unicode-path"),
    ZipCase(
        "unicode path of another legacy name",
        ZipBuilder().file([0x82, 0x2E, 0x74], [1]) { $0.extra = unicodePath("é.exe", of: [0x82, 0x2E, 0x74]) },
        "zip.unicode-path"),
    ZipCase(
        "local unicode path of another name",
        ZipBuilder().file("a", text) { $0.localExtra = unicodePath("b", of: [0x61]) }, "zip.unicode-path"),
    // Z9
    ZipCase("not UTF-8 under the flag", ZipBuilder().file([0x82], [1]) { $0.flags = 1 << 11 }, "zip.name-encoding"),
    ZipCase("legacy code page", ZipBuilder().file([0x82], [1]), "zip.legacy-name"),
    // Z12
    ZipCase("symbolic link", ZipBuilder().symlink("a", to: "/etc/passwd"), "zip.link"),
    ZipCase(
        "symbolic link from another system", ZipBuilder().symlink("a", to: "/etc/passwd") { $0.madeBy = 0 }, "zip.link"),
    ZipCase("device", ZipBuilder().stored("a", []) { $0.attributes = 0o020666 << 16 }, "zip.special-file"),
    ZipCase("named pipe", ZipBuilder().stored("a", []) { $0.attributes = 0o010666 << 16 }, "zip.special-file"),
    // Z13
    ZipCase("file named like a folder", ZipBuilder().stored("a/", [1]), "zip.directory-content"),
    ZipCase(
        "folder named like a file", ZipBuilder().stored("a", [1]) { $0.attributes = 0o040755 << 16 },
        "zip.directory-content"),
    ZipCase(
        "DOS folder with content", ZipBuilder().stored("a", [1]) { ($0.attributes, $0.madeBy) = (0x10, 0) },
        "zip.directory-content"),
    ZipCase(
        "folder with a file system's size", ZipBuilder().directory("a/") { ($0.centralSize, $0.localSize) = (68, 68) },
        "zip.sized-folder"),
    ZipCase("empty file named like a folder", ZipBuilder().stored("a/", []), "zip.directory-attributes"),
    ZipCase(
        "folder with hidden stored bytes",
        ZipBuilder().directory("a/") { ($0.method, $0.stored) = (8, Deflater.deflate([]) + [1, 2]) },
        "zip.data-trailing"),
    // Z14
    ZipCase("second disk", plain().with { $0.disk = 1 }, "zip.several-disks"),
    ZipCase("member on the second disk", ZipBuilder().file("a", text) { $0.disk = 1 }, "zip.several-disks"),
    // Z15
    ZipCase(
        "expands further than declared", ZipBuilder().file("a", text) { ($0.centralSize, $0.localSize) = (9, 9) },
        "zip.length-wrong"),
    ZipCase(
        "expands less than declared",
        ZipBuilder().file("a", text) { ($0.centralSize, $0.localSize) = (99_999, 99_999) }, "zip.length-wrong"),
    ZipCase("wrong checksum", ZipBuilder().file("a", text) { ($0.centralCRC, $0.localCRC) = (9, 9) }, "zip.crc-wrong"),
    ZipCase(
        "wrong checksum, stored", ZipBuilder().stored("a", [1]) { ($0.centralCRC, $0.localCRC) = (9, 9) },
        "zip.crc-wrong"),
    ZipCase(
        "bytes behind the stream",
        ZipBuilder().file("a", text) { $0.stored = Deflater.deflate(Array(text.utf8)) + [0] }, "zip.data-trailing"),
    ZipCase(
        "two streams", ZipBuilder().file("a", "a") { $0.stored = Deflater.deflate([0x61]) + Deflater.deflate([0x62]) },
        "zip.data-trailing"),
    ZipCase(
        "stream cut off", ZipBuilder().file("a", text) { $0.stored = Deflater.deflate(Array(text.utf8)).dropLast(3) },
        "zip.data-truncated"),
    ZipCase(
        "stream without a final block",
        ZipBuilder().file("a", "a") { $0.stored = Deflater.storedBlock([0x61], isFinal: false) }, "zip.data-truncated"),
    ZipCase("reserved block type", ZipBuilder().file("a", "a") { $0.stored = [0x07, 0, 0] }, "zip.data-broken"),
    // zip64 end records
    ZipCase("zip64 count differs", plain().with { ($0.isZip64, $0.zip64Count) = (true, 9) }, "zip.count-differs"),
    ZipCase(
        "zip64 record elsewhere", plain().with { ($0.isZip64, $0.zip64RecordOffset) = (true, 0) }, "zip.zip64-record"),
    ZipCase(
        "zip64 record nowhere", plain().with { ($0.isZip64, $0.zip64RecordOffset) = (true, .max) }, "zip.zip64-record"),
    ZipCase(
        "zip64 directory nowhere", plain().with { ($0.isZip64, $0.zip64Offset) = (true, .max - 3) }, "zip.zip64-record"),
    ZipCase(
        "zip64 directory behind the end", plain().with { ($0.isZip64, $0.zip64Offset) = (true, 1 << 40) },
        "zip.directory-broken"),
]

@Suite struct ZipStructureTests {
    @Test(arguments: honest) func `An honest archive is proven without a finding`(_ example: ZipCase) {
        let reading = ZipReading(example.zip.build())
        #expect(reading.codes == [])
        #expect(reading.structure?.isComplete == true)
        #expect(reading.expanded == example.zip.members.map(\.content))
    }

    @Test(arguments: broken) func `A broken rule has its own finding`(_ example: ZipCase) throws {
        let reading = ZipReading(example.zip.build())
        let code = try #require(example.code)
        #expect(reading.codes.contains(code))
        let severity = try #require(FindingDefinition.named(code)).severity
        if severity == .reject { #expect(reading.severity == .reject) }
        // What is refused for its data is sound as a structure; everything else that is refused is not.
        let ofData = [
            "zip.length-wrong", "zip.crc-wrong", "zip.data-trailing", "zip.data-truncated", "zip.data-broken",
        ]
        if severity == .reject, !ofData.contains(code) { #expect(reading.structure?.isComplete != true) }
    }

    @Test func `Every zip finding has an example`() {
        let shown = Set(broken.compactMap(\.code))
        let all = FindingDefinition.all.map(\.code).filter {
            $0.hasPrefix("zip.")
                && !["zip.empty", "zip.padding", "zip.split-marker", "zip.directory-broken"].contains($0)
        }
        for code in all { #expect(shown.contains(code), "\(code)") }
    }

    @Test func `An empty archive is sound and noted`() {
        let reading = ZipReading(ZipBuilder().build())
        #expect(reading.codes == ["zip.empty"])
        #expect(reading.structure?.isComplete == true)
    }

    @Test func `Line breaks and zeros behind the end are noted, other bytes are refused`() {
        func padded(_ bytes: [UInt8]) -> [String] { ZipReading(plain().with { $0.suffix = bytes }.build()).codes }
        for padding in [[0], [0x0A], [0x0D, 0x0A], [UInt8](repeating: 0, count: 100_000), [0, 0x0A, 0]] {
            #expect(padded(padding) == ["zip.padding"])
            let whole = AttachmentInspection().inspect(
                plain().with { $0.suffix = padding }.build().span, InspectionOrder())
            #expect(whole.recognized.basis == .proven)
            #expect(whole.findings.map(\.code) == ["zip.padding"])
        }
        #expect(padded([0x0A, 1]) == ["zip.bytes-after"])
        #expect(padded([UInt8](repeating: 0, count: 10_000) + [1]) == ["zip.bytes-after"])
    }

    @Test func `The unicode path is the name where it says the same`() {
        let stored: [UInt8] = [0x82, 0x2E, 0x74]
        let zip = ZipBuilder().file(stored, [1]) { $0.extra = unicodePath("é.t", of: stored) }
        #expect(ZipReading(zip.build()).structure?.entries.first?.name == Array("é.t".utf8))
    }

    @Test func `An archive of more entries than the budget is not read further`() {
        var zip = ZipBuilder()
        for index in 0..<40 { zip = zip.stored("f\(index)", []) }
        let reading = ZipReading(zip.build(), budgets: ArchiveBudgets(entries: 10))
        #expect(reading.structure?.entries.count == 11)
        #expect(reading.structure?.isComplete == false)
    }

    @Test func `A bomb stops at the budget and is no finding of the structure`() {
        let zeros = [UInt8](repeating: 0, count: 4 << 20)
        let bytes = ZipBuilder().file(Array("zeros".utf8), zeros).build()
        #expect(bytes.count < 64 << 10)
        var context = InspectionContext(
            InspectionOrder(archives: ArchiveBudgets(expandedSize: .mebibytes(1))), magic: MagicDatabase())
        let entry = ZipStructure.read(bytes.span, &context)!.entries[0]
        var seen = 0
        let whole = ZipStructure.expand(entry, in: bytes.span, &context) { piece, _ in
            seen += piece.count
            return true
        }
        #expect(!whole)
        #expect(seen <= 1 << 20)
        #expect(context.budget.exhausted != nil)
        #expect(context.log.findings.isEmpty)
    }

    @Test func `A member that lies about its size is stopped before it is expanded`() {
        let bytes = ZipBuilder().file(Array("a".utf8), [UInt8](repeating: 0, count: 4 << 20)) {
            ($0.centralSize, $0.localSize) = (100, 100)
        }.build()
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        let entry = ZipStructure.read(bytes.span, &context)!.entries[0]
        var seen = 0
        #expect(
            !ZipStructure.expand(entry, in: bytes.span, &context) { piece, _ in
                seen += piece.count
                return true
            })
        #expect(seen == 0)
    }

    @Test func `A receiver that stops early is no finding`() {
        let bytes = plain().build()
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        let entry = ZipStructure.read(bytes.span, &context)!.entries[0]
        #expect(!ZipStructure.expand(entry, in: bytes.span, &context) { _, _ in false })
        #expect(context.log.findings.isEmpty)
    }

    @Test func `Findings about a nested archive carry the whole path`() {
        let bytes = ZipBuilder().file("a", text) { $0.localCRC = 3 }.build()
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        context.entry = EntryName("outer.zip")
        _ = ZipStructure.read(bytes.span, &context)
        #expect(context.log.findings.first?.entry == EntryName("outer.zip!/a"))
        #expect(context.entry == EntryName("outer.zip"))
    }

    @Test func `Cut off anywhere it is never sound`() {
        let bytes = plain().build()
        for length in 0..<bytes.count {
            let reading = ZipReading(Array(bytes.prefix(length)))
            #expect(reading.structure?.isComplete != true || reading.severity == .reject, "cut at \(length)")
        }
    }
}
