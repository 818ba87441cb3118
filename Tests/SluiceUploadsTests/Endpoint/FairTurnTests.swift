// Threats, H10: one caller takes everything. What it sends is its own delay, and bounded.

import SluiceModel
import SluiceStorage
import SluiceTestSupport
import Testing

@testable import SluiceServer
@testable import SluiceUploads

@Suite struct FairTurnTests {
    private static func bearing(_ token: String) -> String { "Authorization: Bearer \(token)\n" }

    /// Inspections of one caller that last until they are told to end.
    private final class LongInspections: Sendable {
        private let ends: [AsyncStream<Void>.Continuation]

        /// - Parameter count: one runs in an endpoint with one job; the others wait.
        init(_ count: Int, of caller: String, at endpoint: TestEndpoint) throws {
            var ends: [AsyncStream<Void>.Continuation] = []
            for _ in 0..<count {
                let (stream, end) = AsyncStream<Void>.makeStream()
                ends.append(end)
                try endpoint.services.inspections.begin(for: caller, goesOn: true) { _ in for await _ in stream {} }
            }
            self.ends = ends
        }

        func end() { for end in ends { end.finish() } }
        deinit { end() }
    }

    @Test func `A caller's dear content keeps no other caller waiting`() async throws {
        try await withEndpoint(anonymous: false, { $0.jobs = 1 }) { endpoint in
            let dear = try LongInspections(20, of: "t5", at: endpoint)
            for number in 0..<5 {
                let request = put("\(number).txt", length: logLine.count, more: Self.bearing("submitter"))
                #expect(try endpoint.ask(request, body: logLine).status == 201)
                let list = get("/api/v1/tickets/T-1/attachments", more: Self.bearing("submitter"))
                #expect(try endpoint.ask(list).status == 200)
                #expect(try endpoint.ask(get("/readyz")).status == 200)
            }
            #expect(endpoint.services.inspections.waiting == 19, "the others still wait")
            dear.end()
        }
    }

    @Test func `A form with many files takes a turn for each of them`() async throws {
        try await withEndpoint(anonymous: false, { $0.jobs = 1 }) { endpoint in
            let dear = try LongInspections(1, of: "t1", at: endpoint)
            let parts = (0..<6).map { (name: "file", file: String?.some("\($0).txt"), content: logLine) }
            let (head, body) = form(parts, more: Self.bearing("submitter"))
            let client = try endpoint.connect()
            try client.send(head, body)
            #expect(endpoint.reaches { endpoint.services.inspections.waiting == 1 }, "one file at a time waits")
            dear.end()
            #expect(try client.answer().status == 201)
        }
    }

    @Test func `Too much waiting of one caller is 429, and only for that caller`() async throws {
        try await withEndpoint(
            anonymous: false,
            {
                $0.jobs = 1
                $0.server.waiting.waitingOfCaller = 3
            }
        ) { endpoint in
            let dear = try LongInspections(4, of: "t5", at: endpoint)
            func request(_ token: String) -> String {
                put("a.txt", length: logLine.count, more: Self.bearing(token))
            }
            let refused = try endpoint.ask(request("other"), body: logLine)
            #expect(refused.status == 429 && refused.code == "quota.waiting", "\(refused)")
            #expect(refused.headers["retry-after"] != nil)
            #expect(try endpoint.ask(request("submitter"), body: logLine).status == 201)
            dear.end()
        }
    }

    @Test func `Bytes that wait for their verdict are bounded by caller`() async throws {
        try await withEndpoint(anonymous: false, { $0.mostSpooled = ByteCount(300_000) }) { endpoint in
            let content = log(200_000)
            let request = put("a.txt", length: content.count, more: Self.bearing("other"))
            var first: RawClient? = try endpoint.connect()
            try first?.send(request, Array(content.dropLast(10)))
            #expect(endpoint.reaches { endpoint.services.spooled.amount(of: "t5") >= 199_990 })
            let refused = try endpoint.ask(request, body: content)
            #expect(refused.status == 429 && refused.code == "quota.spool", "\(refused)")
            // Also of what is only checked.
            let check = "POST /api/v1/check?name=a.txt HTTP/1.1\nHost: h\nContent-Length: \(content.count)\n"
            #expect(try endpoint.ask(check + Self.bearing("other") + "\n", body: content).code == "quota.spool")
            let others = put("b.txt", length: content.count, more: Self.bearing("submitter"))
            #expect(try endpoint.ask(others, body: content).status == 201)
            first = nil
            #expect(endpoint.reaches { endpoint.services.spooled.amount(of: "t5") == 0 })
            #expect(try endpoint.ask(request, body: content).status == 201)
        }
    }

    @Test func `Refusals by name count among the attachments of the day`() async throws {
        try await withEndpoint(quotas: Quotas(submitterAttachmentsPerDay: .atMost(3)), anonymous: false) { endpoint in
            func put(_ number: Int) throws -> RawAnswer {
                let head = SluiceUploadsTests.put(
                    "\(number).exe", length: logLine.count, more: Self.bearing("submitter"))
                return try endpoint.ask(head, body: logLine)
            }
            let statuses = try (0..<3).map { try put($0).status }
            #expect(statuses == [415, 415, 415])
            #expect(try put(3).code == "quota.day-attachments")
        }
    }
}
