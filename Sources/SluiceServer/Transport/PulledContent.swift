// Content that is made while it is sent. libmicrohttpd asks for bytes on a transport thread, which must not wait: while the next piece is being
// made elsewhere, the connection is suspended.

import CMicroHTTPD
import Glibc
import SluiceModel
import Synchronization

/// Carries pieces from where they are made to one connection.
final class PulledContent: @unchecked Sendable {
    /// Begins a job that may block, on another thread.
    typealias Work = @Sendable (_ job: @escaping @Sendable () -> Void) -> Void

    private enum Next {
        case unasked
        case asked
        case piece([UInt8])
        case failed
    }

    private let pieces: ProvenPieces
    private let handle: OpaquePointer
    private let connection: Connection
    private let work: Work
    private let next = Mutex(Next.unasked)
    // guarded by: the connection's transport thread.
    private var piece: [UInt8] = []
    private var taken = 0

    init(
        _ source: any PulledBytes, size: Int64, on handle: OpaquePointer, _ connection: Connection,
        work: @escaping Work
    ) {
        pieces = ProvenPieces(source, size: size)
        self.handle = handle
        self.connection = connection
        self.work = work
    }

    /// Fills a buffer of libmicrohttpd, or suspends the connection until there is something to fill it with.
    /// - Returns: bytes; 0 while none are there; below 0 to end the connection, so that the peer sees that bytes are missing.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        if taken == piece.count {
            switch next.withLock({ $0 }) {
            case .piece(let bytes):
                (piece, taken) = (bytes, 0)
                next.withLock { $0 = .unasked }
            case .unasked: return ask() ? 0 : sluice_mhd_end_with_error
            // It was resumed for another reason; the job will resume it again.
            case .asked: return 0
            case .failed: return sluice_mhd_end_with_error
            }
        }
        let count = min(buffer.count, piece.count - taken)
        piece.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[taken..<taken + count])) }
        taken += count
        return count
    }

    private func ask() -> Bool {
        next.withLock { $0 = .asked }
        return connection.suspended(handle) {
            work { [self] in
                let made = pieces.next()
                next.withLock { $0 = made.map { .piece($0) } ?? .failed }
                MHD_resume_connection(handle)
            }
        }
    }
}

/// Pieces of a source that has promised a size.
final class ProvenPieces: @unchecked Sendable {
    private let source: any PulledBytes
    private let size: Int64
    // guarded by: PulledContent, which lets one job at a time ask.
    private var made: Int64 = 0

    init(_ source: any PulledBytes, size: Int64) {
        self.source = source
        self.size = size
    }

    /// The last piece is only given out once the source says that all was right: whoever has all bytes has the right ones.
    /// - Returns: `nil` where bytes are missing, too many or wrong.
    func next() -> [UInt8]? {
        do throws(SluiceError) {
            guard let piece = try source.next(), !piece.isEmpty else { return nil }
            made += Int64(piece.count)
            if made < size { return piece }
            let more = made == size ? try source.next() : piece
            return more == nil ? piece : nil
        } catch { return nil }
    }
}
