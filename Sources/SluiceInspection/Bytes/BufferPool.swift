// Byte buffers that are used again, so that ten thousand members do not cost ten thousand allocations.

/// Buffers that outlive a member. Used from one thread.
final class BufferPool {
    private var free: [[UInt8]] = []
    private var pieces: [[UInt8]] = []

    /// Bytes expanded at once (chosen: stays in the cache).
    static let pieceSize = 128 << 10

    /// Kept from one attachment to the next; larger ones are given back to the system.
    static let kept = 4 << 20

    func take() -> [UInt8] { free.popLast() ?? [] }

    func giveBack(_ buffer: consuming [UInt8]) {
        buffer.removeAll(keepingCapacity: true)
        free.append(buffer)
    }

    /// A buffer of `pieceSize` bytes with anything in it, for libraries to write into.
    func takePiece() -> [UInt8] { pieces.popLast() ?? [UInt8](repeating: 0, count: Self.pieceSize) }

    func giveBackPiece(_ buffer: consuming [UInt8]) { pieces.append(buffer) }

    /// Between two attachments.
    func trim() { free = free.filter { $0.capacity <= Self.kept }.suffix(4) }
}
