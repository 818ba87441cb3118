// Opens a store in a folder, as the program does.

import SluiceFiles
public import SluiceModel
import SluiceSQLite
public import SluiceStorage

public enum LocalStore {
    public static func open(
        _ path: String, creating: Bool = true, patience: Duration = .seconds(10), pacing: CommitPacing = .gathering
    ) throws(SluiceError) -> Storage {
        let folders = try StoreFolders(path, creating: creating)
        let database = try folders.openDatabase { (path) throws(SluiceError) in
            try SQLiteDatabase(path: path, timeout: patience)
        }
        return folders.storage(database, pacing: pacing)
    }

    /// A store in memory; only what is spooled has descriptors.
    public static func inMemory() -> Storage {
        Storage(
            MemoryDatabase(), blobs: MemoryBlobStore(), spool: MemorySpool(), partialBytes: MemoryPartialBytes())
    }
}
