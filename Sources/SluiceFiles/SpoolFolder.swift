// The folder that receives bytes: one of a store's folders, or one of a node whose store lies elsewhere.

import Glibc
public import SluiceModel
import SluiceStorage
import SluiceSystem

/// An open folder for unnamed files. Nothing in it has to survive the program.
public final class SpoolFolder: Sendable {
    let number: CInt

    /// - Parameter path: made where it is missing, with the folders around it.
    /// - Throws: `store.not-permitted`, `store.no-space`, `store.io`.
    public convenience init(_ path: String) throws(SluiceError) {
        try StoreFolders.makeFoldersAround(path)
        _ = try StoreFolders.make(path, at: AT_FDCWD, shownAs: path)
        let opened = try storing("The folder \(SafeText.display(path)) cannot be opened.") {
            () throws(SystemCallFailure) in
            try OwnedDescriptor.openFolder(path)
        }
        self.init(owning: opened.release())
    }

    init(owning number: CInt) { self.number = number }

    deinit { close(number) }
}
