// Who may do what: tokens, roles, bound tickets, foreign pages, rates.

import SluiceModel
import SluiceStorage
import Testing

@testable import SluiceServer
@testable import SluiceUploads

@Suite struct AdmissionTests {
    private static func bearing(_ token: String) -> String { "Authorization: Bearer \(token)\n" }

    static let cases: [(request: String, token: String?, status: Int)] = [
        (get("/api/v1/tickets/T-1/attachments"), nil, 401), (get("/api/v1/tickets/T-1/attachments"), "unknown", 401),
        (get("/api/v1/tickets/T-1/attachments"), "submitter", 200),
        (get("/api/v1/tickets/T-1/attachments"), "bound", 200),
        (get("/api/v1/tickets/T-2/attachments"), "bound", 403), (get("/api/v1/limits?ticket=T-2"), "bound", 403),
        (get("/api/v1/limits"), nil, 401), (get("/healthz"), nil, 200), (get("/healthz"), "unknown", 200),
        (get("/metrics"), nil, 200), (get("/metrics", more: "X-Forwarded-For: 10.0.0.1\n"), nil, 403),
        (get("/nothing"), nil, 404), (get("/healthz/x"), nil, 404),
        (get("/api/v1/tickets/-x/attachments"), "submitter", 400),
        (get("/api/v1/tickets/T-1/attachments/none"), "submitter", 404),
    ]

    @Test(arguments: cases) func `A request passes or not`(request: String, token: String?, status: Int) async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let text = token.map { request.replacing("Host: h\n", with: "Host: h\n" + Self.bearing($0)) } ?? request
            let answer = try endpoint.ask(text)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.headers["x-request-id"] != nil && answer.headers["x-content-type-options"] == "nosniff")
        }
    }

    @Test func `A method that a path does not know is told those it knows`() async throws {
        try await withEndpoint { endpoint in
            let answer = try endpoint.ask("DELETE /healthz HTTP/1.1\nHost: h\n\n")
            #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD")
        }
    }

    @Test(arguments: [
        ("Origin: http://h\n", 201), ("Origin: https://h\n", 201), ("Origin: http://evil.example\n", 403),
        ("Origin: null\n", 403), ("Sec-Fetch-Site: cross-site\n", 403), ("Sec-Fetch-Site: same-origin\n", 201),
        ("", 201),
    ]) func `A page of another site cannot write`(fields: String, status: Int) async throws {
        try await withEndpoint { endpoint in
            let answer = try endpoint.ask(put("a.txt", length: logLine.count, more: fields), body: logLine)
            #expect(answer.status == status, "\(answer.text)")
        }
    }

    @Test func `Who comes too often waits, and others do not`() async throws {
        try await withEndpoint(anonymous: false, { $0.server.requestsPerSecond = 5 }) { endpoint in
            let client = try endpoint.connect()
            var statuses: [Int] = []
            for _ in 0..<12 {
                try client.send(get("/api/v1/limits", more: Self.bearing("submitter")))
                statuses.append(try client.answer().status)
            }
            #expect(statuses.prefix(5).allSatisfy { $0 == 200 } && statuses.contains(429), "\(statuses)")
            try client.send(get("/api/v1/limits", more: Self.bearing("bound")))
            #expect(try client.answer().status == 200)
        }
    }

    @Test func `Unknown tokens are counted by address, with a rate and without one`() async throws {
        for rate in [nil, 5] {
            try await withEndpoint(anonymous: false, { $0.server.requestsPerSecond = rate }) { endpoint in
                let client = try endpoint.connect()
                var statuses: [Int] = []
                for number in 0..<60 {
                    try client.send(get("/api/v1/limits", more: Self.bearing("guess\(number)")))
                    statuses.append(try client.answer().status)
                }
                #expect(statuses.first == 401 && statuses.contains(429), "\(statuses)")
                try client.send(get("/api/v1/limits", more: Self.bearing("submitter")))
                #expect(try client.answer().status == 200, "a token that is known goes on")
            }
        }
    }

    @Test func `A second Authorization is refused`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            for second in ["submitter", "reviewer", "unknown"] {
                let fields = Self.bearing("submitter") + Self.bearing(second)
                let answer = try endpoint.ask(get("/api/v1/limits", more: fields))
                #expect(answer.status == 400 && answer.code == "request.ambiguous", "\(answer.text)")
            }
        }
    }

    @Test func `A client's address is believed only where its header is named`() async throws {
        for (name, refused) in [(String?.none, true), ("x-forwarded-for", false)] {
            try await withEndpoint({
                $0.server.requestsPerSecond = 3
                $0.server.clientAddressHeader = name
            }) { endpoint in
                var statuses: Set<Int> = []
                for number in 0..<20 {
                    let fields = "X-Forwarded-For: 192.0.2.\(number)\n"
                    statuses.insert(try endpoint.ask(get("/api/v1/limits", more: fields)).status)
                }
                #expect(statuses.contains(429) == refused)
            }
        }
    }

    @Test func `A proxy's request id and trace are carried`() async throws {
        try await withEndpoint { endpoint in
            let answer = try endpoint.ask(get("/healthz", more: "X-Request-Id: abc-1234567\n"))
            #expect(answer.headers["x-request-id"] == "abc-1234567")
            let other = try endpoint.ask(get("/healthz", more: "X-Request-Id: a b\n"))
            #expect(other.headers["x-request-id"] != "a b")
        }
    }
}
