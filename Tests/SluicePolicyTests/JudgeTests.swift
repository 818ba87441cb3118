import SluiceModel
import Testing

@testable import SluicePolicy

/// A submission of a name, and an inspection of a type, judged by the portal's policy.
private func judge(
    _ name: String, _ recognized: RecognizedType, opinion: MediaType? = nil, text: TextFeatures? = nil,
    manifest: Manifest? = nil, findings: [Finding] = [], size: Int = 100, declared: SluiceModel.Category? = nil,
    policy: Policy = .portal
) -> Judgement {
    let submission = Submission(declaredName: DeclaredName(name), declaredCategory: declared, source: .batch)
    let inspection = Inspection(
        recognized: recognized, secondOpinion: opinion, manifest: manifest, text: text, findings: findings)
    return policy.judge(submission, size: ByteCount(size), inspection)
}

private func codes(_ judgement: Judgement) -> [String] { judgement.findings.map(\.finding.code) }

@Suite struct WitnessRuleTests {
    @Test func `What is proven and rightly named is accepted`() {
        let judgement = judge("shot.png", RecognizedType(.png, .proven))
        #expect(judgement.verdict == .accepted)
        #expect(judgement.findings.isEmpty)
    }

    @Test(arguments: [
        (RecognizedType(.jpeg, .proven), "type.mismatch"),
        (RecognizedType(.png, .signature), "type.unproven"),
        (RecognizedType.unrecognized, "type.mismatch"),
        (RecognizedType(.png, .structure), "type.unproven"),
    ])
    func `What is not proven to be what its name says is rejected`(recognized: RecognizedType, code: String) {
        let judgement = judge("shot.png", recognized)
        #expect(judgement.verdict == .rejected)
        #expect(codes(judgement) == [code])
    }

    @Test func `Structure alone needs libmagic to agree`() {
        let walked = RecognizedType(.pdf, .structure)
        #expect(judge("a.pdf", walked, opinion: .pdf).verdict == .accepted)
        let disputed = judge("a.pdf", walked, opinion: "text/html")
        #expect(disputed.verdict == .rejected)
        #expect(codes(disputed) == ["type.disputed"])
        #expect(disputed.findings[0].finding.message.contains("text/html"))
    }

    @Test func `The refusal names its witnesses in words and keeps their types as facts`() {
        let finding = judge("a.png", RecognizedType(.html, .proven), opinion: "text/x-php").findings[0].finding
        #expect(finding.message.hasPrefix("The extension .png stands for a PNG picture, but the content is a web page"))
        #expect(!finding.message.contains("libmagic") && !finding.message.contains("text/"))
        #expect(finding.facts.suffix(2) == [.text("text/html"), .text("text/x-php")])
    }

    @Test func `What only libmagic guesses is told as a guess`() {
        let guessed = judge("a.png", .unrecognized, opinion: "image/gif").findings[0].finding
        #expect(guessed.message.contains("perhaps a GIF picture"))
        let strange = judge("a.png", .unrecognized, opinion: "application/x-adobe-aco").findings[0].finding
        #expect(!strange.message.contains("adobe") && strange.message.contains("could not be recognized"))
    }

    @Test(arguments: ["txt", "csv"])
    func `Markup under a text extension is for a person to decide`(name: String) {
        let judgement = judge(
            "page.\(name)", RecognizedType(.html, .proven), text: TextFeatures(encoding: .ascii))
        #expect(judgement.verdict == .quarantined)
        #expect(codes(judgement) == ["type.other-text"])
    }

    @Test func `Content that could not be checked is quarantined and not called broken`() {
        let failed = Finding(.inspectionFailed, [.text("killed")])
        let judgement = judge("a.pdf", .unrecognized, findings: [failed])
        #expect(judgement.verdict == .quarantined)
        #expect(codes(judgement) == ["inspection.failed"])
    }

    @Test func `libmagic is heard under "always" although the type is proven`() {
        #expect(judge("a.png", RecognizedType(.png, .proven), opinion: "image/gif").verdict == .rejected)
    }
}

@Suite struct ExtensionRuleTests {
    static let allowed = ["doc", "docx", "xls", "xlsx", "csv", "txt", "pdf", "bmp", "jpg", "jpeg", "png", "tar", "zip"]
    static let others = [
        "exe", "dll", "com", "scr", "bat", "cmd", "msi", "ps1", "vbs", "js", "jse", "wsf", "hta", "jar", "class", "php",
        "phtml", "php5", "asp", "aspx", "jsp", "cgi", "pl", "py", "rb", "sh", "html", "htm", "xhtml", "svg", "xml",
        "swf",
        "rtf", "odt", "ods", "odp", "docm", "dotx", "xlsm", "xlsb", "xltx", "pptx", "ppt", "msg", "eml", "gz", "bz2",
        "xz",
        "7z", "rar", "iso", "cab", "deb", "rpm", "apk", "gif", "tif", "webp", "ico", "log",
    ]

    @Test(arguments: allowed)
    func `Every allowed extension is allowed in any case`(name: String) {
        for spelling in [name, name.uppercased(), name.prefix(1).uppercased() + name.dropFirst()] {
            #expect(Policy.portal.typeRule(for: DeclaredName("a." + spelling)) != nil, "\(spelling)")
        }
    }

    @Test(arguments: others)
    func `No other extension passes under any disguise`(name: String) {
        let disguises = [
            "a.\(name)", "a.txt.\(name)", "a.\(name.uppercased())", "a.\(name)%00.txt", "a.\(name)\u{0}.txt",
            "a.\(name);.txt",
            "a.\(name).", "a.\(name) ", "a.\(name)::$DATA", "a.txt/.\(name)", "a.\(name)/.txt", ".\(name)",
        ]
        for disguise in disguises {
            let submission = Submission(declaredName: DeclaredName(disguise), source: .batch)
            let judgement = Policy.portal.judgeUnread(submission, announcedSize: ByteCount(10))
            #expect(judgement?.verdict == .rejected, "\(disguise)")
        }
    }

    @Test func `A refusal lists what is allowed`() throws {
        let finding = try #require(judge("a.exe", .unrecognized).findings.first).finding
        #expect(finding.code == "submission.extension-not-allowed")
        #expect(finding.message.contains(".exe") && finding.message.contains(".docx"))
    }

    @Test func `The longest listed extension counts`() {
        #expect(Policy.bundle.typeRule(for: DeclaredName("a.tar.xz"))?.fileExtension == "tar.xz")
        #expect(Policy.bundle.typeRule(for: DeclaredName("a.xz"))?.fileExtension == "xz")
        #expect(Policy.portal.typeRule(for: DeclaredName("a.tar.xz")) == nil)
    }
}

@Suite struct OtherRuleTests {
    @Test(arguments: [(15_728_639, Verdict.accepted), (15_728_640, .accepted), (15_728_641, .rejected)])
    func `The byte after the limit is one too many`(size: Int, verdict: Verdict) {
        #expect(judge("a.png", RecognizedType(.png, .proven), size: size).verdict == verdict)
    }

    @Test(arguments: [
        ("a\u{202E}gpj.png", "name.unprintable"), ("a\nb.png", "name.unprintable"), ("-rf.png", "name.reserved"),
        ("con.png", "name.reserved"), ("setup.exe.png", "name.double-extension"),
        (String(repeating: "x", count: 300) + ".png", "name.too-long"),
    ])
    func `Odd names are told and taken`(name: String, code: String) {
        let judgement = judge(name, RecognizedType(.png, .proven))
        #expect(judgement.verdict == .accepted)
        #expect(codes(judgement).contains(code))
    }

    @Test func `Programs inside an archive are for a person to decide`() {
        let entries = [("bin/tool", "application/x-executable"), ("a.db", "application/vnd.sqlite3")].map {
            name, type in
            ManifestEntry(
                name: EntryName(name), kind: .file, size: ByteCount(10), depth: 1,
                recognized: RecognizedType(MediaType(type), .signature))
        }
        let judgement = judge("a.zip", RecognizedType(.zip, .proven), manifest: Manifest(entries: entries))
        #expect(judgement.verdict == .quarantined)
        #expect(Set(codes(judgement)) == ["archive.member-executable", "archive.member-type"])
    }

    @Test func `The gravest finding comes first and decides`() {
        let judgement = judge("-a.png", RecognizedType(.jpeg, .proven))
        #expect(judgement.findings.map(\.severity) == [.reject, .warning])
    }

    @Test func `The policy may set a level`() {
        var policy = Policy.portal
        policy.levels["name.reserved"] = .reject
        #expect(judge("-a.png", RecognizedType(.png, .proven), policy: policy).verdict == .rejected)
    }

    @Test func `The declared type is no part of the decision`() {
        let claims = ["image/png", "text/html", "application/x-msdownload", "", "\u{0}", "image/png; charset=x"]
        let verdicts = claims.map { claim in
            Policy.portal.judge(
                Submission(declaredName: DeclaredName("a.png"), declaredType: MediaType(claim), source: .batch),
                size: ByteCount(9), Inspection(recognized: RecognizedType(.png, .proven)))
        }
        #expect(Set(verdicts).count == 1)
    }
}

@Suite struct UncheckedTests {
    /// Content that nobody could look into is never handed on by default.
    @Test func `What could not be checked is never accepted by default`() {
        let unchecked = FindingDefinition.all.filter(\.leavesUnchecked)
        #expect(unchecked.contains { $0.code == "inspection.failed" })
        #expect(unchecked.filter { $0.severity < .quarantine }.map(\.code) == [])
    }
}
