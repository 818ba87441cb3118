// A server that misbehaves: nothing is acknowledged that is not there, and nobody waits without end.

import Foundation
import SluiceModel
import SluiceStorage
import SluiceSystem
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceObjects

struct FaultTests {
    private static let slowDown = Array("<Error><Code>SlowDown</Code><Message>less</Message></Error>".utf8)

    private func error(_ code: String) -> [UInt8] { Array("<Error><Code>\(code)</Code></Error>".utf8) }

    /// Refuses a wrong digest, as a store does that hashes what it receives; everything else goes on with the plan.
    private static func proving(_ plan: [FaultyServer.Step]) -> [FaultyServer.Step] {
        [.answer(400, body: Array("<Error><Code>XAmzContentSHA256Mismatch</Code></Error>".utf8))] + plan
    }

    private func place(_ store: ObjectBlobStore, _ bytes: [UInt8] = content(4096)) throws {
        try store.place([BlobOrder(spooled(bytes), in: .accepted)], nothing).settle()
    }

    @Test("What passes is tried again: the sender learns nothing of it")
    func passes() throws {
        let server = FaultyServer(
            Self.proving([
                .answer(500), .answer(503, body: Self.slowDown), .reset(afterBody: 1000), .answer(429),
                .answer(200, headers: ["ETag": "\"x\""]),
            ]))
        defer { server.stop() }
        try place(store(at: server))
        #expect(server.requests.count == 6)
        #expect(server.requests.last?.body == content(4096))
        #expect(server.requests.allSatisfy { $0.headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 ") == true })
    }

    @Test(
        "What does not pass is told at once, with its code",
        arguments: [
            (403, "AccessDenied", "store.not-permitted"), (404, "NoSuchBucket", "store.missing"),
            (507, "", "store.no-space"), (403, "QuotaExceeded", "store.no-space"), (400, "Other", "store.io"),
            (301, "PermanentRedirect", "store.not-permitted"),
        ])
    func refused(status: Int, code: String, expected: String) throws {
        let server = FaultyServer(Self.proving([.answer(status, body: error(code))]))
        defer { server.stop() }
        let store = try store(at: server)
        let error = #expect(throws: SluiceError.self) { try place(store) }
        #expect(error?.code == expected)
        #expect(server.requests.count == 2)
    }

    @Test("A store that stays away is unavailable, after a time that has an end")
    func away() throws {
        let server = FaultyServer([.answer(200)])
        server.stop()
        let store = try store(at: server)
        let begun = ContinuousClock.now
        let error = #expect(throws: SluiceError.self) { try place(store) }
        #expect(error?.code == "store.unavailable")
        #expect(ContinuousClock.now - begun < RetrySchedule.tryingFor + .seconds(4))
    }

    @Test("A server that says nothing is given up")
    func hangs() throws {
        let server = FaultyServer([.silence])
        defer { server.stop() }
        let store = try store(at: server)
        let begun = ContinuousClock.now
        let error = #expect(throws: SluiceError.self) { try place(store) }
        #expect(error?.code == "store.unavailable")
        #expect(ContinuousClock.now - begun < RetrySchedule.total + .seconds(5))
    }

    @Test("An answer that is cut off is asked for again, and one that stays cut off is no content")
    func truncated() throws {
        let bytes = content(1000)
        let whole = FaultyServer.Step.answer(
            206, headers: ["Content-Range": "bytes 0-999/1000"], body: bytes)
        let server = FaultyServer([.truncated(promised: 1000, body: Array(bytes[..<10])), whole])
        defer { server.stop() }
        #expect(try store(at: server).bytes(of: "x") == bytes)
        #expect(server.requests.count == 2)
        // A whole answer, to the wrong question.
        let short = FaultyServer([.answer(206, headers: ["Content-Range": "bytes 0-9/1000"], body: Array(bytes[..<10]))]
        )
        defer { short.stop() }
        let store = try store(at: short)
        let error = #expect(throws: SluiceError.self) { try store.bytes(of: "x") }
        #expect(error?.code == "store.io")
    }

    @Test("A store that tells another SHA-256 than was sent is not believed")
    func wrongChecksum() throws {
        let server = FaultyServer(Self.proving([.answer(200, headers: ["x-amz-checksum-sha256": "AAAA"])]))
        defer { server.stop() }
        let store = try store(at: server)
        let error = #expect(throws: SluiceError.self) { try place(store) }
        #expect(error?.code == "store.io")
        // Sent once more, since damage passes.
        #expect(server.requests.count == 3)
    }

    @Test("Where neither digest nor ETag proves anything, the object is read back")
    func readBack() throws {
        let kept = Mutex<[String: [UInt8]]>([:])
        let damages = Mutex(1)
        let server = FaultyServer([
            .decide { request in
                let path = String(request.target.prefix { $0 != "?" })
                switch request.method {
                case "PUT":
                    var bytes = request.body
                    let isDamaged = damages.withLock { left in
                        guard path.contains("/blobs/"), left > 0 else { return false }
                        left -= 1
                        return true
                    }
                    if isDamaged { bytes[17] ^= 1 }
                    kept.withLock { $0[path] = bytes }
                    return .answer(200, headers: ["ETag": "\"none\""])
                case "DELETE": return .answer(204)
                default:
                    let bytes = kept.withLock { $0[path] } ?? []
                    return .answer(
                        206, headers: ["Content-Range": "bytes 0-\(bytes.count - 1)/\(bytes.count)"], body: bytes)
                }
            }
        ])
        defer { server.stop() }
        let store = try store(at: server)
        #expect(try store.arrivalProofName() == "readBack")
        try place(store)
        #expect(kept.withLock { $0.first { $0.key.contains("/blobs/") }?.value } == content(4096))
        damages.withLock { $0 = 2 }
        let error = #expect(throws: SluiceError.self) { try place(store, content(999)) }
        #expect(error?.code == "store.io")
    }

    @Test("412: an object that is there is looked at, and replaced where it is damaged", arguments: [false, true])
    func precondition(isDamaged: Bool) throws {
        let bytes = isDamaged ? content(4096, seed: 2) : content(4096)
        let server = FaultyServer(
            Self.proving([
                .answer(412, body: error("PreconditionFailed")),
                .answer(206, headers: ["Content-Range": "bytes 0-4095/4096"], body: bytes), .answer(200),
            ]))
        defer { server.stop() }
        try place(store(at: server))
        let requests = server.requests.dropFirst()
        #expect(requests.map(\.method) == (isDamaged ? ["PUT", "GET", "PUT"] : ["PUT", "GET"]))
        #expect(requests.first?.headers["if-none-match"] == "*")
        if isDamaged { #expect(requests.last?.headers["if-none-match"] == nil) }
    }

    @Test("A store that does not know If-None-Match is not asked again")
    func unknownPrecondition() throws {
        let server = FaultyServer(Self.proving([.answer(501, body: error("NotImplemented")), .answer(200)]))
        defer { server.stop() }
        let store = try store(at: server)
        try place(store)
        try place(store, content(7))
        #expect(server.requests.dropFirst().map { $0.headers["if-none-match"] != nil } == [true, false, false])
    }

    @Test("A clock that is wrong is named as the reason")
    func skewed() throws {
        let server = FaultyServer([
            .answer(403, headers: ["Date": "Tue, 01 Jan 2030 00:00:00 GMT"], body: error("RequestTimeTooSkewed"))
        ])
        defer { server.stop() }
        let store = try store(at: server)
        let error = #expect(throws: SluiceError.self) { try place(store) }
        #expect(error?.code == "store.not-permitted")
        #expect(error?.why.contains("clock") == true)
    }

    @Test("Keys that have expired are read again, once")
    func expired() throws {
        let server = FaultyServer([
            .answer(403, body: error("ExpiredToken")), .answer(400, body: error("BadDigest")), .answer(200),
        ])
        defer { server.stop() }
        let reads = Mutex(0)
        let credentials = ObjectCredentials { name in
            if name == "AWS_ACCESS_KEY_ID" { return "id\(reads.withLock { reads in reads += 1; return reads })" }
            return name == "AWS_SESSION_TOKEN" ? "token" : "secret"
        }
        try place(store(at: server, credentials: credentials))
        #expect(
            server.requests.map { $0.headers["authorization"]?.contains("Credential=id2/") } == [false, true, true])
        #expect(server.requests.allSatisfy { $0.headers["x-amz-security-token"] == "token" })
    }

    @Test("A store that comes back is used again without anybody's doing")
    func returns() throws {
        if ObjectServer.foreign != nil { return }
        let server = try ObjectServer()
        let store = try store(server.address(prefix: "p"))
        try place(store)
        server.stop()
        #expect(throws: SluiceError.self) { try place(store, content(10)) }
        try server.start()
        try place(store, content(10))
        #expect(try store.open(BlobAddress(spooled(content(4096)).digest, in: .accepted)) != nil)
    }

    @Test("Pauses grow, are drawn by lot, follow the store's wish, and end")
    func schedule() {
        var schedule = RetrySchedule(size: 0)
        let pauses = (0..<8).map { _ in schedule.pause(after: .zero, wish: nil, lot: 0.5)! }
        #expect(pauses[0] == .milliseconds(25) && pauses[1] == .milliseconds(50))
        #expect(pauses[7] == .seconds(1))
        #expect(schedule.pause(after: .zero, wish: .seconds(60), lot: 0) == RetrySchedule.longestPause)
        #expect(schedule.pause(after: .seconds(8), wish: nil, lot: 0) == nil)
        #expect(RetrySchedule(size: 100 << 20).deadline == RetrySchedule.total + .seconds(100))
    }
}
