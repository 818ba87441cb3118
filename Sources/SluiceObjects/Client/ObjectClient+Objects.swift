// Single objects: put, get, head, delete.

import SluiceModel
import SluiceSystem

/// What is known of an object without its bytes.
struct ObjectFacts {
    var size: Int64
    /// Seconds since 1970, by the store's clock; when the object was written.
    var changedAt: Int64?
    /// The store's clock now.
    var serverTime: Int64?
}

extension ObjectClient {
    /// - Returns: `nil` where there is no such object, or no such bucket: an answer to HEAD does not tell them apart.
    func head(_ key: String) throws(ObjectFailure) -> ObjectFacts? {
        let response: ObjectResponse
        do throws(ObjectFailure) { response = try send(ObjectRequest(method: .head, key: key)) } catch {
            if error.status == 404 { return nil }
            throw error
        }
        guard let size = response.length else { throw .nonsense("an object without a length") }
        return ObjectFacts(size: size, changedAt: response.changedAt, serverTime: response.serverTime)
    }

    /// Reads a part of an object.
    /// - Returns: how many bytes were read, fewer only at the object's end, and the whole object's size; `nil` where there is no such object.
    func get(
        _ key: String, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer
    ) throws(ObjectFailure) -> (count: Int, size: Int64)? {
        var request = ObjectRequest(method: .get, key: key)
        request.headers = [("Range", "bytes=\(offset)-\(offset + Int64(buffer.count) - 1)")]
        request.sink = .memory(buffer)
        request.expected = Int64(buffer.count)
        let response: ObjectResponse
        do throws(ObjectFailure) { response = try send(request) } catch {
            if error.isMissingObject { return nil }
            // No byte lies behind this offset: an empty object, or its end.
            guard error.status == 416 else { throw error }
            return try head(key).map { (0, $0.size) }
        }
        // rclone tells the part in the header, and the status of a whole. A store that knows no ranges sends the whole, without that header.
        let size = response.headers["content-range"] == nil && offset == 0 ? response.received : response.wholeLength
        guard let size else { throw .nonsense("a part of an object without its place in the whole") }
        guard response.partStart ?? offset == offset,
            response.received == max(0, min(Int64(buffer.count), size - offset))
        else {
            throw .mismatch("\(response.received) bytes came of \(size) from \(offset) on")
        }
        return (Int(response.received), size)
    }

    /// Reads a whole object, piece by piece.
    /// - Returns: its size and SHA-256; `nil` where there is no such object.
    func digest(_ key: String) throws(ObjectFailure) -> (digest: [UInt8], size: Int64)? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var running = SHA256()
        var at: Int64 = 0
        while true {
            guard let (count, size) = try get(key, at: at, into: buffer) else { return nil }
            running.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            at += Int64(count)
            if at >= size { return (running.finish(), at) }
        }
    }

    /// Nothing happens where there is none.
    func delete(_ key: String) throws(ObjectFailure) {
        do throws(ObjectFailure) { _ = try send(ObjectRequest(method: .delete, key: key)) } catch {
            if error.isMissingObject { return }
            throw error
        }
    }
}
