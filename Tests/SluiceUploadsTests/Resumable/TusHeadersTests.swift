// The headers of tus: what is taken and what is refused.

import SluiceModel
import Testing

@testable import SluiceServer
@testable import SluiceUploads

struct TusHeadersTests {
    @Test(
        "A number is one whole number that is exact everywhere",
        arguments: [
            ("0", "none"), ("9007199254740991", "none"), ("007", "none"), ("9007199254740992", "400 tus.upload-offset"),
            ("-1", "400 tus.upload-offset"), ("+1", "400 tus.upload-offset"), ("1 ", "400 tus.upload-offset"),
            ("", "400 tus.upload-offset"), ("1e3", "400 tus.upload-offset"), ("٣", "400 tus.upload-offset"),
            ("99999999999999999999", "400 tus.upload-offset"),
        ])
    func numbers(text: String, expected: String) {
        #expect(
            refusal { () throws(Problem) in
                try Tus.number("upload-offset", head("PATCH", [], [("upload-offset", text)]))
            } == expected)
    }

    @Test("A number that is missing or given twice is refused, and a deferred length is explained")
    func missingNumbers() {
        #expect(
            refusal { () throws(Problem) in try Tus.number("upload-length", head("POST")) } == "400 tus.upload-length")
        let twice = head("POST", [], [("upload-length", "1"), ("upload-length", "1")])
        #expect(refusal { () throws(Problem) in try Tus.number("upload-length", twice) } == "400 tus.upload-length")
        do throws(Problem) {
            _ = try Tus.number("upload-length", head("POST", [], [("upload-defer-length", "1")]))
            Issue.record("a deferred length was taken")
        } catch { #expect(error.remedy.contains("at the beginning")) }
    }

    @Test(
        "Only version 1.0.0 is spoken, and a request that begins an upload has to tell one",
        arguments: [
            ("1.0.0", "none", "none"), ("0.2.2", "412 tus.version", "412 tus.version"),
            ("2.0.0", "412 tus.version", "412 tus.version"), ("1.0", "412 tus.version", "400 tus.version"),
            ("", "412 tus.version", "400 tus.version"), (nil, "412 tus.version", "400 tus.version"),
        ])
    func version(text: String?, expected: String, beginning: String) {
        let request = head("HEAD", [], text.map { [("tus-resumable", $0)] } ?? [])
        #expect(refusal { () throws(Problem) in try Tus.checkVersion(request) } == expected)
        #expect(refusal { () throws(Problem) in try Tus.checkVersion(request, begins: true) } == beginning)
    }

    @Test("Metadata are pairs with base64 values, each key once")
    func metadata() throws {
        let read = try Tus.metadata("filename YS50eHQ=,ticket VC0x,  empty , category  T3RoZXI=")
        #expect(
            read == [
                "filename": Array("a.txt".utf8), "ticket": Array("T-1".utf8), "empty": [],
                "category": Array("Other".utf8),
            ])
        #expect(try Tus.metadata("") == [:])
        for text in ["a YQ==,a YQ==", "a !", "a YQ== YQ==", ",", "a YQ==,", "a YQ"] {
            #expect(refusal { () throws(Problem) in try Tus.metadata(text) } == "400 tus.metadata", "\(text)")
        }
    }

    @Test(
        "A checksum is a known algorithm and a digest of its length",
        arguments: [
            ("sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "none"), ("sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0", "400 tus.checksum"),
            ("sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", "none"),
            ("md5 kAFQmDzST7DWlj99KOF/cg==", "400 tus.checksum"),
            ("SHA1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "400 tus.checksum"), ("sha1", "400 tus.checksum"),
            ("", "400 tus.checksum"),
            ("sha1  qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "400 tus.checksum"),
        ])
    func checksum(text: String, expected: String) {
        #expect(
            refusal { () throws(Problem) in try Tus.checksum(head("PATCH", [], [("upload-checksum", text)])) }
                == expected)
        #expect(refusal { () throws(Problem) in try Tus.checksum(head("PATCH")) } == "none")
    }

    @Test(
        "Dates are those of HTTP",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
        ])
    func dates(seconds: Int64, text: String) { #expect(Tus.date(seconds * 1_000_000 + 999_999) == text) }
}
