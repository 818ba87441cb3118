// Opens a store in a folder, as the program does.

import SluiceFiles
public import SluiceModel
import SluiceObjects
import SluicePostgres
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

    /// Rows in a folder, and blobs in an object store.
    /// - Parameter address: as `--blobs` names it.
    public static func open(_ path: String, blobs address: String) throws -> Storage {
        let folders = try StoreFolders(path, creating: true)
        let database = try folders.openDatabase { (path) throws(SluiceError) in
            try SQLiteDatabase(path: path, timeout: .seconds(10))
        }
        return try storage(database, blobs: address, folders)
    }

    /// A store whose rows are in PostgreSQL and whose bytes are in folders.
    /// - Parameter address: as for `--store`.
    public static func open(
        _ path: String, database address: String, patience: Duration = .seconds(10), pacing: CommitPacing = .gathering
    ) throws(SluiceError) -> Storage {
        let database = try PostgresDatabase(PostgresAddress(address), patience: patience)
        return try StoreFolders(path, creating: true).storage(database, pacing: pacing)
    }

    /// Rows in PostgreSQL, and blobs in an object store.
    public static func open(_ path: String, database: String, blobs address: String) throws -> Storage {
        let folders = try StoreFolders(path, creating: true)
        return try storage(
            try PostgresDatabase(PostgresAddress(database), patience: .seconds(10)), blobs: address, folders)
    }

    private static func storage(
        _ database: any Database, blobs address: String, _ folders: StoreFolders
    ) throws -> Storage {
        let (blobs, spool) = (
            try ObjectBlobStore(ObjectAddress(address), ObjectServer.credentials), FileSpool(folders)
        )
        return Storage(
            database, blobs: blobs, spool: spool, partialBytes: ObjectPartials(database, blobs, spool))
    }

    /// A store in memory; only what is spooled has descriptors.
    public static func inMemory() -> Storage {
        Storage(
            MemoryDatabase(), blobs: MemoryBlobStore(), spool: MemorySpool(), partialBytes: MemoryPartialBytes())
    }
}
