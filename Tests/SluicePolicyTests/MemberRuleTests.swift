// Members of archives, judged by their bytes and by their names.

import SluiceModel
import Testing

@testable import SluicePolicy

@Suite struct MemberRuleTests {
    private static func entry(
        _ name: String, _ type: MediaType = .plainText, _ basis: RecognizedType.Basis = .proven
    ) -> ManifestEntry {
        ManifestEntry(
            name: EntryName(name), kind: .file, size: ByteCount(10), depth: 1, recognized: RecognizedType(type, basis),
            text: type.name.hasPrefix("text/") || type == .json ? TextFeatures(encoding: .ascii) : nil)
    }

    private static func judge(
        _ entries: [ManifestEntry], _ type: MediaType = .zip, name: String = "a.zip", policy: Policy = .portal,
        findings: [Finding] = []
    ) -> Judgement {
        policy.judge(
            Submission(declaredName: DeclaredName(name), source: .batch), size: ByteCount(100),
            Inspection(
                recognized: RecognizedType(type, .proven), manifest: Manifest(entries: entries), findings: findings))
    }

    private static func codes(_ judgement: Judgement) -> [String] { judgement.findings.map(\.finding.code) }

    @Test(arguments: ["fix.vbs", "d/invoice.HTA", "in.zip!/go.url", "x.js", "x.lnk", "x.library-ms", "x.hta::$DATA"])
    func `A member that starts by its name sets its archive apart`(_ name: String) {
        for (type, outer) in [(MediaType.zip, "a.zip"), (.tar, "a.tar")] {
            let judgement = Self.judge([Self.entry("app.log"), Self.entry(name)], type, name: outer)
            #expect(judgement.verdict == .quarantined)
            #expect(Self.codes(judgement) == ["archive.member-starts"])
        }
    }

    @Test(arguments: ["run.bat", "run.cmd", "collect.ps1", "a/b.sh", "x.reg", "report.html"])
    func `A script that administrators carry is taken and named`(_ name: String) {
        let judgement = Self.judge([Self.entry("app.log"), Self.entry(name)])
        #expect(judgement.verdict == .accepted)
        #expect(Self.codes(judgement) == ["archive.member-script"])
        #expect(judgement.findings[0].finding.message.contains(name))
    }

    @Test func `JavaScript beside a page or a package file is part of a project`() {
        for beside in ["package.json", "report/index.html"] {
            let type: MediaType = beside.hasSuffix("json") ? .json : .html
            let project = Self.judge([Self.entry(beside, type), Self.entry("report/js/app.js", "text/x-script")])
            #expect(project.verdict == .accepted)
            #expect(Self.codes(project).allSatisfy { $0 == "archive.member-script" })
        }
        // Not in another archive inside the same one.
        let elsewhere = Self.judge([Self.entry("in.zip!/index.html", .html), Self.entry("x.js")])
        #expect(elsewhere.verdict == .quarantined)
        let posing = Self.judge([Self.entry("index.html", .html), Self.entry("invoice.pdf.js")])
        #expect(posing.verdict == .quarantined)
    }

    @Test func `What a stream holds without a name of its own goes by the stream's name`() {
        let inside = Self.judge([
            Self.entry("x.js.gz", .gzip), Self.entry("x.js.gz!/content"),
        ])
        #expect(Self.codes(inside) == ["archive.member-starts"])
        let alone = Self.judge([Self.entry("content")], .gzip, name: "x.hta.gz", policy: .bundle)
        #expect(Self.codes(alone).contains("archive.member-starts"))
        let log = Self.judge([Self.entry("content")], .gzip, name: "app.log.gz", policy: .bundle)
        #expect(Self.codes(log).isEmpty)
    }

    @Test(
        arguments: [
            "application/x-iso9660-image", "application/x-udf-image", "application/x-vhd", "application/x-vhdx",
            "application/x-vmdk", "application/vnd.rar", "application/x-7z-compressed",
            "application/vnd.ms-cab-compressed", "application/vnd.ms-htmlhelp", "application/appx",
            "application/x-ms-wim", "application/x-ace-compressed", "application/x-arj",
            "application/x-lzh-compressed", "application/x-lzop",
        ] as [MediaType])
    func `A container that nobody looks into sets its archive apart`(_ type: MediaType) {
        let judgement = Self.judge([Self.entry("app.log"), Self.entry("data.bin", type, .signature)])
        #expect(judgement.verdict == .quarantined)
        #expect(Self.codes(judgement) == ["archive.member-unreadable"])
        #expect(judgement.findings[0].finding.definition.leavesUnchecked)
    }

    @Test func `What was expanded to its end is judged by what is in it`() {
        for type in [MediaType.cabinet, .gzip, .xz, .bzip2, .compress, .sevenZip] {
            let judgement = Self.judge([Self.entry("a.x", type, .structure), Self.entry("a.x!/app.log")])
            #expect(Self.codes(judgement).isEmpty, "\(type)")
        }
    }

    /// A package whose zip was walked, and of which nobody knows what it installs.
    @Test func `A sound package of an app is no archive that was looked into`() {
        for type in ["application/appx", "application/vsix"] as [MediaType] {
            let judgement = Self.judge([Self.entry("data.zip", type, .structure)])
            #expect(Self.codes(judgement) == ["archive.member-unreadable"])
        }
    }

    @Test func `A disk image by name whose bytes nobody knows could not be checked`() {
        let judgement = Self.judge([Self.entry("invoice.img", .unknown, .none)])
        #expect(Self.codes(judgement) == ["archive.member-unreadable"])
    }

    @Test(
        arguments: [
            "application/x-coredump", "application/x-ms-minidump", "application/x-java-heap-dump",
        ] as [MediaType])
    func `A dump is data`(_ type: MediaType) {
        let judgement = Self.judge([Self.entry("core.4242", type, .signature)])
        #expect(judgement.verdict == .accepted)
        #expect(Self.codes(judgement) == ["archive.member-type"])
    }

    @Test func `Nothing is claimed about the bytes of what was not read, and its name still counts`() {
        let unread = Finding(.zipEncrypted, entry: EntryName("x.bin"))
        let judgement = Self.judge([Self.entry("x.bin", .unknown, .none)], findings: [unread])
        #expect(Self.codes(judgement) == ["zip.encrypted"])
        let named = Finding(.zipEncrypted, entry: EntryName("x.hta"))
        let starting = Self.judge([Self.entry("x.hta", .unknown, .none)], findings: [named])
        #expect(Set(Self.codes(starting)) == ["zip.encrypted", "archive.member-starts"])
    }

    @Test(arguments: [FindingDefinition.budgetEntries, .budgetExpanded, .budgetTime])
    func `Over a budget an archive could not be checked, and nothing else is said`(_ budget: FindingDefinition) {
        for entry in [nil, EntryName("a.log")] {
            let judgement = Policy.portal.judge(
                Submission(declaredName: DeclaredName("a.zip"), source: .batch), size: ByteCount(100),
                Inspection(
                    recognized: RecognizedType(.zip, .signature), manifest: Manifest(entries: [Self.entry("a.log")]),
                    findings: [Finding(budget, entry: entry, [.number(3), .number(2)])]))
            #expect(judgement.verdict == .quarantined)
            #expect(Self.codes(judgement) == [budget.code])
        }
    }
}
