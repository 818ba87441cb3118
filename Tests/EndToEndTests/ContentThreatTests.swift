// Content that is not what its name says, or that does something when it is opened (Threats, T3, T5 to T9, T12, T14), through the real program: the
// outcome that a sender gets and the finding that says why, under the default policy, a strict site's and a lenient one's.

import Foundation
import SluiceTestSupport
import Testing

@Suite struct ContentThreatTests {
    struct Threat: Sendable, CustomTestStringConvertible {
        var testDescription: String { name }
        var name: String
        var bytes: [UInt8]
        var code: String
        /// Under `portal`, `strict` and `lenient`.
        var outcomes: [String]

        init(_ name: String, _ bytes: [UInt8], _ code: String, _ outcomes: String) {
            (self.name, self.bytes, self.code) = (name, bytes, code)
            self.outcomes = outcomes.split(separator: " ").map {
                ["a": "accepted", "q": "quarantined", "r": "rejected"][$0]!
            }
        }
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static let page = text("<!DOCTYPE html><html><script>alert(1)</script></html>")
    private static let drawing = text("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")
    private static let program: [UInt8] = [
        0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3E, 0, 1, 0, 0, 0,
    ]
    private static let laughs =
        "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]><a>&c;</a>"
    private static func macros(_ document: OpenXMLBuilder) -> [UInt8] {
        document.part("word/vbaProject.bin", "x", type: "application/vnd.ms-office.vbaProject").build()
    }
    private static func pdf(_ body: String) -> [UInt8] {
        var document = AllowedTypes.document
        document.object(body)
        return document.bytes
    }

    static let all: [Threat] = [
        // T3: a beginning is not a proof.
        Threat("glued.jpg", [0xFF, 0xD8, 0xFF, 0xE0] + text("<?php system($_GET[0]); ?>"), "image.truncated", "r r r"),
        Threat(
            "glued.png", [0x89] + text("PNG\r\n\u{1A}\n<?php system($_GET[0]); ?>"), "image.broken-structure", "r r r"),
        Threat("glued.bmp", text("BM<html><body>hello</body></html>"), "type.mismatch", "r r r"),
        Threat("glued.pdf", text("%PDF-1.7\n<html><body>hello</body></html>"), "pdf.broken-structure", "r r r"),
        Threat("glued.zip", text("PK\u{3}\u{4}<?php system($_GET[0]); ?>"), "zip.no-end-record", "r r r"),
        Threat("tail.png", PNGBuilder.image().bytes + page, "image.trailing-bytes", "r r r"),
        // T5
        Threat("macro.docx", macros(.word()), "openxml.macro", "r r r"),
        Threat(
            "remote.docx", OpenXMLBuilder.word().external("attachedTemplate", "http://example.org/t.dotm").build(),
            "openxml.external-relationship", "q r a"),
        Threat(
            "macro.xls", OfficeBuilder.excelFile().stream("_VBA_PROJECT_CUR/VBA/dir", [1]).build(), "office.macro",
            "q r q"),
        Threat(
            "macro4.xls",
            OfficeBuilder.excelFile(OfficeBuilder.workbook(sheetKind: 1, sheetState: 2, substream: 0x0040)).build(),
            "office.xlm-macro", "q r q"),
        Threat(
            "exchange.doc", OfficeBuilder.wordFile(text: "a \u{13} DDEAUTO c:\\x \u{14}").build(), "office.dde", "q r q"
        ),
        Threat(
            "object.doc", OfficeBuilder.wordFile().stream("ObjectPool/_1/\u{1}Ole", [1]).build(),
            "office.embedded-object", "a r a"),
        Threat("secret.docx", OfficeBuilder.encryptedPackage().build(), "office.encrypted", "q r q"),
        Threat("secret.doc", OfficeBuilder.wordFile(flags: 0x0300).build(), "office.encrypted", "q r q"),
        // T6
        Threat("script.pdf", pdf("<< /S /#4Aava#53cript /JS (app.alert\\(1\\)) >>"), "pdf.javascript", "q q q"),
        Threat("launch.pdf", pdf("<< /S /Launch /F (cmd.exe) >>"), "pdf.launch", "q q q"),
        Threat("files.pdf", pdf("<< /Type /EmbeddedFile >>"), "pdf.embedded-file", "q q a"),
        Threat("opens.pdf", pdf("<< /AA << /O 5 0 R >> >>"), "pdf.automatic-action", "a q a"),
        // T7, T9
        Threat("formula.csv", text("name,value\nx,=cmd|' /C calc'!A0\ny,2\n"), "text.formula-cells", "a q a"),
        Threat("photo.jpg", JPEGBuilder.image { $0.jfif().exif(gpsTags: [1, 2, 3, 4]) }.bytes, "image.gps", "a q a"),
        // T12: what it looks like is named.
        Threat("page.txt", page, "type.other-text", "q r a"), Threat("page.csv", page, "type.other-text", "q r a"),
        Threat("drawing.txt", drawing, "type.other-text", "q r a"),
        Threat("script.txt", text("#!/bin/sh\nrm -rf /\n"), "text.looks-like", "a a a"),
        // T14
        Threat("laughs.docx", OpenXMLBuilder.word().part("word/x.xml", laughs).build(), "openxml.doctype", "r r r"),
        Threat(
            "entity.xlsx",
            OpenXMLBuilder.excel().part(
                "xl/x.xml", "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"
            ).build(), "openxml.doctype", "r r r"),
        // Members
        Threat("program.zip", ZipBuilder().stored("run", program).build(), "archive.member-executable", "q r a"),
        Threat("linked.zip", ZipBuilder().file("a", "x\n").symlink("l", to: "a").build(), "archive.link", "a q a"),
        Threat("twice.zip", ZipBuilder().file("a", "x\n").file("a", "y\n").build(), "archive.duplicate-name", "q q a"),
        Threat("escape.zip", ZipBuilder().file("../a", "x\n").build(), "archive.path-escapes", "r r r"),
    ]

    @Test(arguments: ["portal", "strict", "lenient"]) func `Content is answered as the site wants`(policy: String)
        throws
    {
        let place = try Workplace()
        for threat in Self.all { try place.write("in/\(threat.name)", threat.bytes) }
        let file = Workplace.project.appending(path: "Samples/policies/\(policy).json5").path
        let answers = try place.checking("in", options: ["--policy", policy == "portal" ? policy : file]).answers()
        #expect(answers.count == Self.all.count)
        let column = try #require(["portal", "strict", "lenient"].firstIndex(of: policy))
        for threat in Self.all {
            let answer = try #require(answers.first { ($0["path"] as? String)?.hasSuffix("/" + threat.name) == true })
            // A strict site does not take every type at all.
            guard !codes(answer).contains("submission.extension-not-allowed") else {
                #expect(policy == "strict" && threat.outcomes[column] == "rejected", "\(threat.name)")
                continue
            }
            #expect(codes(answer).contains(threat.code), "\(threat.name): \(codes(answer))")
            #expect(answer["outcome"] as? String == threat.outcomes[column], "\(threat.name): \(codes(answer))")
        }
    }

    /// A level of the strict site is never milder than the portal's, one of the lenient never graver; and each differs somewhere.
    @Test func `The sites differ`() {
        let order = ["accepted": 0, "quarantined": 1, "rejected": 2]
        let graves = Self.all.map { $0.outcomes.map { order[$0]! } }
        #expect(graves.allSatisfy { $0[1] >= $0[0] && $0[2] <= $0[0] })
        #expect(graves.contains { $0[1] > $0[0] } && graves.contains { $0[2] < $0[0] })
    }
}
