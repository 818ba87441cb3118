// A listening socket: a TCP address or a Unix socket.

import Glibc
import SluiceModel

/// A listening socket. The descriptor is closed, and the Unix socket's name removed, with this object.
final class ListenSocket: Sendable {
    let descriptor: CInt
    /// With the port that was really taken.
    let address: ListenAddress

    /// Connections that may wait to be taken up (chosen: the kernel's usual bound).
    private static let backlog: CInt = 4096

    /// - Throws: `endpoint.listen`.
    init(_ address: ListenAddress) throws(SluiceError) {
        switch address {
        case .tcp(let host, let port):
            descriptor = try Self.tcp(host, port)
            self.address = .tcp(host: host, port: Self.port(of: descriptor) ?? port)
        case .unix(let path):
            descriptor = try Self.unix(path)
            self.address = address
        }
        guard listen(descriptor, Self.backlog) == 0 else {
            let number = errno
            close(descriptor)
            throw Self.failure(address.description, number)
        }
    }

    deinit {
        close(descriptor)
        if case .unix(let path) = address { unlink(path) }
    }

    private static func tcp(_ host: String, _ port: UInt16) throws(SluiceError) -> CInt {
        let isSix = host.contains(":")
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let number = socket(isSix ? AF_INET6 : AF_INET, type, 0)
        guard number >= 0 else { throw failure(host, errno) }
        var yes: CInt = 1
        setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        let code: CInt
        if isSix {
            setsockopt(number, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<CInt>.size))
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            inet_pton(AF_INET6, host, &name.sin6_addr)
            code = bound(number, &name)
        } else {
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &name.sin_addr)
            code = bound(number, &name)
        }
        guard code == 0 else {
            close(number)
            throw failure("\(host):\(port)", code)
        }
        return number
    }

    private static func unix(_ path: String) throws(SluiceError) -> CInt {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let number = socket(AF_UNIX, type, 0)
        guard number >= 0 else { throw failure(path, errno) }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        // Readable and writable for the group: a proxy's user is put into it.
        let before = umask(0o117)
        defer { umask(before) }
        var code = bound(number, &name)
        // A socket that a killed process left; one that somebody listens on is kept.
        if code == EADDRINUSE, isAbandoned(name) {
            unlink(path)
            code = bound(number, &name)
        }
        guard code == 0 else {
            close(number)
            throw failure(path, code)
        }
        return number
    }

    private static func isAbandoned(_ name: sockaddr_un) -> Bool {
        let probe = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        var name = name
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(probe, $0, size) != 0 && errno == ECONNREFUSED
            }
        }
    }

    /// - Returns: 0 or an `errno`.
    private static func bound<Name>(_ number: CInt, _ name: inout Name) -> CInt {
        let size = socklen_t(MemoryLayout<Name>.size)
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, size) == 0 ? 0 : errno }
        }
    }

    private static func port(of number: CInt) -> UInt16? {
        var name = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let code = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &size) }
        }
        // The port stands at the same place in both families (netinet/in.h).
        return code == 0 ? UInt16(bigEndian: name.sin6_port) : nil
    }

    private static func failure(_ place: String, _ number: CInt) -> SluiceError {
        SluiceError(
            "endpoint.listen", what: "The endpoint cannot listen on \(SafeText.display(place)).",
            why: String(cString: strerror(number)) + ".",
            mend: "Choose another address with --listen, or end what uses it.")
    }
}
