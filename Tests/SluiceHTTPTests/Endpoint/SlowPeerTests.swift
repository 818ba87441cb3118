// Threats, H2: slow headers, slow bodies, slow readers. The rules are pure; that they are kept on the wire is shown with shorter times.

import SluiceModel
import SluiceStorage
import Testing

@testable import SluiceHTTP

/// A pace under the usual rules, with a clock of the test's own in seconds.
private final class Paced {
    private let start = ContinuousClock.now
    private var pace: PeerPace

    init() { pace = PeerPace(now: start) }

    func enter(_ phase: Phase, at seconds: Double) { pace.enter(phase, now: start.advanced(by: .seconds(seconds))) }

    func isLate(at seconds: Double, moved: Int64?) -> Bool {
        pace.isTooSlow(PacePolicy(), now: start.advanced(by: .seconds(seconds)), moved: moved)
    }
}

@Suite struct SlowPeerTests {
    @Test(arguments: [(9.0, false), (11.0, true)]) func `A header has ten seconds`(seconds: Double, late: Bool) {
        let pace = Paced()
        #expect(pace.isLate(at: seconds, moved: 0) == late, "before the request line")
        pace.enter(.header, at: 5)
        #expect(pace.isLate(at: 5 + seconds, moved: nil) == late)
    }

    @Test func `A second request on a connection has ten seconds from its first byte`() {
        let pace = Paced()
        pace.enter(.header, at: 0)
        pace.enter(.waiting, at: 1)
        #expect(!pace.isLate(at: 2, moved: 500))
        #expect(!pace.isLate(at: 50, moved: 500), "nothing is asked for")
        #expect(!pace.isLate(at: 51, moved: 501), "it has begun")
        #expect(!pace.isLate(at: 60, moved: 502))
        #expect(pace.isLate(at: 62, moved: 503))
    }

    @Test func `A connection that asks for nothing is ended after a minute`() {
        let pace = Paced()
        pace.enter(.waiting, at: 0)
        #expect(!pace.isLate(at: 59, moved: 500))
        #expect(pace.isLate(at: 61, moved: 500))
    }

    @Test(arguments: [Phase.body, .answering]) func `After twenty seconds a kilobyte a second is needed`(phase: Phase) {
        let pace = Paced()
        pace.enter(phase, at: 0)
        #expect(!pace.isLate(at: 1, moved: 100))
        #expect(!pace.isLate(at: 19, moved: 100), "grace")
        #expect(!pace.isLate(at: 30, moved: 100 + 31 * 1024))
        #expect(!pace.isLate(at: 49, moved: 100 + 31 * 1024), "a stretch of its own")
        #expect(pace.isLate(at: 51, moved: 100 + 31 * 1024))
    }

    @Test func `What a buffer took at once is no credit for the time after`() {
        let pace = Paced()
        pace.enter(.answering, at: 0)
        #expect(!pace.isLate(at: 0, moved: 0))
        #expect(!pace.isLate(at: 21, moved: 4 << 20))
        #expect(pace.isLate(at: 42, moved: 4 << 20))
    }

    @Test func `A request has ten minutes in all, without our own work`() {
        let pace = Paced()
        pace.enter(.body, at: 0)
        #expect(!pace.isLate(at: 599, moved: nil))
        pace.enter(.working, at: 590)
        #expect(!pace.isLate(at: 2000, moved: nil), "ours")
        pace.enter(.answering, at: 2000)
        #expect(!pace.isLate(at: 2009, moved: nil))
        #expect(pace.isLate(at: 2011, moved: nil))
    }

    private static func hurried(_ options: inout EndpointOptions) {
        options.pace.header = .milliseconds(700)
        options.pace.grace = .seconds(1)
        options.pace.lingering = .milliseconds(700)
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
        try await withEndpoint({ $0.connectionsPerPeer = 3 }) { endpoint in
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
