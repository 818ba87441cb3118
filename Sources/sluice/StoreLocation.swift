// Where a store is, as the command line or the environment names it, and how it is opened: rows in one place, bytes in the same or in another one.

import SluiceFiles
import SluiceModel
import SluiceObjects
import SluicePostgres
import SluiceSQLite
import SluiceStorage

struct StoreLocation {
    enum Rows {
        case folder(String)
        case postgres(PostgresAddress)
    }

    enum Bytes {
        case folder(String)
        case objects(ObjectAddress)
    }

    let rows: Rows
    let bytes: Bytes
    /// The folder in which bytes arrive, where they are kept in an object store.
    let spoolFolder: String

    /// From the options, else the environment, else the usual place.
    init(_ arguments: Arguments) throws {
        try self.init(
            store: arguments["--store"] ?? Environment["SLUICE_STORE"] ?? Self.usualFolder,
            blobs: arguments["--blobs"] ?? Environment["SLUICE_BLOBS"], spool: Self.spool(arguments))
    }

    init(store: String, blobs: String?, spool: String) throws {
        spoolFolder = spool
        if PostgresAddress.isMeant(by: store) {
            rows = .postgres(try PostgresAddress(store))
        } else {
            guard !store.contains("://") else {
                throw UsageError(
                    message: "--store takes a folder or postgres://USER@HOST/DATABASE, not \(Self.shown(store)).")
            }
            rows = .folder(store)
        }
        switch (rows, blobs) {
        case (_, let blobs?) where ObjectAddress.isMeant(by: blobs):
            do throws(ObjectAddressFailure) { bytes = .objects(try ObjectAddress(blobs)) } catch {
                throw UsageError(message: "--blobs: \(error.what) \(error.mend)")
            }
        case (_, let blobs?):
            guard !blobs.contains("://") else {
                throw UsageError(
                    message: "--blobs takes a folder or s3://BUCKET/PREFIX?endpoint=URL, not \(Self.shown(blobs)).")
            }
            bytes = .folder(blobs)
        case (.folder(let path), nil): bytes = .folder(path)
        case (.postgres, nil):
            throw UsageError(
                message:
                    "The rows are in PostgreSQL; say where the bytes are kept: --blobs, a folder or s3://BUCKET/PREFIX?endpoint=URL."
            )
        }
    }

    private static func shown(_ text: String) -> String { SafeText.display(text, limit: 120) }

    private static var usualFolder: String {
        (Environment["XDG_DATA_HOME"] ?? (Environment["HOME"] ?? ".") + "/.local/share") + "/sluice"
    }

    static func spool(_ arguments: Arguments) -> String {
        arguments["--spool"] ?? Environment["SLUICE_SPOOL"]
            ?? (Environment["XDG_STATE_HOME"] ?? (Environment["HOME"] ?? ".") + "/.local/state") + "/sluice"
    }

    /// What stands before a blob's path.
    var bytesPlace: String {
        switch bytes {
        case .folder(let path): path
        case .objects(let address): address.text
        }
    }

    /// What is weaker than it is by default, since it was asked for: to be said at every start.
    var warnings: [String] {
        var warnings: [String] = []
        if case .postgres(let address) = rows, let host = address.weakerTLS.first {
            warnings.append("the database \(host.name) need not prove who it is, as asked for (sslmode).")
        }
        if case .objects(let address) = bytes, address.isUnprotected {
            warnings.append("bytes go to the object store without encryption, as asked for.")
        }
        return warnings
    }

    // MARK: Opening

    /// Opens the store; makes it where there is none and `creating` is set.
    /// - Parameter patience: how long to wait for another one that writes, before it is `store.busy`.
    /// - Throws: `store.…`.
    func open(
        creating: Bool = true, patience: Duration = .seconds(10), pacing: CommitPacing = .gathering
    ) throws(SluiceError) -> Storage {
        for warning in warnings { StandardError.line("sluice: \(warning)") }
        switch (rows, bytes) {
        case (.folder(let path), .folder(let same)) where path == same:
            let folders = try StoreFolders(path, creating: creating)
            return folders.storage(try sqlite(folders, patience), pacing: pacing)
        case (.folder(let path), .folder(let other)):
            let folders = try StoreFolders(path, creating: creating)
            return try StoreFolders(other, creating: creating, hasDatabase: false).storage(
                try sqlite(folders, patience), pacing: pacing)
        case (.folder(let path), .objects(let address)):
            let folders = try StoreFolders(path, creating: creating)
            return storage(try sqlite(folders, patience), address, FileSpool(folders), pacing)
        case (.postgres(let database), .folder(let path)):
            let rows = try PostgresDatabase(database, patience: patience, creating: creating)
            return try StoreFolders(path, creating: creating, hasDatabase: false).storage(rows, pacing: pacing)
        case (.postgres(let database), .objects(let address)):
            let rows = try PostgresDatabase(database, patience: patience, creating: creating)
            return storage(rows, address, FileSpool(try SpoolFolder(spoolFolder)), pacing)
        }
    }

    private func sqlite(_ folders: StoreFolders, _ patience: Duration) throws(SluiceError) -> any Database {
        try folders.openDatabase { (path) throws(SluiceError) in try SQLiteDatabase(path: path, timeout: patience) }
    }

    private func storage(
        _ database: any Database, _ address: ObjectAddress, _ spool: FileSpool, _ pacing: CommitPacing
    ) -> Storage {
        let blobs = ObjectBlobStore(address)
        return Storage(
            database, blobs: blobs, spool: spool, partialBytes: ObjectPartials(database, blobs, spool),
            pacing: pacing)
    }
}
