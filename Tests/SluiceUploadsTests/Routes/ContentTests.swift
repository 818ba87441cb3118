// Downloads: four headers that keep a browser from showing them (Threats, T12), ranges, tags, and what is set apart.

import SluiceModel
import SluiceStorage
import Testing

@testable import SluiceUploads

@Suite struct ContentTests {
    private static func sent(_ endpoint: TestEndpoint, _ name: String, _ content: [UInt8]) throws -> String {
        let answer = try endpoint.ask(put(name, length: content.count), body: content)
        guard let id = answer.json["attachment"] as? String else { throw ClientFailure(description: answer.text) }
        return "/api/v1/tickets/T-1/attachments/\(id)"
    }

    @Test func `A download is never shown by a browser`() async throws {
        try await withEndpoint { endpoint in
            let place = try Self.sent(endpoint, "a%22%0D%0AX%20%C3%A9.txt", logLine)
            let answer = try endpoint.ask(get(place + "/content", more: readingAll))
            #expect(answer.status == 200 && answer.body == logLine)
            #expect(answer.headers["content-security-policy"] == "sandbox; default-src 'none'")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["cross-origin-resource-policy"] == "same-origin")
            #expect(
                answer.headers["content-disposition"]
                    == "attachment; filename=\"a___X __.txt\"; filename*=UTF-8''a%22%0D%0AX%20%C3%A9.txt")
        }
    }

    @Test func `Ranges, tags and HEAD`() async throws {
        try await withEndpoint { endpoint in
            let place = try Self.sent(endpoint, "a.txt", logLine) + "/content"
            let part = try endpoint.ask(get(place, more: readingAll + "Range: bytes=2-5\n"))
            #expect(part.status == 206 && part.body == Array(logLine[2...5]))
            #expect(part.headers["content-range"] == "bytes 2-5/\(logLine.count)")
            #expect(
                try endpoint.ask(get(place, more: readingAll + "Range: bytes=-4\n")).body == Array(logLine.suffix(4)))
            #expect(try endpoint.ask(get(place, more: readingAll + "Range: bytes=\(logLine.count)-\n")).status == 416)
            let tag = try #require(part.headers["etag"])
            #expect(try endpoint.ask(get(place, more: readingAll + "If-None-Match: \(tag)\n")).status == 304)
            #expect(
                try endpoint.ask(get(place, more: readingAll + "Range: bytes=0-0\nIf-Range: \"other\"\n")).status == 200
            )
            let client = try endpoint.connect()
            // Only GET knows ranges.
            try client.send("HEAD \(place) HTTP/1.1\nHost: h\n\(readingAll)Range: bytes=2-5\n\n")
            let head = try client.answer(hasBody: false)
            #expect(head.status == 200 && head.headers["content-range"] == nil)
            #expect(head.headers["content-length"] == "\(logLine.count)")
            try client.send("HEAD \(place) HTTP/1.1\nHost: h\n\(readingAll)\n" + get("/healthz"))
            #expect(try client.answer(hasBody: false).headers["content-length"] == "\(logLine.count)")
            #expect(try client.answer().status == 200)
        }
    }

    @Test(arguments: [
        ("If-Match: {tag}", 200), ("If-Match: *", 200), ("If-Match: \"other\", {tag}", 200),
        ("If-Match: \"other\"\nIf-Match: {tag}", 200), ("If-Match: \"other\"", 412), ("If-Match: W/{tag}", 412),
        ("If-Match:", 412), ("If-Match: \"other\"\nIf-None-Match: {tag}", 412),
        ("If-Match: {tag}\nIf-None-Match: {tag}", 304), ("If-Match: \"other\"\nRange: bytes=999-", 412),
        ("If-None-Match: \"other\"\nIf-None-Match: {tag}", 304),
    ]) func `Conditions are honoured in their order`(fields: String, status: Int) async throws {
        try await withEndpoint { endpoint in
            let place = try Self.sent(endpoint, "a.txt", logLine) + "/content"
            let tag = try #require(try endpoint.ask(get(place, more: readingAll)).headers["etag"])
            let answer = try endpoint.ask(get(place, more: readingAll + fields.replacing("{tag}", with: tag) + "\n"))
            #expect(answer.status == status, "\(answer.text)")
            if status == 412 { #expect(answer.code == "request.precondition" && answer.headers["etag"] == tag) }
        }
    }

    @Test func `What is set apart is for reviewers only`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let token = "Authorization: Bearer submitter\n"
            let page = Array(
                "<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script></body></html>\n".utf8
            )
            let sent = try endpoint.ask(put("page.txt", length: page.count, more: token), body: page)
            #expect(sent.status == 422 && sent.json["outcome"] as? String == "quarantined", "\(sent.text)")
            let id = try #require(sent.json["attachment"] as? String)
            let place = "/api/v1/tickets/T-1/attachments/\(id)"
            #expect(try endpoint.ask(get(place, more: token)).status == 200)
            #expect(try endpoint.ask(get(place + "/content", more: token)).code == "request.quarantined")
            let reviewed = try endpoint.ask(get(place + "/content", more: "Authorization: Bearer reviewer\n"))
            #expect(reviewed.status == 200 && reviewed.body == page)
        }
    }

    @Test(arguments: [
        ("bytes=0-9", ByteRange.part(0..<10)), ("bytes=5-", .part(5..<100)), ("bytes=-5", .part(95..<100)),
        ("bytes=-500", .part(0..<100)), ("bytes=99-200", .part(99..<100)), ("bytes=100-", .beyond),
        ("bytes=-0", .beyond),
        ("bytes=9-5", .whole), ("bytes=a-5", .whole), ("bytes=0-1,3-4", .whole), ("lines=0-1", .whole),
        ("bytes=-", .whole),
        ("bytes=0-9223372036854775807", .part(0..<100)), ("bytes=0-99999999999999999999", .whole),
        ("bytes=1--2", .whole),
    ]) func `A range is read`(field: String, range: ByteRange) {
        #expect(ByteRange.parse(field, size: 100) == range)
    }

    @Test(arguments: [
        "", "/", "../../etc/passwd", "\u{202E}gnp.txt", "a\r\nSet-Cookie: x", String(repeating: "é", count: 300),
    ])
    func `A disposition is one line of harmless ASCII`(name: String) {
        let line = Disposition.attachment(DeclaredName(name))
        #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(
            line.filter { $0 == "\"" }.count == 2 && !line.contains("/") && line.hasPrefix("attachment; filename=\""))
    }
}
