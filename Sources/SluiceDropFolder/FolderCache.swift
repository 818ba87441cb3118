// Keeps folders open between uses, as many as the limit of open files allows.

import Glibc
import SluiceModel
import SluiceSystem
import Synchronization

/// Folders that are used again and again, kept open.
final class FolderCache: Sendable {
    /// Folders kept open in one cache. There is a cache for claims, one for each outcome, and one for `in/`.
    private static let most = DescriptorBudget.raised().folders(caches: 6)

    let root: Folder
    private let mode: mode_t
    private let open = Mutex<[TreePath: Folder]>([:])

    /// - Parameter mode: the rights of folders that are made.
    init(_ root: Folder, mode: mode_t = 0o777) { (self.root, self.mode) = (root, mode) }

    func folder(_ path: TreePath, making: Bool) throws(SluiceError) -> Folder? {
        if let known = open.withLock({ $0[path] }) { return known }
        guard let folder = try root.folder(path, making: making, mode: mode) else { return nil }
        open.withLock { folders in
            if folders.count >= Self.most { folders.removeAll() }
            folders[path] = folder
        }
        return folder
    }

    /// Forgets all folders. Call it when another process may have moved or removed one.
    func clear() { open.withLock { $0.removeAll() } }
}
