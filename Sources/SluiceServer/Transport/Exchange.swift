// One request and its answer on a connection: from the request line through the body, our work and the answer. libmicrohttpd calls it on the
// connection's own thread; what may block runs on a worker, while the connection is suspended.

import CMicroHTTPD
import Glibc
import SluiceModel
import Synchronization

final class Exchange: @unchecked Sendable {
    /// A body up to here is read to its end although the answer is known, so that the connection can stay (chosen).
    private static let swallowed: Int64 = 64 << 10
    /// What a refused peer may still send before its connection ends; most clients read the answer only then (chosen: twice the default limit).
    private static let lingered = 32 << 20

    /// A body up to here is taken whole before anything is asked about the request: then one turn of a worker does for all of it (chosen: most logs
    /// and all orders; a connection's buffer is larger).
    private static let collected: Int64 = 16 << 10

    private enum Stage {
        case header
        /// A small body is being taken.
        case collecting([UInt8], Work)
        /// A worker asks whether the request may go on, before its body.
        case opening
        case receiving(any BodyReceiver)
        /// A worker opens what the next bytes go into.
        case preparing(any BodyReceiver)
        /// The answer is known; nothing, or little, is still to come.
        case known(Response)
        case lingering(left: Int)
        case working
        case answering
    }

    /// What is to be done about the request, on a worker.
    private struct Work: Sendable {
        let kind: WorkKind
        let account: String
        let open: @Sendable (Request) throws(Problem) -> OpenedRequest
    }

    /// What a worker came to while the connection was suspended.
    private enum Outcome: Sendable {
        case opened(OpenedRequest)
        case prepared
        case refused(Problem)
        case answered(Response, loggedAs: String?)
    }

    // guarded by: the connection's transport thread.
    private var stage = Stage.header
    private var request: Request?
    private var record: RequestRecord
    private var kind = WorkKind.reading
    private var account = ""
    /// Bytes of the piece at hand that are to come again; set by `turn`.
    private(set) var left = 0
    private let target: [UInt8]
    private let handle: OpaquePointer
    private let connection: Connection
    private let handler: any RequestHandler
    private let outcome = Mutex<Outcome?>(nil)

    init(_ target: [UInt8], on handle: OpaquePointer, _ connection: Connection, _ handler: any RequestHandler) {
        self.target = target
        self.handle = handle
        self.connection = connection
        self.handler = handler
        record = RequestRecord(id: handler.nextRequestID(), peer: connection.peer)
        record.target = target
        connection.enter(.header)
        connection.received.store(0, ordering: .relaxed)
    }

    // MARK: Called by libmicrohttpd

    /// - Returns: whether the connection goes on.
    func turn(_ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>, _ bytes: UnsafeRawBufferPointer) -> Bool
    {
        left = 0
        switch stage {
        case .header: return begin(method, version)
        case .collecting(let content, let work):
            guard !bytes.isEmpty else { return answer(work, content) }
            count(bytes.count)
            stage = .collecting(content + bytes, work)
            return true
        // After a suspension libmicrohttpd calls again as it did before it.
        case .opening: return goOn()
        case .receiving(let receiver):
            if bytes.isEmpty { return finish(receiver) }
            return receive(bytes, receiver)
        case .preparing(let receiver): return goOn(with: receiver, method, version, bytes)
        case .known(let response): return bytes.isEmpty ? send(response) : true
        case .lingering(let left):
            guard !bytes.isEmpty, bytes.count <= left else { return false }
            stage = .lingering(left: left - bytes.count)
            return true
        case .working: return goOn()
        case .answering: return false
        }
    }

    /// The answer is sent, or never will be.
    func complete(_ code: MHD_RequestTerminationCode) {
        switch stage {
        case .receiving(let receiver), .preparing(let receiver): receiver.abandon()
        default: break
        }
        if case .opened(let opened) = outcome.withLock({ $0 }), case .receiver(let receiver) = opened.result {
            receiver.abandon()
        }
        record.noteUnanswered(isRefused: sluice_mhd_has_refused(code) != 0)
        record.end(wasSent: sluice_mhd_was_sent(code) != 0)
        handler.note(record)
        connection.enter(.waiting)
    }

    // MARK: The header

    private func begin(_ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>) -> Bool {
        var request: Request
        do throws(Problem) { request = try head(method, version) } catch {
            // What was not understood has no body whose length is known: the connection ends with the answer.
            return send(error.response(requestID: record.id), closes: true)
        }
        let plan = Result<RequestPlan, Problem> { () throws(Problem) in try handler.plan(&request) }
        self.request = request
        record.noteRouted(request)
        switch plan {
        case .failure(let problem): return refuse(problem, request)
        case .success(.answer(let response)): return refuse(response, request)
        case .success(.work(let kind, let account, let open)):
            self.kind = kind
            self.account = account
            return begin(Work(kind: kind, account: account, open: open), request)
        }
    }

    /// A request without a body, or with a small one, is opened and answered in one turn. Before a large body, and for a peer that waits to be told to go
    /// on, the request is opened first. Not even a request without a body is answered at its first call: libmicrohttpd would end the connection.
    private func begin(_ work: Work, _ request: Request) -> Bool {
        if !request.isChunked, request.contentLength ?? 0 <= Self.collected, !request.expectsContinue {
            stage = .collecting([], work)
            connection.enter(.body)
            return true
        }
        return open(work, request)
    }

    private func head(_ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>) throws(Problem) -> Request {
        let size = sluice_mhd_header_size(handle)
        record.method = String(cString: method)
        guard size <= HeaderBlock.mostBytes else {
            throw Problem(
                431, "request.header-too-large", "The header is longer than \(HeaderBlock.mostBytes.grouped) bytes.",
                remedy: "Send a shorter one.")
        }
        // The block begins with the method and is parsed in place.
        let start = UnsafeRawPointer(version) - UnsafeRawPointer(method) + strlen(version)
        guard start > 0, start < size else { throw Framing.smuggled("the request line has no version") }
        // The method, one blank, the target, one blank (RFC 9112 §3). libmicrohttpd hands the target over as text of C, which a NUL ends.
        guard UnsafeRawPointer(version) - UnsafeRawPointer(method) == strlen(method) + 1 + target.count + 1 else {
            throw Framing.smuggled("its first line is not method, target and version with one blank between them")
        }
        let block = UnsafeRawBufferPointer(start: UnsafeRawPointer(method) + start, count: size - start)
        let fields: [HeaderField]
        do throws(HeaderBlock.Malformed) { fields = try HeaderBlock(Array(block).span).fields } catch {
            throw Framing.smuggled(error.reason)
        }
        // It and we have to have read the same fields.
        guard fields.count == Int(sluice_mhd_header_count(handle)) else {
            throw Framing.smuggled("its fields cannot be told apart")
        }
        let framing = try Framing(fields, isOld: strcmp(version, "HTTP/1.1") != 0)
        guard let place = RequestTarget(target) else {
            throw Problem(
                400, "request.target", "The request's target is not a path of this endpoint.",
                remedy: "Percent-encode what is neither a letter nor a digit.")
        }
        var request = Request(
            method: record.method, path: place.path, query: place.query, headers: fields,
            contentLength: framing.contentLength, isChunked: framing.isChunked,
            expectsContinue: framing.expectsContinue, peer: connection.peer, id: record.id)
        record.note(request)
        request.id = record.id
        return request
    }

    // MARK: The body

    /// Answers before the body, as far as it can be done so that the peer reads the answer.
    private func refuse(_ problem: Problem, _ request: Request) -> Bool {
        record.token = problem.loggedAs ?? record.token
        return refuse(problem.response(requestID: record.id), request)
    }

    private func refuse(_ response: Response, _ request: Request) -> Bool {
        if !request.hasBody
            || !request.isChunked && request.contentLength! <= Self.swallowed && !request.expectsContinue
        {
            stage = .known(response)
            return true
        }
        // Who waits to be told to go on sends nothing; libmicrohttpd answers and closes.
        if request.expectsContinue { return send(response, closes: true) }
        return interrupt(response)
    }

    private func receive(_ bytes: UnsafeRawBufferPointer, _ receiver: any BodyReceiver) -> Bool {
        do throws(Problem) {
            let taken = try receiver.receive(bytes)
            count(taken)
            left = bytes.count - taken
            return left == 0 || prepare(receiver)
        } catch {
            count(bytes.count)
            receiver.abandon()
            return interrupt(error.response(requestID: record.id))
        }
    }

    /// Has a worker open what the rest of a piece goes into. The phase stays the body's: the peer's pace goes on being watched.
    private func prepare(_ receiver: any BodyReceiver) -> Bool {
        stage = .preparing(receiver)
        return connection.suspended(handle) {
            do throws(Problem) {
                try handler.begin(kind, for: account, goesOn: true) { [self] _ in
                    do throws(Problem) {
                        try receiver.prepare()
                        resume(with: .prepared)
                    } catch { resume(with: .refused(error)) }
                }
            } catch { resume(with: .refused(error)) }
        }
    }

    /// The rest of a piece, after a worker has opened what it goes into.
    private func goOn(
        with receiver: any BodyReceiver, _ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>,
        _ bytes: UnsafeRawBufferPointer
    ) -> Bool {
        guard let outcome = outcome.withLock({ $0.take() }) else { return true }
        guard case .refused(let problem) = outcome else {
            stage = .receiving(receiver)
            return turn(method, version, bytes)
        }
        receiver.abandon()
        let response = problem.response(requestID: record.id)
        return bytes.isEmpty ? send(response) : interrupt(response)
    }

    private func count(_ bytes: Int) {
        connection.received.add(Int64(bytes), ordering: .relaxed)
        record.received += Int64(bytes)
    }

    /// Answers in the middle of a body, which libmicrohttpd cannot.
    private func interrupt(_ response: Response) -> Bool {
        record.answer(response)
        record.wasAnswered = true
        Transmission.sendEarly(response, on: connection.socket, requestID: record.id)
        connection.enter(.lingering)
        stage = .lingering(left: Self.lingered)
        return true
    }

    // MARK: Our work and the answer

    /// Opens a request before its body.
    private func open(_ work: Work, _ request: Request) -> Bool {
        stage = .opening
        return suspend { (_) async in
            do throws(Problem) { return .opened(try work.open(request)) } catch { return .refused(error) }
        }
    }

    /// Opens a request whose body is there, and answers it.
    private func answer(_ work: Work, _ content: [UInt8]) -> Bool {
        guard let request else { return false }
        stage = .working
        return suspend { (turn) async in
            do throws(Problem) {
                let opened = try work.open(request)
                do throws(Problem) {
                    return .answered(
                        try await Self.answer(opened.result, content, work.kind, turn), loggedAs: opened.loggedAs)
                } catch {
                    var error = error
                    error.loggedAs = opened.loggedAs
                    return .refused(error)
                }
            } catch { return .refused(error) }
        }
    }

    private static func answer(
        _ result: RouteResult, _ content: [UInt8], _ kind: WorkKind, _ turn: WorkTurn
    ) async throws(Problem) -> Response {
        switch result {
        case .answer(let response): return response
        case .receiver(let receiver):
            if !content.isEmpty {
                do throws(Problem) { try receiver.receiveAll(content) } catch {
                    receiver.abandon()
                    throw error
                }
            }
            if kind == .writing { turn.end() }
            return try await receiver.finish()
        }
    }

    /// After the body's last byte.
    private func finish(_ receiver: any BodyReceiver) -> Bool {
        stage = .working
        let kind = kind
        let isBegun = suspend { (turn) async in
            // What comes now mostly waits for an inspection or a commit, which have turns of their own.
            if kind == .writing { turn.end() }
            do throws(Problem) { return .answered(try await receiver.finish(), loggedAs: nil) } catch {
                return .refused(error)
            }
        }
        if !isBegun { receiver.abandon() }
        return isBegun
    }

    /// Suspends the connection until a worker has come to something; libmicrohttpd then calls `turn` again.
    /// - Returns: whether the connection goes on.
    private func suspend(_ work: @escaping @Sendable (WorkTurn) async -> Outcome) -> Bool {
        connection.enter(.working)
        return connection.suspended(handle) {
            do throws(Problem) {
                try handler.begin(kind, for: account, goesOn: false) { [self] turn in resume(with: await work(turn)) }
            } catch { resume(with: .refused(error)) }
        }
    }

    /// A suspended connection stays until it is resumed, whatever its peer does.
    private func resume(with outcome: Outcome) {
        self.outcome.withLock { $0 = outcome }
        MHD_resume_connection(handle)
    }

    /// What the worker came to, on the connection's own thread again.
    private func goOn() -> Bool {
        guard let request, let outcome = outcome.withLock({ $0 }) else { return true }
        switch outcome {
        case .refused(let problem):
            if case .opening = stage { return refuse(problem, request) }
            record.token = problem.loggedAs ?? record.token
            return send(problem.response(requestID: record.id))
        case .answered(let response, let loggedAs):
            record.token = loggedAs ?? record.token
            return send(response)
        case .prepared: return true
        case .opened(let opened):
            record.token = opened.loggedAs
            account = opened.account
            switch opened.result {
            case .answer(let response): return refuse(response, request)
            case .receiver(let receiver):
                self.outcome.withLock { $0 = nil }
                stage = .receiving(receiver)
                connection.enter(.body)
                return true
            }
        }
    }

    private func send(_ response: Response, closes: Bool = false) -> Bool {
        record.answer(response)
        stage = .answering
        connection.enter(.answering)
        // Behind chunks nothing is read any more: how a chunk's line ends is where readers differ most.
        let ends = closes || handler.isDraining || request?.isChunked == true
        return Transmission.queue(response, on: handle, connection, requestID: record.id, closes: ends) {
            [handler, account] job in
            // A job that goes on is never refused.
            try? handler.begin(.expanding, for: account, goesOn: true) { _ in job() }
        }
    }
}

extension BodyReceiver {
    /// Takes a whole body, on a worker.
    fileprivate func receiveAll(_ content: [UInt8]) throws(Problem) {
        var at = 0
        while true {
            let outcome = content.withUnsafeBytes { bytes in
                Result<Int, Problem> { () throws(Problem) in
                    try receive(UnsafeRawBufferPointer(rebasing: bytes[at...]))
                }
            }
            at += try outcome.get()
            if at == content.count { return }
            try prepare()
        }
    }
}
