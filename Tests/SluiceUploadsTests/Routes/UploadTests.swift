// Sending and reading attachments over the wire, in process.

import SluiceModel
import SluiceStorage
import Testing

@testable import SluiceUploads

@Suite struct UploadTests {
    @Test func `A raw attachment is accepted once and then is there already`() async throws {
        try await withEndpoint { endpoint in
            let first = try endpoint.ask(
                put(
                    "caf%C3%A9.txt", length: logLine.count,
                    more: "X-Sluice-Category: log%20file\nX-Sluice-Comment: h%C3%A9\n"),
                body: logLine)
            #expect(first.status == 201)
            #expect(first.json["path"] as? String == "café.txt" && first.json["comment"] as? String == "hé")
            #expect(first.json["declaredCategory"] as? String == "Log File")
            let again = try endpoint.ask(put("caf%C3%A9.txt", length: logLine.count), body: logLine)
            #expect(again.status == 200 && again.json["outcome"] as? String == "duplicate")
            #expect(again.json["attachment"] as? String == first.json["attachment"] as? String)
            let place = try #require(first.headers["location"])
            let read = try endpoint.ask(get(place, more: readingAll))
            #expect(read.status == 200 && read.json["received"] as? String == first.json["received"] as? String)
        }
    }

    @Test func `A long name is told whole, now and later`() async throws {
        try await withEndpoint { endpoint in
            let name = String(repeating: "x", count: 240) + ".txt"
            let sent = try endpoint.ask(put(name, length: logLine.count), body: logLine)
            #expect(sent.status == 201 && sent.json["name"] as? String == name, "\(sent.text)")
            let place = try #require(sent.headers["location"])
            #expect(try endpoint.ask(get(place, more: readingAll)).json["name"] as? String == name)
            let saved = try endpoint.ask(get(place + "/content", more: readingAll)).headers["content-disposition"] ?? ""
            #expect(saved.contains("xxx.txt\"") && saved.hasSuffix(name))
            let refused = try endpoint.ask(put(name + ".exe", length: logLine.count), body: logLine)
            #expect((refused.json["evidence"] as? [String: Any])?["name"] as? String == name + ".exe")
        }
    }

    @Test func `A refused attachment is told with its remedy and stays in the record`() async throws {
        try await withEndpoint { endpoint in
            let answer = try endpoint.ask(put("shot.png", length: logLine.count), body: logLine)
            #expect(answer.status == 422)
            let findings = try #require(answer.json["findings"] as? [[String: Any]])
            #expect(findings.first?["code"] as? String == "type.mismatch" && findings.first?["remedy"] != nil)
            let list = try endpoint.ask(get("/api/v1/tickets/T-1/attachments", more: readingAll))
            #expect((list.json["rejections"] as? [[String: Any]])?.count == 1)
            #expect((list.json["attachments"] as? [[String: Any]])?.isEmpty == true)
        }
    }

    /// Of a form's only attachment.
    private func path(_ answer: RawAnswer) -> String? {
        let attachments = answer.json["attachments"] as? [[String: Any]]
        return attachments?.count == 1 ? attachments?.first?["path"] as? String : nil
    }

    @Test func `An input in which no file was chosen is no file and leaves nothing`() async throws {
        try await withEndpoint { endpoint in
            let (head, body) = form([("a", "", []), ("b", "good.txt", logLine), ("c", "", [])])
            let answer = try endpoint.ask(head, body: body)
            #expect(answer.status == 201 && path(answer) == "good.txt", "\(answer.text)")
            let (emptyHead, emptyBody) = form([("a", "", []), ("comment", nil, Array("hi".utf8))])
            let refused = try endpoint.ask(emptyHead, body: emptyBody)
            #expect(refused.status == 400 && refused.code == "request.no-file")
            #expect(refused.text.contains("No file was chosen"))
            let list = try endpoint.ask(get("/api/v1/tickets/T-1/attachments"))
            #expect((list.json["rejections"] as? [[String: Any]])?.isEmpty == true)
            // Bytes without a name are a file, and are refused for that.
            let (namelessHead, namelessBody) = form([("a", "", logLine)])
            #expect(try endpoint.ask(namelessHead, body: namelessBody).status == 422)
        }
    }

    @Test func `A folder before a name is dropped, and a program's name before one is not`() async throws {
        try await withEndpoint { endpoint in
            let (head, body) = form([("a", "logs/node1/app.txt", logLine)])
            let answer = try endpoint.ask(head, body: body)
            #expect(answer.status == 201 && path(answer) == "app.txt", "\(answer.text)")
            let (hidingHead, hidingBody) = form([("a", "a.exe/.txt", logLine)])
            let refused = try endpoint.ask(hidingHead, body: hidingBody)
            #expect(refused.status == 422 && refused.json["outcome"] as? String == "rejected", "\(refused.text)")
        }
    }

    @Test func `Every file of a form has its own answer`() async throws {
        try await withEndpoint { endpoint in
            let (head, body) = form([
                ("a", "good.txt", logLine), ("comment", nil, Array("why".utf8)), ("b", "bad.png", logLine),
                ("c", "run.exe", logLine), ("category", nil, Array("Log File".utf8)),
            ])
            let answer = try endpoint.ask(head, body: body)
            #expect(answer.status == 422 && answer.json["outcome"] as? String == "rejected")
            let attachments = try #require(answer.json["attachments"] as? [[String: Any]])
            #expect(attachments.map { $0["outcome"] as? String } == ["accepted", "rejected", "rejected"])
            #expect(
                attachments.allSatisfy {
                    $0["comment"] as? String == "why" && $0["declaredCategory"] as? String == "Log File"
                })
        }
    }

    @Test(
        arguments: [
            ([("a", nil, logLine)], 400, "request.no-file"),
            ([("a", "a.txt", logLine), ("category", nil, Array("x".utf8))], 400, "request.category"),
            ([("a", "a.txt", logLine), ("category", nil, []), ("category", nil, [])], 400, "request.field-twice"),
            ([("a", "a.txt", logLine), ("comment", nil, [0xFF])], 400, "request.field-encoding"),
        ] as [([(name: String, file: String?, content: [UInt8])], Int, String)])
    func `A form that makes no sense is refused whole`(
        parts: [(name: String, file: String?, content: [UInt8])], status: Int, code: String
    ) async throws {
        try await withEndpoint { endpoint in
            let (head, body) = form(parts)
            let answer = try endpoint.ask(head, body: body)
            #expect(answer.status == status && answer.code == code, "\(answer.text)")
            #expect(try endpoint.store.tickets.tickets(after: nil, limit: 10).isEmpty)
        }
    }

    @Test func `A form with too many parts, or cut short, leaves nothing`() async throws {
        try await withEndpoint { endpoint in
            let many = form((0..<17).map { ("f", "a\($0).txt", logLine) })
            let tooMany = try endpoint.ask(many.head, body: many.body)
            #expect(tooMany.code == "multipart.too-many-parts")
            let whole = form([("f", "a.txt", logLine)])
            let cut = Array(whole.body.dropLast(4))
            let head = whole.head.replacing("Content-Length: \(whole.body.count)", with: "Content-Length: \(cut.count)")
            #expect(try endpoint.ask(head, body: cut).code == "multipart.cut-short")
            #expect(try endpoint.store.tickets.tickets(after: nil, limit: 10).isEmpty)
            #expect(endpoint.isSpoolFree)
        }
    }

    @Test func `A refusal told before the body is in the record all the same`() async throws {
        try await withEndpoint { endpoint in
            #expect(try endpoint.ask(put("a.exe", length: logLine.count), body: logLine).status == 415)
            let ticket = try #require(TicketID("T-1"))
            for _ in 0..<100 {
                if try !endpoint.store.tickets.rejections(on: ticket, after: 0, limit: 10).isEmpty { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(
                try endpoint.store.tickets.rejections(on: ticket, after: 0, limit: 10).map { $0.findings.map(\.code) }
                    == [
                        ["submission.extension-not-allowed"]
                    ])
        }
    }

    @Test func `Checking keeps nothing`() async throws {
        try await withEndpoint { endpoint in
            let head = "POST /api/v1/check?name=a.txt HTTP/1.1\nHost: h\nContent-Length: \(logLine.count)\n\n"
            let answer = try endpoint.ask(head, body: logLine)
            #expect(answer.status == 200)
            #expect((answer.json["attachments"] as? [[String: Any]])?.first?["outcome"] as? String == "accepted")
            #expect(try endpoint.store.tickets.tickets(after: nil, limit: 10).isEmpty)
            let nameless = try endpoint.ask("POST /api/v1/check HTTP/1.1\nHost: h\nContent-Length: 1\n\n", body: [65])
            #expect(nameless.status == 200)
            #expect((nameless.json["attachments"] as? [[String: Any]])?.first?["outcome"] as? String == "rejected")
        }
    }

    @Test func `A person's word on a category is recorded`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let token = "Authorization: Bearer submitter\n"
            let sent = try endpoint.ask(put("a.txt", length: logLine.count, more: token), body: logLine)
            let id = try #require(sent.json["attachment"] as? String)
            func say(_ body: String) throws -> RawAnswer {
                let head = "PUT /api/v1/tickets/T-1/attachments/\(id)/category HTTP/1.1\nHost: h\n\(token)"
                return try endpoint.ask(
                    head + "Content-Type: application/json\nContent-Length: \(body.utf8.count)\n\n",
                    body: Array(body.utf8))
            }
            let answer = try say(#"{"category":"Other"}"#)
            let correction = try #require(answer.json["correction"] as? [String: Any])
            #expect(correction["category"] as? String == "Other" && correction["by"] as? String == "ann")
            #expect(try say(#"{"category":"Nonsense"}"#).status == 400)
            #expect(try say("{").status == 400)
        }
    }
}
