// The store's folders: where they are and how they are made.

import Glibc
public import SluiceModel
public import SluiceStorage
import SluiceSystem

/// The open folders of one store. Paths below them are relative to descriptors, so that a moved store stays whole.
public final class StoreFolders: Sendable {
    public let path: String
    let root: CInt
    let spoolFolder: SpoolFolder
    var spool: CInt { spoolFolder.number }
    private let accepted: CInt
    private let quarantined: CInt

    private var databasePath: String { path + "/sluice.sqlite" }

    static func folderName(_ area: BlobArea) -> String {
        switch area {
        case .accepted: "blobs"
        case .quarantined: "quarantine"
        }
    }

    func folder(_ area: BlobArea) -> CInt {
        switch area {
        case .accepted: accepted
        case .quarantined: quarantined
        }
    }

    /// `ab/abcd…`, below an area's folder.
    static func blobPath(_ digest: Digest) -> String {
        let name = digest.hexadecimal
        return "\(name.prefix(2))/\(name)"
    }

    static func shardName(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.utf8.count == 1 ? "0" + text : text
    }

    /// Whether a name is that of a shard: two hexadecimal digits.
    static func isShard(_ name: [UInt8]) -> Bool {
        name.count == 2 && name.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// The names in a folder of the store; none where there is no such folder.
    func names(of path: String, at folder: CInt) throws(SluiceError) -> [[UInt8]] {
        try storing("The folder \(SafeText.display(path)) cannot be read.") { () throws(SystemCallFailure) in
            do throws(SystemCallFailure) { return try FolderListing.names(of: Array(path.utf8), at: folder) } catch {
                if error.number == ENOENT { return [] }
                throw error
            }
        }
    }

    /// Opens the store's folders; makes those that are missing when `creating`.
    /// - Parameter hasDatabase: whether the rows are here as well; without them, the folders are those of the bytes only.
    /// - Throws: `store.missing` when there is no store and none is to be made.
    public init(_ path: String, creating: Bool, hasDatabase: Bool = true) throws(SluiceError) {
        self.path = path
        var isNew = false
        if creating {
            try Self.makeFoldersAround(path)
            isNew = try Self.make(path, at: AT_FDCWD, shownAs: path)
        }
        let found = try storing("The store cannot be opened.") { () throws(SystemCallFailure) in
            try OwnedDescriptor.openExisting(path, O_RDONLY | O_DIRECTORY)
        }
        guard let opened = found else { throw Self.missing(path) }
        let root = opened.number
        if creating {
            for name in ["spool", "blobs", "quarantine"] where try Self.make(name, at: root, shownAs: "\(path)/\(name)")
            {
                isNew = true
            }
        }
        for name in ["spool", "blobs", "quarantine"] + (hasDatabase ? ["sluice.sqlite"] : []) where !creating {
            guard faccessat(root, name, F_OK, 0) == 0 else { throw Self.missing(path) }
        }
        let spool = try Self.opened("spool", at: root)
        let accepted = try Self.opened("blobs", at: root)
        let quarantined = try Self.opened("quarantine", at: root)
        if isNew {
            // Also the store's own name in the folder around it.
            for folder in [".", ".."] { try BlobDurability.syncFolder(folder, at: root) }
        }
        self.root = opened.release()
        self.spoolFolder = SpoolFolder(owning: spool.release())
        self.accepted = accepted.release()
        self.quarantined = quarantined.release()
    }

    /// A fresh machine has no `~/.local/share` yet. Each new folder's name is made durable as well.
    static func makeFoldersAround(_ path: String) throws(SluiceError) {
        let slashes = path.indices.filter { path[$0] == "/" }
        for slash in slashes.drop(while: { $0 == path.startIndex }) {
            let folder = String(path[..<slash])
            if try make(folder, at: AT_FDCWD, shownAs: folder) {
                try BlobDurability.syncFolder(folder + "/..", at: AT_FDCWD)
            }
        }
    }

    deinit { for descriptor in [root, accepted, quarantined] { close(descriptor) } }

    private static func missing(_ path: String) -> SluiceError {
        SluiceError(
            "store.missing", what: "There is no store at \(SafeText.display(path)).",
            why: "The folder or one of the folders in it is missing.",
            mend: "Check the path, or import something first.")
    }

    /// - Returns: whether it was not there.
    static func make(_ name: String, at folder: CInt, shownAs path: String) throws(SluiceError) -> Bool {
        if mkdirat(folder, name, 0o700) == 0 { return true }
        if errno == EEXIST { return false }
        throw .system(SystemCallFailure("mkdirat"), "The folder \(SafeText.display(path)) cannot be made.")
    }

    private static func opened(_ name: String, at root: CInt) throws(SluiceError) -> OwnedDescriptor {
        try storing("The folder \(name) of the store cannot be opened.") { () throws(SystemCallFailure) in
            try OwnedDescriptor.openFolder(name, at: root)
        }
    }

    /// The store in these folders.
    /// - Parameter database: as `openDatabase` opened it.
    public func storage(_ database: any Database, pacing: CommitPacing = .gathering) -> Storage {
        Storage(
            database, blobs: FileBlobStore(self), spool: FileSpool(self), partialBytes: PartialFiles(self),
            pacing: pacing)
    }

    /// Opens the database of this store: one process at a time makes or migrates it.
    /// - Parameter open: given the database's path.
    public func openDatabase<Opened>(_ open: (String) throws(SluiceError) -> Opened) throws(SluiceError) -> Opened {
        let lock = try FolderLock(root, .exclusive)
        defer { withExtendedLifetime(lock) {} }
        return try open(databasePath)
    }
}
