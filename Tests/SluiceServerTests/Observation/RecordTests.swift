// What the log says of a request.

import Foundation
import SluiceModel
import Testing

@testable import SluiceServer

struct RecordTests {
    private func logged(_ change: (inout RequestRecord) -> Void) throws -> [String: Any] {
        let place = FileManager.default.temporaryDirectory.appending(path: "sluice-log-\(UUID().uuidString)").path
        defer { unlink(place) }
        let file = open(place, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        var record = RequestRecord(id: "r1", peer: Peer(text: "unix", isLocal: true))
        record.target = Array("/healthz".utf8)
        change(&record)
        let log = RequestLog(to: file)
        log.note(record)
        log.close()
        let line = try Data(contentsOf: URL(filePath: place))
        return try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    }

    @Test("The client's address stands beside the proxy's, where it is known")
    func client() throws {
        #expect(try logged { _ in }["client"] == nil)
        let line = try logged { record in
            var request = requestHead("GET")
            request.client = "192.0.2.7"
            record.noteRouted(request)
        }
        #expect(line["client"] as? String == "192.0.2.7" && line["peer"] as? String == "unix")
    }

    @Test("What libmicrohttpd refuses by itself is logged with its path and its status", arguments: [true, false])
    func refusedBelow(isRefused: Bool) throws {
        let line = try logged { $0.noteUnanswered(isRefused: isRefused) }
        #expect(line["path"] as? String == "/healthz")
        #expect(line["status"] as? Int == (isRefused ? 400 : 0))
        #expect(line["remark"] as? String == (isRefused ? "request.malformed" : "request.cut"))
        let answered = try logged { record in
            record.answer(Response(status: 204))
            record.noteUnanswered(isRefused: isRefused)
        }
        #expect(answered["status"] as? Int == 204 && answered["remark"] == nil)
    }

    @Test(
        "Our own failures have the status that tells whether to come again",
        arguments: [
            ("store.internal", 500, false), ("store.damaged", 500, false), ("store.io", 503, true),
            ("store.busy", 503, true), ("store.no-space", 507, true), ("inspector.interrupted", 503, true),
            ("something.else", 500, false),
        ])
    func statuses(code: String, status: Int, retries: Bool) {
        let problem = Problem(SluiceError(code, what: "a", why: "b", mend: "c"))
        #expect(problem.status == status)
        #expect(problem.headers.contains { $0.name == "Retry-After" } == retries)
    }
}
