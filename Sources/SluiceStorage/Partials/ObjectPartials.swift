// The bytes of partial uploads in an object store: each part an object, the offset that is told a sum of rows. An object cannot be added to, so bytes are
// collected in a nameless local file and put when they are to be durable. A part counts once its row is there, so an acknowledged offset is any node's.

import Glibc
public import SluiceModel
import SluiceSystem
import Synchronization

/// Makes nameless files on the spool's disk.
public protocol ScratchPlace: Sendable {
    /// An empty file, open for reading and writing. The caller owns the descriptor.
    /// - Throws: `store.no-space`, `store.io`.
    func makeScratch() throws(SluiceError) -> CInt
}

/// Parts as objects, offsets as rows.
public final class ObjectPartials: PartialBytes {
    private static let prefix = "partials/"
    /// Bytes of one object at most (chosen: what is lost where a node dies during an upload).
    static let partSize: Int64 = 8 << 20

    private let database: any Database
    private let objects: any ObjectStore
    private let scratch: any ScratchPlace
    /// What has come and is not durable yet, by upload.
    private let waiting = Mutex<[String: WaitingBytes]>([:])

    public init(_ database: any Database, _ objects: any ObjectStore, _ scratch: any ScratchPlace) {
        self.database = database
        self.objects = objects
        self.scratch = scratch
    }

    /// Nothing is made: the upload's row is its claim, and without parts it has no bytes.
    public func create() throws(SluiceError) -> String { TimeOrderedID.make(at: WallClock.microseconds()) }

    public func size(_ id: String) throws(SluiceError) -> ByteCount? { try database.reader.openOffset(of: id) }

    public func sizes(of ids: [String]) throws(SluiceError) -> [String: ByteCount] {
        let wanted = Set(ids)
        return try database.reader.partTotals().filter { wanted.contains($0.key) }
    }

    public func append(_ bytes: UnsafeRawBufferPointer, to id: String, at offset: ByteCount) throws(SluiceError) {
        while true {
            let waiting = try waitingBytes(id, from: offset.bytes)
            if try waiting.append(bytes, at: offset.bytes) { return }
            forget(id, waiting)
        }
    }

    public func needsRoom(_ id: String) -> Bool {
        guard let waiting = waiting.withLock({ $0[id] }) else { return false }
        return waiting.count >= Self.partSize
    }

    public func makeRoom(_ id: String) throws(SluiceError) {
        guard let waiting = waiting.withLock({ $0[id] }) else { return }
        _ = try flush(id, waiting, isLast: false)
    }

    public func sync(_ id: String, through offset: ByteCount) throws(SluiceError) {
        if let waiting = waiting.withLock({ $0[id] }), try flush(id, waiting, isLast: true) == offset.bytes { return }
        // What was appended is not here any more: another request has made it durable, or it was given up.
        guard try size(id) == offset else { throw Self.takenOver }
    }

    public var failedSyncLosesAll: Bool { false }

    public func keepUnsynced(_ id: String) {
        guard let waiting = waiting.withLock({ $0[id] }) else { return }
        _ = try? flush(id, waiting, isLast: true)
    }

    private func waitingBytes(_ id: String, from offset: Int64) throws(SluiceError) -> WaitingBytes {
        if let known = waiting.withLock({ $0[id] }) { return known }
        let made = WaitingBytes(try scratch.makeScratch(), from: offset)
        waiting.withLock { $0[id] = made }
        return made
    }

    private func forget(_ id: String, _ ended: WaitingBytes) {
        waiting.withLock { if $0[id] === ended { $0[id] = nil } }
    }

    /// Puts what waits and adds its row. Where that fails, these bytes are given up, and the sender goes on at the offset that the rows tell.
    /// - Parameter isLast: whether nothing is appended to these any more.
    /// - Returns: the offset behind them.
    private func flush(_ id: String, _ waiting: WaitingBytes, isLast: Bool) throws(SluiceError) -> Int64 {
        defer { if waiting.isOver { forget(id, waiting) } }
        return try waiting.flush(isLast: isLast) { (descriptor, begins, size) throws(SluiceError) in
            let name = "\(Self.prefix)\(id)/\(begins)-\(RandomText.make(12))"
            try objects.put(name, from: descriptor, at: 0, count: size)
            let part = PartialPart(begins: begins, size: size, object: name)
            let isAdded = try database.write("The received bytes cannot be recorded.") {
                (work) throws(SluiceError) in try work.add(part, to: id)
            }
            guard isAdded else {
                // Another request has added bytes, or the upload is over.
                try? objects.delete(name)
                throw Self.takenOver
            }
        }
    }

    private static var takenOver: SluiceError {
        SluiceError(
            "tus.taken-over", what: "Another request goes on with this upload.", why: "",
            mend: "Ask with HEAD where it stands.")
    }

    public func open(_ id: String) throws(SluiceError) -> (any BlobReader)? {
        try received(id).map { ScratchReader($0) }
    }

    public func received(_ id: String) throws(SluiceError) -> SpooledAttachment? {
        guard try database.reader.openOffset(of: id) != nil else { return nil }
        let what = "The upload's bytes cannot be read."
        let file = OwnedDescriptor(owning: try scratch.makeScratch())
        for part in try database.reader.parts(of: id) {
            guard try objects.get(part.object, into: file.number, at: part.begins) == part.size else {
                throw .inputOutput(what, cause: "object \(part.object) is missing or has another size")
            }
        }
        let number = file.number
        let (digest, size) = try storing(what) { () throws(SystemCallFailure) in
            try SHA256.bytes(reading: { (buffer, offset) throws(SystemCallFailure) in
                try readAt(offset, of: number, into: buffer)
            })!
        }
        // Whoever inspects the bytes cannot change what will be kept.
        let frozen = try storing(what) { () throws(SystemCallFailure) in try OwnedDescriptor.reopen(number) }
        return SpooledAttachment(size: ByteCount(size), digest: Digest(digest)!, owning: frozen.release())
    }

    public func remove(_ id: String) throws(SluiceError) {
        _ = waiting.withLock { $0.removeValue(forKey: id) }
        // By the listing, so that also objects go whose row was never added.
        var last: String?
        while true {
            let found = try objects.list("\(Self.prefix)\(id)/", after: last)
            for object in found { try objects.delete(object.name) }
            guard let name = found.last?.name else { break }
            last = name
        }
        guard try !database.reader.parts(of: id).isEmpty else { return }
        try database.write("The upload's parts cannot be forgotten.") { (work) throws(SluiceError) in
            try work.removeParts(of: id)
        }
    }

    public func removeLeftovers() throws(SluiceError) {
        for id in try database.reader.finishedParts().keys { try remove(id) }
    }

    /// Each upload of which there is an object, with the time of its latest one.
    public func list() throws(SluiceError) -> [ListedPartial] {
        var found: [String: Int64] = [:]
        var last: String?
        while true {
            let page = try objects.list(Self.prefix, after: last)
            guard let name = page.last?.name else { break }
            for object in page {
                let id = String(object.name.dropFirst(Self.prefix.count).prefix { $0 != "/" })
                found[id] = max(found[id] ?? 0, object.changedAt)
            }
            last = name
        }
        return found.map { ListedPartial(name: $0.key, isOurs: TimeOrderedID.isValid($0.key), changedAt: $0.value) }
    }

    public func path(of name: String) -> String { Self.prefix + name }
}

/// Bytes of one upload that are not durable yet, in a nameless file that begins at one offset of the upload. Requests may append and flush at the same time.
private final class WaitingBytes: Sendable {
    private struct State {
        var begins: Int64
        var count: Int64 = 0
        /// Nothing is appended any more: who has more begins with a new file.
        var isOver = false
    }

    private let descriptor: CInt
    private let state: Mutex<State>
    /// Keeps two flushes apart. `state` stays free meanwhile for those that only look.
    private let flushing = Mutex(())

    /// - Parameter descriptor: owned by this object.
    init(_ descriptor: CInt, from offset: Int64) {
        self.descriptor = descriptor
        state = Mutex(State(begins: offset))
    }

    deinit { close(descriptor) }

    var count: Int64 { state.withLock { $0.count } }
    var isOver: Bool { state.withLock { $0.isOver } }

    /// - Returns: false where nothing is appended to this any more.
    func append(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(SluiceError) -> Bool {
        let outcome = flushing.withLock { _ in
            state.withLock { state -> Result<Bool, SluiceError> in
                if state.isOver { return .success(false) }
                guard state.begins + state.count == offset else {
                    return .failure(
                        .storeInternal(
                            "The upload cannot go on.",
                            cause: "\(state.begins + state.count) are there and not \(offset)"
                        ))
                }
                do throws(SystemCallFailure) { try writeAll(bytes, to: descriptor) } catch {
                    // What was written of the bytes is taken back.
                    _ = retrying { ftruncate(descriptor, off_t(state.count)) }
                    lseek(descriptor, off_t(state.count), SEEK_SET)
                    return .failure(.system(error, "The received bytes cannot be written."))
                }
                state.count += Int64(bytes.count)
                return .success(true)
            }
        }
        return try outcome.get()
    }

    /// Hands on what waits, and begins anew behind it. Where that fails nothing is appended any more.
    /// - Returns: the offset behind what was handed on.
    func flush(
        isLast: Bool, _ put: (_ descriptor: CInt, _ begins: Int64, _ size: Int64) throws(SluiceError) -> Void
    ) throws(SluiceError) -> Int64 {
        let outcome = flushing.withLock { _ -> Result<Int64, SluiceError> in
            let before = state.withLock { state in
                if isLast { state.isOver = true }
                return state
            }
            guard before.count > 0 else { return .success(before.begins) }
            do throws(SluiceError) { try put(descriptor, before.begins, before.count) } catch {
                state.withLock { state in (state.isOver, state.count) = (true, 0) }
                return .failure(error)
            }
            _ = retrying { ftruncate(descriptor, 0) }
            lseek(descriptor, 0, SEEK_SET)
            state.withLock { state in (state.begins, state.count) = (before.begins + before.count, 0) }
            return .success(before.begins + before.count)
        }
        return try outcome.get()
    }
}

/// Assembled bytes, to be read.
private final class ScratchReader: BlobReader {
    private let bytes: SpooledAttachment
    init(_ bytes: SpooledAttachment) { self.bytes = bytes }
    var size: ByteCount { bytes.size }
    var descriptor: CInt? { bytes.descriptor }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SluiceError) -> Int {
        try storing("The upload's bytes cannot be read.") { () throws(SystemCallFailure) in
            try readAt(offset, of: bytes.descriptor, into: buffer)
        }
    }
}
