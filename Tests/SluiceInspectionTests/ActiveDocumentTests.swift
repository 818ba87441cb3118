// Documents that act, wherever and however they say it (Threats, T5, T15): fields in every spelling, macros and objects by relationship, imported parts,
// data connections, and all of it inside archives and other documents.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// The findings about a whole attachment, with the words of each.
struct WholeReading {
    var type: RecognizedType
    var findings: [Finding]

    init(_ bytes: [UInt8]) {
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        type = ContentRecognizer.recognize(bytes.span, &context).type
        findings = context.log.findings
    }

    var codes: [String] { findings.map(\.code) }
    var gravest: Severity? { findings.map(\.definition.severity).max() }
    var words: String {
        findings.map { "\($0.entry.map { SafeText.display($0.bytes) } ?? "") \($0.message)" }.joined(separator: "\n")
    }
}

private func run(_ text: String) -> String { "<w:r><w:instrText>\(text)</w:instrText></w:r>" }
private func mark(_ kind: String) -> String { "<w:r><w:fldChar w:fldCharType=\"\(kind)\"/></w:r>" }
private func field(_ inside: String) -> String { "<w:p>" + mark("begin") + inside + mark("end") + "</w:p>" }

struct FieldCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var body: String

    init(_ name: String, _ body: String) { (testDescription, self.body) = (name, body) }
}

@Suite struct ActiveFieldTests {
    static let exchanges: [FieldCase] = [
        FieldCase("plain", field(run("DDE cmd"))),
        FieldCase("small letters", field(run(" ddeauto cmd"))),
        FieldCase("a decimal reference", field(run("&#68;DE cmd"))),
        FieldCase("hexadecimal references", field(run("&#x44;&#x0044;&#x45;AUTO cmd"))),
        FieldCase("a section", field(run("<![CDATA[DDEAUTO]]> cmd"))),
        FieldCase("sections and references in turn", field(run("<![CDATA[D]]>&#68;<![CDATA[E]]> cmd"))),
        FieldCase("a comment inside", field(run("D<!-- x -->D<!-- DATE -->E cmd"))),
        FieldCase("an instruction inside", field(run("D<?x y?>DE cmd"))),
        FieldCase("one letter a run", field(["D", "D", "E", " ", "c"].map(run).joined())),
        FieldCase("behind blanks", field(run(" \t\n  " + String(repeating: " ", count: 70_000) + "DDE cmd"))),
        FieldCase("behind no-break blanks", field(run("&#160;&#8203;DDE cmd"))),
        FieldCase("quoted", field(run("&quot;DDE&quot; cmd"))),
        FieldCase("simple", "<w:fldSimple w:instr=\"DDE cmd\"/>"),
        FieldCase("simple with blanks", "<w:fldSimple  w:instr = '\n DDEAUTO cmd'  />"),
        FieldCase(
            "simple with a reference", "<w:fldSimple w:instr=\"&#68;DE cmd\"><w:r><w:t>x</w:t></w:r></w:fldSimple>"),
        FieldCase("another prefix", "<q:fldSimple xmlns:q=\"n\" q:instr=\"DDE cmd\"/>"),
        FieldCase("no prefix", "<fldSimple xmlns=\"n\" instr=\"DDE cmd\"/>"),
        FieldCase("in a field", field(run("IF 1 = 1 ") + field(run("DDE cmd")) + mark("separate"))),
        FieldCase("around a field", field(run("DD") + field(run("QUOTE")) + run("E cmd"))),
        FieldCase("spelled by a field", field(field(run("QUOTE 68 68 69")) + run(" cmd"))),
        FieldCase(
            "spelled and shown otherwise",
            field(field(run("QUOTE 68 68 69") + mark("separate") + "<w:r><w:t>DATE</w:t></w:r>") + run(" cmd"))),
        FieldCase("quoted by a field", field(field(run("QUOTE \"DDE\"")) + run(" cmd"))),
        FieldCase(
            "shown by a field",
            field(field(run("DOCPROPERTY x") + mark("separate") + "<w:r><w:t>DDE</w:t></w:r>") + run(" cmd"))),
        FieldCase("remembered by a field", field(run("SET a \"DDEAUTO\"")) + field(field(run("REF a")) + run(" cmd"))),
        FieldCase("remembered under a name", field(run("SET a DDEAUTO")) + field(field(run("a")) + run(" cmd"))),
        FieldCase("text in the place of an instruction", field("<w:r><w:t>DDE cmd</w:t></w:r>")),
        FieldCase(
            "in the first choice",
            field(
                "<mc:AlternateContent><mc:Choice>" + run("DDE") + "</mc:Choice><mc:Fallback>" + run("DATE")
                    + "</mc:Fallback></mc:AlternateContent>")),
        FieldCase(
            "in the fallback",
            field(
                run("D") + "<mc:AlternateContent><mc:Choice>" + run("ATE") + "</mc:Choice><mc:Fallback>" + run("DE")
                    + "</mc:Fallback></mc:AlternateContent>")),
        FieldCase("without an end", "<w:p>" + mark("begin") + run("DDE cmd") + "</w:p>"),
        FieldCase("with a result", field(run("DDE cmd") + mark("separate") + "<w:r><w:t>x</w:t></w:r>")),
    ]

    private static func word(_ body: String) -> OpenXMLBuilder {
        .word("<w:p xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"/>" + body)
    }

    @Test(arguments: exchanges) func `A field that starts a program is found in any spelling`(_ example: FieldCase) {
        #expect(WholeReading(Self.word(example.body).build()).codes == ["openxml.dde"])
    }

    @Test(arguments: ["word/header1.xml", "word/footnotes.xml", "customXml/item1.xml", "word/media/a.png"])
    func `It is found in any part, under any type`(_ name: String) {
        let text = "<w:hdr xmlns:w=\"n\">" + field(run("DDE cmd")) + "</w:hdr>"
        let package = OpenXMLBuilder.word().with { $0.defaults.append(("png", "image/png")) }.part(name, text)
        #expect(WholeReading(package.build()).codes == ["openxml.dde"])
    }

    @Test func `It is found in UTF-16`() {
        let text = "<w:hdr xmlns:w=\"n\">" + field(run("DDE cmd")) + "</w:hdr>"
        let wide = text.utf16.reduce(into: [0xFF, 0xFE] as [UInt8]) { $0 += [UInt8($1 & 255), UInt8($1 >> 8)] }
        let package = OpenXMLBuilder.word().with {
            $0.files.append(("word/header1.xml", wide))
        }
        #expect(WholeReading(package.build()).codes == ["openxml.dde"])
    }

    static let fetches: [(String, String)] = [
        ("INCLUDEPICTURE \"\\\\\\\\evil\\\\share\\\\a.png\" \\d", "evil"),
        ("INCLUDEPICTURE \"\\\\evil\\share\\a.png\"", "evil"),
        ("INCLUDEPICTURE http://evil/a.png", "evil"), ("includetext \"http://evil/a.docx\" \\* MERGEFORMAT", "evil"),
        ("INCLUDETEXT &quot;file://evil/a.docx&quot;", "evil"), ("INCLUDETEXT \"mhtml:http://evil/a!b\"", "evil"),
        ("LINK Excel.Sheet.12 \"\\\\\\\\evil\\\\s\\\\a.xlsx\" \"R1C1:R2C2\" \\a", "evil"),
        ("IMPORT \"http://evil/a.wmf\"", "evil"),
        ("INCLUDE \"http://evil/a\"", "evil"), ("RD \"\\\\\\\\evil\\\\s\\\\a.doc\" \\f", "evil"),
        ("DATABASE \\d \"\\\\\\\\evil\\\\s\\\\a.mdb\" \\c \"DSN=x\"", "evil"),
        ("DATABASE \\c \"Provider=SQLOLEDB;Data Source=x;Server=evil\" \\s \"SELECT\"", "evil"),
        ("INCLUDEPICTURE&#160;\"http://evil/a.png\"", "evil"), ("INCLUDEPICTURE \" http://evil/a\"", "evil"),
        ("INCLUDEPICTURE \"%68ttp://evil/a\"", "evil"),
    ]

    @Test(arguments: fetches) func `A field that loads from elsewhere is told like a relationship that does`(
        _ instruction: String, _ place: String
    ) {
        let reading = WholeReading(Self.word(field(run(instruction))).build())
        #expect(reading.codes == ["openxml.external-relationship"])
        #expect(reading.words.contains(place))
    }

    @Test(arguments: [
        " PAGE ", "TOC \\o \"1-3\" \\h \\z \\u", "HYPERLINK \"http://example.org/\"", "DATE \\@ \"dd.MM.yyyy\"",
        "INCLUDEPICTURE \"a.png\" \\d",
        "INCLUDEPICTURE \"C:\\\\pictures\\\\a.png\" \\* MERGEFORMAT",
        "LINK Excel.Sheet.12 \"C:\\\\a.xlsx\" \"Sheet1!R1C1:R9C9\" \\a \\f 0",
        "INCLUDETEXT \"file:///C:/a.docx\"", "= DDE", "REF DDE \\h", "QUOTE \"DDE\"", "MERGEFIELD DDE", "",
    ]) func `An ordinary field is no finding`(_ instruction: String) {
        #expect(
            WholeReading(Self.word(field(run(instruction) + mark("separate") + "<w:r><w:t>DDE</w:t></w:r>")).build())
                .codes == [])
    }

    @Test func `Text that speaks of a field is no field`() {
        let text =
            "<w:p><w:r><w:t>DDEAUTO cmd, &lt;w:instrText&gt; and INCLUDEPICTURE http://example.org</w:t></w:r></w:p>"
        #expect(WholeReading(OpenXMLBuilder.word(text).build()).codes == [])
    }

    @Test func `Fields by the ten thousand cost no more than their text`() {
        let many = String(repeating: mark("begin") + run("QUOTE 68 "), count: 20_000)
        _ = WholeReading(Self.word("<w:p>" + many + "</w:p>").build())
    }
}

@Suite struct ActivePartTests {
    private static let object = OfficeBuilder.object(
        OfficeBuilder.packed("app.log", Array("2026-11-20 10:00 INFO ok\n".utf8)))
    private static let microsoft = "http://schemas.microsoft.com/office/2006/relationships/"
    private static let project = CompoundFileBuilder().stream("VBA/dir", [1]).stream("PROJECT", [1])
    private static func macroType(_ name: String) -> String { "application/vnd.ms-\(name).main+xml" }

    @Test(arguments: ["word/data.dat", "word/media/a.png", "custom/x"])
    func `A macro project is one by its relationship`(_ name: String) {
        let package = OpenXMLBuilder.word().related("vbaProject", name, [1, 2, 3], office: Self.microsoft)
        #expect(WholeReading(package.build()).codes == ["openxml.macro"])
    }

    @Test(arguments: ["../word/da%74a.dat", "./data.dat", "/word/x/../data.dat", "DATA.DAT"])
    func `However its target is spelled`(_ target: String) {
        let package = OpenXMLBuilder.word().related(
            "vbaProject", "word/data.dat", [1], target: target, office: Self.microsoft)
        #expect(WholeReading(package.build()).codes == ["openxml.macro"])
    }

    @Test func `A macro project is one by its bytes`() {
        let package = OpenXMLBuilder.word().related("image", "word/media/a.png", Self.project.build())
        #expect(WholeReading(package.build()).codes == ["openxml.macro"])
    }

    @Test(arguments: [
        "word.document.macroEnabled", "word.template.macroEnabledTemplate", "excel.sheet.macroEnabled",
        "excel.template.macroEnabled", "excel.addin.macroEnabled", "powerpoint.presentation.macroEnabled",
        "powerpoint.addin.macroEnabled", "powerpoint.slideshow.macroEnabled",
    ]) func `A document of a kind that holds macros is set apart for them inside an archive`(_ kind: String) {
        let document = OpenXMLBuilder.word().with { $0.overrides[0].1 = Self.macroType(kind) }
            .related("vbaProject", "word/vbaProject.bin", Self.project.build(), office: Self.microsoft)
        for name in ["a.docm", "a.docx", "a.bin", "a"] {
            let reading = WholeReading(ZipBuilder().file(Array(name.utf8), document.build()).build())
            #expect(reading.codes.contains("office.macro"))
            #expect(reading.gravest == .quarantine)
            #expect(reading.words.contains("macro"))
        }
    }

    @Test func `A binary workbook is walked as well`() {
        let type = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
        let document = OpenXMLBuilder(main: "xl/workbook.bin", type: type, root: "").with {
            $0.parts[0].content = "\u{83}\u{1}\u{0}"
        }
        let macros = document.related("vbaProject", "xl/vbaProject.bin", Self.project.build(), office: Self.microsoft)
        #expect(WholeReading(macros.build()).codes == ["office.macro"])
        // BrtBeginSupBook with its kind: 1 is DDE, 0 a workbook.
        for (kind, codes) in [(1, ["openxml.dde"]), (0, [])] as [(UInt8, [String])] {
            let link: [UInt8] = [0xE8, 0x02, 2, kind, 0]
            let linked = document.related("externalLink", "xl/externalLinks/externalLink1.bin", link)
            #expect(WholeReading(linked.build()).codes == codes)
        }
    }

    @Test func `A document without macros is an honest member, whatever it is`() {
        for type in [
            OpenXMLBuilder.wordMain, "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
            Self.macroType("word.document.macroEnabled"),
        ] {
            let document = OpenXMLBuilder.word().with { $0.overrides[0].1 = type }
            #expect(WholeReading(ZipBuilder().file(Array("a.docx".utf8), document.build()).build()).codes == [])
        }
    }

    @Test func `A document with macros inside a document is found`() {
        let inner = OpenXMLBuilder.word().related("vbaProject", "word/p.bin", [1], office: Self.microsoft)
        for kind in ["package", "oleObject", "image"] {
            let reading = WholeReading(OpenXMLBuilder.excel().related(kind, "xl/media/a.dat", inner.build()).build())
            #expect(reading.codes.contains("openxml.macro"))
        }
    }

    @Test(arguments: ["oleObject", "package"]) func `An embedded object is one by its relationship`(_ kind: String) {
        let package = OpenXMLBuilder.word().related(kind, "word/media/o.bin", Self.object.build())
        #expect(WholeReading(package.build()).codes == ["openxml.embedded-object", "carried.object"])
    }

    @Test(arguments: ["control", "activeXControlBinary"]) func `A control is one by its relationship`(_ kind: String) {
        let package = OpenXMLBuilder.word().related(kind, "word/media/c.xml", Array("<ocx/>".utf8))
        #expect(WholeReading(package.build()).codes == ["openxml.activex"])
    }

    @Test func `A damaged member document says so and refuses nothing else`() {
        let broken = OpenXMLBuilder.word().part("word/x.xml", "hello").build()
        #expect(WholeReading(ZipBuilder().file(Array("a.docx".utf8), broken).build()).gravest == .warning)
    }

    @Test func `Markup beyond measure could not be checked`() {
        let package = OpenXMLBuilder.word("<w:p><w:fldSimple w:instr=\"PAGE\"/></w:p>").build()
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        let isWithin = context.mayRead(markup: 32 << 20)
        #expect(isWithin)
        _ = ContentRecognizer.recognize(package.span, &context)
        #expect(context.log.findings.map(\.code) == ["openxml.part-too-large"])
        let isBeyond = context.mayRead(markup: .max)
        #expect(!isBeyond)
    }

    @Test func `Bytes behind a document are told with a document's remedy`() throws {
        let reading = WholeReading(OpenXMLBuilder.word().build() + Array("<html>page</html>".utf8))
        let finding = try #require(reading.findings.first { $0.code == "openxml.bytes-outside" })
        #expect(finding.definition.mend.contains("Word"))
        #expect(!finding.definition.mend.contains("7-Zip"))
    }

    @Test func `Many parts below the floor are a bomb together`() {
        let zip = (0..<3).reduce(OpenXMLBuilder.word().zip()) {
            BombBuilder.member("word/media/\($1).dat", 16_000, in: $0)
        }
        #expect(WholeReading(zip.build()).codes.contains("archive.budget-ratio"))
    }
}

@Suite struct ImportedPartTests {
    private static func importing(_ part: [UInt8], type: String? = "text/html") -> OpenXMLBuilder {
        .word().related("aFChunk", "word/afchunk.dat", part, type: type)
    }

    static let acting: [String] = [
        "<html><script>x</script></html>", "<HTML><SCRIPT SRC=//h/x></SCRIPT>", "<p><img src=http://h/a.png>",
        "<img src='\\\\h\\s\\a.png'>",
        "<img src=\"&#104;ttp://h/a\">", "<img src=\"ht&#x74;p&colon;//h/a\">", "<img\nsrc\n=\n//h/a>",
        "<img/src=//h/a>", "<iframe src=a.html>",
        "<p onclick=x>", "<img src=a.png onerror='x'>", "<svg/onload=x>", "<object data=a>", "<embed src=a>",
        "<meta http-equiv=refresh content=0>",
        "<META HTTP-EQUIV=\"Refresh\" content=\"0;url=http://h\">", "<link rel=stylesheet href=http://h/a.css>",
        "<base href=http://h/>", "<a href='javascript:x'>",
        "<a href='java\nscript:x'>", "<style>@import 'x'</style>", "<p style=\"background:url(http://h/a)\">",
        "<p style='width:expression(x)'>",
        "<!--[if gte mso 9]><script>x</script><![endif]-->", "<body background=http://h/a>",
        "<v:imagedata src=\"http://h/a\"/>", "<form action=x>",
        "<?import namespace=x implementation='#default#x'?>", "<applet code=a>",
    ]

    @Test(arguments: acting) func `A page that acts or loads is set apart`(_ page: String) {
        for page in [
            Array(page.utf8), [0xEF, 0xBB, 0xBF] + Array(page.utf8),
            page.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
        ] {
            #expect(WholeReading(Self.importing(page).build()).codes == ["openxml.imported-active-page"])
        }
    }

    @Test(arguments: [
        "<html><body><p>part</p></body></html>",
        "<!DOCTYPE html><html><head><meta charset=utf-8><style>p {color: red}</style></head><body><h1>x</h1></body>",
        "<p><a href='http://example.org/'>x</a> <img src='data:image/png;base64,AA'></p>",
        "<?xml version=\"1.0\"?><html xmlns=\"x\"><body/></html>",
        "<table border=1><tr><td>one</td></tr></table>", "<META HTTP-EQUIV=Content-Type CONTENT='text/html'>x",
        "<img src=\"file:///C:/fake/image0.png\">",
    ]) func `A plain page is taken with a warning`(_ page: String) {
        #expect(WholeReading(Self.importing(Array(page.utf8)).build()).codes == ["openxml.imported-page"])
        #expect(
            WholeReading(Self.importing(Array(page.utf8), type: "application/xhtml+xml").build()).codes == [
                "openxml.imported-page"
            ])
    }

    @Test(arguments: ["{\\rtf1 x}", "\r\n {\\rt x}", "{\\RTF1\\objdata 00}", "\u{FEFF}{\\rtf1}"])
    func `Rich Text is set apart`(_ text: String) {
        #expect(
            WholeReading(Self.importing(Array(text.utf8), type: "text/plain").build()).codes == [
                "openxml.imported-rich-text"
            ])
    }

    private static func saved(_ page: String, encoding: String, _ body: [UInt8]? = nil) -> [UInt8] {
        let head =
            "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/html\r\n"
        let part = body ?? Array(page.utf8)
        return Array((head + "Content-Transfer-Encoding: \(encoding)\r\n\r\n").utf8) + part
            + Array("\r\n--b1--\r\n".utf8)
    }

    private static func quoted(_ page: String) -> [UInt8] {
        page.utf8.flatMap { byte -> [UInt8] in
            let digits = String(byte, radix: 16, uppercase: true)
            return Array(("=" + (digits.count == 1 ? "0" : "") + digits + (byte == 0x20 ? "=\r\n" : "")).utf8)
        }
    }

    private static func base64(_ page: String) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bits = page.utf8.flatMap { byte in (0..<8).reversed().map { byte >> $0 & 1 } }
        let out = stride(from: 0, to: bits.count, by: 6).map { start in
            letters[(0..<6).reduce(0) { $0 << 1 | Int(start + $1 < bits.count ? bits[start + $1] : 0) }]
        }
        return out + Array(repeating: UInt8(ascii: "="), count: (4 - out.count % 4) % 4)
    }

    @Test func `A saved page is decoded before it is judged`() {
        let (plain, acting) = (
            "<html><p>x</p><img src=\"file:///C:/fake/a.png\"></html>", "<html><script>x</script></html>"
        )
        for (page, code) in [(plain, "openxml.imported-page"), (acting, "openxml.imported-active-page")] {
            for part in [
                Self.saved(page, encoding: "7bit"), Self.saved(page, encoding: "quoted-printable", Self.quoted(page)),
                Self.saved(page, encoding: "base64", Self.base64(page)),
            ] {
                #expect(WholeReading(Self.importing(part, type: "message/rfc822").build()).codes == [code])
            }
        }
    }

    @Test func `An imported document is inspected like one`() {
        let plain = OpenXMLBuilder.word().build()
        #expect(
            WholeReading(Self.importing(plain, type: OpenXMLBuilder.wordMain).build()).codes == [
                "openxml.imported-document"
            ])
        let macros = OpenXMLBuilder.word().part(
            "word/vbaProject.bin", "x", type: "application/vnd.ms-office.vbaProject"
        ).build()
        #expect(
            WholeReading(Self.importing(macros, type: OpenXMLBuilder.wordMain).build()).codes.contains("openxml.macro"))
        let other = WholeReading(Self.importing(ZipBuilder().file("a", "b").build()).build())
        #expect(other.codes == ["openxml.import-unchecked"])
    }

    @Test(arguments: [
        "<?xml version='1.0'?><pkg:package xmlns:pkg='x'/>",
        "<?mso-application progid='Word.Document'?><w:wordDocument/>", "<meta charset=utf-7>+ADw-",
    ])
    func `What cannot be judged is set apart`(_ part: String) {
        #expect(WholeReading(Self.importing(Array(part.utf8)).build()).codes == ["openxml.import-unchecked"])
    }
}

@Suite struct DataConnectionTests {
    private static func connected(_ inside: String, more: String = "") -> OpenXMLBuilder {
        let list =
            "<connections xmlns=\"n\"><connection id=\"1\" type=\"4\" \(more)>\(inside)</connection></connections>"
        return .excel().related("connections", "xl/c.dat", Array(list.utf8))
    }

    @Test(arguments: [
        ("<webPr url=\"http://example.com/x\"/>", "example.com"),
        ("<webPr url=\"\\\\192.0.2.1\\s\\x.htm\"/>", "192.0.2.1"),
        (
            "<dbPr connection=\"Provider=SQLOLEDB;Data Source=C:\\a.mdb;Server=db.example.com;Password=secret\" command=\"SELECT 1\"/>",
            "db.example.com"
        ),
        ("<olapPr localConnection=\"Provider=MSOLAP;Data Source=http://example.com/olap\"/>", "example.com"),
        ("<textPr sourceFile=\"http://example.com/x.csv\"/>", "example.com"),
    ]) func `The source of a connection is named`(_ inside: String, _ host: String) {
        let reading = WholeReading(Self.connected(inside).build())
        #expect(reading.codes == ["openxml.data-connection"])
        #expect(reading.words.contains(host))
        #expect(!reading.words.contains("secret"))
        let loading = WholeReading(Self.connected(inside, more: "refreshOnLoad=\"1\"").build())
        #expect(loading.gravest == (inside.contains("olapPr") ? loading.gravest : .quarantine))
        #expect(loading.words.contains(host))
    }

    @Test func `A table that refreshes on opening makes a connection graver`() {
        let package = Self.connected("<webPr url=\"http://example.com/x\"/>")
            .part(
                "xl/queryTables/q.xml", "<queryTable xmlns=\"n\" refreshOnLoad=\"1\" connectionId=\"1\"/>",
                type: "application/xml")
        #expect(WholeReading(package.build()).codes == ["openxml.refresh-on-load"])
    }

    @Test func `A workbook linked from elsewhere is named`() {
        let reading = WholeReading(
            OpenXMLBuilder.excel().external("externalLinkPath", "https://example.com/a.xlsx").build())
        #expect(reading.codes == ["openxml.linked-content"])
        #expect(reading.words.contains("example.com"))
    }
}
