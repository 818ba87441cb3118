// Where a server listens, as text and as a value.

import Glibc
import SluiceModel

/// An address to listen on.
package enum ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// A numeric address, so that nothing has to be looked up.
    case tcp(host: String, port: UInt16)
    case unix(path: String)

    /// `127.0.0.1:8080`, `[::1]:8080` or `unix:/run/sluice.sock`.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            // man 7 unix: sun_path holds 108 bytes with its NUL.
            guard (1...107).contains(path.utf8.count) else { return nil }
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        var (four, six) = (in_addr(), in6_addr())
        guard inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1 else { return nil }
        self = .tcp(host: host, port: port)
    }

    /// Whether only programs of this machine reach it without another one in between.
    package var isLoopback: Bool {
        switch self {
        case .tcp(let host, _): LoopbackHost.isOne(host)
        // Nobody opens it in a browser: a proxy stands in front, and has a name.
        case .unix: false
        }
    }

    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "http://[\(host)]:\(port)" : "http://\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
