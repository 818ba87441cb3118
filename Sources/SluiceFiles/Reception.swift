// One reception: counts, hashes and collects bytes, and asks its spool for a private file when they have to be written.

import CDisk
import Glibc
import SluiceModel
import SluiceStorage
import SluiceSystem

/// Where the bytes of a reception go: an unnamed file on the store's disk, or memory.
protocol SpoolPlace: Sendable {
    /// An empty private file, open for reading and writing.
    func create() throws(SluiceError) -> OwnedDescriptor
    /// Makes the content unchangeable through what is returned.
    func freeze(_ file: consuming OwnedDescriptor) throws(SluiceError) -> OwnedDescriptor
}

/// Small pieces are collected, so that a body which comes in dribs and drabs does not cost a call each.
final class Reception: SpoolReception {
    /// Up to here bytes are collected before they are written (chosen: most attachments fit, and 200 open receptions stay far below
    /// 1 MiB each).
    static let collected = 128 << 10

    /// From here on a piece is written as it comes: copying it costs more than the call (measured: fresh pages of the copy dominate).
    private static let worthACall = 16 << 10

    private let place: any SpoolPlace
    private let limit: ByteCount
    private var file: OwnedDescriptor?
    /// That of `file`.
    private var fileNumber: CInt = -1
    private var buffer: [UInt8] = []
    private var digest: SHA256? = SHA256()
    private(set) var received = ByteCount.zero
    private(set) var isOverLimit = false

    init(_ place: any SpoolPlace, limit: ByteCount) {
        self.place = place
        self.limit = limit
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        if bytes.isEmpty || isOverLimit { return }
        if ByteCount(bytes.count) > limit - received {
            isOverLimit = true
            // As far as it was looked at: the byte after the limit.
            received = limit + ByteCount(1)
            forget()
            return
        }
        guard digest != nil else { throw Self.ended }
        digest!.update(bytes)
        received += ByteCount(bytes.count)
        if buffer.isEmpty && bytes.count >= Self.worthACall { return try write(bytes) }
        if buffer.count + bytes.count <= Self.collected {
            buffer.append(contentsOf: bytes)
            return
        }
        try flush()
        if bytes.count >= Self.worthACall { try write(bytes) } else { buffer.append(contentsOf: bytes) }
    }

    func finish() throws(SluiceError) -> SpooledAttachment {
        guard !isOverLimit, let digest = digest.take() else { throw Self.ended }
        try flush()
        if file == nil { file = try place.create() }
        let frozen = try place.freeze(file.take()!)
        buffer = []
        return SpooledAttachment(size: received, digest: Digest(digest.finish())!, owning: frozen.release())
    }

    private func flush() throws(SluiceError) {
        if buffer.isEmpty { return }
        let code: Result<Void, SluiceError> = buffer.withUnsafeBytes { bytes in
            do throws(SluiceError) { return .success(try write(bytes)) } catch { return .failure(error) }
        }
        buffer.removeAll(keepingCapacity: true)
        try code.get()
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        if file == nil {
            let created = try place.create()
            fileNumber = created.number
            file = consume created
        }
        do throws(SystemCallFailure) { try writeAll(bytes, to: fileNumber) } catch {
            // After a failed write nobody knows what the file holds: it is given up.
            forget()
            throw .system(error, "The received bytes cannot be written to the spool.")
        }
    }

    private func forget() {
        file = nil
        buffer = []
        digest = nil
    }

    private static let ended = SluiceError(
        "store.io", what: "The reception of this attachment has ended already.",
        why: "It went over its limit, or failed, or was finished.", mend: "Send the attachment again.")
}
