// Idempotency keys and fingerprints: the same is the same, however it is sent, and everything else is something else.

import SluiceModel
import SluiceStorage
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceServer
@testable import SluiceUploads

struct IdempotencyKeysTests {
    private static let form = "/api/v1/tickets/{ticket}/attachments"

    private func formPrint(_ boundary: String, name: String = "a.txt", content: String = "x\n", cut: Int = .max)
        -> Digest?
    {
        let request = head(
            "POST", ["T-1"], route: Self.form, [("content-type", "multipart/form-data; boundary=\(boundary)")])
        let body = wire(
            "--\(boundary)\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\n\n\(content)\n--\(boundary)--\n"
        )
        var (parser, parts) = (
            try! MultipartParser(MultipartBoundary(contentType: request[header: "content-type"]!)!), PartDigests()
        )
        var rest = Array(body.utf8)[...]
        while !rest.isEmpty {
            try! parser.consume(Array(rest.prefix(cut)).span, into: &parts)
            rest = rest.dropFirst(cut)
        }
        return RequestFingerprint(request, caller: "t1").finish(parts: parts.done)
    }

    private func print(_ request: Request, _ body: [UInt8], caller: String = "t1", cut: Int = .max) -> Digest? {
        let running = RequestFingerprint(request, caller: caller)
        var rest = body[...]
        while !rest.isEmpty {
            Array(rest.prefix(cut)).withUnsafeBytes { running.receive($0) }
            rest = rest.dropFirst(cut)
        }
        return running.finish()
    }

    @Test("A form has the same fingerprint with another boundary and other cuts, and another one with other parts")
    func forms() {
        let first = formPrint("one")
        #expect(first != nil && formPrint("two") == first && formPrint("one", cut: 1) == first)
        #expect(formPrint("one", name: "b.txt") != first)
        #expect(formPrint("one", content: "y\n") != first)
        // Bytes cannot move from the name into the content.
        #expect(formPrint("one", name: "a.tx", content: "tx\n") != first)
    }

    @Test("A raw request's fingerprint tells method, path, claims, caller and bytes apart")
    func raw() {
        func put(
            _ path: [String] = ["T-1", "a.txt"], headers: [(String, String)] = [], body: String = "x",
            caller: String = "t1"
        ) -> Digest? {
            print(
                head("PUT", path, route: Self.form + "/{name}", headers), Array(body.utf8), caller: caller)
        }
        let first = put()
        let others = [
            put(["T-2", "a.txt"]), put(["T-1", "b.txt"]), put(headers: [("x-sluice-comment", "c")]),
            put(headers: [("x-sluice-category", "c")]), put(body: "y"), put(caller: "t2"), put(["T-1a", ".txt"]),
        ]
        #expect(put() == first && put(headers: [("x-trace", "other")]) == first)
        #expect(Set([first] + others).count == others.count + 1)
    }

    @Test("Two at once under one key: one is worked on, the other gets its answer")
    func twoAtOnce() async throws {
        let store = LocalStore.inMemory()
        let keys = IdempotencyKeys(store.answers, store.leases)
        let request = Digest([UInt8](repeating: 1, count: 32))!
        let answers = try await withThrowingTaskGroup(of: (isMine: Bool, body: String?).self) { tasks in
            for number in 0..<20 {
                tasks.addTask {
                    switch try await keys.claim("k", of: "a", for: request) {
                    case .mine:
                        try await Task.sleep(for: .milliseconds(5))
                        await keys.finish(
                            "k", of: "a",
                            with: KeptResponse(request: request, status: 201, body: "\(number)", givenAt: 0))
                        return (true, "\(number)")
                    case .given(let answer): return (false, answer.body)
                    case .otherRequest: return (false, nil)
                    }
                }
            }
            return try await tasks.reduce(into: [(isMine: Bool, body: String?)]()) { $0.append($1) }
        }
        #expect(answers.count { $0.isMine } == 1)
        #expect(Set(answers.map(\.body)).count == 1 && answers[0].body != nil)
    }

    @Test("Other bytes under the key conflict, at once and afterwards; another caller's key is another key")
    func conflicts() async throws {
        let store = LocalStore.inMemory()
        let keys = IdempotencyKeys(store.answers, store.leases)
        let (one, other) = (Digest([UInt8](repeating: 1, count: 32))!, Digest([UInt8](repeating: 2, count: 32))!)
        func claim(_ caller: String, _ request: Digest) async throws -> String {
            "\(try await keys.claim("k", of: caller, for: request))".prefix { $0 != "(" }.description
        }
        #expect(try await claim("a", one) == "mine")
        #expect(try await claim("a", other) == "otherRequest")
        #expect(try await claim("b", other) == "mine")
        await keys.finish("k", of: "a", with: KeptResponse(request: one, status: 201, body: "x", givenAt: 0))
        #expect(try await claim("a", one) == "given")
        #expect(try await claim("a", other) == "otherRequest")
        // What failed leaves the key free.
        await keys.finish("k", of: "b", with: nil)
        #expect(try await claim("b", one) == "mine")
    }

    @Test("An answer too long to be kept is worked on again, and its key still refuses other bytes")
    func longAnswer() async throws {
        let store = LocalStore.inMemory()
        let keys = IdempotencyKeys(store.answers, store.leases)
        let (one, other) = (Digest([UInt8](repeating: 1, count: 32))!, Digest([UInt8](repeating: 2, count: 32))!)
        func claim(_ request: Digest) async throws -> String {
            "\(try await keys.claim("k", of: "a", for: request))".prefix { $0 != "(" }.description
        }
        #expect(try await claim(one) == "mine")
        let long = String(repeating: "x", count: 2 << 20)
        await keys.finish("k", of: "a", with: KeptResponse(request: one, status: 201, body: long, givenAt: 0))
        #expect(try await claim(other) == "otherRequest")
        #expect(try await claim(one) == "mine")
    }
}
