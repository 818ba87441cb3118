// Blobs as files named by their digests: bytes synced, then named, then the names synced, and only then a row.

import Glibc
import SluiceModel
import Synchronization

/// Keeps blobs in the store's folders.
final class FileBlobStore: BlobStore {
    private let layout: StoreLayout
    private let durability: BlobDurability
    /// Held by `keep`, so that one process never has two commits share the folder's lock.
    private let keeping = Mutex(())

    init(_ layout: StoreLayout) {
        self.layout = layout
        durability = BlobDurability(disk: layout.root)
    }

    func keep<Answer>(
        _ orders: [BlobOrder], isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool,
        commit: () throws(RecordFailure) -> Answer
    ) throws(SluiceError) -> Answer {
        // The lock is held over blocking calls: this thread is the caller's own, and one commit at a time is the point.
        try keeping.withLock { (_) throws(SluiceError) in
            var linked: [BlobOrder] = []
            do throws(RecordFailure) {
                do throws(SluiceError) {
                    try FolderLock.takeShared(layout.spool)
                    try place(orders, isReferenced: isReferenced, linked: &linked)
                } catch {
                    FolderLock.giveBack(layout.spool)
                    throw RecordFailure(error)
                }
                defer { FolderLock.giveBack(layout.spool) }
                return try commit()
            } catch {
                if !error.isUndecided { withdraw(linked, isReferenced: isReferenced) }
                throw error.error
            }
        }
    }

    func open(_ digest: Digest, in area: BlobArea) throws(SluiceError) -> (any BlobReader)? {
        guard
            let file = try OwnedDescriptor.openExisting(
                StoreLayout.blobPath(digest), at: layout.folder(area), O_RDONLY | O_NOFOLLOW,
                doing: "The stored bytes \(digest) cannot be opened.")
        else { return nil }
        return try FileBlobReader(file)
    }

    func discard(
        _ digest: Digest, in area: BlobArea, isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool
    ) throws(SluiceError) {
        try keeping.withLock { (_) throws(SluiceError) in
            try FolderLock.takeExclusive(layout.spool)
            defer { FolderLock.giveBack(layout.spool) }
            if try isReferenced(digest, area) { return }
            if unlinkat(layout.folder(area), StoreLayout.blobPath(digest), 0) != 0 && errno != ENOENT {
                throw .system("unlinkat", errno, "Bytes that nothing refers to cannot be removed.")
            }
        }
    }

    private func place(
        _ orders: [BlobOrder], isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool, linked: inout [BlobOrder]
    ) throws(SluiceError) {
        if orders.isEmpty { return }
        let wholeDisk = durability.usesWholeDisk(for: orders.count)
        try durability.syncContents(orders.map(\.attachment), wholeDisk: wholeDisk)
        for order in orders { try link(order, wholeDisk, isReferenced: isReferenced, linked: &linked) }
        if wholeDisk { return try durability.syncDisk() }
        for order in orders {
            let shard = StoreLayout.shardName(order.attachment.digest.bytes[0])
            try BlobDurability.syncFolder(shard, at: layout.folder(order.area))
        }
    }

    private func link(
        _ order: BlobOrder, _ wholeDisk: Bool, isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool,
        linked: inout [BlobOrder]
    ) throws(SluiceError) {
        let folder = layout.folder(order.area)
        let path = StoreLayout.blobPath(order.attachment.digest)
        var bytes = NamelessBytes(order.attachment, layout, durability, syncsFolders: !wholeDisk)
        if try bytes.link(to: path, in: folder) { return linked.append(order) }
        if try isReferenced(order.attachment.digest, order.area), hasSize(order, path, in: folder) { return }
        // No row answers for the bytes that have this name: they may be torn. Ours are whole and durable, so ours take the place; a
        // commit of another process that means the same bytes loses nothing by it.
        let passing = "replacing-\(AttachmentID.make(at: currentMicroseconds()))"
        guard try bytes.link(to: passing, in: layout.spool), renameat(layout.spool, passing, folder, path) == 0 else {
            let number = errno
            unlinkat(layout.spool, passing, 0)
            throw .system("renameat", number, "The received bytes cannot be given their name.")
        }
        linked.append(order)
    }

    private func hasSize(_ order: BlobOrder, _ path: String, in folder: CInt) -> Bool {
        var facts = stat()
        guard fstatat(folder, path, &facts, AT_SYMLINK_NOFOLLOW) == 0 else { return false }
        return facts.st_mode & S_IFMT == S_IFREG && Int64(facts.st_size) == order.attachment.size.bytes
    }

    /// Removes what a failed commit has placed, if nobody can have begun to rely on it: nobody else is between placing and committing,
    /// and no row speaks of it. Otherwise it stays, unreferenced and harmless, and the next one who sends the same bytes takes it over.
    private func withdraw(_ linked: [BlobOrder], isReferenced: (Digest, BlobArea) throws(SluiceError) -> Bool) {
        if linked.isEmpty { return }
        guard FolderLock.tryExclusive(layout.spool) else { return }
        defer { FolderLock.giveBack(layout.spool) }
        for order in linked {
            guard (try? isReferenced(order.attachment.digest, order.area)) == false else { continue }
            unlinkat(layout.folder(order.area), StoreLayout.blobPath(order.attachment.digest), 0)
        }
    }
}

/// A blob opened to be read.
final class FileBlobReader: BlobReader {
    let size: ByteCount
    private let number: CInt
    var descriptor: CInt? { number }

    init(_ file: consuming OwnedDescriptor) throws(SluiceError) {
        var facts = stat()
        guard fstat(file.number, &facts) == 0 else { throw .system("fstat", errno, "Stored bytes cannot be read.") }
        size = ByteCount(Int64(facts.st_size))
        number = file.release()
    }

    deinit { close(number) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SluiceError) -> Int {
        while true {
            let count = pread(number, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw .system("pread", errno, "Stored bytes cannot be read.") }
        }
    }
}
