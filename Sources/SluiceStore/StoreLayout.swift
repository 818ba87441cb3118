// The store's folders: where they are, how they are made, and the lock that keeps a mender away from a commit.

import CDisk
import CTimedLock
import Glibc
import SluiceModel

/// The open folders of one store. Paths below them are relative to descriptors, so that a moved store stays whole.
final class StoreLayout: Sendable {
    let path: String
    let root: CInt
    let spool: CInt
    private let accepted: CInt
    private let quarantined: CInt

    var databasePath: String { path + "/sluice.sqlite" }

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

    /// Opens the store's folders; makes those that are missing when `creating`.
    /// - Throws: `store.missing` when there is no store and none is to be made.
    init(_ path: String, creating: Bool) throws(SluiceError) {
        self.path = path
        var isNew = false
        if creating {
            try Self.makeFoldersAround(path)
            isNew = try Self.make(path, at: AT_FDCWD, shownAs: path)
        }
        guard
            let opened = try OwnedDescriptor.openExisting(
                path, O_RDONLY | O_DIRECTORY, doing: "The store cannot be opened.")
        else { throw Self.missing(path) }
        let root = opened.number
        if creating {
            for name in ["spool", "blobs", "quarantine"] where try Self.make(name, at: root, shownAs: "\(path)/\(name)")
            {
                isNew = true
            }
        }
        for name in ["spool", "blobs", "quarantine", "sluice.sqlite"] where !creating {
            guard faccessat(root, name, F_OK, 0) == 0 else { throw Self.missing(path) }
        }
        let spool = try OwnedDescriptor.openFolder("spool", at: root)
        let accepted = try OwnedDescriptor.openFolder("blobs", at: root)
        let quarantined = try OwnedDescriptor.openFolder("quarantine", at: root)
        if isNew {
            // Also the store's own name in the folder around it.
            for folder in [".", ".."] { try BlobDurability.syncFolder(folder, at: root) }
        }
        self.root = opened.release()
        self.spool = spool.release()
        self.accepted = accepted.release()
        self.quarantined = quarantined.release()
    }

    /// A fresh machine has no `~/.local/share` yet. Each new folder's name is made durable as well.
    private static func makeFoldersAround(_ path: String) throws(SluiceError) {
        let slashes = path.indices.filter { path[$0] == "/" }
        for slash in slashes.drop(while: { $0 == path.startIndex }) {
            let folder = String(path[..<slash])
            if try make(folder, at: AT_FDCWD, shownAs: folder) {
                try BlobDurability.syncFolder(folder + "/..", at: AT_FDCWD)
            }
        }
    }

    deinit { for descriptor in [root, spool, accepted, quarantined] { close(descriptor) } }

    private static func missing(_ path: String) -> SluiceError {
        SluiceError(
            "store.missing", what: "There is no store at \(SafeText.display(path)).",
            why: "The folder or one of the folders in it is missing.",
            mend: "Check the path, or import something first.")
    }

    /// - Returns: whether it was not there.
    private static func make(_ name: String, at folder: CInt, shownAs path: String) throws(SluiceError) -> Bool {
        if mkdirat(folder, name, 0o700) == 0 { return true }
        if errno == EEXIST { return false }
        throw .system("mkdirat", errno, "The folder \(SafeText.display(path)) cannot be made.")
    }
}

/// A lock on a folder: shared by those who commit, exclusive for who removes bytes. A process that dies gives it back.
/// Each side has an open file description of its own for the folder (man 2 flock).
enum FolderLock {
    static func takeShared(_ folder: CInt) throws(SluiceError) { try take(folder, LOCK_SH) }
    static func takeExclusive(_ folder: CInt) throws(SluiceError) { try take(folder, LOCK_EX) }

    /// - Returns: false when somebody else holds it.
    static func tryExclusive(_ folder: CInt) -> Bool { retrying { flock(folder, LOCK_EX | LOCK_NB) } == 0 }

    static func giveBack(_ folder: CInt) { _ = flock(folder, LOCK_UN) }

    /// Who holds it does so for one commit or one removal; longer than this only a process that is stopped (chosen).
    static let patience = Duration.seconds(30)

    static func take(
        _ folder: CInt, _ operation: CInt, within patience: Duration = patience
    ) throws(SluiceError) {
        let milliseconds = CInt(clamping: Int64(patience / .milliseconds(1)))
        guard timed_flock(folder, operation, milliseconds) != 0 else { return }
        guard errno == EWOULDBLOCK else { throw .system("flock", errno, "The store cannot be locked.") }
        throw SluiceError(
            "store.busy", what: "The store cannot be locked.",
            why: "Another program has held it for more than \(patience.components.seconds) s.",
            mend: "Look for a sluice that is stopped or hangs on this store; then try again.")
    }
}
