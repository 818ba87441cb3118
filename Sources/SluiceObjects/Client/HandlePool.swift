// Connections that nobody uses at the moment.

import Synchronization

/// Lends handles. There are as many as threads that use the object store at the same time.
final class HandlePool: Sendable {
    /// Each keeps one connection open (chosen: placing alone uses `ObjectBlobStore.parallel`).
    private static let mostIdle = 32

    private let idle = Mutex<[CurlHandle]>([])

    func withHandle<Answer>(_ body: (CurlHandle) throws(ObjectFailure) -> Answer) throws(ObjectFailure) -> Answer {
        // The last one that was given back: its connection is the most likely to be open.
        let handle = idle.withLock { $0.popLast() } ?? CurlHandle()
        defer { idle.withLock { if $0.count < Self.mostIdle { $0.append(handle) } } }
        return try body(handle)
    }
}
