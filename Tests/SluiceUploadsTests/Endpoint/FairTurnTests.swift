// THREATS H10: one caller takes everything. What it sends is its own delay, and bounded.

import SluiceModel
import SluiceStorage
import SluiceTestSupport
import Testing

@testable import SluiceServer
@testable import SluiceUploads

@Suite struct FairTurnTests {
    private static func bearing(_ token: String) -> String { "Authorization: Bearer \(token)\n" }

    /// An archive that keeps an inspector busy for a while.
    private static let dear: [UInt8] = {
        let content = log(400_000)
        return (0..<2).reduce(ZipBuilder()) { $0.file(Array("\($1).log".utf8), content) }.build()
    }()

    @Test func `A caller's dear content keeps no other caller waiting`() async throws {
        try await withEndpoint(anonymous: false, { $0.jobs = 1 }) { endpoint in
            let parts = (0..<8).map { (name: "file", file: String?.some("\($0).zip"), content: Self.dear) }
            let (head, body) = form(parts, more: Self.bearing("other"))
            let attackers = try (0..<4).map { _ in
                let client = try endpoint.connect()
                try client.send(head, body)
                return client
            }
            let turns = endpoint.services.inspections
            #expect(endpoint.reaches { turns.waiting >= 2 }, "the forms wait for inspection")
            for number in 0..<5 {
                let request = put("\(number).txt", length: logLine.count, more: Self.bearing("submitter"))
                #expect(try endpoint.ask(request, body: logLine).status == 201)
                let list = get("/api/v1/tickets/T-1/attachments", more: Self.bearing("submitter"))
                #expect(try endpoint.ask(list).status == 200)
                #expect(try endpoint.ask(get("/readyz")).status == 200)
            }
            #expect(turns.waiting >= 1, "forms still wait")
            for client in attackers { #expect(try client.answer().status == 201) }
        }
    }

    @Test func `Too much waiting of one caller is 429, and only for that caller`() async throws {
        try await withEndpoint(
            anonymous: false,
            {
                $0.jobs = 1
                $0.server.waiting.waitingOfCaller = 1
            }
        ) { endpoint in
            let turns = endpoint.services.inspections
            let request = put("a.zip", length: Self.dear.count, more: Self.bearing("other"))
            var clients: [RawClient] = []
            while turns.refusal(for: "t5") == nil, clients.count < 100 {
                let client = try endpoint.connect()
                try client.send(request, Self.dear)
                clients.append(client)
                _ = endpoint.reaches(within: 1) { turns.refusal(for: "t5") != nil }
            }
            let refused = try endpoint.ask(request, body: Self.dear)
            #expect(refused.status == 429 && refused.code == "quota.waiting", "\(refused)")
            #expect(refused.headers["retry-after"] != nil)
            let other = put("a.txt", length: logLine.count, more: Self.bearing("submitter"))
            #expect(try endpoint.ask(other, body: logLine).status == 201)
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
