// The connections that are open, and the watch over them: libmicrohttpd itself knows only idleness, and a peer that sends one byte now and
// then is never idle.

import CMicroHTTPD
import Glibc
import SluiceModel
import Synchronization

/// One connection, from accept to close.
final class Connection: Sendable {
    let peer: Peer
    let socket: CInt

    private struct State {
        var isOpen = true
        var isEnding = false
        var pace: PeerPace
    }

    private let state: Mutex<State>
    /// Of the body under way.
    let received = Atomic<Int64>(0)

    init(socket: CInt, peer: Peer) {
        self.socket = socket
        self.peer = peer
        state = Mutex(State(pace: PeerPace(now: .now)))
    }

    func enter(_ phase: Phase) { state.withLock { $0.pace.enter(phase, now: .now) } }

    /// Its descriptor is about to be closed and may soon be somebody else's.
    func close() { state.withLock { $0.isOpen = false } }

    /// Ends both directions; libmicrohttpd notices and closes.
    func end() {
        state.withLock { state in
            state.isEnding = true
            if state.isOpen { shutdown(socket, CInt(SHUT_RDWR)) }
        }
    }

    /// Suspends the connection and begins the work after which it is resumed. Called on its own thread.
    /// - Returns: false once it is being ended: the daemon cannot be stopped while one is suspended.
    func suspended(_ handle: OpaquePointer, _ begin: () -> Void) -> Bool {
        state.withLock { state in
            if state.isEnding { return false }
            MHD_suspend_connection(handle)
            begin()
            return true
        }
    }

    /// Ends a peer that is too slow, and when `draining` also one that asks for nothing.
    func check(_ policy: PacePolicy, now: ContinuousClock.Instant, draining: Bool) {
        state.withLock { state in
            guard state.isOpen else { return }
            let isWaiting = if case .waiting = state.pace.phase { true } else { false }
            let late = state.pace.isTooSlow(policy, now: now, moved: moved(state.pace.phase))
            if late || draining && isWaiting || isGone(state.pace.phase) { shutdown(socket, CInt(SHUT_RDWR)) }
        }
    }

    /// Whether the peer has ended although bytes of its body are missing. libmicrohttpd does not see an end that comes with the last bytes (its
    /// epoll is edge-triggered, and it stops at a short read), and an upload would stay taken until it is too slow.
    private func isGone(_ phase: Phase) -> Bool {
        guard case .body = phase else { return false }
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, CInt(MSG_PEEK | MSG_DONTWAIT)) == 0
    }

    private func moved(_ phase: Phase) -> Int64? {
        switch phase {
        // Bytes that wait for us are not the peer's delay: the disk may be slow.
        case .body: waiting > 0 ? nil : received.load(ordering: .relaxed)
        case .waiting: tcpCounter(at: 128)
        case .answering: tcpCounter(at: 120)
        case .header, .working, .lingering: nil
        }
    }

    /// Bytes that have come and were not taken.
    private var waiting: CInt {
        var count: CInt = 0
        return ioctl(socket, UInt(FIONREAD), &count) == 0 ? count : 0
    }

    /// A 64-bit field of the kernel's `struct tcp_info` (linux/tcp.h): bytes acknowledged at 120, received at 128, since Linux 4.1. glibc's struct
    /// lacks them. A Unix socket has none.
    private func tcpCounter(at offset: Int) -> Int64? {
        var info = [UInt8](repeating: 0, count: 136)
        var size = socklen_t(info.count)
        guard getsockopt(socket, CInt(IPPROTO_TCP), TCP_INFO, &info, &size) == 0, Int(size) >= offset + 8 else {
            return nil
        }
        return info.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Int64.self) }
    }
}

extension Peer {
    init(_ address: UnsafePointer<sockaddr>?) {
        guard let address else {
            self.init(text: "unix", isLocal: true)
            return
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch CInt(address.pointee.sa_family) {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { name in
                var host = name.pointee.sin_addr
                inet_ntop(AF_INET, &host, &text, socklen_t(text.count))
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { name in
                var host = name.pointee.sin6_addr
                inet_ntop(AF_INET6, &host, &text, socklen_t(text.count))
            }
        default:
            self.init(text: "unix", isLocal: true)
            return
        }
        let shown = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.init(text: shown, isLocal: LoopbackHost.isOne(shown))
    }
}

/// All open connections.
final class ConnectionTable: Sendable {
    private let open = Mutex<[ObjectIdentifier: Connection]>([:])

    func add(_ connection: Connection) { open.withLock { $0[ObjectIdentifier(connection)] = connection } }
    func remove(_ connection: Connection) { _ = open.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) } }
    var all: [Connection] { open.withLock { Array($0.values) } }
    var count: Int { open.withLock { $0.count } }
}
