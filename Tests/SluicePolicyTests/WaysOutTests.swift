import SluiceModel
import Testing

@testable import SluicePolicy

/// The way out for each pair of a name and what the content is.
@Suite struct WaysOutTests {
    private func finding(_ name: String, _ recognized: RecognizedType, _ policy: Policy = .portal) throws -> Finding {
        let submission = Submission(declaredName: DeclaredName(name), source: .batch)
        let judgement = policy.judge(submission, size: ByteCount(100), Inspection(recognized: recognized))
        return try #require(judgement.findings.first).finding
    }

    @Test(arguments: [
        ("shot.jpg", RecognizedType(.png, .proven), "shot.png"),
        ("shot.png", RecognizedType(.jpeg, .proven), "shot.jpg"),
        ("a.b.doc", RecognizedType(.wordOpenXML, .proven), "a.b.docx"),
        ("list.xlsx", RecognizedType(.csv, .proven), "list.csv"),
        ("notes.docx", RecognizedType(.plainText, .proven), "notes.txt"),
        ("a.tar", RecognizedType(.zip, .proven), "a.zip"),
        ("photo.jfif", RecognizedType(.jpeg, .proven), "photo.jpg"),
        ("app.log", RecognizedType(.plainText, .proven), "app.log.txt"),
        ("messages", RecognizedType(.plainText, .proven), "messages.txt"),
        ("app.log", .unrecognized, "app.log.txt"), ("app.log.1", .unrecognized, "app.log.1.txt"),
    ])
    func aProvenTypeIsRenamedToItsOwnExtension(name: String, recognized: RecognizedType, wanted: String) throws {
        let finding = try finding(name, recognized)
        #expect(finding.remedies.first == Remedy(.rename, to: wanted))
        #expect(finding.remedy.contains(wanted))
        // Followed, it leads on: the name is allowed and stands for the type.
        let rule = try #require(Policy.portal.typeRule(for: DeclaredName(wanted)))
        #expect(recognized == .unrecognized || rule.recognized.contains(recognized.mediaType))
    }

    @Test(arguments: [
        ("report.doc", "text/rtf" as MediaType, "Word", "report.docx"), ("export.xls", .html, "Excel", "export.xlsx"),
        ("export.xls", .xml, "Excel", "export.xlsx"), ("page.doc", .html, "Word", "page.docx"),
        ("text.docx", "application/vnd.oasis.opendocument.text", "Word", "text.docx"),
        ("anim.png", "image/gif", "an image viewer", "anim.png"),
    ])
    func whatAnotherProgramCanSaveNamesTheProgram(name: String, type: MediaType, program: String, wanted: String) throws
    {
        let finding = try finding(name, RecognizedType(type, .proven))
        #expect(finding.remedies.first == Remedy(.saveAs, to: wanted, with: program))
        #expect(finding.remedy.contains(program) && !finding.remedy.contains("application/"))
    }

    @Test(arguments: [
        ("a.tar", MediaType.gzip, "gunzip"), ("a.txt", .xz, "unxz"), ("a.zip", "application/vnd.rar", "Unpack"),
    ])
    func whatIsCompressedIsUnpackedOrPacked(name: String, type: MediaType, word: String) throws {
        let finding = try finding(name, RecognizedType(type, .proven))
        #expect(finding.remedy.contains(word))
        #expect(finding.remedies == [Remedy(.compress, to: "a.zip")])
    }

    @Test func anEmptyFileIsCalledEmpty() throws {
        let finding = try finding("new.docx", RecognizedType(.empty, .proven, detail: "empty"))
        #expect(finding.code == "type.empty")
        #expect(finding.message.contains("empty") && finding.remedies.isEmpty)
    }

    @Test(arguments: ["setup.exe", "run.hta", "link.lnk", "a.jar"])
    func aProgramIsToldThatAPersonWillLook(name: String) throws {
        let finding = try finding(name, .unrecognized)
        #expect(finding.code == "submission.extension-not-allowed")
        #expect(finding.remedy.contains("a person will look"))
        #expect(finding.remedies.isEmpty)
    }

    @Test func aBrokenImageUnderAnotherNameIsNotToldToBeRenamed() throws {
        #expect(try finding("a.jpg", RecognizedType(.png, .signature)).remedies.first?.kind != .rename)
    }

    @Test(arguments: [
        ("a.txt::$DATA", "a.txt"), ("a.php;.jpg", "a.php_.jpg"), ("../a.txt", ".._a.txt"), ("a.txt. .", "a.txt"),
    ])
    func aDisguisedNameIsToldItsPlainForm(name: String, plain: String) throws {
        let submission = Submission(declaredName: DeclaredName(name), source: .batch)
        let judgement = Policy.portal.judge(
            submission, size: ByteCount(9), Inspection(recognized: RecognizedType(.plainText, .proven)))
        let found = judgement.findings.map(\.finding).first { $0.code == "name.disguised-extension" }
        #expect(found?.remedies == [Remedy(.rename, to: plain)])
        #expect(
            NameRule().findings(
                Case(
                    policy: .portal, submission: Submission(declaredName: DeclaredName(plain), source: .batch),
                    size: ByteCount(9),
                    inspection: Inspection(), ownCategory: CategoryJudgement(.other, basis: "", confidence: 0))
            )
            .allSatisfy { $0.definition.severity < .reject })
    }

    @Test func aGuessIsToldAsPerhaps() {
        #expect(RecognizedType("application/vnd.ms-cab-compressed", .none).words == "perhaps a Windows cabinet (.cab)")
        #expect(RecognizedType("application/vnd.ms-cab-compressed", .signature).words == "a Windows cabinet (.cab)")
        #expect(RecognizedType.unrecognized.words == "of no type that is known here")
    }
}
