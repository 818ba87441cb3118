// A blob of the object store, opened to be read: parts of the object, a little ahead of who reads.

import SluiceModel
import SluiceStorage
import Synchronization

/// Fetches a window of the object at a time. It has no descriptor.
final class ObjectBlobReader: BlobReader {
    /// The first request asks for so much: most attachments fit, and asking for the size first would be a request more (chosen).
    private static let firstWindow = 256 << 10
    /// Who goes on reading gets larger ones: fewer requests, and 200 readers at once stay below 256 MiB (chosen).
    private static let laterWindow = 1 << 20

    private struct Window {
        var start: Int64
        var bytes: [UInt8]
    }

    let size: ByteCount
    var descriptor: CInt? { nil }
    private let client: ObjectClient
    private let key: String
    private let what: String
    private let window: Mutex<Window>

    /// - Returns: `nil` where there is no such object.
    init?(_ client: ObjectClient, _ key: String, _ what: String) throws(SluiceError) {
        let first = try Self.fetch(client, key, what, at: 0, Self.firstWindow)
        guard let first else { return nil }
        size = ByteCount(first.size)
        self.client = client
        self.key = key
        self.what = what
        window = Mutex(Window(start: 0, bytes: first.bytes))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SluiceError) -> Int {
        guard offset >= 0, offset < size.bytes, !buffer.isEmpty else { return 0 }
        return try window.withLock { (window) throws(SluiceError) in
            if offset < window.start || offset >= window.start + Int64(window.bytes.count) {
                guard let next = try Self.fetch(client, key, what, at: offset, max(Self.laterWindow, buffer.count)),
                    next.size == size.bytes, !next.bytes.isEmpty
                else { throw .inputOutput(what, cause: "the object has changed while it was read") }
                window = Window(start: offset, bytes: next.bytes)
            }
            let piece = window.bytes[Int(offset - window.start)...].prefix(buffer.count)
            buffer.copyBytes(from: piece)
            return piece.count
        }
    }

    private static func fetch(
        _ client: ObjectClient, _ key: String, _ what: String, at offset: Int64, _ count: Int
    ) throws(SluiceError) -> (bytes: [UInt8], size: Int64)? {
        var found: Result<(count: Int, size: Int64)?, ObjectFailure> = .success(nil)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            found = Result { () throws(ObjectFailure) in try client.get(key, at: offset, into: raw) }
            filled = (try? found.get())?.count ?? 0
        }
        do throws(ObjectFailure) { return try found.get().map { (bytes, $0.size) } } catch {
            throw SluiceError(error, what, client.address)
        }
    }
}
