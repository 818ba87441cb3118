// Threats, H1: more than the limit, however its length is announced. The byte after the limit ends the reception.

import SluiceModel
import SluiceStorage
import Testing

@testable import SluiceUploads

@Suite struct LimitTests {
    private static let limit = 200_000

    enum Announced: CaseIterable { case truly, chunked }

    @Test(arguments: [-1, 0, 1], Announced.allCases)
    func `The limit is exact`(beyond: Int, announced: Announced) async throws {
        try await withEndpoint(limit: Int64(Self.limit)) { endpoint in
            let content = log(Self.limit + beyond)
            let answer: RawAnswer
            switch announced {
            case .truly: answer = try endpoint.ask(put("a.txt", length: content.count), body: content)
            case .chunked:
                let head = "PUT /api/v1/tickets/T-1/attachments/a.txt HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n"
                answer = try endpoint.ask(head, body: chunked(content))
            }
            #expect(answer.status == (beyond > 0 ? 413 : 201), "\(answer.text)")
            if beyond > 0 { #expect(answer.code == "submission.too-large") }
            #expect(endpoint.isSpoolFree)
        }
    }

    @Test(arguments: [-1, 0, 1]) func `The limit of a file in a form is exact`(beyond: Int) async throws {
        try await withEndpoint(limit: Int64(Self.limit)) { endpoint in
            let (head, body) = form([("file", "a.txt", log(Self.limit + beyond))])
            let answer = try endpoint.ask(head, body: body)
            #expect(answer.status == (beyond > 0 ? 413 : 201), "\(answer.text)")
            #expect(endpoint.isSpoolFree)
        }
    }

    /// What it may become is known before a byte of it comes.
    @Test(arguments: [-1, 0, 1], [true, false]) func `The limit of a resumable upload is exact`(
        beyond: Int, atOnce: Bool
    ) async throws {
        try await withEndpoint(limit: Int64(Self.limit)) { endpoint in
            let content = log(Self.limit + beyond)
            // «a.txt» and «T-1».
            let claims = "Tus-Resumable: 1.0.0\nUpload-Metadata: filename YS50eHQ=,ticket VC0x\n"
            let type = "Content-Type: application/offset+octet-stream\n"
            let begun = try endpoint.ask(
                "POST /api/v1/uploads HTTP/1.1\nHost: h\n\(claims)Upload-Length: \(content.count)\n"
                    + (atOnce ? "\(type)Content-Length: \(content.count)\n\n" : "Content-Length: 0\n\n"),
                body: atOnce ? content : [])
            guard beyond <= 0 else {
                #expect(begun.status == 413 && endpoint.isSpoolFree)
                return
            }
            #expect(begun.status == 201, "\(begun)")
            if atOnce { return #expect(begun.headers["sluice-outcome"] == "accepted") }
            let place = try #require(begun.headers["location"]?.firstRange(of: "/api/").map { $0.lowerBound })
            let path = begun.headers["location"]![place...]
            func patch(_ offset: Int, _ bytes: [UInt8]) throws -> RawAnswer {
                try endpoint.ask(
                    "PATCH \(path) HTTP/1.1\nHost: h\nTus-Resumable: 1.0.0\n\(type)Upload-Offset: \(offset)\n"
                        + "Content-Length: \(bytes.count)\n\n", body: bytes)
            }
            #expect(try patch(0, content + [0x0A]).status == 413, "more than was announced")
            let whole = try patch(0, content)
            #expect(whole.status == 204 && whole.headers["sluice-outcome"] == "accepted", "\(whole)")
        }
    }

    @Test func `A chunked flood is answered within 64 KiB of the limit and its spool is freed`() async throws {
        try await withEndpoint(limit: Int64(Self.limit)) { endpoint in
            let client = try endpoint.connect()
            try client.send(
                "PUT /api/v1/tickets/T-1/attachments/a.txt HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n")
            // Exactly so much that the answer is due, and not a byte more: it comes although the body goes on.
            client.send(chunked(log(Self.limit + (64 << 10)), ends: false))
            let answer = try client.answer()
            #expect(answer.status == 413)
            #expect(answer.headers["connection"] == "close")
            #expect(endpoint.isSpoolFree)
        }
    }

    @Test func `A claimed length over the limit is refused before the body`() async throws {
        try await withEndpoint(limit: Int64(Self.limit)) { endpoint in
            let client = try endpoint.connect()
            try client.send(put("a.txt", length: Self.limit + 1))
            let answer = try client.answer()
            #expect(answer.status == 413)
            let evidence = answer.json["evidence"] as? [String: String]
            #expect(evidence?["limit"] == "\(Self.limit)" && evidence?["size"] == "\(Self.limit + 1)")
        }
    }

    @Test func `A body shorter than its claimed length leaves nothing`() async throws {
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            try client.send(put("a.txt", length: 1000), logLine)
            client.endSending()
            #expect(try client.isClosed())
            #expect(try endpoint.store.tickets.tickets(after: nil, limit: 10).isEmpty)
            #expect(endpoint.isSpoolFree)
        }
    }

    @Test func `Bytes behind the claimed length are the next request and not part of the body`() async throws {
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            try client.send(
                put("a.txt", length: logLine.count), logLine + Array("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
            #expect(try client.answer().status == 201)
            #expect(try client.answer().status == 200)
        }
    }

    @Test(arguments: ["gzip", "deflate, gzip", "br"]) func `An encoded body is refused`(encoding: String) async throws {
        try await withEndpoint { endpoint in
            let answer = try endpoint.ask(
                put("a.txt", length: logLine.count, more: "Content-Encoding: \(encoding)\n"), body: logLine)
            #expect(answer.status == 415 && answer.code == "request.content-encoding")
        }
    }

    @Test(arguments: [("a.txt", 413), ("a.exe", 415)]) func `Who asks before sending is refused without the body`(
        name: String, status: Int
    ) async throws {
        try await withEndpoint(limit: Int64(Self.limit)) { endpoint in
            let client = try endpoint.connect()
            try client.send(put(name, length: Self.limit + (status == 413 ? 1 : 0), more: "Expect: 100-continue\n"))
            #expect(try client.answer().status == status)
            #expect(try client.isClosed())
        }
    }

    @Test func `Who asks before sending and may send is told to go on`() async throws {
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            try client.send(put("a.txt", length: logLine.count, more: "Expect: 100-continue\n"))
            #expect(try client.answer().status == 100)
            client.send(logLine)
            #expect(try client.answer().status == 201)
        }
    }

    @Test func `Who asks without a token is refused before the body`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let client = try endpoint.connect()
            try client.send(put("a.txt", length: 1000, more: "Expect: 100-continue\n"))
            let answer = try client.answer()
            #expect(answer.status == 401 && answer.headers["www-authenticate"] == "Bearer")
        }
    }
}

/// In pieces of 10 000 bytes.
func chunked(_ content: [UInt8], ends: Bool = true) -> [UInt8] {
    var out: [UInt8] = []
    var rest = content[...]
    while !rest.isEmpty {
        let piece = rest.prefix(10_000)
        out += Array(String(piece.count, radix: 16).utf8) + [13, 10] + piece + [13, 10]
        rest = rest.dropFirst(piece.count)
    }
    return ends ? out + Array("0\r\n\r\n".utf8) : out
}
