// What a sender claims, in tables: extensions in every case and under every usual disguise (Threats, T1), and content types that decide
// nothing (T2).

import SluiceModel
import Testing

@testable import SluicePolicy

@Suite struct ClaimTests {
    /// Judged as if the content were exactly what the table says, and proven.
    private static func judge(
        _ name: String, _ recognized: MediaType, declaredType: MediaType? = nil
    ) -> Judgement {
        let submission = Submission(declaredName: DeclaredName(name), declaredType: declaredType, source: .endpoint)
        let text = recognized.name.hasPrefix("text/") ? TextFeatures(encoding: .ascii) : nil
        return Policy.portal.judge(
            submission, size: ByteCount(100), Inspection(recognized: RecognizedType(recognized, .proven), text: text))
    }

    @Test func `The thirteen allowed extensions are taken in any case`() throws {
        #expect(Policy.portal.types.count == 13)
        for rule in Policy.portal.types {
            let lower = rule.fileExtension.text
            let mixed = String(lower.enumerated().map { $0 % 2 == 0 ? Character($1.uppercased()) : $1 })
            let type = try #require(rule.recognized.first)
            for spelling in [lower, lower.uppercased(), lower.capitalized(), mixed] {
                for stem in ["a", "report.2024-01-02", "Ünïcödé name", "a.b.c"] {
                    #expect(Self.judge("\(stem).\(spelling)", type).verdict == .accepted, "\(stem).\(spelling)")
                }
            }
        }
    }

    private static let others = [
        "exe", "dll", "com", "scr", "pif", "bat", "cmd", "msi", "cpl", "lnk", "hta", "vbs", "vbe", "js", "jse", "wsf",
        "wsh", "ps1", "psm1", "jar", "class", "war", "php", "php5", "phtml", "phar", "asp", "aspx", "jsp", "cgi", "pl",
        "py", "rb", "sh", "htm", "html", "xhtml", "svg", "swf", "xml", "xsl", "docm", "dotm", "xlsm", "xltm", "xlsb",
        "pptx", "rtf", "odt", "gif", "webp", "tiff", "ico", "mp4", "iso", "img", "7z", "rar", "gz", "apk",
    ]

    /// Names that some program, server or file system would take for a file with the other extension.
    private static let disguises: [@Sendable (String) -> String] = [
        { "a.\($0)" }, { "a.\($0.uppercased())" }, { "a.txt.\($0)" }, { "a.\($0)." }, { "a.\($0) " },
        { "a.\($0)%00.txt" }, { "a.\($0)\0.txt" }, { "a.\($0);.txt" }, { "a.\($0)::$DATA" }, { "b/a.\($0)/.txt" },
        { "a.\($0)\\.txt" },
    ]

    @Test(arguments: others)
    func `No other extension gets in, under any disguise`(_ other: String) {
        #expect(Set(Self.others).count == 60)
        for disguise in Self.disguises {
            for type in [MediaType.plainText, .zip, .pdf] {
                let judgement = Self.judge(disguise(other), type)
                #expect(judgement.verdict == .rejected, "\(DeclaredName(disguise(other))) as \(type)")
            }
        }
    }

    @Test func `Forty claims about the type, one judgement`() {
        let claims: [MediaType] = [
            "text/plain", "image/png", "application/pdf", "application/octet-stream", "application/zip", "text/html",
            "application/x-msdownload", "image/jpeg", "image/svg+xml", "text/csv", "application/x-tar", "image/bmp",
            "application/msword", "application/vnd.ms-excel", "application/json", "application/xml", "text/xml",
            "application/javascript", "text/javascript", "application/x-sh", "application/x-php", "video/mp4",
            "audio/mpeg", "multipart/form-data", "multipart/mixed", "message/rfc822", "message/http", "font/woff2",
            "application/x-www-form-urlencoded", "application/x-shockwave-flash", "application/java-archive",
            "application/vnd.android.package-archive", "text/calendar", "text/vcard", "application/rtf", "*/*", "",
            "text/plain; charset=utf-7", "garbage", "../../etc/passwd",
        ]
        #expect(Set(claims).count == 40)
        for (name, type) in [("a.txt", MediaType.plainText), ("a.png", .png), ("a.png", .html), ("a.exe", .plainText)] {
            let unclaimed = Self.judge(name, type)
            for claim in claims {
                let judgement = Self.judge(name, type, declaredType: claim)
                #expect(judgement.verdict == unclaimed.verdict, "\(name) claimed as \(claim)")
                #expect(judgement.findings == unclaimed.findings, "\(name) claimed as \(claim)")
            }
        }
    }
}

extension String {
    /// Foundation's is not needed for one word of ASCII.
    fileprivate func capitalized() -> String { prefix(1).uppercased() + dropFirst() }
}
