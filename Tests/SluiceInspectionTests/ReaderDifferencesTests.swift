// Archives of the kinds that studies of reader differences and the test data of other readers are made of, through the whole inspection: a rule
// alone may hold, and a package kind, a second reader or a later stage still let the archive through. The rules one by one are in
// ZipStructureTests, TarTests and EntryPathTests.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

private typealias Tar = TarBuilder
private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A second complete archive whose listing some readers prefer.
private let other = ZipBuilder().file("b.txt", "other\n").build()
private let one = ZipBuilder().file("a.txt", "one\n")

private let zips: [TarCase] = [
    TarCase("two archives, one behind the other", one.build() + other, "zip.bytes-before"),
    TarCase("an archive in the comment", one.with { $0.comment = other }.build(), "zip.two-end-records"),
    TarCase(
        "an archive in the comment whose end comes too early", one.with { $0.comment = other + [0] }.build(),
        "zip.two-end-records"),
    TarCase(
        "an archive in an entry's comment", ZipBuilder().file("a", "x") { $0.comment = other }.build(),
        "zip.record-in-comment"),
    TarCase("an archive in a gap", one.with { $0.gapBeforeDirectory = other }.build(), "zip.unlisted-entry"),
    TarCase("an end record behind the end", one.build() + ZipBuilder().build(), "zip.gap"),
    TarCase("an end record behind the end, with a tail", one.build() + ZipBuilder().build() + [7], "zip.bytes-after"),
    TarCase(
        "two directories", one.with { $0.gapBehindDirectory = Array(other.suffix(22 + 51).prefix(51)) }.build(),
        ""),
    TarCase(
        "zip64 sizes only in the directory",
        ZipBuilder().stored("a", [1]) { ($0.isZip64, $0.localSize) = (true, 9) }.build(), "zip.zip64-field"),
    TarCase(
        "zip64 beside another count", one.with { ($0.isZip64, $0.zip64Count) = (true, 0) }.build(), "zip.count-differs"),
    TarCase(
        "a size in front of an empty descriptor",
        ZipBuilder().file("a", "abc") { ($0.descriptor, $0.localSize) = (.signature32, 1) }.build(), "zip.size-differs"),
    TarCase(
        "stored here, deflated there", ZipBuilder().stored("a", Deflater.deflate([65])) { $0.localMethod = 8 }.build(),
        "zip.method-differs"),
    TarCase(
        "encrypted here, plain there", ZipBuilder().file("a", "x") { $0.localFlags = 1 }.build(), "zip.flags-differ"),
    TarCase("a name that goes on behind a NUL", one.file(bytes("b.txt\0.exe"), [1]).build(), "archive.name-control"),
    TarCase("the same name twice", one.file("a.txt", "two\n").build(), "archive.duplicate-name"),
    TarCase("the same name in another spelling", one.file("./a.txt", "two\n").build(), "archive.duplicate-name"),
    TarCase(
        "the same place with a doubled slash", ZipBuilder().file("d/a", "1").file("d//a", "2").build(),
        "archive.duplicate-name"),
    TarCase(
        "the same place for Windows", ZipBuilder().file("d/a", "1").file("d\\a", "2").build(), "archive.duplicate-name"),
    TarCase("a file and a folder of one name", one.directory("a.txt/").build(), "archive.duplicate-name"),
    TarCase("a file below a file", one.file("a.txt/b", "x").build(), "archive.name-conflict"),
    TarCase(
        "a link and a file through it", ZipBuilder().symlink("l", to: "d").file("l/x", "x").build(),
        "archive.through-link"),
    TarCase(
        "a link and a file of its name", ZipBuilder().symlink("l", to: "d").file("l", "x").build(),
        "archive.duplicate-name"),
    TarCase("a name that climbs", one.file("../b", "x").build(), "archive.path-escapes"),
    TarCase("a name that climbs for Windows", one.file("..\\b", "x").build(), "archive.path-escapes"),
    TarCase("a drive", one.file("C:/b", "x").build(), "archive.path-absolute"),
    TarCase("a share", one.file("\\\\host\\b", "x").build(), "archive.path-absolute"),
    TarCase("no name", one.file("", "x").build(), "archive.name-empty"),
    TarCase("a text and a zip behind it", bytes("hello\n") + one.build(), "content.second-format"),
    TarCase(
        "a program and a zip behind it, with a tail", [0x90, 0, 1, 2] + one.build() + [1, 2, 3], "content.second-format"
    ),
]

private let tars: [TarCase] = [
    TarCase(
        "two archives, one behind the other", Tar().file("a", "x").build() + Tar().file("b", "x").build(),
        "tar.data-after-end"),
    TarCase(
        "an archive inside a folder's data", Tar().entry("d/", Tar().file("b", "x").build(), type: "5").build(),
        "tar.data-without-file"),
    TarCase(
        "an archive inside a link's data", Tar().entry("l", Tar().file("b", "x").build(), type: "2", link: "a").build(),
        "tar.data-without-file"),
    TarCase(
        "a size that hides an archive",
        Tar().pax(Tar.record("size", "0")).entry("a", Tar().file("b", "x").build()).build(), "tar.pax-size"),
    TarCase("a size in another form", Tar().pax(Tar.record("size", "0x1")).file("a", "x").build(), "tar.pax-record"),
    TarCase("a size below zero", Tar().pax(Tar.record("size", "-1")).file("a", "x").build(), "tar.pax-record"),
    TarCase("a size with a fraction", Tar().pax(Tar.record("size", "1.0")).file("a", "x").build(), "tar.pax-record"),
    TarCase(
        "a size beyond 64 bits", Tar().pax(Tar.record("size", "99999999999999999999")).file("a", "x").build(),
        "tar.pax-record"),
    TarCase(
        "a time that is no number", Tar().pax(Tar.record("mtime", "12 foo")).file("a", "x").build(), "tar.pax-record"),
    TarCase(
        "an owner that is no number", Tar().pax(Tar.record("uid", "root")).file("a", "x").build(), "tar.pax-record"),
    TarCase(
        "a name for all that follow",
        Tar().pax(Tar.record("path", "b"), type: "g").file("a", "x").file("c", "x").build(), "tar.global-header"),
    TarCase(
        "holes for all that follow", Tar().pax(Tar.record("GNU.sparse.size", "9"), type: "g").file("a", "x").build(),
        "tar.global-header"),
    TarCase(
        "holes of the newest form",
        Tar().pax(Tar.record("GNU.sparse.major", "1"), Tar.record("GNU.sparse.name", "evil")).file("a", "1\n0\n1\n")
            .build(), "tar.sparse"),
    TarCase("a volume's second part", Tar(.gnu).entry("a", bytes("x"), type: "M").build(), "tar.entry-type"),
    TarCase("a folder's listing", Tar(.gnu).entry("d/", bytes("Yfile\0\0"), type: "D").build(), "tar.entry-type"),
    TarCase(
        "Solaris' extended header", Tar().entry("a", Tar.record("path", "b"), type: "X").file("a", "x").build(),
        "tar.entry-type"),
    TarCase("a long name and then another", Tar(.gnu).long("one").long("two").file("a", "x").build(), "tar.long-name"),
    TarCase("a long name for nothing", Tar(.gnu).file("a", "x").long("b").build(), "tar.header-order"),
    TarCase("a character device", Tar().entry("dev/null", type: "3").build(), "archive.special-file"),
    TarCase(
        "a link out and a file through it", Tar().symlink("l", to: "../out").file("l/x", "x").build(),
        "archive.through-link"),
    TarCase(
        "a hard link to a link that leads out", Tar().symlink("l", to: "/etc/passwd").hardLink("h", to: "l").build(),
        "archive.link-escapes"),
    TarCase("a hard link to itself", Tar().hardLink("h", to: "h").build(), "archive.link-escapes"),
    TarCase(
        "a name that climbs through the prefix", Tar().entry("passwd", bytes("x"), prefix: "../../etc").build(),
        "archive.path-escapes"),
    TarCase("the same place for Windows", Tar().file("d/a", "1").file("d\\a", "2").build(), "archive.duplicate-name"),
    TarCase("a first block that is empty", [UInt8](repeating: 0, count: 512) + Tar().file("a", "x").build(), ""),
    TarCase("a text and a tar behind it", bytes("hello\n") + Tar().file("a", "x").build(), ""),
]

private let plain: [TarCase] = [
    TarCase(
        "zip: PowerShell's separators", ZipBuilder().file("d\\a", "1").file("d\\b", "2").build(), "archive.backslash"),
    TarCase(
        "zip: all four descriptors",
        ZipBuilder.Member.Descriptor.allCases.reduce(ZipBuilder()) { zip, layout in
            zip.file("\(layout)", "x\n") { $0.descriptor = layout }
        }.build()),
    TarCase("zip: resource forks beside the files", ZipBuilder().file("a", "1\n").file("__MACOSX/._a", "2\n").build()),
    TarCase(
        "tar: times as Python writes small ones",
        Tar().pax(Tar.record("mtime", "1e-05"), Tar.record("atime", "-1.5")).file("a", "x").build()),
    TarCase(
        "tar: a global time taken back",
        Tar().pax(Tar.record("mtime", "1"), type: "g").pax(Tar.record("mtime", "")).file("a", "x").build()),
    TarCase(
        "tar: a large owner in an extended header", Tar().pax(Tar.record("uid", "4294967294")).file("a", "x").build()),
]

@Suite struct ReaderDifferencesTests {
    private func inspect(_ it: TarCase) -> Inspection {
        AttachmentInspection().inspect(it.bytes.span, InspectionOrder())
    }

    @Test(arguments: zips + tars) func `What readers see differently is not passed on`(_ it: TarCase) {
        let inspection = inspect(it)
        let found = inspection.findings
        let gravest = found.map(\.definition.severity).max() ?? .note
        #expect(gravest >= .quarantine || inspection.recognized.basis < .structure, "\(found.map(\.code))")
        if !it.code.isEmpty { #expect(found.contains { $0.code == it.code }, "\(found.map(\.code))") }
    }

    @Test(arguments: plain) func `What all read alike passes`(_ it: TarCase) {
        let inspection = inspect(it)
        #expect(inspection.recognized.basis == .proven)
        #expect(Set(inspection.findings.map(\.code)) == (it.code.isEmpty ? [] : [it.code]))
    }

    @Test func `A zip that holds itself is one and ends at the depth`() throws {
        let bytes = ZipQuine.build()
        let reading = ZipReading(bytes)
        #expect(reading.codes == [])
        #expect(reading.expanded == [bytes])
        let finding = try #require(AttachmentInspection().inspect(bytes.span, InspectionOrder()).findings.first)
        #expect(finding.code == "archive.budget-depth")
        #expect(finding.entry?.description == "r.zip!/r.zip!/r.zip")
    }
}
