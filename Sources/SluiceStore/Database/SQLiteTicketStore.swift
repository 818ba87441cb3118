// The ticket store in SQLite: which connection serves what, and how its failures are told. Transactions are ConnectionSlot's; the rows are
// written in RowWriting.swift and Corrections.swift and read in RowReading.swift.

import Glibc
import SluiceModel

/// Rows in one SQLite database. Blocking; one writer and one reader at a time in this process, more in others.
final class SQLiteTicketStore: TicketStore {
    private let writer: ConnectionSlot
    private let reader: ConnectionSlot

    /// Opens or makes the database and brings it to the newest schema.
    /// - Parameter timeout: how long to wait for other processes that write.
    init(path: String, timeout: Duration) throws(SluiceError) {
        // SQLite would make the file readable for all; its log gets the same rights as the file.
        let number = retrying { Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) }
        guard number >= 0 else { throw .system("open", errno, "The ticket store's database cannot be opened.") }
        close(number)
        writer = ConnectionSlot { () throws(DatabaseFailure) in try Self.connect(path, timeout) }
        reader = ConnectionSlot { () throws(DatabaseFailure) in
            let connection = try Self.connect(path, timeout)
            try connection.execute("PRAGMA query_only = ON")
            return connection
        }
        try writer.prepare("The ticket store's database cannot be opened.") { (connection) throws(SluiceError) in
            try Migrations.apply(to: connection)
        }
    }

    private static func connect(_ path: String, _ timeout: Duration) throws(DatabaseFailure) -> Connection {
        let connection = try Connection(path: path, timeout: timeout)
        // The write-ahead log with FULL syncs the log at every commit: what is acknowledged is on the disk.
        try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        // The log is cut back to 32 MiB after a large import; 16 MiB of pages are cached (chosen).
        try connection.execute("PRAGMA journal_size_limit = 33554432; PRAGMA cache_size = -16384;")
        return connection
    }

    func record(_ decisions: [Decision]) throws(RecordFailure) -> [Receipt] {
        do throws(TransactionFailure) {
            return try writer.transaction("BEGIN IMMEDIATE") { (connection) throws(DatabaseFailure) in
                let rows = RowWriting(connection)
                var receipts: [Receipt] = []
                receipts.reserveCapacity(decisions.count)
                for decision in decisions { receipts.append(try rows.write(decision)) }
                return receipts
            }
        } catch {
            throw RecordFailure(
                error.failure.error("The decision cannot be recorded."),
                isUndecided: error.isCommitting && error.failure.leavesCommitUndecided,
                isAboutOneDecision: error.failure.isAboutOneDecision)
        }
    }

    /// Runs `body` on the writing connection, in one transaction.
    /// - Parameter what: what to say when it fails.
    func write<Answer: Sendable>(
        _ what: String, _ body: (Connection) throws(DatabaseFailure) -> Answer
    ) throws(SluiceError) -> Answer {
        do throws(TransactionFailure) { return try writer.transaction("BEGIN IMMEDIATE", body) } catch {
            throw error.failure.error(what)
        }
    }

    /// Runs `body` on the reading connection, on one state of the database.
    func read<Answer: Sendable>(
        _ body: (Connection) throws(DatabaseFailure) -> Answer
    ) throws(SluiceError) -> Answer {
        do throws(TransactionFailure) { return try reader.transaction("BEGIN", body) } catch {
            throw error.failure.error("The ticket store cannot be read.")
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
