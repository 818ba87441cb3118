// The ticket store in SQLite: which connection serves what, and what a failed commit means. The rows themselves are SluiceStorage's, which speaks SQL.

import Glibc
public import SluiceModel
public import SluiceStorage
import SluiceSystem

/// Rows in one SQLite database. One writer and several readers in this process, more in others.
public final class SQLiteDatabase: Database {
    /// Keeps a second thread out of a transaction.
    private let lock = ConditionLock()
    /// Opened again after a failure that is about the file.
    // guarded by: lock
    private nonisolated(unsafe) var writer: SQLiteConnection?
    private let readers: ReaderPool
    private let checkpointer: Checkpointer
    private let connect: @Sendable () throws(SQLiteFailure) -> SQLiteConnection
    public let name = "sluice.sqlite"
    public let isOfOneMachine = true
    public let leases: any Leases = LocalLeases()
    private static let reading = "The ticket store cannot be read."

    /// Opens or makes the database and brings it to the newest schema.
    /// - Parameter timeout: how long to wait for other processes that write.
    /// - Throws: `store.newer-schema`, `store.foreign-database`, `store.damaged`, `store.not-permitted`, `store.no-space`, `store.io`, `store.busy`.
    public init(path: String, timeout: Duration) throws(SluiceError) {
        // SQLite would make the file readable for all; its log gets the same rights as the file.
        let file = try storing("The ticket store's database cannot be opened.") { () throws(SystemCallFailure) in
            try OwnedDescriptor.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        }
        _ = consume file
        connect = { () throws(SQLiteFailure) in try Self.connect(path, timeout) }
        readers = ReaderPool { () throws(SQLiteFailure) in
            let connection = try Self.connect(path, timeout)
            try connection.execute("PRAGMA query_only = ON; PRAGMA cache_size = -4096;")
            return connection
        }
        checkpointer = Checkpointer(connect)
        let connection: SQLiteConnection
        do throws(SQLiteFailure) { connection = try connect() } catch {
            throw error.error("The ticket store's database cannot be opened.")
        }
        try Migrations.apply(to: connection)
        writer = connection
    }

    static func connect(_ path: String, _ timeout: Duration) throws(SQLiteFailure) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, timeout: timeout)
        // The write-ahead log with FULL syncs the log at every commit: what is acknowledged is on the disk.
        try connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
        // The log is cut back to 32 MiB after a large import; 16 MiB of pages are cached (chosen). Checkpoints are Checkpointer's.
        try connection.execute(
            "PRAGMA journal_size_limit = 33554432; PRAGMA cache_size = -16384;")
        connection.countLogPages()
        return connection
    }

    // MARK: Writing

    public func commit(_ units: [any CommitUnit]) throws(CommitFailure) {
        let result: Result<Void, CommitFailure> = lock.locked {
            do throws(CommitFailure) { return .success(try commitLocked(units)) } catch { return .failure(error) }
        }
        try result.get()
    }

    private func commitLocked(_ units: [any CommitUnit]) throws(CommitFailure) {
        let connection: SQLiteConnection
        do throws(SQLiteFailure) {
            if let writer { connection = writer } else { connection = try connect() }
        } catch { throw CommitFailure(error.error(units.first?.what ?? "")) }
        writer = connection
        do throws(CommitFailure) { try Self.commit(units, on: connection) } catch {
            if connection.failure?.isAboutTheFile == true { writer = nil }
            throw error
        }
        checkpointer.noteCommit(connection)
    }

    /// First without savepoints, which cost a copy of every page that a unit changes. Where a unit fails, all are run again, each in a savepoint.
    private static func commit(_ units: [any CommitUnit], on connection: SQLiteConnection) throws(CommitFailure) {
        let transaction = SQLiteTransaction(connection, what: units.first?.what ?? "")
        try transaction.begin()
        if try !transaction.runPlainly(units) {
            try transaction.begin()
            try transaction.runInSavepoints(units)
        }
        try transaction.commit()
    }

    // MARK: Reading

    public var reader: any StoreReader & Sendable { PooledReader(database: self) }

    public func read<Answer>(
        _ body: (any StoreReader) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer {
        try readers.read(Self.reading) { (connection) throws(SluiceError) in try body(SQLSnapshot(connection)) }
    }

    /// Answers each question on a connection from the pool.
    private struct PooledReader: SQLReader, Sendable {
        let database: SQLiteDatabase

        func query<Answer>(_ body: (any SQLConnection) throws(SluiceError) -> Answer) throws(SluiceError) -> Answer {
            try database.readers.read(reading) { (connection) throws(SluiceError) in try body(connection) }
        }
    }

    public func checkIntegrity() throws(SluiceError) -> [String] {
        try readers.read(Self.reading) { (connection) throws(SluiceError) in
            var wrong: [String] = []
            try connection.rows("PRAGMA integrity_check", []) { (row) throws(SluiceError) in
                if row.text(0) != "ok" { wrong.append(row.text(0)) }
            }
            try connection.rows("PRAGMA foreign_key_check", []) { (row) throws(SluiceError) in
                wrong.append("row \(row.integer(1)) of table \(row.text(0)) speaks of a missing row of \(row.text(2))")
            }
            return wrong
        }
    }

    public func close() {
        checkpointer.close()
        readers.close()
        lock.locked { writer = nil }
    }
}
