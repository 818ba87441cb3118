// PDF as viewers read it: values that stand elsewhere, attached files, scripts that only format, words before and behind.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct PDFDocumentTests {
    private func codes(_ change: (inout PDFBuilder) -> Void) -> [String] {
        RecognizerRun(PDFRecognizer.self, PDFBuilder(change).bytes).codes
    }

    private static let script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"

    /// Object 4 is the stream with its one object 9, object 5 what it refers to.
    @Test(arguments: [
        ("/N 1 /First 4 /Filter 5 0 R", "/ASCIIHexDecode"), ("/N 1 /First 4 /Filter [5 0 R]", "/ASCIIHexDecode"),
        ("/N 5 0 R /First 4 /Filter /ASCIIHexDecode", "1"), ("/N 1 /First 5 0 R /Filter /ASCIIHexDecode", "4"),
        ("/N 1 /First 4 /Filter /AHx", "null"), ("/N 1 /First 4 /Fil#74er /ASCIIHexDec#6fde", "null"),
    ])
    func `Objects are found wherever their stream's values stand`(dictionary: String, value: String) {
        let data =
            Array("9 0 \(Self.script)".utf8).flatMap { byte -> [UInt8] in
                Array((byte < 16 ? "0" : "").utf8) + Array(String(byte, radix: 16).utf8)
            } + Array(">".utf8)
        let found = codes {
            $0.catalog = "/OpenAction 9 0 R"
            $0.stream("/Type /ObjStm \(dictionary)", data)
            $0.object(value)
        }
        #expect(found.contains("pdf.javascript"), "\(found)")
    }

    private static func attached(_ name: String, _ content: [UInt8], in place: String) -> [String] {
        let result = RecognizerRun(
            PDFRecognizer.self,
            PDFBuilder {
                $0.catalog = place
                $0.object("<< /Type /Filespec /F (\(name)) /UF (\(name)) /EF << /F 5 0 R >> >>")
                $0.stream("/Type /EmbeddedFile", content)
            }.bytes)
        return result.findings.filter { $0.code.hasPrefix("carried.") }.map {
            "\($0.code) \($0.entry.map(\.description) ?? "")"
        }
    }

    @Test(arguments: ["/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>", "/AF [4 0 R]"])
    func `Attached files are judged by their own bytes`(place: String) {
        let invoice = Array("<?xml version=\"1.0\"?>\n<Invoice><Total>1</Total></Invoice>\n".utf8)
        #expect(Self.attached("factur-x.xml", invoice, in: place) == ["carried.file factur-x.xml"])
        let program =
            [0x4D, 0x5A] + [UInt8](repeating: 0, count: 58) + [64, 0, 0, 0] + Array("PE\0\0".utf8)
            + [UInt8](repeating: 0, count: 300)
        #expect(Self.attached("pay.exe", program, in: place) == ["carried.program pay.exe"])
        #expect(Self.attached("pay.vbs", Array("MsgBox 1\n".utf8), in: place) == ["carried.program pay.vbs"])
    }

    @Test(arguments: [
        ("AFNumber_Format\\(2, 0, 0, 0, \"\", true\\);", "pdf.formatting-script"),
        ("AFDate_FormatEx\\('dd.mm.yyyy'\\)", "pdf.formatting-script"),
        ("AFSimple_Calculate\\(\"SUM\", new Array \\(\"a\", \"b\"\\)\\);", "pdf.formatting-script"),
        ("AFDate_FormatEx\\(\"d\"\\);app.launchURL\\(\"http://192.0.2.1\"\\)", "pdf.javascript"),
        ("AFDate_FormatEx\\(app.alert\\(1\\)\\)", "pdf.javascript"), ("eval\\(\"x\"\\)", "pdf.javascript"),
    ])
    func `Only scripts that format are harmless`(script: String, code: String) {
        let found = codes { $0.object("<< /FT /Tx /AA << /F << /S /JavaScript /JS (\(script)) >> >> >>") }
        #expect(found.contains(code), "\(found)")
        #expect(found.contains("pdf.javascript") == (code == "pdf.javascript"), "\(found)")
    }

    @Test func `A few characters behind are told, and text before is refused by name`() {
        #expect(codes { $0.trailing = Array("12345\n".utf8) } == ["pdf.characters-behind"])
        let before = codes { $0.leading = Array("Warning: something in line 3\n".utf8) }
        #expect(before.contains("pdf.bytes-before"), "\(before)")
    }
}
