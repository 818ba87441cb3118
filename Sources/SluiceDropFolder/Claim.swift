// Who takes a file: the one whose rename out of `in/` succeeds. A claimed file lies in a private folder of its watcher, under the same path, so
// that after a crash it is known where it came from. What becomes of it then is told in Taking.swift, who mends after a crash in Recovery.swift.

import CDropFolder
import Glibc
import SluiceModel
import SluiceSystem
import Synchronization

/// A file that is ours until it lies in an outcome folder or back in `in/`.
struct Claim: Sendable {
    let session: ClaimSession
    let path: TreePath
    /// As it was when it had settled.
    var sighting: Sighting
    /// Nothing is looked for where the watcher knows that there is none: a name that is not there is the dearest one to look up.
    var mayHaveSidecar = true
}

/// The claims of one watcher. Its folder is locked as long as the watcher lives.
final class ClaimSession: Sendable {
    let name: [UInt8]
    let folders: FolderCache

    private init(_ name: [UInt8], _ folder: Folder) {
        self.name = name
        folders = FolderCache(folder, mode: 0o700)
    }

    /// Where sessions lie, below the drop folder. Only our own user gets in.
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

    /// A session whose watcher has died; it is ours then.
    static func orphan(_ name: [UInt8], in place: Folder) throws(SluiceError) -> ClaimSession? {
        guard let folder = try place.folder(TreePath(name)), folder.tryLock() else { return nil }
        return ClaimSession(name, folder)
    }

    func holds(_ path: TreePath) -> Bool {
        guard let folder = try? folders.root.folder(path.parent) else { return false }
        return folder.sighting(path.name) != nil
    }

    /// Takes a file out of `source`.
    func take(_ path: TreePath, from source: Folder) throws(SluiceError) -> ClaimAnswer {
        for _ in 0..<2 {
            let target = try folders.folder(path.parent, making: true)!
            let number = source.claim(path.name, into: target)
            switch number {
            case 0: return .taken
            case EEXIST: return .isBusy
            case ENOENT:
                // Either the file has gone, or our folder was tidied away meanwhile.
                if source.sighting(path.name) == nil { return .isGone }
                folders.clear()
            default: throw .drop("renameat2", number, "\(SafeText.display(path.shown(in: "in"))) cannot be claimed.")
            }
        }
        return .isGone
    }

    /// Puts a file back to where it came from, its sidecar first, so that it is never there without.
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

    /// Removes folders in which nothing is left; the session's own too when it ends.
    func tidy(endingIn place: Folder? = nil) {
        folders.clear()
        folders.root.removeEmptyFolders()
        if let place { place.removeFolder(name) }
    }
}

enum ClaimAnswer { case taken, isGone, isBusy }

extension Folder {
    /// Removes the empty folders below, the deepest first.
    /// - Parameter isOld: asked for each.
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
