// Plain objects below the store's prefix, for bytes that are no blobs yet.

import Glibc
public import SluiceModel
public import SluiceStorage
import SluiceSystem

extension ObjectBlobStore: ObjectStore {
    public func put(_ name: String, _ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        try put(name, .memory(bytes), SHA256.bytes(of: bytes))
    }

    public func put(_ name: String, from descriptor: CInt, at offset: Int64, count: Int64) throws(SluiceError) {
        let body = ObjectBody.file(descriptor, at: offset, count: count)
        let bytes = OutgoingBytes(body, wantsMD5: false)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        while let more = bytes.next(into: buffer), more > 0 {}
        if let failure = bytes.failure { throw .system(failure, "Bytes for the object store cannot be read.") }
        try put(name, body, bytes.finish().digest)
    }

    private func put(_ name: String, _ body: ObjectBody, _ digest: [UInt8]) throws(SluiceError) {
        let upload = Upload(client: client, habits: habits, key: client.key(name), body: body, digest: digest)
        try reaching("Bytes cannot be sent to the object store.") { () throws(ObjectFailure) in _ = try upload.run() }
    }

    public func get(_ name: String, into descriptor: CInt, at offset: Int64) throws(SluiceError) -> Int64? {
        guard let reader = try open(name) else { return nil }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var at: Int64 = 0
        while true {
            let count = try reader.read(into: buffer, at: at)
            if count == 0 { return at }
            try storing("Bytes of the object store cannot be written.") { () throws(SystemCallFailure) in
                try writeAt(offset + at, of: descriptor, UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            at += Int64(count)
        }
    }

    public func open(_ name: String) throws(SluiceError) -> (any BlobReader)? {
        try ObjectBlobReader(client, client.key(name), "Bytes of the object store cannot be read.")
    }

    public func delete(_ name: String) throws(SluiceError) {
        try reaching("Bytes of the object store cannot be removed.") { () throws(ObjectFailure) in
            try client.delete(client.key(name))
        }
    }

    public func list(_ prefix: String, after name: String?) throws(SluiceError) -> [ListedObject] {
        try reaching("The object store cannot be listed.") { () throws(ObjectFailure) in
            try client.list(client.key(prefix), after: name.map(client.key)).items.compactMap { item in
                client.name(item.key).map {
                    ListedObject(name: $0, size: ByteCount(item.size ?? 0), changedAt: item.changedAt ?? 0)
                }
            }
        }
    }

    private func reaching<Answer>(
        _ what: String, _ body: () throws(ObjectFailure) -> Answer
    ) throws(SluiceError) -> Answer {
        do throws(ObjectFailure) { return try body() } catch { throw SluiceError(error, what, client.address) }
    }
}

/// Writes all bytes at an offset, whatever the descriptor's position is.
private func writeAt(_ offset: Int64, of descriptor: CInt, _ bytes: UnsafeRawBufferPointer) throws(SystemCallFailure) {
    var done = 0
    while done < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
        let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(done))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw SystemCallFailure("pwrite", count == 0 ? EIO : errno) }
        done += count
    }
}
