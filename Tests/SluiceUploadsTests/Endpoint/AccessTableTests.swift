// Every route for every caller, on what is its own and on what is another's (Threats, H11).

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceServer
@testable import SluiceUploads

/// Who asks. The object is one that `owner` has sent to T-1.
private enum Asking: String, CaseIterable {
    case nobody, anonymous, owner, other, bound, elsewhere, wide, boundReviewer, reviewer, admin

    /// As TestEndpoint knows it.
    var token: String? {
        switch self {
        case .nobody, .anonymous: nil
        case .owner: "submitter"
        case .elsewhere: "boundElsewhere"
        default: rawValue
        }
    }
    var field: String { token.map { "Authorization: Bearer \($0)\n" } ?? "" }
}

/// The objects that a request may name.
private struct Objects {
    var log = ""
    var bundle = ""
    var waiting = ""
    var upload = ""
}

private struct Row: Sendable, CustomStringConvertible {
    /// As the route is called.
    let route: String
    let head: @Sendable (Objects, String) -> String
    var body: [UInt8] = []
    /// In the order of `Asking`.
    let statuses: [Int]
    var description: String { route }

    init(
        _ route: String, _ statuses: [Int], body: String = "",
        _ head: @escaping @Sendable (_ objects: Objects, _ who: String) -> String
    ) {
        self.route = route
        self.statuses = statuses
        self.body = Array(body.utf8)
        self.head = head
    }
}

@Suite struct AccessTableTests {
    //                                nobody anon owner other bound elsew wide bRev  rev  admin
    private static let object: [Int] = [401, 404, 200, 404, 200, 403, 200, 200, 200, 200]
    private static let ticket: [Int] = [401, 200, 200, 200, 200, 403, 200, 200, 200, 200]
    private static let sending: [Int] = [401, 201, 201, 201, 201, 403, 201, 201, 201, 201]
    private static let anybody: [Int] = [401, 200, 200, 200, 200, 200, 200, 200, 200, 200]
    private static let reviewing: [Int] = [401, 403, 403, 403, 403, 403, 403, 200, 200, 200]
    private static let administering: [Int] = [401, 403, 403, 403, 403, 403, 403, 403, 403, 200]
    private static let open = [Int](repeating: 200, count: 10)
    private static let place = "/api/v1/tickets/T-1/attachments/"
    private static let line = String(decoding: logLine, as: UTF8.self)

    private static func reading(_ path: String, _ statuses: [Int], of part: @escaping @Sendable (Objects) -> String)
        -> Row
    {
        Row("GET \(path)", statuses) { objects, _ in "GET \(part(objects)) HTTP/1.1\nHost: h\n" }
    }

    private static func json(
        _ route: String, _ statuses: [Int], _ body: String, at path: @escaping @Sendable (Objects) -> String
    )
        -> Row
    {
        let method = route.prefix { $0 != " " }
        return Row(route, statuses, body: body) { objects, _ in
            "\(method) \(path(objects)) HTTP/1.1\nHost: h\nContent-Type: application/json\nContent-Length: \(body.utf8.count)\n"
        }
    }

    private static let oneAttachment = "/api/v1/tickets/{ticket}/attachments/{id}"
    private static let oneUpload = "/api/v1/uploads/{upload}"
    private static let tus = "Host: h\nTus-Resumable: 1.0.0\n"
    /// An upload belongs to the token that began it.
    private static func uploading(_ status: Int) -> [Int] { [401, 404, status] + [Int](repeating: 404, count: 7) }

    private static let readingRows: [Row] = [
        reading("/api/v1/tickets/{ticket}/attachments", ticket) { _ in "/api/v1/tickets/T-1/attachments" },
        reading(oneAttachment, object) { place + $0.log },
        reading(oneAttachment + "/findings", object) { place + $0.log + "/findings" },
        reading(oneAttachment + "/manifest", object) { place + $0.bundle + "/manifest" },
        reading(oneAttachment + "/entries/{index}", object) { place + $0.bundle + "/entries/0" },
        reading(oneAttachment + "/content", object) { place + $0.log + "/content" },
        json("PUT \(oneAttachment)/category", object, #"{"category":"Other"}"#) { place + $0.log + "/category" },
    ]

    private static let sendingRows: [Row] = [
        Row("PUT /api/v1/tickets/{ticket}/attachments/{name}", sending, body: line) { _, who in
            "PUT \(place)\(who).txt HTTP/1.1\nHost: h\nContent-Length: \(logLine.count)\n"
        },
        Row("POST /api/v1/tickets/{ticket}/attachments", sending, body: formBody) { _, _ in
            "POST /api/v1/tickets/T-1/attachments HTTP/1.1\nHost: h\nContent-Type: multipart/form-data; boundary=b\n"
                + "Content-Length: \(formBody.utf8.count)\n"
        },
        Row("POST /api/v1/check", anybody, body: line) { _, _ in
            "POST /api/v1/check?name=a.txt HTTP/1.1\nHost: h\nContent-Length: \(logLine.count)\n"
        },
        reading("/api/v1/limits", ticket) { _ in "/api/v1/limits?ticket=T-1" },
        Row("POST /api/v1/uploads", sending) { _, _ in
            "POST /api/v1/uploads HTTP/1.1\n\(tus)Upload-Metadata: filename YS50eHQ=,ticket VC0x\nUpload-Length: 40\n"
                + "Content-Length: 0\n"
        },
        Row("GET \(oneUpload)", uploading(200)) { objects, _ in "GET \(objects.upload) HTTP/1.1\nHost: h\n" },
        Row("PATCH \(oneUpload)", uploading(204), body: "2026") { objects, _ in
            "PATCH \(objects.upload) HTTP/1.1\n\(tus)Content-Type: application/offset+octet-stream\nUpload-Offset: 0\n"
                + "Content-Length: 4\n"
        },
        Row("DELETE \(oneUpload)", uploading(204)) { objects, _ in "DELETE \(objects.upload) HTTP/1.1\n\(tus)" },
    ]

    private static let formBody =
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.txt\"\r\n\r\n2026-01-02 03:04:05 INFO form\n\r\n--b--\r\n"

    private static let decidingRows: [Row] = [
        reading("/api/v1/review", reviewing) { _ in "/api/v1/review" },
        json("POST /api/v1/review/{id}/release", reviewing, #"{"note":"why"}"#) {
            "/api/v1/review/\($0.waiting)/release"
        },
        json("POST /api/v1/review/{id}/delete", reviewing.map { $0 == 200 ? 204 : $0 }, #"{"note":"why"}"#) {
            "/api/v1/review/\($0.waiting)/delete"
        },
        reading("/api/v1/releases", reviewing) { _ in "/api/v1/releases" },
        Row("DELETE /api/v1/releases/{id}", reviewing.map { $0 == 200 ? 404 : $0 }) { _, _ in
            "DELETE /api/v1/releases/99 HTTP/1.1\nHost: h\n"
        },
        reading("/api/v1/tokens", administering) { _ in "/api/v1/tokens" },
        json("POST /api/v1/tokens", administering.map { $0 == 200 ? 201 : $0 }, #"{"role":"submitter"}"#) { _ in
            "/api/v1/tokens"
        },
        Row("DELETE /api/v1/tokens/{id}", administering.map { $0 == 200 ? 404 : $0 }) { _, _ in
            "DELETE /api/v1/tokens/none HTTP/1.1\nHost: h\n"
        },
        reading("/healthz", open) { _ in "/healthz" }, reading("/readyz", open) { _ in "/readyz" },
        reading("/metrics", open) { _ in "/metrics" }, reading("/", open) { _ in "/" },
        reading("/assets/{asset}", open) { _ in "/assets/main.js" },
        reading("/api/v1/openapi.json", open) { _ in "/api/v1/openapi.json" },
    ]

    private static var rows: [Row] { readingRows + sendingRows + decidingRows }

    /// Not in the table: they answer as another route does, or without any object.
    private static let alike: Set = ["HEAD \(oneUpload)", "POST \(oneUpload)", "OPTIONS /api/v1/uploads"]

    @Test func `The table has every route`() {
        let told = Set(Self.rows.map(\.route))
        let missing = Routes.all.map { "\($0.method) \($0.name)" }.filter {
            !told.contains($0) && !Self.alike.contains($0)
        }
        #expect(missing == [])
    }

    @Test(arguments: Array(rows.indices)) func `A route answers each caller as the table says`(index: Int) async throws
    {
        let row = Self.rows[index]
        for isAnonymous in [false, true] {
            try await withEndpoint(anonymous: isAnonymous) { endpoint in
                for (who, status) in zip(Asking.allCases, row.statuses) where (who == .anonymous) == isAnonymous {
                    let objects = try Self.objects(endpoint, who.rawValue)
                    let answer = try endpoint.ask(row.head(objects, who.rawValue) + who.field + "\n", body: row.body)
                    #expect(answer.status == status, "\(row.route) as \(who): \(answer)")
                }
            }
        }
    }

    @Test func `Another's attachment and none answer alike, byte for byte`() async throws {
        for isAnonymous in [false, true] {
            try await withEndpoint(anonymous: isAnonymous) { endpoint in
                let objects = try Self.objects(endpoint, "x")
                let field = isAnonymous ? "" : Asking.other.field
                var unknown = Objects()
                unknown.log = String(objects.log.reversed())
                unknown.bundle = unknown.log
                for row in Self.readingRows.dropFirst() {
                    let answers = try [objects, unknown].map { named -> String in
                        let answer = try endpoint.ask(row.head(named, "x") + field + "\n", body: row.body)
                        #expect(answer.status == 404, "\(row.route)")
                        let id = answer.json["requestId"] as? String ?? "-"
                        return answer.text.replacing(id, with: "")
                    }
                    #expect(answers[0] == answers[1], "\(row.route)")
                }
            }
        }
    }

    @Test func `A list tells what the caller may see`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            _ = try Self.objects(endpoint, "x")
            let refused = try endpoint.ask(put("a.png", length: logLine.count, more: Asking.owner.field), body: logLine)
            #expect(refused.status == 422)
            let (head, body) = (put("z.txt", length: logLine.count, more: Asking.other.field), logLine)
            #expect(try endpoint.ask(head, body: body).status == 201)
            for (who, kept, rejections) in [
                (Asking.owner, 3, 1), (.other, 1, 0), (.bound, 4, 1), (.wide, 4, 1), (.boundReviewer, 4, 1),
                (.reviewer, 4, 1), (.admin, 4, 1),
            ] {
                let list = try endpoint.ask(get("/api/v1/tickets/T-1/attachments", more: who.field)).json
                #expect((list["attachments"] as? [Any])?.count == kept, "\(who)")
                #expect((list["rejections"] as? [Any])?.count == rejections, "\(who)")
            }
        }
    }

    @Test func `Who sends without a token sees the answer and nothing else`() async throws {
        try await withEndpoint { endpoint in
            let sent = try endpoint.ask(put("a.txt", length: logLine.count), body: logLine)
            #expect(sent.status == 201 && sent.json["outcome"] as? String == "accepted")
            let place = try #require(sent.headers["location"])
            #expect(try endpoint.ask(get(place)).status == 404)
            let list = try endpoint.ask(get("/api/v1/tickets/T-1/attachments"))
            #expect(list.status == 200 && (list.json["attachments"] as? [Any])?.isEmpty == true)
        }
    }

    /// Sent by `owner` to T-1, with content that no other caller's objects have.
    private static func objects(_ endpoint: TestEndpoint, _ word: String) throws -> Objects {
        func sent(_ name: String, _ content: [UInt8]) throws -> String {
            let answer = try endpoint.ask(put(name, length: content.count, more: Asking.owner.field), body: content)
            guard let id = answer.json["attachment"] as? String else { throw ClientFailure(description: answer.text) }
            return id
        }
        var objects = Objects()
        objects.log = try sent("log.txt", Array("2026-01-02 03:04:05 INFO \(word)\n".utf8))
        let line = "2026-01-02 03:04:05 INFO \(word) packed\n"
        objects.bundle = try sent("b.zip", ZipBuilder().file("a.log", line).build())
        objects.waiting = try sent(
            "page.txt",
            Array("<!doctype html><html><body><script>alert('\(word)')</script></body></html>\n".utf8))
        let begun = try endpoint.ask(
            "POST /api/v1/uploads HTTP/1.1\n\(tus)\(Asking.owner.field)Upload-Metadata: filename YS50eHQ=,ticket VC0x\n"
                + "Upload-Length: 40\nContent-Length: 0\n\n")
        guard let location = begun.headers["location"], let start = location.firstRange(of: "/api/") else {
            throw ClientFailure(description: begun.text)
        }
        objects.upload = String(location[start.lowerBound...])
        return objects
    }
}
