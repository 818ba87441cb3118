// libmicrohttpd under a Swift face: an epoll loop on each of a few threads, callbacks handed to connections and exchanges.

import CMicroHTTPD
import Glibc
import SluiceModel

/// A running daemon. Owns the `struct MHD_Daemon`.
final class Daemon: @unchecked Sendable {
    /// A body is read in pieces of up to half of this (measured: 15 MB bodies pass at 1 GB/s with 256 KiB, far slower with 32 KiB).
    private static let connectionMemory = 256 << 10
    private static let readStep = 64 << 10

    let connections = ConnectionTable()
    private let handler: any RequestHandler
    private let socket: ListenSocket
    // guarded by: written once in init, before any callback needs it; libmicrohttpd locks inside.
    private var handle: OpaquePointer?

    /// - Parameters:
    ///   - threads: that read and write; a body's bytes are written to the spool on them.
    ///   - perPeer: connections of one address; 0 for no bound.
    /// - Throws: `endpoint.start`.
    init(_ socket: ListenSocket, _ handler: any RequestHandler, threads: Int, connections most: Int, perPeer: Int)
        throws(SluiceError)
    {
        self.socket = socket
        self.handler = handler
        var settings = sluice_mhd_settings()
        settings.listen_socket = socket.descriptor
        settings.threads = UInt32(threads)
        settings.connections = UInt32(most)
        settings.per_peer = UInt32(perPeer)
        settings.connection_memory = Self.connectionMemory
        settings.read_step = Self.readStep
        // Not retained: the daemon is stopped before this object goes.
        settings.context = Unmanaged.passUnretained(self).toOpaque()
        settings.notice = { context, handle, slot, code in
            Daemon.from(context).notice(handle, slot!, code)
        }
        settings.begin = { context, target, handle in
            guard let handle, let mark = sluice_mhd_socket_context(handle) else { return nil }
            let connection = Unmanaged<Connection>.fromOpaque(mark).takeUnretainedValue()
            let bytes = target.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
            let exchange = Exchange(bytes, on: handle, connection, Daemon.from(context).handler)
            return Unmanaged.passRetained(exchange).toOpaque()
        }
        settings.handle = { _, _, _, method, version, bytes, count, slot in
            guard let exchange = slot?.pointee, let method, let version, let count else { return sluice_MHD_NO }
            let piece = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count.pointee)
            let running = Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue()
            let goesOn = running.turn(method, version, piece)
            count.pointee = running.left
            return goesOn ? sluice_MHD_YES : sluice_MHD_NO
        }
        settings.complete = { _, _, slot, code in
            guard let exchange = slot?.pointee else { return }
            slot?.pointee = nil
            Unmanaged<Exchange>.fromOpaque(exchange).takeRetainedValue().complete(code)
        }
        // Paths and queries are decoded by RequestTarget, which keeps bytes that are no text.
        settings.unescape = { _, _, text in text.map { strlen($0) } ?? 0 }
        handle = sluice_mhd_start(&settings)
        guard handle != nil else {
            throw SluiceError(
                "endpoint.start", what: "The endpoint cannot be started.", why: String(cString: strerror(errno)) + ".",
                mend: "Look at the limits of this process for descriptors and threads.")
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Daemon {
        Unmanaged<Daemon>.fromOpaque(context!).takeUnretainedValue()
    }

    private func notice(
        _ handle: OpaquePointer?, _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
        _ code: MHD_ConnectionNotificationCode
    ) {
        guard let handle else { return }
        if sluice_mhd_has_started(code) != 0 {
            let connection = Connection(socket: sluice_mhd_socket(handle), peer: Peer(sluice_mhd_peer(handle)))
            slot.pointee = Unmanaged.passRetained(connection).toOpaque()
            connections.add(connection)
        } else if let mark = slot.pointee {
            let connection = Unmanaged<Connection>.fromOpaque(mark).takeRetainedValue()
            slot.pointee = nil
            connection.close()
            connections.remove(connection)
        }
    }

    /// Takes no further connections; those that are open go on.
    func refuseNewConnections() {
        guard let handle else { return }
        let socket = MHD_quiesce_daemon(handle)
        // The socket has to stay until the daemon's threads have ended (libmicrohttpd's manual on MHD_quiesce_daemon); shut down, the kernel
        // refuses whom it would else let wait for nobody.
        if socket >= 0 { shutdown(socket, CInt(SHUT_RDWR)) }
    }

    /// Ends all connections and blocks until the threads have ended. No exchange may be at work any more.
    func stop() {
        if let handle { MHD_stop_daemon(handle) }
        handle = nil
    }
}
