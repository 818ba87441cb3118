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
    @Test func whatIsProvenAndRightlyNamedIsAccepted() {
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
    func whatIsNotProvenToBeWhatItsNameSaysIsRejected(recognized: RecognizedType, code: String) {
        let judgement = judge("shot.png", recognized)
        #expect(judgement.verdict == .rejected)
        #expect(codes(judgement) == [code])
    }

    @Test func structureAloneNeedsLibmagicToAgree() {
        let walked = RecognizedType(.pdf, .structure)
        #expect(judge("a.pdf", walked, opinion: .pdf).verdict == .accepted)
        let disputed = judge("a.pdf", walked, opinion: "text/html")
        #expect(disputed.verdict == .rejected)
        #expect(codes(disputed) == ["type.disputed"])
        #expect(disputed.findings[0].finding.message.contains("an HTML page"))
    }

    @Test func theRefusalSpeaksInWordsAndKeepsTheGuessAmongTheFacts() {
        let finding = judge("a.png", RecognizedType(.html, .proven), opinion: "text/x-php").findings[0].finding
        for word in [".png", "a PNG picture", "an HTML page"] { #expect(finding.message.contains(word)) }
        #expect(!finding.message.contains("libmagic") && !finding.message.contains("text/"))
        #expect(finding.facts.last == .text("text/x-php"))
    }

    @Test(arguments: ["txt", "csv"])
    func markupUnderATextExtensionIsForAPersonToDecide(name: String) {
        let judgement = judge(
            "page.\(name)", RecognizedType(.html, .proven), text: TextFeatures(encoding: .ascii))
        #expect(judgement.verdict == .quarantined)
        #expect(codes(judgement) == ["type.other-text"])
    }

    @Test func contentThatCouldNotBeCheckedIsQuarantinedAndNotCalledBroken() {
        let failed = Finding(.inspectionFailed, [.text("killed")])
        let judgement = judge("a.pdf", .unrecognized, findings: [failed])
        #expect(judgement.verdict == .quarantined)
        #expect(codes(judgement) == ["inspection.failed"])
    }

    @Test func libmagicIsHeardUnderAlwaysAlthoughTheTypeIsProven() {
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
    func everyAllowedExtensionIsAllowedInAnyCase(name: String) {
        for spelling in [name, name.uppercased(), name.prefix(1).uppercased() + name.dropFirst()] {
            #expect(Policy.portal.typeRule(for: DeclaredName("a." + spelling)) != nil, "\(spelling)")
        }
    }

    @Test(arguments: others)
    func noOtherExtensionPassesUnderAnyDisguise(name: String) {
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

    @Test func aRefusalListsWhatIsAllowed() throws {
        let finding = try #require(judge("a.exe", .unrecognized).findings.first).finding
        #expect(finding.code == "submission.extension-not-allowed")
        #expect(finding.message.contains(".exe") && finding.message.contains(".docx"))
    }

    @Test func theLongestListedExtensionCounts() {
        #expect(Policy.bundle.typeRule(for: DeclaredName("a.tar.xz"))?.fileExtension == "tar.xz")
        #expect(Policy.bundle.typeRule(for: DeclaredName("a.xz")) == nil)
        #expect(Policy.portal.typeRule(for: DeclaredName("a.tar.xz")) == nil)
    }
}

@Suite struct OtherRuleTests {
    @Test(arguments: [(15_728_639, Verdict.accepted), (15_728_640, .accepted), (15_728_641, .rejected)])
    func theByteAfterTheLimitIsOneTooMany(size: Int, verdict: Verdict) {
        #expect(judge("a.png", RecognizedType(.png, .proven), size: size).verdict == verdict)
    }

    @Test(arguments: [
        ("a\u{202E}gpj.png", "name.unprintable"), ("a\nb.png", "name.unprintable"), ("-rf.png", "name.reserved"),
        ("con.png", "name.reserved"), ("setup.exe.png", "name.double-extension"),
        (String(repeating: "x", count: 300) + ".png", "name.too-long"),
    ])
    func oddNamesAreToldAndTaken(name: String, code: String) {
        let judgement = judge(name, RecognizedType(.png, .proven))
        #expect(judgement.verdict == .accepted)
        #expect(codes(judgement).contains(code))
    }

    @Test func programsInsideAnArchiveAreForAPersonToDecide() {
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

    @Test func theGravestFindingComesFirstAndDecides() {
        let judgement = judge("-a.png", RecognizedType(.jpeg, .proven))
        #expect(judgement.findings.map(\.severity) == [.reject, .warning])
    }

    @Test func thePolicyMaySetALevel() {
        var policy = Policy.portal
        policy.levels["name.reserved"] = .reject
        #expect(judge("-a.png", RecognizedType(.png, .proven), policy: policy).verdict == .rejected)
    }

    @Test func theDeclaredTypeIsNoPartOfTheDecision() {
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
    /// A code that is misspelled in the set would silently turn "could not be checked" into "broken".
    @Test func everyUncheckedCodeExists() {
        let named = FindingDefinition.all.filter(\.leavesUnchecked)
        #expect(named.count == 16)
        #expect(named.allSatisfy { $0.severity >= .quarantine })
    }
}
