// What SQLite says when something fails, and the one place where that becomes an error of ours.

import CSQLite
import Glibc
import SluiceModel
import SluiceStorage

/// A call into SQLite failed.
struct SQLiteFailure: Error {
    /// The extended result code (sqlite.org/rescode.html).
    let code: CInt
    let message: String
    /// The `errno` behind an input/output failure; 0 where there is none.
    let systemNumber: CInt
    /// Not SQLite's: the reader of a row has failed.
    let reading: SluiceError?

    /// - Parameter database: `nil` when not even a handle could be had.
    init(_ code: CInt, _ database: OpaquePointer?) {
        self.code = code
        message = String(cString: database.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
        systemNumber = database.map { sqlite3_system_errno($0) } ?? 0
        reading = nil
    }

    /// A defect of ours.
    init(misuse message: String) {
        code = SQLITE_MISUSE
        self.message = message
        systemNumber = 0
        reading = nil
    }

    init(reading error: SluiceError) {
        code = SQLITE_OK
        message = ""
        systemNumber = 0
        reading = error
    }

    var primary: CInt { code & 0xFF }

    /// The connection's view of the file may be wrong now: it is closed and opened again.
    var isAboutTheFile: Bool {
        switch primary {
        case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_READONLY, SQLITE_MISUSE:
            true
        default: false
        }
    }

    /// The failure lies in the values of one unit of work, not in the store.
    var isAboutOneUnit: Bool {
        switch primary {
        case SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE: true
        default: false
        }
    }

    /// Whether a commit that failed so may turn out to be there after all. A full disk stops a write, and the frame that
    /// completes a transaction is written last; a failed sync leaves it in the log (sqlite.org/walformat.html).
    var leavesCommitUndecided: Bool { primary != SQLITE_FULL && primary != SQLITE_BUSY }

    func error(_ what: String) -> SluiceError {
        let cause = "SQLite \(code): \(message)"
        switch primary {
        case SQLITE_FULL: return .noSpace(what, cause: cause)
        case SQLITE_IOERR where systemNumber == ENOSPC || systemNumber == EDQUOT: return .noSpace(what, cause: cause)
        case SQLITE_IOERR, SQLITE_CANTOPEN: return .inputOutput(what, cause: cause)
        case SQLITE_NOMEM:
            return SluiceError(
                "store.busy", what: what, why: "Memory is short.",
                mend: "Try again in a moment; if it stays, give the service more memory.", cause: cause)
        case SQLITE_BUSY, SQLITE_LOCKED:
            return SluiceError(
                "store.busy", what: what, why: "Another program holds the ticket store's database.",
                mend: "Try again in a moment.", cause: cause)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return SluiceError(
                "store.damaged", what: what, why: "The ticket store's database is damaged or is none.",
                mend: "Run `sluice verify`; restore sluice.sqlite from a backup.", cause: cause)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            return SluiceError(
                "store.not-permitted", what: what, why: "The ticket store's database may not be written.",
                mend: "Give the user who runs Sluice all rights on the store's folder.", cause: cause)
        default: return .storeInternal(what, cause: cause)
        }
    }
}
