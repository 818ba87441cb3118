// `unlistedText`: text under its own name, whatever the name, unless a desktop runs files of that name.

import SluiceModel
import Testing

@testable import SluicePolicy

@Suite struct UnlistedTextTests {
    private static func judge(
        _ name: String, _ type: MediaType = .plainText, isText: Bool = true, policy: Policy = .bundle
    ) -> Judgement {
        policy.judge(
            Submission(declaredName: DeclaredName(name), source: .batch), size: ByteCount(100),
            Inspection(
                recognized: RecognizedType(type, isText ? .proven : .signature),
                text: isText ? TextFeatures(encoding: .ascii) : nil))
    }

    private static func codes(_ judgement: Judgement) -> [String] { judgement.findings.map(\.finding.code) }

    @Test(arguments: [
        "messages", "syslog", "syslog.1", "messages-20261101", "app.log.1", "app.log.2026-11-01", "catalina.out",
        "access_log", "dmesg", "trace.trc", "mysqld.err", "events.jsonl", "application.properties", "my.cnf", "fstab",
        "config.toml", "sshd_config", "app.service", "rules.v4", "running-config", "Dockerfile", "daemon.log.old",
        "www.example.com", "Größe.notes", "a b c",
    ])
    func `Text is taken under its own name`(_ name: String) {
        #expect(Self.judge(name).verdict == .accepted)
        #expect(Self.codes(Self.judge(name)).isEmpty)
        let unread = Policy.bundle.judgeUnread(
            Submission(declaredName: DeclaredName(name), source: .batch), announcedSize: nil)
        #expect(unread == nil)
        #expect(Self.judge(name, policy: .portal).verdict == .rejected)
    }

    @Test(arguments: [
        (".env", "name.reserved"), ("-x", "name.reserved"), ("run.sh", "name.script"), ("a.py", "name.script"),
    ])
    func `An odd name is a warning at most`(_ name: String, _ code: String) {
        let judgement = Self.judge(name)
        #expect(judgement.verdict == .accepted)
        #expect(Self.codes(judgement) == [code])
    }

    @Test(arguments: ["setup.exe", "invoice.hta", "update.log.js", "x.vbs", "run.bat", "run.cmd", "x.reg", "x.lnk"])
    func `A name that a desktop runs stays out`(_ name: String) {
        #expect(Self.judge(name).verdict == .rejected)
        let unread = Policy.bundle.judgeUnread(
            Submission(declaredName: DeclaredName(name), source: .batch), announcedSize: nil)
        #expect(unread?.verdict == .rejected)
    }

    @Test func `What is no text stays out`() {
        #expect(Self.codes(Self.judge("messages", .png, isText: false)) == ["submission.extension-not-allowed"])
        #expect(Self.codes(Self.judge("blob", .unknown, isText: false)) == ["submission.extension-not-allowed"])
    }

    @Test func `Pages are taken under a page's name alone`() {
        #expect(Self.judge("report.html", .html).verdict == .accepted)
        #expect(Self.judge("messages", .html).verdict == .quarantined)
        #expect(Self.judge("notes", "text/rtf").verdict == .quarantined)
        #expect(Self.judge("server", .xml).verdict == .accepted)
    }

    @Test(arguments: ["a\0b", "a/b", "x.", "x.txt::$DATA"]) func `Disguised names stay refused`(_ name: String) {
        #expect(Self.judge(name).verdict == .rejected)
    }

    @Test func `Rotated and compressed logs are listed`() {
        for (name, type) in [
            ("messages-20261018.xz", MediaType.xz), ("app.log.zst", .zstandard), ("app.log.bz2", .bzip2),
            ("scc.txz", .xz),
            ("a.tar.bz2", .bzip2), ("a.tbz2", .bzip2), ("a.tar.xz", .xz),
        ] {
            #expect(Policy.bundle.typeRule(for: DeclaredName(name))?.recognized == [type], "\(name)")
        }
    }

    @Test(arguments: ["logs.z01", "logs.zip.001", "logs.part1.rar", "logs.7z.002"])
    func `A part of a split archive is called that`(_ name: String) {
        let judgement = Self.judge(name, .unknown, isText: false, policy: .portal)
        #expect(judgement.verdict == .rejected)
        #expect(Self.codes(judgement) == ["zip.several-disks", "submission.extension-not-allowed"])
    }
}
