// A watcher claims a file by renaming it out of `in/`; only one watcher's rename succeeds. A claimed file lies in a private folder of
// its watcher, under the same path, so that after a crash its origin is known. ClaimIngester.swift judges and records it, Recovery.swift
// mends after a crash.

import CDropFolder
import Glibc
import SluiceModel
import SluiceSystem
import Synchronization

/// A file that the watcher owns until it lies in an outcome folder or back in `in/`.
struct Claim: Sendable {
    let session: ClaimSession
    let path: TreePath
    /// The file as it was when it had settled.
    var sighting: Sighting
    /// False where the watcher knows that there is no sidecar. Then none is looked up: looking up a missing name is the most expensive
    /// look-up.
    var mayHaveSidecar = true
}

/// The claims of one watcher. Their folder is locked as long as the watcher lives.
final class ClaimSession: Sendable {
    let name: [UInt8]
    let folders: FolderCache

    private init(_ name: [UInt8], _ folder: Folder) {
        self.name = name
        folders = FolderCache(folder, mode: 0o700)
    }

    /// Where the folders of sessions lie, below the drop folder. Only our own user can enter.
    static let place = TreePath(".sluice/claims")

    static func begin(in place: Folder) throws(SluiceError) -> ClaimSession {
        var now = timespec()
        for _ in 0..<100 {
            clock_gettime(CLOCK_REALTIME, &now)
            let name = Array("\(now.tv_sec)-\(now.tv_nsec)-\(getpid())".utf8)
            guard name.withCString({ mkdirat(place.descriptor, $0, 0o700) }) == 0 else {
                throw .drop("mkdirat", errno, "A folder for claims cannot be made.")
            }
            // Another watcher may have seen the new folder before it was locked, and removed it.
            if let folder = try place.folder(TreePath(name)), folder.tryLock(), place.sighting(name) != nil {
                return ClaimSession(name, folder)
            }
        }
        throw .drop("flock", EAGAIN, "A folder for claims cannot be locked.")
    }

    /// The session of a dead watcher. It belongs to the caller then.
    static func orphan(_ name: [UInt8], in place: Folder) throws(SluiceError) -> ClaimSession? {
        guard let folder = try place.folder(TreePath(name)), folder.tryLock() else { return nil }
        return ClaimSession(name, folder)
    }

    func holds(_ path: TreePath) -> Bool {
        guard let folder = try? folders.root.folder(path.parent) else { return false }
        return folder.sighting(path.name) != nil
    }

    /// Takes a file out of `source`.
    func take(_ path: TreePath, from source: Folder) throws(SluiceError) -> ClaimOutcome {
        for _ in 0..<2 {
            let target = try folders.folder(path.parent, making: true)!
            let number = source.claim(path.name, into: target)
            switch number {
            case 0: return .taken
            case EEXIST: return .isBusy
            case ENOENT:
                // Either the file is gone, or our folder was tidied away meanwhile.
                if source.sighting(path.name) == nil { return .isGone }
                folders.clear()
            default: throw .drop("renameat2", number, "\(SafeText.display(path.shown(in: "in"))) cannot be claimed.")
            }
        }
        return .isGone
    }

    /// Puts a file back to where it came from. Its sidecar goes first, so that the file is never there without it.
    /// - Returns: false where a file of that name has come meanwhile.
    func putBack(_ path: TreePath, to tree: Folder) throws(SluiceError) -> Bool {
        guard let from = try folders.root.folder(path.parent), let to = try tree.folder(path.parent, making: true)
        else { return false }
        if to.sighting(path.name) != nil, !from.isSameFile(path.name, path.name, in: to) { return false }
        let sidecar = Sidecar.name(for: path.name)
        if Sidecar.isThere(sidecar, in: from) { _ = from.finishMove(sidecar, to: to, as: sidecar) }
        switch from.finishMove(path.name, to: to, as: path.name) {
        case 0: return true
        case EEXIST: return false
        case let number:
            throw .drop("renameat2", number, "\(SafeText.display(path.bytes)) cannot be put back into in/.")
        }
    }

    /// Removes empty folders, and the session's own folder when the session ends.
    func tidy(endingIn place: Folder? = nil) {
        folders.clear()
        folders.root.removeEmptyFolders()
        if let place { place.removeFolder(name) }
    }
}

enum ClaimOutcome { case taken, isGone, isBusy }

extension Folder {
    /// Removes the empty folders below, the deepest first.
    /// - Parameter isOld: called for each folder.
    func removeEmptyFolders(where isOld: (TreePath, Folder) -> Bool = { _, _ in true }) {
        var paths: [TreePath] = []
        walk(
            enter: { path, folder in
                if !path.bytes.isEmpty, isOld(path, folder) { paths.append(path) }
                return true
            }, visit: { _, _ in })
        for path in paths.reversed() { (try? folder(path.parent))??.removeFolder(path.name) }
    }
}
