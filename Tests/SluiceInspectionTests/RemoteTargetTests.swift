// Targets in every spelling that readers understand (Threats, T18): local is what is proven local.

import Testing

@testable import SluiceInspection

@Suite struct RemoteTargetTests {
    static let local = [
        "", "media/image1.png", "../x.dotx", "a b/c.docx", "#bookmark", "C:\\Users\\a\\Templates\\b.dotx", "c:/x",
        "C|/x",
        "file:///C:/Users/a/b.dotx", "file:///C:\\Program Files\\x.dot", "file:///C%7C/x", "file://C:/x", "file:C:/x",
        "file:/C:/x",
        "FILE:///c:/x", "file:///home/a/b.dotx", "file://localhost/Users/a/b.dotx", "file://localhost/C:/x",
        "/Users/a/b.dotx",
        "\\Templates\\x.dot", "\\\\?\\C:\\x.dot", "\\\\.\\C:\\x", "\\??\\C:\\x", "Normal.dot", "Normal", "cid:part1",
        "data:image/png;base64,AA",
        "Sheet1!R1C1:R2C2", "x%20y.docx", "100%", "NULL",
    ]

    static let remote = [
        "http://h/x", "https://h/x", "HTTP://h/x", " http://h/x", "\thttp://h/x", "ht\ntp://h/x", "h\u{0}ttp://h/x",
        "\u{A0}http://h/x",
        "\u{200B}http://h/x", "\u{FEFF}http://h/x", "http:\\\\h\\x", "http:/h/x", "http%3A//h/x", "%68ttp://h/x",
        "%2568ttp://h/x", "ftp://h/x",
        "\\\\h\\s\\x", "//h/s/x", "\\/h/s", "/\\h/s", " \\\\h\\s", "%5c%5ch%5cs", "%5C/h/s", "\\\\?\\UNC\\h\\s",
        "\\??\\UNC\\h\\s", "/??/UNC/h/s",
        "\\\\.\\UNC\\h\\s", "\\\\?\\GLOBALROOT\\Device\\Mup\\h\\s", "\\\\.\\pipe\\x", "file://h/s", "file://h\\s",
        "file:\\\\h\\s", "file:////h/s",
        "file://///h/s", "file:///\\\\h\\s", "file:///%5c%5ch/s", "file:%5C%5Ch/s", "file://%5c%5ch/s",
        "file:///%255c%255ch/s", "f ile://h/s",
        "file://localhost//h/s", "file://127.0.0.1/c$/x", "file:///?/UNC/h/s", "file:///./UNC/h",
        "\\\\h@SSL\\DavWWWRoot\\x",
        "\\\\h@8080\\x", "x/DavWWWRoot/y", "mhtml:http://h/x!y", "mhtml:file://C:/x!y", "ms-word:ofe|u|http://h/x",
        "ms-its:http://h/x.chm::/y",
        "mk:@MSITStore:\\\\h\\x.chm", "ldap://h", "javascript:x", "vbscript:x", "search-ms:query=x", "\"http://h/x\"",
        "\u{FF0F}\u{FF0F}h/s", "http\u{FF1A}//h",
        "webdav:x", "h:80/x".replacingFirst("h", with: "host"),
    ]

    @Test(arguments: local) func `What is proven local stays`(_ target: String) {
        #expect(!RemoteTarget.isRemote(target))
    }

    @Test(arguments: remote) func `Everything else leads elsewhere`(_ target: String) {
        #expect(RemoteTarget.isRemote(target))
        #expect(RemoteTarget.isRemote(Array(target.utf8)))
    }

    @Test func `Blanks and escapes anywhere in a share change nothing`() {
        let share = "\\\\host\\share\\t.dotm"
        for place in 0...share.count {
            for odd in [" ", "\t", "\u{1}", "\u{200B}", "\u{AD}"] {
                let at = share.index(share.startIndex, offsetBy: place)
                #expect(
                    RemoteTarget.isRemote("\(share[..<at])\(odd)\(share[at...])"), "\(odd.unicodeScalars) at \(place)")
            }
        }
        let escaped = share.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(RemoteTarget.isRemote(escaped))
    }
}

extension String {
    fileprivate func replacingFirst(_ text: String, with other: String) -> String {
        firstRange(of: text).map { self[..<$0.lowerBound] + other + self[$0.upperBound...] } ?? self
    }
}
