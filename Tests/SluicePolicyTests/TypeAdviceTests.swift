import SluiceModel
import Testing

@testable import SluicePolicy

/// What a refusal says of how to have the file accepted: in words, and as a remedy that a program can follow.
@Suite struct TypeAdviceTests {
    private func finding(_ name: String, _ recognized: RecognizedType) -> Finding {
        Policy.portal.judge(
            Submission(declaredName: DeclaredName(name), source: .batch), size: ByteCount(9),
            Inspection(recognized: recognized)
        ).findings[0].finding
    }

    @Test(arguments: [
        ("photo.png", MediaType.jpeg, "Rename the file to photo.jpg"),
        ("shot.jpg", .png, "Rename the file to shot.png"),
        ("a.b.docx", .pdf, "Rename the file to a.b.pdf"), ("notes.pdf", .plainText, "Rename the file to notes.txt"),
        ("run.docx", "text/x-script", "Rename the file to run.txt"), ("data.zip", .tar, "Rename the file to data.tar"),
        ("report.doc", "text/rtf", "Open it in Word and save it as a Word document (.docx)"),
        ("export.xls", .html, "Open it in Excel and save it as an Excel workbook (.xlsx)"),
        ("page.pdf", .html, "Print the page"), ("x.docx", .empty, "The file is empty"),
        ("logs.tar", .gzip, "Unpack the file once"), ("a.zip", "application/vnd.rar", "pack its files into a .zip"),
        ("a.xlsx", "application/vnd.ms-excel.sheet.macroenabled.12", "Open it in Excel"),
        ("a.pdf", "image/heic", "save it as .png or .jpg"),
        ("a.txt", "application/vnd.microsoft.portable-executable", "a person of support then looks at it"),
    ])
    func `Each pair has a remedy of its own`(name: String, content: MediaType, words: String) {
        let remedy = finding(name, RecognizedType(content, .proven)).remedy
        #expect(remedy.contains(words), "\(remedy)")
    }

    @Test(arguments: [
        ("app.log", "app.log.txt"), ("server.conf", "server.conf.txt"), ("events.jsonl", "events.jsonl.txt"),
    ])
    func `Text under another extension is renamed`(name: String, to: String) {
        let found = finding(name, .unrecognized)
        #expect(found.code == "submission.extension-not-allowed")
        #expect(found.remedy.contains(to))
        #expect(found.remedies.first == Remedy(.rename, to: Array(to.utf8)))
    }

    @Test func `A program is said to need a person`() {
        #expect(finding("setup.exe", .unrecognized).remedy.contains("a person of support then looks at it"))
        #expect(finding("setup.exe", .unrecognized).remedies.isEmpty)
    }

    @Test func `A remedy is one JSON object`() {
        #expect(
            Remedy.json(finding("photo.png", RecognizedType(.jpeg, .proven)).remedies)
                == #"[{"kind":"rename","to":"photo.jpg"}]"#)
        let entry = Finding(.memberExecutable, entry: EntryName("bin/x.exe"), [.text("a program")])
        #expect(Remedy.json(entry.remedies) == #"[{"kind":"remove-entries","entries":["bin/x.exe"]}]"#)
    }

    /// A sentence is cut where a fact is shown.
    @Test func `Every sentence is shown whole`() {
        let names = ["a.log", "a.html", "a.odt", "a.ods", "a.ppt", "a.gif", "a.gz", "a.rar", "a.exe", "a.qqq"]
        for name in names { #expect(!finding(name, .unrecognized).remedy.contains("…")) }
    }
}
