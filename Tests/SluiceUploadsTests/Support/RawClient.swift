// A client that sends exactly the bytes that a test wants, and reads what comes.

import Foundation

/// An answer as it came.
struct RawAnswer: CustomStringConvertible {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var description: String { "\(status) \(String(decoding: body.prefix(300), as: UTF8.self))" }
    var text: String { String(decoding: body, as: UTF8.self) }
    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:] }
    var code: String? { json["code"] as? String }
}

struct ClientFailure: Error, CustomStringConvertible {
    let description: String
}

final class RawClient {
    private let socket: CInt
    private var received: [UInt8] = []

    /// Every wait of a client ends after this.
    static let patience = 30

    /// - Parameter buffer: how much may wait to be read; the system's own measure where none is given.
    init(port: UInt16, buffer: CInt? = nil) throws {
        socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        if var buffer { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &buffer, socklen_t(MemoryLayout<CInt>.size)) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try start(code)
    }

    init(unix path: String) throws {
        socket = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let code = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try start(code)
    }

    private func start(_ code: CInt) throws {
        guard code == 0 else { throw ClientFailure(description: "connect: \(String(cString: strerror(errno)))") }
        var time = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    /// - Returns: false when the other side takes nothing any more.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends text in which each line end stands for CR LF, then bytes.
    func send(_ text: String, _ body: [UInt8] = []) throws {
        guard send(Array(text.replacing("\n", with: "\r\n").utf8) + body) else {
            throw ClientFailure(description: "the endpoint takes nothing")
        }
    }

    /// Nothing more will be sent.
    func endSending() { shutdown(socket, CInt(SHUT_WR)) }

    /// - Returns: false at the end.
    private func more() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(socket, &piece, piece.count, 0)
        if count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) {
            throw ClientFailure(description: "nothing came in time")
        }
        guard count > 0 else { return false }
        received += piece[..<count]
        return true
    }

    /// One answer, with its body as long as Content-Length says.
    func answer(hasBody: Bool = true) throws -> RawAnswer {
        while true {
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
                let words = lines[0].split(separator: " ")
                guard words.count >= 2, let status = Int(words[1]) else {
                    throw ClientFailure(description: "no status line: \(lines[0])")
                }
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let pieces = line.split(separator: ":", maxSplits: 1).map(String.init)
                    headers[pieces[0].lowercased()] =
                        pieces.count > 1 ? pieces[1].trimmingCharacters(in: .whitespaces) : ""
                }
                let length = hasBody ? Int(headers["content-length"] ?? "0") ?? 0 : 0
                while received.count < end.upperBound + length {
                    guard try more() else { throw ClientFailure(description: "the answer was cut off") }
                }
                let body = Array(received[end.upperBound..<end.upperBound + length])
                received.removeFirst(end.upperBound + length)
                return RawAnswer(status: status, headers: headers, body: body)
            }
            guard try more() else {
                throw ClientFailure(
                    description: "closed without an answer: \(String(decoding: received, as: UTF8.self))")
            }
        }
    }

    /// Whether the other side ends the connection without sending anything else.
    func isClosed() throws -> Bool {
        guard received.isEmpty else { return false }
        return try !more()
    }
}
