// Where a store is, as the command line or the environment names it, and how it is opened: rows in one place, bytes in the same or in another one.

import SluiceFiles
import SluiceModel
import SluiceSQLite
import SluiceStorage

struct StoreLocation {
    enum Rows {
        case folder(String)
    }

    enum Bytes {
        case folder(String)
    }

    let rows: Rows
    let bytes: Bytes
    /// The folder in which bytes arrive, where they are kept in an object store.
    private let spool: String

    /// From the options, else the environment, else the usual place.
    init(_ arguments: Arguments) throws(UsageError) {
        try self.init(
            store: arguments["--store"] ?? Environment["SLUICE_STORE"] ?? Self.usualFolder,
            blobs: arguments["--blobs"] ?? Environment["SLUICE_BLOBS"], spool: Self.spool(arguments))
    }

    init(store: String, blobs: String?, spool: String) throws(UsageError) {
        rows = .folder(store)
        bytes = .folder(blobs ?? store)
        self.spool = spool
    }

    static func spool(_ arguments: Arguments) -> String {
        arguments["--spool"] ?? Environment["SLUICE_SPOOL"]
            ?? (Environment["XDG_STATE_HOME"] ?? (Environment["HOME"] ?? ".") + "/.local/state") + "/sluice"
    }

    private static var usualFolder: String {
        (Environment["XDG_DATA_HOME"] ?? (Environment["HOME"] ?? ".") + "/.local/share") + "/sluice"
    }

    /// What stands before a blob's path.
    var bytesPlace: String {
        switch bytes {
        case .folder(let path): path
        }
    }

    /// Opens the store; makes it where there is none and `creating` is set.
    /// - Parameter patience: how long to wait for another process that writes, before it is `store.busy`.
    /// - Throws: `store.…`.
    func open(
        creating: Bool = true, patience: Duration = .seconds(10), pacing: CommitPacing = .gathering
    ) throws(SluiceError) -> Storage {
        guard case .folder(let path) = rows else { fatalError() }
        let folders = try StoreFolders(path, creating: creating)
        let database = try folders.openDatabase { (path) throws(SluiceError) in
            try SQLiteDatabase(path: path, timeout: patience)
        }
        return folders.storage(database, pacing: pacing)
    }
}
