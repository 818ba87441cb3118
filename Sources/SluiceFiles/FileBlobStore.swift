// Blobs as files named by their digests: bytes synced, then named, then the names synced, and only then a row.

import Glibc
public import SluiceModel
public import SluiceStorage
import SluiceSystem

/// Keeps blobs in the store's folders.
public final class FileBlobStore: BlobStore {
    private let folders: StoreFolders
    private let durability: BlobDurability

    public init(_ folders: StoreFolders) {
        self.folders = folders
        durability = BlobDurability(disk: folders.root)
    }

    // MARK: Placing

    public func place(_ orders: [BlobOrder], _ referenced: ReferenceCheck) throws(SluiceError) -> any Placement {
        let placement = FilePlacement(folders)
        if orders.isEmpty { return placement }
        try placement.lock()
        do throws(SluiceError) {
            let wholeDisk = durability.usesWholeDisk(for: orders.count)
            try durability.syncContents(orders.map(\.attachment), wholeDisk: wholeDisk)
            for order in orders {
                if try link(order, wholeDisk, referenced) { placement.added.append(order) }
            }
            if wholeDisk {
                try durability.syncDisk()
            } else {
                for order in orders {
                    let shard = StoreFolders.shardName(order.attachment.digest.bytes[0])
                    try BlobDurability.syncFolder(shard, at: folders.folder(order.area))
                }
            }
            return placement
        } catch {
            placement.withdraw(referenced)
            throw error
        }
    }

    /// - Returns: whether a name was given, and not found as it should be.
    private func link(_ order: BlobOrder, _ wholeDisk: Bool, _ referenced: ReferenceCheck) throws(SluiceError) -> Bool {
        let folder = folders.folder(order.area)
        let digest = order.attachment.digest
        let path = StoreFolders.blobPath(digest)
        var bytes = NamelessBytes(order.attachment, folders, durability, syncsFolders: !wholeDisk)
        if try bytes.link(to: path, in: folder) { return true }
        if hasSize(order, path, in: folder), try !referenced([BlobAddress(digest, in: order.area)]).isEmpty {
            return false
        }
        // No row answers for the bytes that have this name: they may be torn. Ours are whole and durable, so ours take the place; a
        // commit of another process that means the same bytes loses nothing by it.
        let passing = "replacing-\(TimeOrderedID.make(at: WallClock.microseconds()))"
        guard try bytes.link(to: passing, in: folders.spool), renameat(folders.spool, passing, folder, path) == 0 else {
            let failure = SystemCallFailure("renameat")
            unlinkat(folders.spool, passing, 0)
            throw .system(failure, "The received bytes cannot be given their name.")
        }
        // Where both are names of one file already, as after an upload that was placed and not recorded, rename leaves both (man 2 rename).
        unlinkat(folders.spool, passing, 0)
        return true
    }

    private func hasSize(_ order: BlobOrder, _ path: String, in folder: CInt) -> Bool {
        var facts = stat()
        guard fstatat(folder, path, &facts, AT_SYMLINK_NOFOLLOW) == 0 else { return false }
        return facts.st_mode & S_IFMT == S_IFREG && Int64(facts.st_size) == order.attachment.size.bytes
    }

    // MARK: Reading

    public func open(_ address: BlobAddress) throws(SluiceError) -> (any BlobReader)? {
        let what = "The stored bytes \(address.digest) cannot be opened."
        let opened = try storing(what) { () throws(SystemCallFailure) in
            // Not blocking: a FIFO in the place of a file must not stop the reader.
            try OwnedDescriptor.openExisting(
                StoreFolders.blobPath(address.digest), at: folders.folder(address.area),
                O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        }
        guard let file = opened else { return nil }
        return try FileBlobReader(file, what)
    }

    public func list(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> BlobListing {
        let shard = StoreFolders.shardName(byte)
        var listing = BlobListing()
        for name in try folders.names(of: shard, at: folders.folder(area)) {
            let text = String(decoding: name, as: UTF8.self)
            guard let digest = Digest(hexadecimal: text), digest.bytes[0] == byte else {
                listing.foreign.append("\(StoreFolders.folderName(area))/\(shard)/\(SafeText.display(name))")
                continue
            }
            listing.blobs.append(ListedBlob(digest: digest, isReadable: isRegular(digest, in: area)))
        }
        return listing
    }

    private func isRegular(_ digest: Digest, in area: BlobArea) -> Bool {
        var facts = stat()
        let found = fstatat(folders.folder(area), StoreFolders.blobPath(digest), &facts, AT_SYMLINK_NOFOLLOW)
        return found == 0 && facts.st_mode & S_IFMT == S_IFREG
    }

    public func foreignNames(in area: BlobArea) throws(SluiceError) -> [String] {
        try folders.names(of: ".", at: folders.folder(area)).filter { !StoreFolders.isShard($0) }.map {
            "\(StoreFolders.folderName(area))/\(SafeText.display($0))"
        }
    }

    public func path(of address: BlobAddress) -> String {
        "\(StoreFolders.folderName(address.area))/\(StoreFolders.blobPath(address.digest))"
    }

    // MARK: Removing

    public var locksRemovals: Bool { true }

    public func remove(
        _ address: BlobAddress, namedBefore moment: Int64?, _ referenced: ReferenceCheck
    ) throws(SluiceError) -> BlobRemoval {
        // While this is held nobody is between naming bytes and writing their row, so no row means no row. Commits wait for one removal at most.
        let lock = try FolderLock(folders.spool, .exclusive)
        defer { withExtendedLifetime(lock) {} }
        if try !referenced([address]).isEmpty { return .referenced }
        let (folder, path) = (folders.folder(address.area), StoreFolders.blobPath(address.digest))
        var facts = stat()
        guard fstatat(folder, path, &facts, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT { return .missing }
            throw .system(SystemCallFailure("fstatat"), "Bytes that nothing refers to cannot be removed.")
        }
        // The time of the last change of the file's names: when it was linked, not when its bytes came.
        guard let moment, Int64(facts.st_ctim.tv_sec) <= moment else { return .kept }
        guard unlinkat(folder, path, 0) == 0 || errno == ENOENT else {
            throw .system(SystemCallFailure("unlinkat"), "Bytes that nothing refers to cannot be removed.")
        }
        return .removed
    }

    public func sweepLeftovers(namedBefore moment: Int64?) throws(SluiceError) -> [SpoolLeftover] {
        let lock = try FolderLock(folders.spool, .exclusive)
        defer { withExtendedLifetime(lock) {} }
        return try folders.names(of: ".", at: folders.spool).map { name in
            var facts = stat()
            let shown = SpoolLeftover(name: "spool/\(SafeText.display(name))", isRemoved: false)
            let text = String(decoding: name, as: UTF8.self)
            guard let moment, fstatat(folders.spool, text, &facts, AT_SYMLINK_NOFOLLOW) == 0,
                Int64(facts.st_ctim.tv_sec) <= moment, unlinkat(folders.spool, text, 0) == 0
            else { return shown }
            return SpoolLeftover(name: shown.name, isRemoved: true)
        }
    }
}

/// Blobs that have their names, under a shared hold on the store's lock.
final class FilePlacement: Placement {
    private let folders: StoreFolders
    private var held: FolderLock?
    /// Those that this placement has named.
    var added: [BlobOrder] = []

    init(_ folders: StoreFolders) { self.folders = folders }

    func lock() throws(SluiceError) { held = try FolderLock(folders.spool, .shared) }

    func settle() { held = nil }

    /// Where it is not safe, the bytes stay, unreferenced and harmless, and the next sender of the same bytes takes them over.
    func withdraw(_ referenced: ReferenceCheck) {
        held = nil
        guard !added.isEmpty, let lock = FolderLock(exclusiveNow: folders.spool) else { return }
        defer { withExtendedLifetime(lock) {} }
        for order in added {
            let address = BlobAddress(order.attachment.digest, in: order.area)
            guard (try? referenced([address]).isEmpty) == true else { continue }
            unlinkat(folders.folder(order.area), StoreFolders.blobPath(order.attachment.digest), 0)
        }
    }
}
