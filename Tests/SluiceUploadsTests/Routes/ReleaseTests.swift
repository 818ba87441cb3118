// Releases over the wire: where they hold, who gives them and who takes them back.

import SluiceModel
import Testing

@testable import SluiceUploads

@Suite struct ReleaseTests {
    private static let page = Array(
        "<!doctype html><html><body><script>alert(1)</script></body></html>\n".utf8)

    private static func bearing(_ token: String) -> String { "Authorization: Bearer \(token)\n" }

    /// - Returns: the attachment and what became of it.
    private static func sent(
        _ endpoint: TestEndpoint, _ name: String, on ticket: String = "T-1", as token: String = "submitter"
    ) throws -> (id: String, answer: RawAnswer) {
        let head = put(name, length: page.count, ticket: ticket, more: bearing(token))
        let answer = try endpoint.ask(head, body: page)
        return (answer.json["attachment"] as? String ?? "", answer)
    }

    private static func release(
        _ endpoint: TestEndpoint, _ id: String, as token: String, _ body: String = #"{"note":"why"}"#
    ) throws -> RawAnswer {
        try endpoint.ask(
            "POST /api/v1/review/\(id)/release HTTP/1.1\nHost: h\n\(bearing(token))Content-Type: application/json\n"
                + "Content-Length: \(body.utf8.count)\n\n", body: Array(body.utf8))
    }

    private static func outcome(_ answer: RawAnswer) -> String? { answer.json["outcome"] as? String }

    @Test func `A release holds on its ticket, is shown, and is taken back`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let first = try Self.sent(endpoint, "page.txt")
            let released = try Self.release(endpoint, first.id, as: "boundReviewer")
            #expect(released.status == 200 && Self.outcome(released) == "accepted", "\(released)")
            let findings = try #require(released.json["findings"] as? [[String: Any]])
            #expect(findings.contains { $0["code"] as? String == "review.released" })
            #expect(findings.allSatisfy { $0["severity"] as? String != "quarantine" })
            let elsewhere = try Self.sent(endpoint, "page.txt", on: "T-2")
            #expect(Self.outcome(elsewhere.answer) == "quarantined")
            let again = try Self.sent(endpoint, "again.txt")
            #expect(Self.outcome(again.answer) == "accepted")

            let list = try endpoint.ask(get("/api/v1/releases", more: Self.bearing("boundReviewer")))
            let one = try #require((list.json["releases"] as? [[String: Any]])?.first)
            #expect(one["ticket"] as? String == "T-1" && one["everywhere"] as? Bool == false)
            let id = try #require(one["id"] as? String)
            let head = "DELETE /api/v1/releases/\(id) HTTP/1.1\nHost: h\n"
            let revoked = try endpoint.ask(head + Self.bearing("boundReviewer") + "\n")
            #expect(revoked.status == 204)
            let third = try Self.sent(endpoint, "third.txt")
            #expect(Self.outcome(third.answer) == "quarantined")
        }
    }

    @Test func `Only a reviewer that is bound to no ticket releases for every ticket`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let first = try Self.sent(endpoint, "page.txt")
            let body = #"{"note":"why","everywhere":true}"#
            let bound = try Self.release(endpoint, first.id, as: "boundReviewer", body)
            #expect(bound.status == 403 && bound.code == "request.bound-token")
            let wide = try Self.release(endpoint, first.id, as: "reviewer", body)
            #expect(wide.status == 200, "\(wide)")
            let elsewhere = try Self.sent(endpoint, "page.txt", on: "T-2")
            #expect(Self.outcome(elsewhere.answer) == "accepted")
            // Who is bound neither sees nor takes back what holds everywhere.
            let list = try endpoint.ask(get("/api/v1/releases", more: Self.bearing("boundReviewer")))
            #expect((list.json["releases"] as? [Any])?.isEmpty == true)
            let all = try endpoint.ask(get("/api/v1/releases", more: Self.bearing("reviewer")))
            let id = try #require((all.json["releases"] as? [[String: Any]])?.first?["id"] as? String)
            let head = "DELETE /api/v1/releases/\(id) HTTP/1.1\nHost: h\n"
            let refused = try endpoint.ask(head + Self.bearing("boundReviewer") + "\n")
            #expect(refused.status == 404)
        }
    }

    @Test func `Who sent an attachment does not release it`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let own = try Self.sent(endpoint, "page.txt", as: "reviewer")
            let refused = try Self.release(endpoint, own.id, as: "reviewer")
            #expect(refused.status == 403 && refused.code == "review.own-attachment", "\(refused)")
            let other = try Self.release(endpoint, own.id, as: "admin")
            #expect(other.status == 200)
        }
    }
}
