// Packages: which document each is, what makes one unsound, and what in a sound one a person should know of (Threats, T5, T14).

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

private struct PackageReading {
    var type: RecognizedType?
    var codes: [String]

    init(_ bytes: [UInt8], budgets: ArchiveBudgets = ArchiveBudgets()) {
        var context = InspectionContext(InspectionOrder(archives: budgets), magic: MagicDatabase())
        type = OpenXMLRecognizer.recognize(bytes.span, &context)?.type
        codes = context.log.findings.map(\.code)
    }
}

struct PackageCase: CustomTestStringConvertible, Sendable {
    var name: String
    var package: OpenXMLBuilder
    var code: String

    init(_ name: String, _ package: OpenXMLBuilder, _ code: String = "") {
        self.name = name
        self.package = package
        self.code = code
    }

    var testDescription: String { name }
}

private func field(_ runs: String...) -> OpenXMLBuilder {
    .word(
        "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>"
            + runs.map { "<w:r><w:instrText>\($0)</w:instrText></w:r>" }.joined() + "</w:p>")
}

private func link(_ child: String) -> OpenXMLBuilder {
    .excel().part(
        "xl/externalLinks/externalLink1.xml",
        "<externalLink xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\(child)</externalLink>",
        type: "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml")
}

private let honest: [PackageCase] = [
    PackageCase("Word", .word()),
    PackageCase("Excel", .excel()),
    PackageCase(
        "strict dialect",
        .word().with {
            $0.relationships = OpenXMLBuilder.relationships([
                (OpenXMLBuilder.strictOffice + "officeDocument", "word/document.xml", false)
            ])
        }),
    PackageCase(
        "target from the root",
        .word().with {
            $0.relationships = OpenXMLBuilder.relationships([
                (OpenXMLBuilder.office + "officeDocument", "/word/document.xml", false)
            ])
        }),
    PackageCase("hyperlink", .word().external("hyperlink", "https://example.org/")),
    PackageCase(
        "template on the author's disk", .word().external("attachedTemplate", "file:///C:\\Users\\a\\Templates\\b.dotx")
    ),
    PackageCase("linked workbook on the own disk", .excel().external("externalLinkPath", "file:///C:\\a.xlsx")),
    PackageCase(
        "declaration-like text in a comment and a section",
        .word("<!-- <!DOCTYPE x> --><w:p><![CDATA[<!ENTITY x>]]></w:p>")),
    PackageCase("ordinary fields", field("PAGE", " \\* MERGEFORMAT")),
    PackageCase("link to a workbook", link("<externalBook/>")),
    PackageCase("recovered piece", .word().part("[trash]/0000.dat", "x")),
]

private let warned: [PackageCase] = [
    PackageCase(
        "remote template", .word().external("attachedTemplate", "http://example.org/t.dotm"),
        "openxml.external-relationship"),
    PackageCase(
        "remote template, strict",
        .word().external("attachedTemplate", "https://example.org/t.dotm", office: OpenXMLBuilder.strictOffice),
        "openxml.external-relationship"),
    PackageCase(
        "template on a share", .word().external("attachedTemplate", "\\\\host\\share\\t.dotm"),
        "openxml.external-relationship"),
    PackageCase(
        "template on a share by URL", .word().external("attachedTemplate", "file://host/t.dotm"),
        "openxml.external-relationship"),
    PackageCase(
        "remote object", .word().external("oleObject", "mhtml:http://example.org/x!y"), "openxml.external-relationship"),
    PackageCase("remote frame", .word().external("frame", "http://example.org/"), "openxml.external-relationship"),
    PackageCase("remote image", .word().external("image", "http://example.org/a.png"), "openxml.linked-content"),
    PackageCase("DDE field", field("DDE cmd"), "openxml.dde"),
    PackageCase("DDE field in pieces", field("D", "DEA", "UTO c:\\\\windows"), "openxml.dde"),
    PackageCase("simple DDE field", .word("<w:fldSimple w:instr=' DDEAUTO \"cmd\"'/>"), "openxml.dde"),
    PackageCase("DDE link", link("<ddeLink ddeService=\"cmd\" ddeTopic=\"x\"/>"), "openxml.dde"),
    PackageCase(
        "embedded object",
        .word().part(
            "word/embeddings/oleObject1.bin", "x", type: "application/vnd.openxmlformats-officedocument.oleObject"),
        "openxml.embedded-object"),
    PackageCase(
        "ActiveX", .word().part("word/activeX/activeX1.xml", "<a/>", type: "application/vnd.ms-office.activeX+xml"),
        "openxml.activex"),
    PackageCase("program", .word().part("word/media/a.png", "MZ\u{0}", type: "image/png"), "openxml.program"),
    PackageCase("part without type", .word().part("extra/a.dat", "x"), "openxml.part-without-type"),
]

private let refused: [PackageCase] = [
    PackageCase(
        "document type", .word().part("word/x.xml", "<!DOCTYPE lolz [<!ENTITY a \"b\">]><a/>"), "openxml.doctype"),
    PackageCase(
        "entity after a comment",
        .word().part("word/x.xml", "<!-- " + String(repeating: "-x", count: 4000) + " --><!ENTITY a \"b\"><a/>"),
        "openxml.doctype"),
    PackageCase(
        "document type in UTF-16", .word().part("word/x.xml", "<\u{0}!\u{0}D\u{0}O\u{0}C\u{0}T\u{0}Y\u{0}P\u{0}E\u{0}"),
        "openxml.doctype"),
    PackageCase(
        "document type in the content types",
        .word().with { $0.contentTypes = "<!DOCTYPE x><Types xmlns=\"\(OpenXMLBuilder.typesNamespace)\"/>" },
        "openxml.content-types"),
    PackageCase(
        "UTF-7", .word().part("word/x.xml", "<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>"), "openxml.not-xml"),
    PackageCase("no XML", .word().part("word/x.xml", "hello"), "openxml.not-xml"),
    PackageCase(
        "macros", .word().part("word/vbaProject.bin", "x", type: "application/vnd.ms-office.vbaProject"),
        "openxml.macro"),
    PackageCase(
        "macros by name",
        .word().with { $0.defaults.append(("bin", "application/octet-stream")) }.part("word/vbaProject.bin", "x"),
        "openxml.macro"),
    PackageCase(
        "macro sheet",
        .excel().part("xl/macrosheets/sheet1.xml", "<a/>", type: "application/vnd.ms-excel.macrosheet+xml"),
        "openxml.macro"),
    PackageCase("main part of another kind", .word().with { $0.parts[0].content = "<workbook/>" }, "openxml.main-part"),
    PackageCase("main part no XML", .word().with { $0.parts[0].content = "hello" }, "openxml.main-part"),
    PackageCase("no relationships", .word().with { $0.relationships = "" }, "openxml.no-main-part"),
    PackageCase(
        "relationship into nothing",
        .word().with {
            $0.relationships = OpenXMLBuilder.relationships([
                (OpenXMLBuilder.office + "officeDocument", "word/other.xml", false)
            ])
        }, "openxml.no-main-part"),
    PackageCase(
        "broken relationships", .word().part("word/_rels/document.xml.rels", "<Relationships><a>"),
        "openxml.relationships"),
    PackageCase(
        "two types for one part",
        .word().with { $0.overrides.append(("/word/document.xml", OpenXMLBuilder.excelMain)) }, "openxml.content-types"),
    PackageCase("a part twice", .word().part("word/Document.xml", "<a/>"), "openxml.duplicate-part"),
    PackageCase("a name that leads out", .word().part("word/../../x.xml", "<a/>"), "openxml.part-name"),
]

@Suite struct OpenXMLTests {
    @Test(arguments: honest) func `An honest document is proven without a finding`(_ example: PackageCase) {
        let reading = PackageReading(example.package.build())
        #expect(reading.codes == [])
        #expect(reading.type?.basis == .proven)
        #expect(
            reading.type?.mediaType == (example.package.parts[0].name.hasPrefix("word") ? .wordOpenXML : .excelOpenXML))
    }

    @Test(arguments: warned) func `What a document does when it is opened is found`(_ example: PackageCase) {
        let reading = PackageReading(example.package.build())
        #expect(reading.codes == [example.code])
        #expect(reading.type?.basis == .proven)
    }

    @Test(arguments: refused) func `An unsound package is not proven`(_ example: PackageCase) {
        let reading = PackageReading(example.package.build())
        #expect(reading.codes.contains(example.code))
        #expect(reading.type?.basis == .signature)
        #expect(FindingDefinition.named(example.code)?.severity == .reject)
    }

    @Test(arguments: [
        ("application/vnd.ms-word.document.macroEnabled.main+xml", "application/vnd.ms-word.document.macroenabled.12"),
        (
            "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
            "application/vnd.ms-word.template.macroenabled.12"
        ),
        ("application/vnd.ms-excel.sheet.macroEnabled.main+xml", "application/vnd.ms-excel.sheet.macroenabled.12"),
        (
            "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
            "application/vnd.ms-excel.sheet.binary.macroenabled.12"
        ),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template"
        ),
        (
            "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        ),
        ("application/vnd.ms-visio.drawing.main+xml", "application/vnd.ms-visio.drawing"),
        ("application/x-anything", "application/x-opc-package"),
    ]) func `Another product's package has its own type`(_ content: String, _ type: String) {
        let package = OpenXMLBuilder.word().with { $0.overrides[0].1 = content }
        #expect(PackageReading(package.build()).type?.mediaType.name == type)
    }

    @Test func `A plain zip is left to others without a finding`() {
        let reading = PackageReading(ZipBuilder().file("a", "b") { $0.localCRC = 1 }.build())
        #expect(reading.type == nil)
        #expect(reading.codes == [])
    }

    @Test func `A part whose checksum is wrong leaves nothing proven`() {
        let zip = OpenXMLBuilder.word().zip().with { ($0.members[2].localCRC, $0.members[2].centralCRC) = (1, 1) }
        let reading = PackageReading(zip.build())
        #expect(reading.codes.contains("zip.crc-wrong"))
        #expect(reading.type?.basis == .signature)
    }

    @Test func `A budget that runs out leaves the document unchecked`() {
        let package = OpenXMLBuilder.word().part(
            "word/media/a.png", String(repeating: " ", count: 3 << 20), type: "image/png")
        let reading = PackageReading(package.build(), budgets: ArchiveBudgets(expandedSize: .mebibytes(1)))
        #expect(reading.codes == ["archive.budget-expanded", "openxml.over-budget"])
        #expect(reading.type?.basis == .signature)
    }

    @Test func `A declaration is found however the part is cut`() {
        let content = Array((String(repeating: "<a>x</a>", count: 60) + "<![CDATA[ ]]><!-- x --><!DOCTYPE y>").utf8)
        for cut in 1..<content.count {
            var scan = XMLDeclarationScan()
            scan.feed(content.span.extracting(0..<cut))
            scan.feed(content.span.extracting(cut..<content.count))
            #expect(scan.finish() == .declaration, "cut at \(cut)")
        }
    }

}

@Suite struct ZipPackageKindTests {
    private static func kind(_ zip: ZipBuilder) -> MediaType? {
        let bytes = zip.build()
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        return ZipStructure.read(bytes.span, &context).flatMap { ZipPackageKind.of($0, in: bytes.span, &context) }
    }

    private static func zip(_ names: [String]) -> ZipBuilder { names.reduce(ZipBuilder()) { $0.file($1, "x") } }

    private static let products: [(names: [String], type: MediaType)] = [
        (["META-INF/MANIFEST.MF", "a/B.class"], "application/java-archive"),
        (["META-INF/MANIFEST.MF", "WEB-INF/web.xml"], "application/x-webarchive"),
        (["AndroidManifest.xml", "classes.dex"], "application/vnd.android.package-archive"),
        (["META-INF/container.xml", "a.opf"], "application/epub+zip"),
        (["META-INF/manifest.xml", "content.xml"], "application/vnd.oasis.opendocument"),
        (["install.rdf", "chrome.manifest"], "application/x-xpinstall"),
        (["META-INF/mozilla.rsa", "manifest.json"], "application/x-xpinstall"),
        (["manifest.json", "_locales/en/messages.json"], "application/x-xpinstall"),
        (["Index/Document.iwa"], "application/vnd.apple.pages"),
        (["Index/Document.iwa", "Index/Slide.iwa"], "application/vnd.apple.keynote"),
        (["Payload/A.app/Info.plist"], "application/x-ios-app"),
        (["a/b.py", "a-1.dist-info/WHEEL"], "application/x-wheel+zip"),
        (["EGG-INFO/PKG-INFO"], "application/x-python-egg"),
        (["doc.kml"], "application/vnd.google-earth.kmz"),
        (["document.json", "meta.json", "pages/1.json"], "application/x-sketch"),
        (["a.nuspec", "lib/a.dll"], "application/vnd.nuget.package"),
    ]

    @Test(arguments: products) func `A product's package is told by what stands at its top`(
        _ names: [String], _ type: MediaType
    ) {
        #expect(Self.kind(Self.zip(names)) == type)
        #expect(Self.kind(Self.zip(names.map { "case-17/" + $0 })) == nil)
    }

    @Test(arguments: ["application/epub+zip", "application/vnd.oasis.opendocument.text"])
    func `A mimetype member is believed`(_ type: String) {
        #expect(Self.kind(ZipBuilder().stored("mimetype", Array(type.utf8)).file("a", "b")) == MediaType(type))
        #expect(Self.kind(ZipBuilder().file("a", "b").file("mimetype", type)) == MediaType(type))
    }

    @Test func `Somebody's file of that name is not`() {
        #expect(Self.kind(ZipBuilder().file("a", "b").file("mimetype", "application/json")) == nil)
        #expect(Self.kind(ZipBuilder().stored("mimetype", Array("see below".utf8))) == nil)
    }

    @Test(arguments: [
        ["app.log"], ["manifest.json"], ["content.xml"], ["logs/a.log", "conf/META-INF/MANIFEST.MF"], ["Index.zip"],
        ["Payload/x.log"],
    ])
    func `Customer's material stays a zip`(_ names: [String]) {
        #expect(Self.kind(Self.zip(names)) == nil)
    }
}
