// One request and its answer on a connection: from the request line through the body, our work and the answer. libmicrohttpd calls it on the
// connection's own thread; only `work` runs elsewhere, while the connection is suspended.

import CMicroHTTPD
import Glibc
import SluiceModel
import SluicePipeline
import Synchronization

final class Exchange: @unchecked Sendable {
    /// A body up to here is read to its end although the answer is known, so that the connection can stay (chosen).
    private static let swallowed: Int64 = 64 << 10
    /// What a refused peer may still send before its connection ends; most clients read the answer only then (chosen: twice the default limit).
    private static let lingered = 32 << 20

    private enum Stage {
        case header
        case receiving(any BodyReceiver)
        /// The answer is known; nothing, or little, is still to come.
        case known(Response)
        case lingering(left: Int)
        case working
        case answering
    }

    // guarded by: the connection's transport thread.
    private var stage = Stage.header
    private var request: Request?
    private var record: RequestRecord
    private let target: [UInt8]
    private let handle: OpaquePointer
    private let connection: Connection
    private let door: any Door
    private let answer = Mutex<Response?>(nil)

    init(_ target: [UInt8], on handle: OpaquePointer, _ connection: Connection, _ door: any Door) {
        self.target = target
        self.handle = handle
        self.connection = connection
        self.door = door
        record = RequestRecord(id: door.nextRequestID(), peer: connection.peer)
        record.target = target
        connection.enter(.header)
        connection.received.store(0, ordering: .relaxed)
    }

    // MARK: Called by libmicrohttpd

    /// - Returns: whether the connection goes on.
    func turn(_ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>, _ bytes: UnsafeRawBufferPointer) -> Bool
    {
        switch stage {
        case .header: return begin(method, version)
        case .receiving(let receiver):
            if bytes.isEmpty { return work(receiver) }
            return receive(bytes, receiver)
        case .known(let response): return bytes.isEmpty ? send(response) : true
        case .lingering(let left):
            guard !bytes.isEmpty, bytes.count <= left else { return false }
            stage = .lingering(left: left - bytes.count)
            return true
        case .working:
            guard let response = answer.withLock({ $0 }) else { return true }
            return send(response)
        case .answering: return false
        }
    }

    /// The answer is sent, or never will be.
    func complete(_ code: MHD_RequestTerminationCode) {
        if case .receiving(let receiver) = stage { receiver.abandon() }
        record.noteUnanswered(isRefused: sluice_mhd_has_refused(code) != 0)
        record.end(wasSent: sluice_mhd_was_sent(code) != 0)
        door.note(record)
        connection.enter(.waiting)
    }

    // MARK: The header

    private func begin(_ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>) -> Bool {
        do throws(Problem) {
            var request = try head(method, version)
            defer {
                self.request = request
                record.noteRouted(request)
            }
            switch try door.open(&request) {
            case .answer(let response): return refuse(response, request)
            case .receiver(let receiver):
                stage = .receiving(receiver)
                connection.enter(.body)
                return true
            }
        } catch {
            let response = error.response(requestID: record.id)
            guard let request = self.request else {
                // What was not understood has no body whose length is known: the connection ends with the answer.
                return send(response, closes: true)
            }
            return refuse(response, request)
        }
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
        let request = Request(
            method: record.method, path: place.path, query: place.query, headers: fields,
            contentLength: framing.contentLength, isChunked: framing.isChunked,
            expectsContinue: framing.expectsContinue, peer: connection.peer, id: record.id)
        record.note(request)
        self.request = request
        self.request?.id = record.id
        return self.request!
    }

    // MARK: The body

    /// Answers before the body, as far as it can be done so that the peer reads the answer.
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
        connection.received.add(Int64(bytes.count), ordering: .relaxed)
        record.received += Int64(bytes.count)
        do throws(Problem) {
            try receiver.receive(bytes)
            return true
        } catch {
            receiver.abandon()
            return interrupt(error.response(requestID: record.id))
        }
    }

    /// Answers in the middle of a body, which libmicrohttpd cannot.
    private func interrupt(_ response: Response) -> Bool {
        record.answer(response)
        record.wasAnswered = true
        connection.sendEarly(response, requestID: record.id)
        connection.enter(.lingering)
        stage = .lingering(left: Self.lingered)
        return true
    }

    // MARK: Our work and the answer

    private func work(_ receiver: any BodyReceiver) -> Bool {
        stage = .working
        connection.enter(.working)
        let id = record.id
        let isBegun = connection.suspended(handle) {
            // Not structured: it is begun by a C callback. Bounded by the number of connections, and counted, so that the end waits for it.
            door.begin { [self] in
                let response: Response
                do throws(Problem) { response = try await receiver.finish() } catch {
                    response = error.response(requestID: id)
                }
                answer.withLock { $0 = response }
                // A suspended connection stays until it is resumed, whatever its peer does.
                MHD_resume_connection(handle)
            }
        }
        if !isBegun { receiver.abandon() }
        return isBegun
    }

    private func send(_ response: Response, closes: Bool = false) -> Bool {
        record.answer(response)
        stage = .answering
        connection.enter(.answering)
        // Behind chunks nothing is read any more: how a chunk's line ends is where readers differ most.
        let ends = closes || door.isDraining || request?.isChunked == true
        return Transmission.queue(response, on: handle, connection, door, requestID: record.id, closes: ends)
    }
}

/// What an exchange needs from the endpoint.
protocol Door: AnyObject, Sendable {
    var isDraining: Bool { get }
    func nextRequestID() -> String
    /// Finds who answers; may add to the request.
    func open(_ request: inout Request) throws(Problem) -> Opened
    func begin(_ work: @escaping @Sendable () async -> Void)
    func note(_ record: RequestRecord)
}
