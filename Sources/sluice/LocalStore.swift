// Opens the store that a command names: a folder with a database, blobs and a spool in it.

import SluiceFiles
import SluiceModel
import SluiceSQLite
import SluiceStorage

enum LocalStore {
    /// Opens the store in a folder; makes it where there is none and `creating` is set.
    /// - Parameter patience: how long to wait for another process that writes, before it is `store.busy`.
    /// - Throws: `store.missing`, `store.newer-schema`, `store.foreign-database`, `store.damaged`, `store.not-permitted`, `store.no-space`,
    ///   `store.io`, `store.busy`.
    static func open(
        _ path: String, creating: Bool = true, patience: Duration = .seconds(10), pacing: CommitPacing = .gathering
    ) throws(SluiceError) -> Storage {
        let folders = try StoreFolders(path, creating: creating)
        let database = try folders.openDatabase { (path) throws(SluiceError) in
            try SQLiteDatabase(path: path, timeout: patience)
        }
        return folders.storage(database, pacing: pacing)
    }
}
