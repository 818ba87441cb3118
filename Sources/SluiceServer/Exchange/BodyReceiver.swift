// What a route makes of a request's head: an answer at once, or somebody who takes the body.

import SluiceModel

/// Takes the body of one request. Used by one thread at a time.
package protocol BodyReceiver: AnyObject, Sendable {
    /// The next bytes, mostly on a transport thread: it may append them to what is open, and waits for nothing else. Throwing ends the request with that
    /// answer.
    /// - Returns: how many were taken. Fewer than all: `prepare` is to be called before the rest comes again.
    func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Int
    /// Opens what the next bytes go into, on a worker.
    func prepare() throws(Problem)
    /// After the last byte, on a blocking thread, with the connection suspended.
    func finish() async throws(Problem) -> Response
    /// The body will not come to its end: the peer has gone, is too slow, or was refused.
    func abandon()
}

extension BodyReceiver {
    package func prepare() throws(Problem) {}
    package func abandon() {}
}

/// What a route makes of a request's head.
package enum RouteResult: Sendable {
    case answer(Response)
    case receiver(any BodyReceiver)
}

/// For requests without a body, and for those whose body says nothing to the route (it is bounded all the same).
package final class NoBody: BodyReceiver {
    private let answer: @Sendable () async throws(Problem) -> Response

    package init(_ answer: @escaping @Sendable () async throws(Problem) -> Response) { self.answer = answer }

    package func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Int {
        throw Problem(
            400, "request.unexpected-body", "This request takes no body.", remedy: "Send it without one.")
    }

    package func finish() async throws(Problem) -> Response { try await answer() }
}

/// Collects a body of a few kilobytes, such as a JSON object.
package final class SmallBody: BodyReceiver, @unchecked Sendable {
    /// Chosen: comments and notes are sentences.
    package static let most = 64 << 10

    // guarded by: the exchange, which lets one thread at a time use its receiver.
    private var content: [UInt8] = []
    private let answer: @Sendable ([UInt8]) async throws(Problem) -> Response

    package init(_ answer: @escaping @Sendable ([UInt8]) async throws(Problem) -> Response) { self.answer = answer }

    package func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Int {
        guard content.count + bytes.count <= Self.most else {
            throw Problem(
                413, "request.too-large", "The body of this request is longer than \(Self.most.grouped) bytes.",
                remedy: "Send a shorter one.")
        }
        content.append(contentsOf: bytes)
        return bytes.count
    }

    package func finish() async throws(Problem) -> Response { try await answer(content) }
}
