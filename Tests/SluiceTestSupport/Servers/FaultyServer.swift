// An HTTP server that does what a test tells it, connection by connection: it answers, breaks off, says nonsense, or says nothing.

import Glibc
import Synchronization
import SluiceSystem

/// Listens on loopback. Each request takes the next step of its plan; the last one is repeated.
public final class FaultyServer: Sendable {
    public struct Request: Sendable {
        public var method = ""
        /// With its query.
        public var target = ""
        /// Names in lower case.
        public var headers: [String: String] = [:]
        public var body: [UInt8] = []
    }

    public enum Step: Sendable {
        case answer(Int, headers: [String: String] = [:], body: [UInt8] = [])
        /// A header that promises more bytes than come.
        case truncated(promised: Int, body: [UInt8])
        /// The connection is reset after so many bytes of the request's body were read.
        case reset(afterBody: Int)
        /// Nothing at all, until the client goes away.
        case silence
        /// Decided by the request.
        case decide(@Sendable (Request) -> Step)
    }

    public let port: UInt16
    private let socket: CInt
    private let plan: Mutex<[Step]>
    private let seen = Mutex<[Request]>([])

    /// Everything that was asked, in its order.
    public var requests: [Request] { seen.withLock { $0 } }

    public init(_ plan: [Step]) {
        self.plan = Mutex(plan)
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (number, size) = (socket, length)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(bind(number, address, size) == 0 && listen(number, 64) == 0, "no port to listen on")
                precondition(getsockname(number, address, &length) == 0)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        _ = BlockingThread { [number, weak self] in
            while true {
                let connection = accept(number, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    Glibc.close(connection)
                    return
                }
                _ = BlockingThread { self.serve(connection) }
            }
        }
    }

    /// Ends the thread that accepts.
    public func stop() {
        shutdown(socket, Int32(SHUT_RDWR))
        Glibc.close(socket)
    }

    private func serve(_ connection: CInt) {
        defer { Glibc.close(connection) }
        var received: [UInt8] = []
        while let request = readRequest(connection, &received) {
            var step = plan.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            while case .decide(let decide) = step { step = decide(request) }
            switch step {
            case .answer(let status, let headers, let body):
                send(connection, status, headers, promised: body.count, request.method == "HEAD" ? [] : body)
            case .truncated(let promised, let body):
                send(
                    connection, 200, ["Content-Range": "bytes 0-\(promised - 1)/\(promised)"], promised: promised, body)
                return
            case .reset: return
            case .silence:
                var byte: UInt8 = 0
                while recv(connection, &byte, 1, 0) > 0 {}
                return
            case .decide: return
            }
        }
    }

    private func readRequest(_ connection: CInt, _ received: inout [UInt8]) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let head = received.firstRange(of: end) {
                var request = parse(String(decoding: received[..<head.lowerBound], as: UTF8.self))
                received.removeSubrange(..<head.upperBound)
                let length = Int(request.headers["content-length"] ?? "0") ?? 0
                var most = length
                if case .reset(let count) = plan.withLock({ $0[0] }) { most = min(count, length) }
                if request.headers["expect"] != nil { write(connection, Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
                while received.count < most { guard fill(connection, &received) else { return nil } }
                request.body = Array(received.prefix(most))
                received.removeFirst(min(most, received.count))
                seen.withLock { $0.append(request) }
                if most < length {
                    plan.withLock { if $0.count > 1 { $0.removeFirst() } }
                    var hard = linger(l_onoff: 1, l_linger: 0)
                    setsockopt(connection, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
                    return nil
                }
                return request
            }
            guard fill(connection, &received) else { return nil }
        }
    }

    private func fill(_ connection: CInt, _ received: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }

    private func parse(_ head: String) -> Request {
        let lines = head.split(separator: "\r\n")
        let words = lines[0].split(separator: " ")
        var request = Request()
        request.method = String(words[0])
        request.target = String(words[1])
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            request.headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return request
    }

    private func send(
        _ connection: CInt, _ status: Int, _ headers: [String: String], promised: Int, _ body: [UInt8]
    ) {
        var text = "HTTP/1.1 \(status) Said\r\n"
        var all = headers
        if all["Content-Length"] == nil { all["Content-Length"] = String(promised) }
        for (name, value) in all { text += "\(name): \(value)\r\n" }
        write(connection, Array((text + "\r\n").utf8) + body)
    }

    private func write(_ connection: CInt, _ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
