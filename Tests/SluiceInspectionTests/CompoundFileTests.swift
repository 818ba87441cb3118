// The container: what an honest one may have, what breaks one, and that no bytes behind it or beside it go unseen.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// The answer and the finding codes for some bytes.
func inspectOffice(_ bytes: [UInt8]) -> (type: RecognizedType?, codes: [String]) {
    var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
    guard CompoundFileRecognizer.claims(bytes.span) else { return (nil, []) }
    let type = CompoundFileRecognizer.recognize(bytes.span, &context)?.type
    return (type, context.log.findings.map(\.code))
}

struct CompoundFileTests {
    static let large = [UInt8](repeating: 0x41, count: 9000)

    @Test(arguments: [512, 4096])
    func `Every byte of an honest file is accounted for`(sectorSize: Int) {
        let (type, codes) = inspectOffice(
            OfficeBuilder.wordFile().stream("Data", Self.large).with(\.sectorSize, sectorSize).build())
        #expect(type?.mediaType == .word)
        #expect(type?.basis == .proven)
        #expect(codes.isEmpty)
    }

    @Test(arguments: [
        (
            "free space that is empty", OfficeBuilder.excelFile().with(\.freeSectors, [[]]),
            RecognizedType.Basis.proven, [String]()
        ),
        (
            "free space with old data", OfficeBuilder.excelFile().with(\.freeSectors, [[1, 2]]), .structure,
            ["office.loose-sectors"]
        ),
        ("zeros behind", OfficeBuilder.excelFile().with(\.trailing, [0, 0, 0]), .proven, ["office.padding"]),
        ("a line end behind", OfficeBuilder.excelFile().with(\.trailing, [13, 10]), .proven, ["office.padding"]),
    ])
    func `Slack of honest programs is known`(
        _ name: String, _ file: CompoundFileBuilder, _ basis: RecognizedType.Basis, _ expected: [String]
    ) {
        let (type, codes) = inspectOffice(file.build())
        #expect(type?.basis == basis, "\(name)")
        #expect(codes == expected, "\(name)")
    }

    /// With `Data` of 9 000 bytes first, its sectors are 0 to 17; the directory and the tables follow.
    static let base = CompoundFileBuilder().stream("Data", large).stream("Small", [1, 2, 3]).stream("More", large)

    @Test(arguments: [
        ("a chain that loops", base.with(\.tablePatches, [5: 2]), "office.broken-chain"),
        ("a chain that crosses another", base.with(\.tablePatches, [17: 20]), "office.broken-chain"),
        ("a chain into free space", base.with(\.tablePatches, [5: 0xFFFF_FFFF]), "office.broken-chain"),
        ("a chain that is too short", base.with(\.tablePatches, [5: 0xFFFF_FFFE]), "office.broken-chain"),
        ("a chain out of the file", base.with(\.tablePatches, [5: 90]), "office.truncated"),
        (
            "a size beyond the chain", base.with(\.directoryPatches, [.init(128 + 120, [0, 0, 2])]),
            "office.broken-chain"
        ),
        (
            "an absurd size",
            base.with(\.directoryPatches, [.init(128 + 120, [255, 255, 255, 255, 255, 255, 255, 255])]),
            "office.broken-chain"
        ),
        ("a small part that leaves", base.with(\.directoryPatches, [.init(256 + 116, [99])]), "office.broken-chain"),
        (
            "a tree in a circle", base.with(\.directoryPatches, [.init(128 + 72, [1, 0, 0, 0])]),
            "office.broken-directory"
        ),
        (
            "a link out of the directory", base.with(\.directoryPatches, [.init(128 + 72, [77, 0, 0, 0])]),
            "office.broken-directory"
        ),
        ("no root", base.with(\.directoryPatches, [.init(66, [2])]), "office.broken-directory"),
        ("two parts of one name", base.stream("more", [1]), "office.duplicate-name"),
        ("a cut file", base.with(\.cut, 1024), "office.truncated"),
        ("foreign bytes behind", base.with(\.trailing, Array("<?php".utf8)), "office.trailing-data"),
        (
            "a whole foreign sector behind", base.with(\.trailing, [UInt8](repeating: 0x55, count: 512)),
            "office.trailing-data"
        ),
        ("an odd byte order", base.with(\.headerPatches, [.init(28, [0xFF])]), "office.broken-header"),
        ("an odd sector size", base.with(\.headerPatches, [.init(30, [20])]), "office.broken-header"),
        (
            "text where the list of tables ends", base.with(\.headerPatches, [.init(257, Array("ustar".utf8))]),
            "office.broken-header"
        ),
        ("a table that is none", base.with(\.headerPatches, [.init(76, [0xFF, 0xFF, 0, 0])]), "office.truncated"),
    ])
    func damageIsNamedAndNothingIsProven(_ name: String, _ file: CompoundFileBuilder, _ code: String) {
        let (type, codes) = inspectOffice(file.build())
        #expect(codes.contains(code), "\(name): \(codes)")
        #expect(type?.basis == .signature, "\(name)")
        #expect(FindingDefinition.named(code)?.severity == .reject)
    }

    @Test func `The same directory without patches is sound`() {
        let (type, codes) = inspectOffice(Self.base.build())
        #expect(type == RecognizedType(.compoundFile, .proven, detail: type?.detail ?? ""))
        #expect(codes.isEmpty)
    }

    @Test func `A deep directory is walked without recursion`() {
        var file = CompoundFileBuilder()
        file = file.stream(Array(repeating: "a", count: 400).joined(separator: "/"), [1])
        #expect(inspectOffice(file.build()).type?.basis == .proven)
    }

    static let emptyZip = Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18)

    @Test func `A zip at the end of a stream is a second format`() {
        // The sector table stands last; its free places carry the record, as a crafted stream there would.
        var bytes = OfficeBuilder.excelFile().build()
        bytes.replaceSubrange(bytes.count - 22..<bytes.count, with: Self.emptyZip)
        #expect(inspectOffice(bytes).codes.contains("office.second-format"))
    }

    @Test func `A PDF mark near the start is a second format`() {
        let file = OfficeBuilder.excelFile().stream("A", Self.large).stream("B", Array("%PDF-1.7".utf8) + Self.large)
        var bytes = file.build()
        #expect(!inspectOffice(bytes).codes.contains("office.second-format"))
        bytes.replaceSubrange(512..<517, with: Array("%PDF-".utf8))
        #expect(inspectOffice(bytes).codes.contains("office.second-format"))
    }

    @Test(arguments: [
        ("PowerPoint Document", "application/vnd.ms-powerpoint"), ("VisioDocument", "application/vnd.visio"),
        ("__properties_version1.0", "application/vnd.ms-outlook"), ("Catalog", "application/x-thumbnail-cache"),
        ("Something", "application/x-ole-storage"),
    ])
    func `Other documents get their own type`(_ stream: String, _ mediaType: String) {
        #expect(inspectOffice(CompoundFileBuilder().stream(stream, [1]).build()).type?.mediaType.name == mediaType)
    }

    @Test func `An installer is known by its class`() {
        let file = CompoundFileBuilder().stream("x", [1])
            .with(\.rootClass, [0x84, 0x10, 0x0C, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46])
        #expect(inspectOffice(file.build()).type?.mediaType == "application/x-msi")
    }

    @Test func `An encrypted package could not be checked`() {
        let (type, codes) = inspectOffice(OfficeBuilder.encryptedPackage().stream("WordDocument", Self.large).build())
        #expect(type?.mediaType == .encryptedOffice)
        #expect(codes == ["office.encrypted"])
    }

    @Test func `Two main documents are refused`() {
        let (type, codes) = inspectOffice(OfficeBuilder.wordFile().stream("Workbook", OfficeBuilder.workbook()).build())
        #expect(codes.contains("office.two-documents"))
        #expect(type?.basis == .signature)
    }
}
