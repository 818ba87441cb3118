// The bytes of partial uploads as files of the store: STORE/partials/<id>. The file's name is the partial's claim to the bytes. Once the upload is decided,
// the blob is a file of its own, and this one goes.

import Glibc
public import SluiceModel
public import SluiceStorage
import SluiceSystem

/// Files that are open for one call only: nothing is held while a sender is silent.
public final class PartialFiles: PartialBytes {
    private static let folder = "partials"
    private let folders: StoreFolders

    public init(_ folders: StoreFolders) { self.folders = folders }

    public func create() throws(SluiceError) -> String {
        let id = TimeOrderedID.make(at: WallClock.microseconds())
        let path = try Self.path(id)
        while true {
            let isMade = try storing("The upload's file cannot be made.") { () throws(SystemCallFailure) in
                do throws(SystemCallFailure) {
                    _ = try OwnedDescriptor.open(
                        path, at: folders.root, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
                    return true
                } catch {
                    guard error.number == ENOENT else { throw error }
                    // The first partial of this store.
                    if mkdirat(folders.root, Self.folder, 0o700) != 0 && errno != EEXIST {
                        throw SystemCallFailure("mkdirat")
                    }
                    return false
                }
            }
            try BlobDurability.syncFolder(isMade ? Self.folder : ".", at: folders.root)
            if isMade { return id }
        }
    }

    public func size(_ id: String) throws(SluiceError) -> ByteCount? {
        var facts = stat()
        if fstatat(folders.root, try Self.path(id), &facts, AT_SYMLINK_NOFOLLOW) != 0 {
            if errno == ENOENT { return nil }
            throw .system(SystemCallFailure("fstatat"), "The upload's file cannot be read.")
        }
        return ByteCount(Int64(facts.st_size))
    }

    public func append(
        _ bytes: UnsafeRawBufferPointer, to id: String, at offset: ByteCount
    ) throws(SluiceError) {
        let file = try opened(id, O_RDWR | O_APPEND)
        var facts = stat()
        guard fstat(file.number, &facts) == 0 else {
            throw .system(SystemCallFailure("fstat"), "The upload's file cannot be read.")
        }
        guard Int64(facts.st_size) == offset.bytes else {
            throw .storeInternal(
                "The upload cannot go on.", cause: "its file has \(facts.st_size) bytes and not \(offset.bytes)")
        }
        do throws(SystemCallFailure) { try writeAll(bytes, to: file.number) } catch {
            // What was written of the bytes is taken back, so that the offset that was told stays true.
            let number = file.number
            _ = retrying { ftruncate(number, off_t(offset.bytes)) }
            throw .system(error, "The received bytes cannot be written.")
        }
    }

    public func sync(_ id: String, through offset: ByteCount) throws(SluiceError) {
        let file = try opened(id, O_RDONLY)
        guard fdatasync(file.number) == 0 else {
            throw .system(SystemCallFailure("fdatasync"), "The received bytes cannot be made durable.")
        }
    }

    public func open(_ id: String) throws(SluiceError) -> (any BlobReader)? {
        let what = "The upload's file cannot be opened."
        let path = try Self.path(id)
        let found = try storing(what) { () throws(SystemCallFailure) in
            try OwnedDescriptor.openExisting(path, at: folders.root, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        }
        guard let file = found else { return nil }
        return try FileBlobReader(file, what)
    }

    public func received(_ id: String) throws(SluiceError) -> SpooledAttachment? {
        let what = "The upload's file cannot be read."
        let path = try Self.path(id)
        let found = try storing(what) { () throws(SystemCallFailure) in
            try OwnedDescriptor.openExisting(path, at: folders.root, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        }
        guard let file = found else { return nil }
        let number = file.number
        let (digest, size) = try storing(what) { () throws(SystemCallFailure) in
            // As a blob has it: nobody opens it for writing by mistake.
            guard fchmod(number, 0o400) == 0 else { throw SystemCallFailure("fchmod") }
            return try SHA256.bytes(reading: { (buffer, offset) throws(SystemCallFailure) in
                try readAt(offset, of: number, into: buffer)
            })!
        }
        return SpooledAttachment(size: ByteCount(size), digest: Digest(digest)!, owning: file.release())
    }

    public func remove(_ id: String) throws(SluiceError) {
        if unlinkat(folders.root, try Self.path(id), 0) != 0 && errno != ENOENT {
            throw .system(SystemCallFailure("unlinkat"), "The upload's file cannot be removed.")
        }
    }

    public func list() throws(SluiceError) -> [ListedPartial] {
        try folders.names(of: Self.folder, at: folders.root).compactMap { name in
            let text = String(decoding: name, as: UTF8.self)
            var facts = stat()
            guard fstatat(folders.root, path(of: text), &facts, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
            return ListedPartial(
                name: text, isOurs: TimeOrderedID.isValid(text), changedAt: Int64(facts.st_ctim.tv_sec))
        }
    }

    public func path(of name: String) -> String { "\(Self.folder)/\(name)" }

    private func opened(_ id: String, _ flags: CInt) throws(SluiceError) -> OwnedDescriptor {
        let path = try Self.path(id)
        return try storing("The upload's file cannot be opened.") { () throws(SystemCallFailure) in
            try OwnedDescriptor.open(path, at: folders.root, flags | O_NOFOLLOW)
        }
    }

    /// Ids are ours; this keeps every other text out of a path.
    private static func path(_ id: String) throws(SluiceError) -> String {
        guard TimeOrderedID.isValid(id) else {
            throw .storeInternal("The upload's file cannot be opened.", cause: "its id is not one of ours")
        }
        return "\(folder)/\(id)"
    }
}
