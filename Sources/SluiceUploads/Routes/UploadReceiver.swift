// The bytes of one PATCH, or of a creation that brings some. Without a checksum they are kept as they come; with one they wait in the spool until they
// are known to be right, so that wrong ones are never in the upload, whatever happens meanwhile.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage
import SluiceSystem

final class UploadReceiver: BodyReceiver, @unchecked Sendable {
    private let context: UploadContext
    private let announced: AnnouncedChecksum?
    /// Of a creation: where uploads live, as the client calls it.
    private let place: String?
    private let begin: @Sendable () throws(Problem) -> (Partial, UploadHold)
    // guarded by: the exchange, which lets one thread at a time use its receiver.
    private var target: (partial: Partial, hold: UploadHold)?
    private var waiting: (any SpoolReception)?
    private var checksum: Checksum?
    private let room: Int64
    private var passed: Int64 = 0

    /// - Parameters:
    ///   - room: how many bytes the upload still takes.
    ///   - begin: makes or finds the upload and takes its hold; called by `beginNow`, or at the end where no byte came.
    init(
        _ context: UploadContext, room: Int64, checksum: AnnouncedChecksum?, place: String?,
        begin: @escaping @Sendable () throws(Problem) -> (Partial, UploadHold)
    ) throws(Problem) {
        self.context = context
        self.room = room
        self.place = place
        self.begin = begin
        announced = checksum
        if let checksum {
            self.checksum = Checksum(checksum.algorithm)
            waiting = try Intake(context).spool(limit: ByteCount(room))
        }
    }

    /// For a PATCH: the upload is held from before the first byte.
    convenience init(
        _ context: UploadContext, _ partial: Partial, _ hold: UploadHold, checksum: AnnouncedChecksum?
    ) throws(Problem) {
        try self.init(context, room: partial.length.bytes - hold.offset, checksum: checksum, place: nil) {
            () throws(Problem) in (partial, hold)
        }
        target = (partial, hold)
    }

    deinit { letGo() }

    /// Makes or finds the upload before its first byte.
    func beginNow() throws(Problem) { _ = try begun() }

    private func begun() throws(Problem) -> (partial: Partial, hold: UploadHold) {
        if let target { return target }
        let made = try begin()
        target = made
        return made
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> Int {
        let hold = try begun().hold
        // Asking other nodes, and writing to an object store, is a worker's.
        if waiting == nil, !bytes.isEmpty, !hold.isReady { return 0 }
        passed += Int64(bytes.count)
        guard passed <= room else {
            throw Problem(
                413, "tus.too-long", "More bytes came than the upload was announced with.",
                remedy: "Begin a new upload with the right length.", evidence: [("expected", "\(room)")]
            ).spokenInTus
        }
        do throws(Problem) {
            if let waiting {
                checksum?.update(bytes)
                try Intake(context).append(bytes, to: waiting)
            } else {
                try hold.append(bytes)
            }
            return bytes.count
        } catch { throw error.spokenInTus }
    }

    func prepare() throws(Problem) {
        do throws(Problem) { try begun().hold.prepare() } catch { throw error.spokenInTus }
    }

    /// What came is kept, unless it waits for its checksum.
    func abandon() {
        letGo()
        waiting = nil
    }

    /// The hold ends once what came is where the next request finds it, on whatever node.
    private func letGo() {
        guard let hold = target.take()?.hold else { return }
        let (services, uploads) = (context.services, context.services.uploads)
        if uploads.bytes.failedSyncLosesAll { return uploads.holds.giveBack(hold) }
        services.workers[.writing].beginAside {
            uploads.bytes.keepUnsynced(hold.id)
            uploads.holds.giveBack(hold)
        }
    }

    func finish() async throws(Problem) -> Response {
        do throws(Problem) {
            let (partial, hold) = try begun()
            target = nil
            defer { context.services.uploads.holds.giveBack(hold) }
            try verify(hold)
            try sync(hold)
            guard hold.offset == partial.length.bytes else { return answer(partial, offset: hold.offset) }
            try hold.beginDeciding()
            let decided = try await context.services.uploads.decide(partial, with: Intake(context))
            return answer(decided, offset: partial.length.bytes)
        } catch { throw error.spokenInTus }
    }

    /// - Throws: 460, and then none of the bytes is kept.
    private func verify(_ hold: UploadHold) throws(Problem) {
        guard let announced, let waiting = waiting.take(), let checksum = checksum.take() else { return }
        guard checksum.finish() == announced.value else {
            throw Problem(
                460, "tus.checksum-mismatch", "The bytes do not match their checksum; none of them was kept.",
                remedy: "Send them again.")
        }
        var body: SpooledBody
        do throws(SluiceError) { body = SpooledBody(try waiting.finish()) } catch { throw Problem(error) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let count: Int
            do throws(SluiceError) { count = try body.read(into: buffer) } catch { throw Problem(error) }
            if count == 0 { return }
            // What the hold refuses is no failure of ours: another request may have taken the upload over.
            if !hold.isReady { try hold.prepare() }
            try hold.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The offset that is told is on the disk.
    private func sync(_ hold: UploadHold) throws(Problem) {
        guard passed > 0 else { return }
        do throws(Problem) { try hold.sync() } catch {
            // Once a sync has failed nobody knows which of the bytes are there (the kernel forgets pages that it could not write).
            let losesAll = context.services.uploads.bytes.failedSyncLosesAll
            if losesAll, !hold.isRevoked { try context.services.uploads.discard(hold.id) }
            throw error
        }
    }

    private func answer(_ partial: Partial, offset: Int64) -> Response {
        var response = Response(
            status: place != nil ? 201 : 204, headers: TusResponse.headers(partial, offset: offset))
        if let place { response.headers.append(("Location", place + "/" + partial.id)) }
        response.remark = partial.outcome?.rawValue
        return response
    }
}

/// Spooled bytes, read again.
private struct SpooledBody {
    private let spooled: SpooledAttachment
    private var offset: Int64 = 0

    init(_ spooled: SpooledAttachment) { self.spooled = spooled }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        let count: Int
        do throws(SystemCallFailure) { count = try readAt(offset, of: spooled.descriptor, into: buffer) } catch {
            throw .system(error, "Spooled bytes cannot be read.")
        }
        offset += Int64(count)
        return count
    }
}
