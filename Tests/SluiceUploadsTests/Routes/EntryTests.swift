// Single entries of an archive: expanded by a confined process, handed out like a download, and never more than was proven.

import SluiceModel
import SluiceStorage
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceServer
@testable import SluiceUploads

@Suite struct EntryTests {
    private static let token = "Authorization: Bearer submitter\n"

    /// - Returns: the path of the attachment.
    private static func sent(_ endpoint: TestEndpoint, _ name: String, _ content: [UInt8], status: Int = 201) throws
        -> String
    {
        let answer = try endpoint.ask(put(name, length: content.count, more: token), body: content)
        guard answer.status == status, let id = answer.json["attachment"] as? String else {
            throw ClientFailure(description: answer.text)
        }
        return "/api/v1/tickets/T-1/attachments/\(id)"
    }

    /// Larger than what is expanded before the answer begins.
    private static let large = log(700_000)

    private static var bundle: [UInt8] {
        ZipBuilder().directory("logs/").file("logs/a \"b\".log", logLine).file("logs/large.log", large)
            .file("empty.txt", []).stored("inner.zip", ZipBuilder().file("deep.log", log(70_000)).build()).build()
    }

    @Test func `Each file of an archive comes out as it went in`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let place = try Self.sent(endpoint, "bundle.zip", Self.bundle)
            let manifest = try endpoint.ask(get(place + "/manifest", more: Self.token))
            let entries = try #require(manifest.json["entries"] as? [[String: Any]])
            let expected = [
                "logs/a \"b\".log": logLine, "logs/large.log": Self.large, "empty.txt": [],
                "inner.zip!/deep.log": log(70_000),
            ]
            var seen = 0
            // One connection for all, so that each answer has to end where it says.
            let client = try endpoint.connect()
            for entry in entries {
                let name = try #require(entry["name"] as? String)
                let index = try #require(entry["index"] as? Int)
                var answer: RawAnswer
                var tries = 0
                repeat {
                    // 503 is a process that could not be had in time; a busy machine has such moments, and a client tries again.
                    if tries > 0 { try await Task.sleep(for: .seconds(2)) }
                    tries += 1
                    try client.send(get("\(place)/entries/\(index)", more: Self.token))
                    answer = try client.answer()
                } while answer.status == 503 && tries < 5
                if let content = expected[name] {
                    #expect(answer.status == 200 && answer.body == content, "\(name): \(answer.text.prefix(600))")
                    seen += 1
                } else if entry["kind"] as? String == "directory" {
                    #expect(answer.status == 404 && answer.code == "entry.missing", "\(name)")
                }
            }
            #expect(seen == expected.count)
        }
    }

    @Test func `An archive and its entries come out of an object store as they went in`() async throws {
        try await withEndpoint(anonymous: false, blobs: ObjectServer.shared.address()) { endpoint in
            let content = ZipBuilder().stored("large.log", Self.large).build()
            let place = try Self.sent(endpoint, "bundle.zip", content)
            let entry = try endpoint.ask(get(place + "/entries/0", more: Self.token))
            #expect(entry.status == 200 && entry.body == Self.large, "\(entry.text.prefix(600))")
            let reader = try #require(
                try endpoint.store.blobs.open(BlobAddress(Digest(sha256Of: content), in: .accepted)))
            // Nothing that the entry was read from is the object itself.
            #expect(reader.descriptor == nil && reader.size == ByteCount(content.count))
        }
    }

    @Test func `An entry is never shown by a browser, and is known again by its tag`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let place = try Self.sent(endpoint, "b.zip", ZipBuilder().file("logs/a\u{E9}.log", logLine).build())
            let answer = try endpoint.ask(get(place + "/entries/0", more: Self.token))
            #expect(answer.headers["content-security-policy"] == "sandbox; default-src 'none'")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["cross-origin-resource-policy"] == "same-origin")
            #expect(
                answer.headers["content-disposition"]
                    == "attachment; filename=\"a__.log\"; filename*=UTF-8''a%C3%A9.log")
            let tag = try #require(answer.headers["etag"])
            let again = try endpoint.ask(get(place + "/entries/0", more: Self.token + "If-None-Match: \(tag)\n"))
            #expect(again.status == 304 && again.body.isEmpty)
        }
    }

    @Test(arguments: [
        ("1", 404, "entry.missing"), ("2147483647", 404, "entry.missing"), ("2147483648", 400, "request.entry-index"),
        ("-1", 400, "request.entry-index"), ("+0", 400, "request.entry-index"), ("a.log", 400, "request.entry-index"),
        ("0x0", 400, "request.entry-index"),
    ]) func `What is no entry is refused`(index: String, status: Int, code: String) async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let place = try Self.sent(endpoint, "b.zip", ZipBuilder().file("a.log", logLine).build())
            let answer = try endpoint.ask(get("\(place)/entries/\(index)", more: Self.token))
            #expect(answer.status == status && answer.code == code)
            let plain = try Self.sent(endpoint, "a.txt", logLine)
            #expect(try endpoint.ask(get(plain + "/entries/0", more: Self.token)).code == "entry.missing")
        }
    }

    @Test func `Entries of what is set apart are for reviewers only`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let bundle = ZipBuilder().file("a.log", logLine).stored("secret.log", log(600)) { $0.flags = 1 }.build()
            let sent = try endpoint.ask(put("b.zip", length: bundle.count, more: Self.token), body: bundle)
            try #require(sent.json["outcome"] as? String == "quarantined", "\(sent.text)")
            let place = "/api/v1/tickets/T-1/attachments/\(try #require(sent.json["attachment"] as? String))/entries/"
            #expect(try endpoint.ask(get(place + "0", more: Self.token)).code == "request.quarantined")
            let reviewer = "Authorization: Bearer reviewer\n"
            let reviewed = try endpoint.ask(get(place + "0", more: reviewer))
            #expect(reviewed.status == 200 && reviewed.body == logLine)
            let encrypted = try endpoint.ask(get(place + "1", more: reviewer))
            #expect(encrypted.status == 422 && encrypted.code == "entry.unreadable")
        }
    }

    @Test func `Who leaves in the middle, or reads slowly, keeps nobody waiting`() async throws {
        try await withEndpoint(anonymous: false) { endpoint in
            let place = try Self.sent(endpoint, "bundle.zip", ZipBuilder().file("large.log", Self.large).build())
            for _ in 0..<12 {
                let client = try RawClient(port: endpoint.port, buffer: 4096)
                try client.send(get(place + "/entries/0", more: Self.token))
            }
            // Those who left give their turns back; until that is seen, others are told to come again.
            let deadline = ContinuousClock.now.advanced(by: .seconds(20))
            var answer = try endpoint.ask(get(place + "/entries/0", more: Self.token))
            while [429, 503].contains(answer.status), ContinuousClock.now < deadline {
                let isBusy = ["quota.entries", "entry.busy"].contains(answer.code)
                #expect(isBusy && answer.headers["retry-after"] != nil)
                try await Task.sleep(for: .milliseconds(100))
                answer = try endpoint.ask(get(place + "/entries/0", more: Self.token))
            }
            #expect(answer.status == 200 && answer.body == Self.large)
        }
    }

    /// Gives so many pieces and then ends well or badly.
    final class Pieces: PulledBytes {
        private let rest: Mutex<[[UInt8]]>
        private let isSound: Bool

        init(_ pieces: [[UInt8]], isSound: Bool) {
            rest = Mutex(pieces)
            self.isSound = isSound
        }

        func next() throws(SluiceError) -> [UInt8]? {
            let piece = rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if piece == nil, !isSound { throw SluiceError(.damaged)! }
            return piece
        }
    }

    @Test(arguments: [
        ([5, 5], 10, true, true), ([5, 5], 10, false, false), ([5], 10, true, false), ([5, 5, 1], 10, true, false),
        ([5, 6], 10, true, false), ([], 10, true, false), ([10], 10, true, true), ([10], 10, false, false),
    ]) func `Whoever gets all bytes gets the right ones`(sizes: [Int], size: Int, isSound: Bool, isWhole: Bool) {
        let source = Pieces(sizes.map { [UInt8](repeating: 1, count: $0) }, isSound: isSound)
        let pieces = ProvenPieces(source, size: Int64(size))
        var given = 0
        while given < size, let piece = pieces.next() { given += piece.count }
        #expect((given == size) == isWhole && given <= size)
    }
}

extension ZipBuilder {
    /// A file whose name is UTF-8 and says so (APPNOTE §4.4.4, bit 11).
    fileprivate func file(_ name: String, _ content: [UInt8]) -> ZipBuilder {
        file(Array(name.utf8), content) { $0.flags |= 1 << 11 }
    }
}
