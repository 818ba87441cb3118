// `Idempotency-Key`, before any route that takes something in: the body goes to the route's receiver and into the fingerprint, and the key decides at the
// end which of both answers.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceSystem

final class IdempotentReceiver: BodyReceiver, @unchecked Sendable {
    private let inner: any BodyReceiver
    private let key: String
    private let caller: String
    private let keys: IdempotencyKeys
    // guarded by: the exchange, which lets one thread at a time use its receiver.
    private let fingerprint: RequestFingerprint

    /// - Returns: the receiver itself where there is no key.
    /// - Throws: 400 for a key that is none.
    fileprivate static func wrap(
        _ result: RouteResult, _ request: Request, _ context: UploadContext
    ) throws(Problem) -> RouteResult {
        guard case .receiver(let inner) = result, let given = request[header: "idempotency-key"] else { return result }
        // A structured-field string or the bare characters (draft-ietf-httpapi-idempotency-key-header §2.1).
        let isQuoted = given.utf8.count >= 2 && given.hasPrefix("\"") && given.hasSuffix("\"")
        let key = isQuoted ? String(given.dropFirst().dropLast()) : given
        let count = request.headers.count { $0.name == "idempotency-key" }
        guard count == 1, (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(
                400, "request.idempotency-key", "An idempotency key is 1 to 128 printable characters, given once.",
                remedy: "Use a UUID.")
        }
        return .receiver(IdempotentReceiver(inner, key, request, context))
    }

    private init(_ inner: any BodyReceiver, _ key: String, _ request: Request, _ context: UploadContext) {
        self.inner = inner
        self.key = key
        keys = context.services.answers
        // Anonymous callers share their keys; a caller that needs keys of its own has a token.
        caller = context.caller.token ?? ""
        fingerprint = RequestFingerprint(request, caller: caller)
        (inner as? FormUpload)?.digestParts()
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Int {
        let taken = try inner.receive(bytes)
        fingerprint.receive(UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
        return taken
    }

    func prepare() throws(Problem) { try inner.prepare() }

    func abandon() { inner.abandon() }

    func finish() async throws(Problem) -> Response {
        guard let request = fingerprint.finish(parts: (inner as? FormUpload)?.partDigests ?? []) else {
            return try await inner.finish()
        }
        let claim: IdempotencyKeys.Claim
        do throws(SluiceError) { claim = try await keys.claim(key, of: caller, for: request) } catch {
            inner.abandon()
            throw Problem(error)
        }
        switch claim {
        case .given(let answer):
            inner.abandon()
            return Response(answer)
        case .otherRequest:
            inner.abandon()
            throw Problem(
                409, "request.key-reused", "The idempotency key was used for another request.",
                remedy: "Use a new key for what is new, and the same bytes to repeat a request.")
        case .mine: break
        }
        let result = await Result<Response, Problem> { () async throws(Problem) in try await inner.finish() }
        await keys.finish(key, of: caller, with: (try? result.get()).flatMap { $0.kept(for: request) })
        return try result.get()
    }
}

extension Route {
    /// The same route, honoring `Idempotency-Key`.
    var idempotent: Route {
        wrapping { (result, request, context) throws(Problem) in
            try IdempotentReceiver.wrap(result, request, context)
        }
    }
}

extension Result {
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

extension Response {
    /// What is kept to be given again: decisions. Failures and refusals of the request are not.
    fileprivate func kept(for request: Digest) -> KeptResponse? {
        guard [200, 201, 422].contains(status), case .bytes(let bytes) = content else { return nil }
        return KeptResponse(
            request: request, status: status,
            headers: headers.filter { !$0.value.contains("\n") }.map { "\($0.name): \($0.value)" },
            body: String(decoding: bytes, as: UTF8.self), givenAt: WallClock.microseconds())
    }

    fileprivate init(_ answer: KeptResponse) {
        let headers = answer.headers.map { line -> (name: String, value: String) in
            let name = line.prefix { $0 != ":" }
            return (String(name), String(line.dropFirst(name.count + 2)))
        }
        self.init(
            status: answer.status, headers: headers + [("Idempotency-Replayed", "true")],
            content: .bytes(Array((answer.body ?? "").utf8)), remark: "replayed")
    }
}
