// The bytes of partials as files of the store: STORE/partials/<id>. A partial's own name is its claim to the bytes; once it is decided the blob is a
// file of its own, and this one goes.

import CDisk
import Glibc
import SluiceModel

/// Files that are open for one call only: nothing is held while a sender is silent.
final class PartialFiles: PartialBytes {
    static let folder = "partials"
    private let layout: StoreLayout

    init(_ layout: StoreLayout) { self.layout = layout }

    func create() throws(SluiceError) -> String {
        let id = AttachmentID.make(at: currentMicroseconds())
        let path = try Self.path(id)
        while true {
            let number = retrying {
                openat(layout.root, path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            }
            if number >= 0 {
                close(number)
                try BlobDurability.syncFolder(Self.folder, at: layout.root)
                return id
            }
            guard errno == ENOENT else { throw .system("openat", errno, "The upload's file cannot be made.") }
            // The first partial of this store.
            if mkdirat(layout.root, Self.folder, 0o700) != 0 && errno != EEXIST {
                throw .system("mkdirat", errno, "The folder for uploads cannot be made.")
            }
            try BlobDurability.syncFolder(".", at: layout.root)
        }
    }

    func size(_ id: String) throws(SluiceError) -> ByteCount? {
        var facts = stat()
        if fstatat(layout.root, try Self.path(id), &facts, AT_SYMLINK_NOFOLLOW) != 0 {
            if errno == ENOENT { return nil }
            throw .system("fstatat", errno, "The upload's file cannot be read.")
        }
        return ByteCount(Int64(facts.st_size))
    }

    func append(_ bytes: UnsafeRawBufferPointer, to id: String, at offset: ByteCount) throws(SluiceError) {
        let file = try opened(id, O_RDWR | O_APPEND)
        var facts = stat()
        guard fstat(file.number, &facts) == 0 else {
            throw .system("fstat", errno, "The upload's file cannot be read.")
        }
        guard Int64(facts.st_size) == offset.bytes else {
            throw .storeInternal(
                "The upload cannot go on.", cause: "its file has \(facts.st_size) bytes and not \(offset.bytes)")
        }
        let code = writeAll(bytes, to: file.number)
        guard code != 0 else { return }
        // What was written of them is taken back, so that the offset that was told stays true.
        _ = retrying { ftruncate(file.number, off_t(offset.bytes)) }
        throw .system("write", code, "The received bytes cannot be written.")
    }

    func sync(_ id: String) throws(SluiceError) {
        let file = try opened(id, O_RDONLY)
        guard fdatasync(file.number) == 0 else {
            throw .system("fdatasync", errno, "The received bytes cannot be made durable.")
        }
    }

    func open(_ id: String) throws(SluiceError) -> (any BlobReader)? {
        guard
            let file = try OwnedDescriptor.openExisting(
                try Self.path(id), at: layout.root, O_RDONLY | O_NOFOLLOW, doing: "The upload's file cannot be opened.")
        else { return nil }
        return try FileBlobReader(file)
    }

    func remove(_ id: String) throws(SluiceError) {
        if unlinkat(layout.root, try Self.path(id), 0) != 0 && errno != ENOENT {
            throw .system("unlinkat", errno, "The upload's file cannot be removed.")
        }
    }

    func ids() throws(SluiceError) -> [String] { try FolderListing.names(Self.folder, at: layout.root) }

    private func opened(_ id: String, _ flags: CInt) throws(SluiceError) -> OwnedDescriptor {
        let number = retrying { openat(layout.root, (try? Self.path(id)) ?? "", flags | O_NOFOLLOW | O_CLOEXEC) }
        guard number >= 0 else { throw .system("openat", errno, "The upload's file cannot be opened.") }
        return OwnedDescriptor(owning: number)
    }

    /// Ids are ours; this keeps every other text out of a path.
    private static func path(_ id: String) throws(SluiceError) -> String {
        guard AttachmentID.isOne(id) else {
            throw .storeInternal("The upload's file cannot be opened.", cause: "its id is not one of ours")
        }
        return "\(folder)/\(id)"
    }
}
