// While rows or bytes cannot be reached nothing is decided: requests are told to come again, and afterwards everything goes on.

import Foundation
import SluiceModel
import SluiceStorage
import SluiceTestSupport
import Testing

@testable import SluiceUploads

struct OutageTests {
    @Test("While the database is away, tokens are neither right nor wrong, and the program is not ready")
    func database() async throws {
        let server = try PostgresServer()
        let address = server.address(of: try server.makeDatabase())
        try await withEndpoint(anonymous: false, database: address) { endpoint in
            let tokens = try (0..<2).map { _ in try endpoint.store.tokens.create(.submitter, submitter: "ann").text }
            func send(_ token: String, _ name: String) throws -> RawAnswer {
                try endpoint.ask(
                    put(name, length: logLine.count, more: "Authorization: Bearer \(token)\n"), body: logLine)
            }
            #expect(try send(tokens[0], "a.txt").status == 201)
            #expect(try endpoint.ask(get("/readyz")).status == 200)
            try server.stop(immediately: true)
            // One that is remembered, one that is not, and one that is wrong.
            for token in tokens + [tokens[1] + "0"] {
                let answer = try send(token, "b.txt")
                #expect(answer.status == 503 && answer.code == "store.unavailable", "\(answer)")
                #expect(answer.headers["retry-after"] == "5")
            }
            #expect(endpoint.reaches { (try? endpoint.ask(get("/readyz")))?.status == 503 })
            #expect(try endpoint.ask(get("/healthz")).status == 200)
            try server.start()
            #expect(endpoint.reaches { (try? send(tokens[1], "b.txt"))?.status == 201 })
            #expect(endpoint.reaches { (try? endpoint.ask(get("/readyz")))?.status == 200 })
            #expect(try send(tokens[1] + "0", "c.txt").status == 401)
            // Nothing of what was refused is there.
            #expect(try endpoint.store.tickets.usage(of: TicketID("T-1")!).attachments == 2)
        }
        try server.stop(immediately: true)
    }

    @Test("While the object store is away nothing is kept, and a resumable upload goes on where it stood")
    func objects() async throws {
        let server = try ObjectServer()
        try await withEndpoint(blobs: server.address()) { endpoint in
            let upload = Upload(log(9 << 20))
            let place = try upload.begin(endpoint)
            let first = try upload.send(0..<5000, to: place, endpoint)
            #expect(first.status == 204 && first.headers["upload-offset"] == "5000", "\(first)")
            server.stop()
            let refused = try upload.send(5000..<6000, to: place, endpoint)
            #expect(refused.status == 503 && refused.code == "store.unavailable", "\(refused)")
            let kept = try endpoint.ask(put("a.txt", length: logLine.count), body: logLine)
            #expect(kept.status == 503 && kept.code == "store.unavailable", "\(kept)")
            #expect(endpoint.reaches { (try? endpoint.ask(get("/readyz")))?.status == 503 })
            #expect(try upload.offset(of: place, endpoint) == 5000)
            try server.start()
            #expect(endpoint.reaches { (try? endpoint.ask(get("/readyz")))?.status == 200 })
            let last = try upload.send(5000..<upload.content.count, to: place, endpoint)
            #expect(last.status == 204 && last.headers["sluice-outcome"] == "accepted", "\(last)")
            #expect(try endpoint.ask(put("a.txt", length: logLine.count), body: logLine).status == 201)
        }
        server.stop()
    }

    @Test("An upload that is begun on one node is continued on another, and told on both")
    func nodes() async throws {
        let rows = PostgresServer.shared.address(of: try PostgresServer.shared.makeDatabase())
        let bytes = ObjectServer.shared.address()
        try await withEndpoint(blobs: bytes, database: rows) { first in
            let second = try TestEndpoint(blobs: bytes, database: rows)
            let upload = Upload(log(12 << 20))
            let place = try upload.begin(first)
            let half = 9 << 20
            let begun = try upload.send(0..<half, to: place, first)
            #expect(begun.headers["upload-offset"] == "\(half)", "\(begun)")
            #expect(try upload.offset(of: place, second) == half)
            // A line that is cut: what came is kept.
            let cut = try first.connect()
            try cut.send(upload.head(half, count: 100_000, to: place), Array(upload.content[half..<half + 50_000]))
            cut.endSending()
            #expect(first.reaches { (try? upload.offset(of: place, second)) == half + 50_000 })
            var last: RawAnswer?
            #expect(
                first.reaches {
                    last = try? upload.send(half + 50_000..<upload.content.count, to: place, second)
                    return last?.status == 204
                }, "\(String(describing: last))")
            #expect(last?.headers["sluice-outcome"] == "accepted")
            for endpoint in [first, second] {
                #expect(try upload.offset(of: place, endpoint) == upload.content.count)
            }
            let stored = try first.store.tickets.attachments(of: TicketID("T-1")!, after: nil, limit: 9)
            #expect(stored.count == 1 && stored[0].facts.size == ByteCount(upload.content.count))
            #expect(try first.store.partialBytes.list().isEmpty)
            await second.stop()
        }
    }
}

/// A resumable upload as a client makes it.
private struct Upload: Sendable {
    let content: [UInt8]

    init(_ content: [UInt8]) { self.content = content }

    private static let tus = "Host: h\nTus-Resumable: 1.0.0\n"

    /// - Returns: its path.
    func begin(_ endpoint: TestEndpoint) throws -> String {
        let answer = try endpoint.ask(
            "POST /api/v1/uploads HTTP/1.1\n\(Self.tus)Upload-Metadata: filename YS50eHQ=,ticket VC0x\n"
                + "Upload-Length: \(content.count)\nContent-Length: 0\n\n")
        let place = try #require(answer.headers["location"], "\(answer)")
        return try #require(URL(string: place)).path
    }

    func head(_ offset: Int, count: Int, to place: String) -> String {
        "PATCH \(place) HTTP/1.1\n\(Self.tus)Content-Type: application/offset+octet-stream\nUpload-Offset: \(offset)\n"
            + "Content-Length: \(count)\n\n"
    }

    func send(_ range: Range<Int>, to place: String, _ endpoint: TestEndpoint) throws -> RawAnswer {
        try endpoint.ask(head(range.lowerBound, count: range.count, to: place), body: Array(content[range]))
    }

    func offset(of place: String, _ endpoint: TestEndpoint) throws -> Int? {
        let client = try endpoint.connect()
        try client.send("HEAD \(place) HTTP/1.1\n\(Self.tus)\n")
        return try client.answer(hasBody: false).headers["upload-offset"].flatMap { Int($0) }
    }
}
