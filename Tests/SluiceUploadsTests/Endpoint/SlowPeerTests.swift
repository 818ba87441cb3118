// Threats, H2: slow headers, slow bodies, slow readers. That the rules are kept on the wire, shown with shorter times.

import SluiceModel
import SluiceStorage
import Testing

@testable import SluiceServer
@testable import SluiceUploads

@Suite struct SlowPeerTests {
    private static func hurried(_ options: inout EndpointOptions) {
        options.server.pace.header = .milliseconds(700)
        options.server.pace.grace = .seconds(1)
        options.server.pace.lingering = .milliseconds(700)
    }

    @Test(arguments: ["", "G", "GET /healthz HTTP/1.1\r\nHost: h\r\nX-A: "])
    func `A header that does not come is not waited for`(begun: String) async throws {
        try await withEndpoint(Self.hurried) { endpoint in
            let client = try endpoint.connect()
            client.send(Array(begun.utf8))
            #expect(try client.isClosed())
        }
    }

    @Test func `A body that drips is ended and leaves nothing`() async throws {
        try await withEndpoint(Self.hurried) { endpoint in
            let client = try endpoint.connect()
            try client.send(put("a.txt", length: 100_000))
            // A byte at each look is far less than a kilobyte a second.
            #expect(endpoint.reaches { !client.send([UInt8(ascii: "a")]) }, "the endpoint waited")
            #expect(endpoint.isSpoolFree)
            #expect(try endpoint.ask(get("/healthz")).status == 200)
        }
    }

    @Test func `A reader that does not read is ended`() async throws {
        try await withEndpoint(Self.hurried) { endpoint in
            // More than the buffers of both sides hold.
            let content = log(12 << 20)
            let sent = try endpoint.ask(put("a.txt", length: content.count), body: content)
            let id = try #require(sent.json["attachment"] as? String, "\(sent.text)")
            let client = try RawClient(port: endpoint.port, buffer: 16 << 10)
            try client.send(get("/api/v1/tickets/T-1/attachments/\(id)/content", more: readingAll))
            #expect(endpoint.reaches { endpoint.connections > 0 }, "the endpoint has not seen it")
            // The end is not to be seen from here without reading.
            #expect(endpoint.reaches { endpoint.connections == 0 }, "the endpoint waited")
            let isWhole = (try? client.answer()) != nil
            #expect(!isWhole)
        }
    }

    @Test func `Who is refused and goes on sending is ended`() async throws {
        try await withEndpoint(limit: 1000, Self.hurried) { endpoint in
            let client = try endpoint.connect()
            try client.send(put("a.txt", length: 1 << 30))
            #expect(try client.answer().status == 413)
            var sent = 0
            while sent < 1 << 30, client.send([UInt8](repeating: 65, count: 1 << 20)) { sent += 1 << 20 }
            #expect(sent < 64 << 20)
        }
    }

    @Test func `One address has a bounded number of connections`() async throws {
        try await withEndpoint({ $0.server.connectionsPerPeer = 3 }) { endpoint in
            let clients = try (0..<3).map { _ in try endpoint.connect() }
            for client in clients {
                try client.send(get("/healthz"))
                #expect(try client.answer().status == 200)
            }
            let fourth = try endpoint.connect()
            #expect((try? fourth.isClosed()) == true)
        }
    }
}
