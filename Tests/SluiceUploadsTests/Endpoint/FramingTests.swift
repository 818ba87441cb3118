// Threats, H3 and H4 on the wire: whatever could be read in two ways is refused, and never are two requests made out of one.

import SluiceModel
import SluiceStorage
import Testing

@testable import SluiceUploads

@Suite struct FramingTests {
    /// Each is followed by a second request that must never be answered. Line ends are written as they are sent.
    static let ambiguous: [(name: String, request: String)] = [
        (
            "both lengths",
            "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "both, the other way round",
            "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
        ),
        ("two lengths", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 30\r\n\r\n"),
        ("two equal lengths", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n"),
        ("a list of lengths", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0, 0\r\n\r\n"),
        ("a signed length", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: +0\r\n\r\n"),
        ("a negative length", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"),
        ("a hexadecimal length", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0x0\r\n\r\n"),
        ("a length with a blank inside", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 1 0\r\n\r\n"),
        ("an empty length", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: \r\n\r\n"),
        ("a blank before the colon", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length : 0\r\n\r\n"),
        ("a tab before the colon", "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
        ("another coding", "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("identity", "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n"),
        ("a list of codings", "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (
            "chunked twice",
            "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        (
            "chunked, then another",
            "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
        ),
        ("a vertical tab", "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \u{0B}chunked\r\n\r\n0\r\n\r\n"),
        ("a quoted coding", "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
        ("a folded coding", "PUT {path} HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
        ("a folded length", "PUT {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n 0\r\n\r\n"),
        ("a folded other field", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: b\r\n c\r\n\r\n"),
        ("a bare line feed", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: b\nX-C: d\r\n\r\n"),
        ("a bare line feed behind the request line", "GET /healthz HTTP/1.1\nHost: h\r\n\r\n"),
        ("a bare line feed at the end", "GET /healthz HTTP/1.1\r\nHost: h\r\n\n"),
        ("a bare carriage return", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: b\rTransfer-Encoding: chunked\r\n\r\n"),
        ("a NUL in a value", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: b\0c\r\n\r\n"),
        ("NULs that look like a line's end", "PUT {path} HTTP/1.1\r\nHost: h\r\nX-A: b\0\0Content-Length\0 9\r\n\r\n"),
        ("a NUL in a name", "GET /healthz HTTP/1.1\r\nHost: h\r\nX\0A: b\r\n\r\n"),
        ("a field without a name", "GET /healthz HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n"),
        ("a line without a colon", "GET /healthz HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n"),
        ("two hosts", "GET /healthz HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n"),
        ("no host", "GET /healthz HTTP/1.1\r\n\r\n"),
        ("a blank in the target", "GET /healthz /x HTTP/1.1\r\nHost: h\r\n\r\n"),
        ("a NUL in the target", "GET /healthz\0/x HTTP/1.1\r\nHost: h\r\n\r\n"),
        ("a NUL at the target's end", "GET /healthz\0 HTTP/1.1\r\nHost: h\r\n\r\n"),
        ("two blanks before the target", "GET  /healthz HTTP/1.1\r\nHost: h\r\n\r\n"),
        ("no version", "GET /healthz\r\nHost: h\r\n\r\n"),
        ("chunks in HTTP/1.0", "PUT {path} HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a first line that is folded", "GET /healthz HTTP/1.1\r\n X: y\r\nHost: h\r\n\r\n"),
    ]

    @Test(arguments: ambiguous.map(\.name))
    func `What can be read in two ways is refused and the connection ends`(name: String) async throws {
        let request = try #require(Self.ambiguous.first { $0.name == name }).request
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            let text = request.replacing("{path}", with: "/api/v1/tickets/T-1/attachments/a.txt")
            client.send(Array((text + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n").utf8))
            // Either 400, or no answer at all where not even the request line can be read; then the end.
            if let answer = try? client.answer() {
                #expect(answer.status == 400, "\(answer.text)")
                #expect((try? client.answer()) == nil, "a second answer")
            }
            #expect(try endpoint.store.tickets.tickets(after: nil, limit: 10).isEmpty)
        }
    }

    @Test func `A missing host is refused in our own words, and once`() async throws {
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            try client.send("GET /healthz HTTP/1.1\n\n")
            let answer = try client.answer()
            #expect(answer.status == 400 && answer.code == "request.ambiguous", "\(answer.text)")
            #expect(try client.isClosed())
            #expect(try endpoint.ask("GET /healthz HTTP/1.0\n\n").status == 200)
        }
    }

    static let brokenChunks: [(name: String, body: String)] = [
        ("a size with a prefix", "0x21\r\n{line}\r\n0\r\n\r\n"), ("a signed size", "+21\r\n{line}\r\n0\r\n\r\n"),
        ("a blank before the size", " 21\r\n{line}\r\n0\r\n\r\n"), ("an empty size", "\r\n{line}\r\n0\r\n\r\n"),
        ("a size that is too small", "20\r\n{line}\r\n0\r\n\r\n"),
        ("a size beyond all", "fffffffffffffffff\r\n{line}\r\n"),
    ]

    @Test(arguments: brokenChunks.map(\.name)) func `Broken chunks end the connection`(name: String) async throws {
        let body = try #require(Self.brokenChunks.first { $0.name == name }).body
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            let head =
                "PUT /api/v1/tickets/T-1/attachments/a.txt HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            let text = head + body.replacing("{line}", with: String(decoding: logLine, as: UTF8.self))
            client.send(Array((text + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n").utf8))
            let answer = try client.answer()
            #expect([400, 413].contains(answer.status), "\(answer.text)")
            #expect((try? client.answer()) == nil, "a second answer")
            #expect(try endpoint.store.tickets.tickets(after: nil, limit: 10).isEmpty)
        }
    }

    @Test func `Nothing is read behind a chunked request`() async throws {
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            try client.send(
                "PUT /api/v1/tickets/T-1/attachments/a.txt HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n")
            client.send(chunked(logLine) + Array("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
            let answer = try client.answer()
            #expect(answer.status == 201 && answer.headers["connection"] == "close")
            #expect((try? client.answer()) == nil)
        }
    }

    @Test(arguments: [(99, 200), (100, 431)]) func `At most 100 fields`(more: Int, status: Int) async throws {
        try await withEndpoint { endpoint in
            let fields = (0..<more).map { "X-\($0): y\n" }.joined()
            let answer = try endpoint.ask(get("/healthz", more: fields))
            #expect(answer.status == status)
            if status == 431 { #expect(answer.code == "request.header-too-large") }
        }
    }

    @Test(arguments: [(32_000, 200), (33_000, 431), (400_000, 431)]) func `At most 32 KiB of header`(
        size: Int, status: Int
    ) async throws {
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            client.send(
                Array("GET /healthz HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: size))\r\n\r\n".utf8))
            #expect(try client.answer().status == status)
        }
    }

    @Test func `An endless target is refused`() async throws {
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            client.send(Array("GET /\(String(repeating: "a", count: 5000)) HTTP/1.1\r\nHost: h\r\n\r\n".utf8))
            #expect(try client.answer().status == 400)
        }
    }

    @Test func `Requests in a row are answered in a row`() async throws {
        try await withEndpoint { endpoint in
            let client = try endpoint.connect()
            for _ in 0..<3 { try client.send(get("/healthz") + put("a.txt", length: logLine.count), logLine) }
            var statuses: [Int] = []
            for _ in 0..<6 { statuses.append(try client.answer().status) }
            #expect(statuses == [200, 201, 200, 200, 200, 200])
        }
    }
}
