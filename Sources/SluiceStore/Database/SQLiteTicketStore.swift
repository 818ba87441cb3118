// The ticket store in SQLite: who may use which connection when, transactions, and what happens after a failure. The rows themselves are
// written in RowWriting.swift and read in RowReading.swift.

import Glibc
import SluiceModel
import Synchronization

/// Rows in one SQLite database. Blocking; one writer and one reader at a time in this process, more in others.
final class SQLiteTicketStore: TicketStore {
    let path: String
    let timeout: Duration
    let writer: Mutex<Connection?>
    private let reader: Mutex<Connection?>

    /// Opens or makes the database and brings it to the newest schema.
    /// - Parameter timeout: how long to wait for other processes that write.
    init(path: String, timeout: Duration) throws(SluiceError) {
        self.path = path
        self.timeout = timeout
        // SQLite would make the file readable for all; its log gets the same rights as the file.
        let number = retrying { Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        guard number >= 0 else { throw .system("open", errno, "The ticket store's database cannot be opened.") }
        close(number)
        writer = Mutex(nil)
        reader = Mutex(nil)
        try writer.withLock { (slot: inout sending Connection?) throws(SluiceError) in
            let connection: Connection
            do throws(DatabaseFailure) {
                connection = try Self.connect(path, timeout)
            } catch { throw error.error("The ticket store's database cannot be opened.") }
            try Migrations.apply(to: connection)
            slot = connection
        }
    }

    static func connect(_ path: String, _ timeout: Duration) throws(DatabaseFailure) -> Connection {
        let connection = try Connection(path: path, timeout: timeout)
        // The write-ahead log with FULL syncs the log at every commit: what is acknowledged is on the disk.
        try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        // The log is cut back to 32 MiB after a large import; 16 MiB of pages are cached (chosen).
        try connection.execute("PRAGMA journal_size_limit = 33554432; PRAGMA cache_size = -16384;")
        return connection
    }

    func record(_ decisions: [Decision]) throws(RecordFailure) -> [Receipt] {
        try writer.withLock { (slot: inout sending Connection?) throws(RecordFailure) in
            var isCommitting = false
            do throws(DatabaseFailure) {
                let connection: Connection
                if let open = slot {
                    connection = open
                } else {
                    connection = try Self.connect(path, timeout)
                    slot = connection
                }
                try connection.execute("BEGIN IMMEDIATE")
                let rows = RowWriting(connection)
                var receipts: [Receipt] = []
                receipts.reserveCapacity(decisions.count)
                for decision in decisions { receipts.append(try rows.write(decision)) }
                isCommitting = true
                try connection.execute("COMMIT")
                return receipts
            } catch {
                // Some failures have rolled back by themselves (sqlite.org/lang_transaction.html): then this one fails, harmlessly.
                try? slot?.execute("ROLLBACK")
                if error.isAboutTheFile { slot = nil }
                throw RecordFailure(
                    error.error("The decision cannot be recorded."),
                    isUndecided: isCommitting && error.leavesCommitUndecided,
                    isAboutOneDecision: error.isAboutOneDecision)
            }
        }
    }

    /// Runs `body` on the reading connection, on one state of the database.
    func read<Answer: Sendable>(
        _ body: (Connection) throws(DatabaseFailure) -> Answer
    ) throws(SluiceError) -> Answer {
        try reader.withLock { (slot: inout sending Connection?) throws(SluiceError) in
            do throws(DatabaseFailure) {
                let connection: Connection
                if let open = slot {
                    connection = open
                } else {
                    connection = try Self.connect(path, timeout)
                    try connection.execute("PRAGMA query_only = ON")
                    slot = connection
                }
                try connection.execute("BEGIN")
                let answer = try body(connection)
                try connection.execute("COMMIT")
                return answer
            } catch {
                try? slot?.execute("ROLLBACK")
                if error.isAboutTheFile { slot = nil }
                throw error.error("The ticket store cannot be read.")
            }
        }
    }

    func checkIntegrity() throws(SluiceError) -> [String] {
        try read { (connection) throws(DatabaseFailure) in
            var wrong: [String] = []
            try connection.rows("PRAGMA integrity_check") { (row) throws(DatabaseFailure) in
                if row.text(0) != "ok" { wrong.append(row.text(0)) }
            }
            try connection.rows("PRAGMA foreign_key_check") { (row) throws(DatabaseFailure) in
                wrong.append("row \(row.integer(1)) of table \(row.text(0)) speaks of a missing row of \(row.text(2))")
            }
            return wrong
        }
    }
}
