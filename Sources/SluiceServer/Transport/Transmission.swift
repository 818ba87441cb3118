// From a `Response` to the wire: through libmicrohttpd, or by hand where it has no way to answer in the middle of a body.

import CMicroHTTPD
import Glibc
import SluiceModel

enum Transmission {
    /// As large as the pieces that a confined process gives.
    private static let pulledStep = 64 << 10

    /// Hands an answer to libmicrohttpd, which sends it.
    /// - Parameters:
    ///   - closes: whether the connection ends with it.
    ///   - work: begins a job that makes content.
    /// - Returns: false when the connection is past it; it is then to be closed.
    static func queue(
        _ response: Response, on handle: OpaquePointer, _ connection: Connection, requestID: String, closes: Bool,
        work: @escaping PulledContent.Work
    ) -> Bool {
        guard let made = make(response, handle, connection, work) else { return false }
        defer { MHD_destroy_response(made) }
        for (name, value) in common(response, requestID, closes: closes) + response.headers {
            MHD_add_response_header(made, name, clean(value))
        }
        return MHD_queue_response(handle, UInt32(response.status), made) == sluice_MHD_YES
    }

    private static func make(
        _ response: Response, _ handle: OpaquePointer, _ connection: Connection, _ work: @escaping PulledContent.Work
    ) -> OpaquePointer? {
        switch response.content {
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { content in
                sluice_mhd_copied_response(content.baseAddress, content.count)
            }
        case .file(let file, let range):
            // The descriptor is closed with the response; the file keeps its own.
            let own = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
            guard own >= 0 else { return nil }
            return MHD_create_response_from_fd_at_offset64(
                UInt64(range.upperBound - range.lowerBound), own, UInt64(range.lowerBound))
        case .pulled(let source, let size):
            let content = PulledContent(source, size: size, on: handle, connection, work: work)
            return sluice_mhd_pulled_response(
                UInt64(size), Self.pulledStep, Unmanaged.passRetained(content).toOpaque(),
                { context, _, buffer, most in
                    guard let context, let buffer else { return sluice_mhd_end_with_error }
                    return Unmanaged<PulledContent>.fromOpaque(context).takeUnretainedValue().fill(
                        UnsafeMutableRawBufferPointer(start: buffer, count: most))
                },
                { context in
                    if let context { Unmanaged<PulledContent>.fromOpaque(context).release() }
                })
        }
    }

    /// Answers in the middle of a body and ends our direction. Called on the connection's own thread while nothing else is being sent.
    static func sendEarly(_ response: Response, on socket: CInt, requestID: String) {
        guard case .bytes(let content) = response.content else { return }
        var text = "HTTP/1.1 \(response.status) \(Response.phrase(response.status))\r\n"
        let length = [(name: "Content-Length", value: "\(content.count)")]
        for (name, value) in common(response, requestID, closes: true) + response.headers + length {
            text += "\(name): \(clean(value))\r\n"
        }
        let bytes = Array((text + "\r\n").utf8) + content
        // At most a few kilobytes into an empty buffer: it is taken whole, or the peer is past being answered.
        _ = send(socket, bytes, bytes.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
        shutdown(socket, CInt(SHUT_WR))
    }

    private static func common(
        _ response: Response, _ requestID: String, closes: Bool
    ) -> [(name: String, value: String)] {
        var fields = [
            (name: "X-Request-Id", value: requestID), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ]
        if !response.headers.contains(where: { $0.name == "Cache-Control" }) {
            fields.append(("Cache-Control", "no-store"))
        }
        if closes { fields.append(("Connection", "close")) }
        return fields
    }

    /// Threats, T10: whatever a value was made of, no header has a raw CR, LF or NUL.
    private static func clean(_ value: String) -> String {
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) { return value }
        return String(decoding: value.utf8.map { $0 >= 0x20 && $0 != 0x7F ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
