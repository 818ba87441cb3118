// A proxy between the program and PostgreSQL that cuts connections at chosen moments.

import Foundation
import Glibc
import Synchronization

/// Listens on a Unix socket of its own and passes everything on.
public final class CuttingSocket: Sendable {
    public enum Cut: Sendable, CaseIterable {
        /// What the program sends next does not arrive any more.
        case beforeTheServer
        /// It arrives and is answered; the answer does not come back.
        case beforeTheAnswer
    }

    public let folder: String
    private let server: String
    private let listener: CInt
    private let next = Mutex<Cut?>(nil)

    /// - Parameter server: the path of the server's socket.
    public init(to server: String) throws {
        self.server = server
        var name = Array("/tmp/sluice-proxy-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw PostgresServer.Failure(text: "no temporary folder") }
        folder = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let path = folder + "/.s.PGSQL.5432"
        guard Self.withAddress(path, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
            throw PostgresServer.Failure(text: "no socket at \(path)")
        }
        let thread = Thread { [listener, server, weak self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0 { return }
                let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
                guard Self.withAddress(server, { connect(upstream, $0, $1) }) == 0 else {
                    close(client)
                    close(upstream)
                    continue
                }
                let takeCut: @Sendable () -> Cut? = { [weak self] in
                    self?.next.withLock { cut in
                        defer { cut = nil }
                        return cut
                    }
                }
                Thread.detachNewThread { Self.pass(client, upstream, takeCut) }
            }
        }
        thread.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The next thing that the program sends, on whichever connection, is cut.
    public func cutNext(_ cut: Cut) { next.withLock { $0 = cut } }

    private static func pass(_ client: CInt, _ upstream: CInt, _ takeCut: () -> Cut?) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var swallows = false
        defer {
            close(client)
            close(upstream)
        }
        while true {
            var both = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&both, 2, 30_000) <= 0 { return }
            if both[0].revents != 0 {
                let count = read(client, &buffer, buffer.count)
                if count <= 0 { return }
                switch takeCut() {
                case .beforeTheServer: return
                case .beforeTheAnswer: swallows = true
                case nil: break
                }
                if write(upstream, buffer, count) != count { return }
            }
            if both[1].revents != 0 {
                let count = read(upstream, &buffer, buffer.count)
                // The server has done what it was asked.
                if count <= 0 || swallows { return }
                if write(client, buffer, count) != count { return }
            }
        }
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
