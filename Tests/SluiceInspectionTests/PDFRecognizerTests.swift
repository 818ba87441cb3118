import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct PDFRecognizerTests {
    private func run(_ change: (inout PDFBuilder) -> Void = { _ in }) -> RecognizerRun {
        RecognizerRun(PDFRecognizer.self, PDFBuilder(change).bytes)
    }

    typealias Change = @Sendable (inout PDFBuilder) -> Void

    @Test(
        arguments: [
            { _ in }, { $0.crossReference = .stream }, { $0.stream("", Array("BT (hello) Tj ET".utf8)) },
            { $0.endMark = "%%EOF" }, { $0.endMark = "%%EOF\r\n\u{0}\u{0}\n" },
            { $0.objectStream(["<< /A 1 >>", "[1 2]"]) },
            { $0.stream("", Array("endobj xref trailer (".utf8)) },
            {
                $0.object("12"); $0.stream("", Array("(endstream is text) Tj, 28 b".utf8), claimingLength: "4 0 R")
            },
            { $0.object("(a string with ) inside \\) and (balanced) ones)") },
        ] as [Change])
    func rightDocumentsAreProven(_ change: Change) {
        let result = run(change)
        #expect(result.type?.mediaType == .pdf)
        #expect(result.codes.filter { $0 != "pdf.unaccounted-bytes" } == [])
        #expect(result.isAccepted)
    }

    @Test(arguments: [PDFBuilder.CrossReference.table, .stream])
    func `Both kinds of cross-reference prove every byte`(_ kind: PDFBuilder.CrossReference) {
        #expect(run { $0.crossReference = kind }.type?.basis == .proven)
    }

    @Test(
        arguments: [
            .init("pdf.leading-bytes") { $0.leading = [10, 32] },
            .init("pdf.leading-bytes") { $0.leading = [0xEF, 0xBB, 0xBF] },
            .init("pdf.cross-reference") { $0.shift = 3 }, .init("pdf.cross-reference") { $0.startShift = 7 },
            .init("pdf.cross-reference") {
                $0.crossReference = .stream; $0.shift = 3
            },
            .init("pdf.cross-reference") { $0.crossReference = .none },
            .init("pdf.unaccounted-bytes") { $0.stray = Array("oops\n".utf8) },
        ] as [Oddity<PDFBuilder>])
    func `Honest slips are accepted`(_ odd: Oddity<PDFBuilder>) {
        let result = run(odd.change)
        #expect(result.codes == [odd.code])
        #expect(result.isAccepted)
    }

    @Test(arguments: [
        ("%PDF-1.4\n<html><body>hello</body></html>", "pdf.broken-structure"), ("%PDF-", "pdf.broken-structure"),
        ("%PDF-1.4", "pdf.broken-structure"), ("%PDF-<?php", "pdf.broken-structure"),
        ("%PDF-1.4\n1 0 obj\n<< /Type /Font >>\nendobj\nstartxref\n0\n%%EOF", "pdf.broken-structure"),
        ("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "pdf.truncated"),
        ("%PDF-1.4\n1 0 obj\n<< /Type /Catalog", "pdf.truncated"),
        ("%PDF-1.4\n1 0 obj\n<< /Length 9 >>\nstream\nabc", "pdf.truncated"),
    ])
    func `What only begins like a document is named`(_ text: String, code: String) {
        let result = RecognizerRun(PDFRecognizer.self, Array(text.utf8))
        #expect(result.codes.first == code)
        #expect(result.type?.basis == .signature)
    }

    @Test(arguments: ["%FDF-1.2\n", "hello %PDF-1.4", "<html>%PDF-1.4", "%!PS-Adobe-3.0\n%PDF-1.4", ""])
    func `Other beginnings are not claimed`(_ text: String) {
        let result = RecognizerRun(PDFRecognizer.self, Array(text.utf8))
        #expect(!result.isClaimed)
        #expect(result.type == nil)
    }

    @Test func `Every cut is rejected`() {
        for kind in [PDFBuilder.CrossReference.table, .stream] {
            let whole = PDFBuilder {
                $0.crossReference = kind; $0.stream("", [UInt8](repeating: 65, count: 50))
            }.bytes
            let end = whole.count - "startxref\n1234\n%%EOF\n".utf8.count
            for length in 8..<end - 10 {
                #expect(!RecognizerRun(PDFRecognizer.self, Array(whole[..<length])).isAccepted, "cut at \(length)")
            }
        }
    }

    @Test(arguments: [
        (Array("<!DOCTYPE html><html></html>".utf8), "HTML or XML"), (Array("a,b\n1,2\n".utf8), "text"),
        (Array("PK\u{3}\u{4}".utf8), "a ZIP archive"), (JPEGBuilder.image().bytes, "a JPEG image"),
        (PNGBuilder.image().bytes, "a PNG image"), (BMPBuilder().bytes, "a BMP image"),
        (PDFBuilder().bytes, "another PDF document"), ([UInt8](repeating: 65, count: 2000), "text"),
        (Array("\n% comment\n".utf8) + [UInt8](repeating: 65, count: 300), "text"),
    ])
    func `Bytes behind the end are named`(_ tail: [UInt8], name: String) {
        let result = run { $0.trailing = tail }
        #expect(result.codes.contains("pdf.trailing-bytes"))
        let finding = result.findings.first { $0.code == "pdf.trailing-bytes" }
        #expect(finding?.facts.last == .text(name))
        #expect(result.type?.basis == .signature)
    }

    @Test func `A short comment behind the end is slack`() {
        #expect(run { $0.trailing = Array("% made by a printer\n".utf8) }.isAccepted)
        #expect(!run { $0.endMark = "%%EOF<?php phpinfo(); ?>" }.isAccepted)
    }

    @Test(arguments: [
        ("<< /Names << /EmbeddedFiles << /Names [] >> >> >>", nil as String?), ("<< /AcroForm << /XFA [] >> >>", nil),
        ("<< /S /GoToR /F (b.pdf) >>", "pdf.other-document"),
    ])
    func `What holds nothing or only opens another document is no danger`(_ body: String, code: String?) {
        #expect(run { $0.object(body) }.codes == [code].compactMap { $0 })
    }

    @Test(arguments: [
        ("<< /S /JavaScript /JS (app.alert(1)) >>", "pdf.javascript", "/JavaScript 1 ×, /JS 1 ×"),
        ("<< /S /#4Aava#53cript /J#53 (x) >>", "pdf.javascript", "/JavaScript 1 ×, /JS 1 ×"),
        ("<< /S /Launch /F (cmd.exe) >>", "pdf.launch", "/Launch 1 ×"),
        ("<< /Type /EmbeddedFile >>", "pdf.embedded-file", "/EmbeddedFile 1 ×"),
        ("<< /Subtype /RichMedia >>", "pdf.rich-media", "/RichMedia 1 ×"),
        ("<< /S /SubmitForm /F (http://example.com) >>", "pdf.sends-data", "/SubmitForm 1 ×"),
        ("<< /OpenAction [3 0 R /Fit] >>", "pdf.automatic-action", "/OpenAction 1 ×"),
        ("<< /AA << /O 5 0 R >> >>", "pdf.automatic-action", "/AA 1 ×"),
        ("/JavaScript", "pdf.javascript", "/JavaScript 1 ×"),
    ])
    func `Active names are listed`(_ body: String, code: String, names: String) {
        let changes: [Change] = [
            { $0.object(body) }, { $0.objectStream(["<< /Type /Font >>", body, "null"]) },
            {
                $0.objectStream([body], filter: "/ASCIIHexDecode") {
                    Array($0.map { byte in hexadecimal(byte) }.joined().utf8)
                }
            },
        ]
        for change in changes {
            let result = run(change)
            #expect(result.codes == [code])
            #expect(result.findings.first?.facts == [.text(names)])
        }
    }

    @Test func `Names in strings, streams and comments do not count`() {
        let result = run {
            $0.object("(/JavaScript /Launch) % /JavaScript")
            $0.stream("", Array("<< /S /JavaScript /JS (x) >>".utf8))
            $0.object("<< /Font << /F1 /AA /F2 /JS >> /Launcher 1 >>")
        }
        #expect(result.codes.isEmpty)
    }

    @Test func `An object inside the data of another is named`() {
        let inner = Array("77 0 obj\n<< /S /JavaScript >>\nendobj\n".utf8)
        var builder = PDFBuilder()
        builder.stream("", inner)
        let whole = builder.bytes
        let at = whole.indices.first { whole[$0...].starts(with: inner) } ?? 0
        #expect(RecognizerRun(PDFRecognizer.self, whole).codes.isEmpty)
        let update = "xref\n77 1\n00000\(String(at + 100_000).dropFirst()) 00000 n \ntrailer\n<< /Root 1 0 R >>\n"
        let end = Array("\(update)startxref\n\(whole.count)\n%%EOF\n".utf8)
        #expect(RecognizerRun(PDFRecognizer.self, whole + end).codes == ["pdf.hidden-objects"])
    }

    @Test func `An update may follow the end mark on the same line`() {
        let update = Array("7 0 obj\n<< /S /Launch >>\nendobj\nstartxref\n0\n%%EOF\n".utf8)
        let result = RecognizerRun(PDFRecognizer.self, PDFBuilder { $0.endMark = "%%EOF" }.bytes + update)
        #expect(result.codes.contains("pdf.launch"))
        #expect(!result.codes.contains("pdf.trailing-bytes"))
    }

    @Test func `An object stream is looked into whatever its type`() {
        let result = run { $0.stream("/N 1 /First 6", Array("100 0 << /S /Launch >>".utf8)) }
        #expect(result.codes == ["pdf.launch"])
    }

    @Test func `Encryption means not checked`() {
        for kind in [PDFBuilder.CrossReference.table, .stream] {
            let result = run {
                $0.crossReference = kind
                $0.trailer = "/Encrypt 9 0 R"
            }
            #expect(result.codes == ["pdf.encrypted"])
            #expect(result.gravest == .quarantine)
        }
    }

    @Test(arguments: ["/LZWDecode", "/FlateDecode"])
    func `Objects that cannot be read are quarantined`(_ filter: String) {
        let result = run { $0.objectStream(["<< /S /JavaScript >>"], filter: filter) { _ in Array("no stream".utf8) } }
        #expect(result.codes == ["pdf.objects-unreadable"])
    }

    @Test func `Expanding objects spends the budget`() {
        let order = InspectionOrder(archives: ArchiveBudgets(expandedSize: ByteCount(1000)))
        let bytes = PDFBuilder { $0.objectStream([String(repeating: "[1]", count: 1000)]) }.bytes
        #expect(RecognizerRun(PDFRecognizer.self, bytes, order).codes == ["pdf.objects-unreadable"])
        #expect(RecognizerRun(PDFRecognizer.self, bytes).codes.isEmpty)
    }

    @Test func `A loop of sections ends`() {
        var builder = PDFBuilder()
        let start = builder.bytes.count
        builder.trailer = "/Prev \(start) /XRefStm 5"
        #expect(RecognizerRun(PDFRecognizer.self, builder.bytes).type?.mediaType == .pdf)
    }

    @Test(arguments: [("AIPrivateData1", "application/illustrator"), ("AIPDFPrivateData1", "application/pdf")])
    func `Illustrator's own document is a type of its own`(_ key: String, type: String) {
        let result = run { $0.object("<< /AIMetaData 5 0 R /\(key) 6 0 R >>") }
        #expect(result.type?.mediaType.name == type)
    }

    @Test func `A zip end record inside the last stream is a second format`() {
        let directory = Array("PK\u{1}\u{2}".utf8) + [UInt8](repeating: 0, count: 42)
        let end =
            Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0, 1, 0, 1, 0] + littleEndian32(46) + littleEndian32(0) + [0, 0]
        #expect(run { $0.stream("", directory + end) }.codes == ["pdf.second-format"])
    }

    @Test func `Much between the objects is foreign`() {
        #expect(run { $0.stray = [UInt8](repeating: 65, count: 2000) }.codes == ["pdf.foreign-bytes"])
    }

    @Test func `Damage never traps or hangs`() {
        let valid = PDFBuilder {
            $0.crossReference = .stream
            $0.objectStream(["<< /S /GoTo >>", "[1 2 3]"])
            $0.stream("/DecodeParms << /Predictor 12 /Columns 5 >>", [1, 2, 3])
        }.bytes
        var rejected = 0
        mutate(valid, rounds: 3000, seed: 14) { bytes in
            if RecognizerRun(PDFRecognizer.self, bytes).type?.basis != .proven { rejected += 1 }
        }
        #expect(rejected > 500, "seed 14")
    }

    @Test(arguments: ["(", "<<", "[", "1 0 obj ", "1 0 obj << /A (", "stream endstream ", "%\n", "xref 0 9 "])
    func repetitionStaysLinear(_ piece: String) {
        let bytes = Array(("%PDF-1.4\n" + String(repeating: piece, count: 40_000)).utf8)
        let clock = ContinuousClock()
        let spent = clock.measure { #expect(!RecognizerRun(PDFRecognizer.self, bytes).isAccepted) }
        #expect(spent < .seconds(20))
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16)
    return text.count == 1 ? "0" + text : text
}
