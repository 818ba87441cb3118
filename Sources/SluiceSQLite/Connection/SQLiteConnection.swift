// SQLite under a Swift face: one connection with its prepared statements. One thread at a time uses it; its owner sees to that.

import CSQLite
import SluiceModel
import SluiceStorage

/// One open database. Owns the `sqlite3` and every statement prepared on it.
final class SQLiteConnection: SQLConnection {
    private let handle: OpaquePointer
    private var statements: [StatementText: Statement] = [:]
    /// SQLite writes here after each commit of this connection.
    private let countedPages = UnsafeMutablePointer<CInt>.allocate(capacity: 1)
    /// What is being done, as the first sentence of an error.
    private var what = ""
    /// Why the last statement failed, since `begin`.
    private(set) var failure: SQLiteFailure?

    /// - Parameter timeout: how long to wait for another process before it is `SQLITE_BUSY`.
    init(path: String, timeout: Duration) throws(SQLiteFailure) {
        var opened: OpaquePointer?
        // The connection never crosses threads at the same time, so SQLite needs no mutex of its own.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let failure = SQLiteFailure(code, opened)
            sqlite3_close_v2(opened)
            throw failure
        }
        handle = opened
        countedPages.initialize(to: 0)
        sqlite3_busy_timeout(handle, CInt(clamping: Int64(timeout / .milliseconds(1))))
        let hardened = sluice_harden(handle)
        if hardened != SQLITE_OK { throw SQLiteFailure(hardened, handle) }
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
        countedPages.deallocate()
    }

    /// Pages of the write-ahead log after the last commit; 0 until `countLogPages` was called.
    var logPages: Int { Int(countedPages.pointee) }

    /// Counts the pages of the log from now on. SQLite itself moves none of them any more: see Checkpointer.
    func countLogPages() { sluice_count_log_pages(handle, countedPages) }

    /// Something else is being done from now on.
    func begin(_ what: String) {
        self.what = what
        failure = nil
    }

    func note(_ failure: SQLiteFailure) { self.failure = failure }

    /// Runs a text of statements that give no rows.
    func execute(_ sql: String) throws(SQLiteFailure) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw SQLiteFailure(code, handle) }
    }

    func rows(
        _ sql: String, _ values: [SQLValue], _ row: (any SQLRow) throws(SluiceError) -> Void
    ) throws(SluiceError) {
        do throws(SQLiteFailure) {
            let statement = try prepared(sql)
            defer { statement.reset() }
            try statement.bind(values, on: handle)
            while true {
                let code = statement.step()
                if code == SQLITE_DONE { return }
                guard code == SQLITE_ROW else { throw SQLiteFailure(code, handle) }
                do throws(SluiceError) { try row(statement) } catch { throw SQLiteFailure(reading: error) }
            }
        } catch {
            if let reading = error.reading { throw reading }
            failure = error
            throw error.error(what)
        }
    }

    /// The first column of the first row; 0 where there is none.
    func number(_ sql: String) throws(SQLiteFailure) -> Int64 {
        let statement = try prepared(sql)
        defer { statement.reset() }
        switch statement.step() {
        case SQLITE_ROW: return statement.integer(0)
        case SQLITE_DONE: return 0
        case let code: throw SQLiteFailure(code, handle)
        }
    }

    /// Moves pages of the log into the database file. Where that fails, they stay in the log.
    /// - Parameter mode: of `sqlite3_wal_checkpoint_v2`.
    func checkpoint(_ mode: CInt) { sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil) }

    private func prepared(_ sql: String) throws(SQLiteFailure) -> Statement {
        let key = StatementText(text: sql)
        if let known = statements[key] { return known }
        var made: OpaquePointer?
        var text = sql
        let code = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    handle, $0.baseAddress, CInt($0.count), UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
            }
        }
        guard code == SQLITE_OK, let made else { throw SQLiteFailure(code, handle) }
        let statement = Statement(owning: made)
        statements[key] = statement
        return statement
    }
}

/// The text of a statement as a key. Hashing every text for every statement took as long as running some of them; lengths tell them apart well enough,
/// and a text is equal to itself without being read.
private struct StatementText: Hashable {
    let text: String

    func hash(into hasher: inout Hasher) { hasher.combine(text.utf8.count) }
}

/// One prepared statement; between steps it is the row that it stands on.
final class Statement: SQLRow {
    private let handle: OpaquePointer
    private let parameters: Int

    fileprivate init(owning handle: OpaquePointer) {
        self.handle = handle
        parameters = Int(sqlite3_bind_parameter_count(handle))
    }

    deinit { sqlite3_finalize(handle) }

    fileprivate func step() -> CInt { sqlite3_step(handle) }

    /// The failure of the last step, which this repeats, is known already.
    fileprivate func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    fileprivate func bind(_ values: [SQLValue], on database: OpaquePointer) throws(SQLiteFailure) {
        // A parameter without a value would be NULL, silently.
        guard values.count == parameters else {
            throw SQLiteFailure(misuse: "\(values.count) values for \(parameters) parameters")
        }
        for (index, value) in values.enumerated() {
            let code = bind(value, at: CInt(index + 1))
            if code != SQLITE_OK { throw SQLiteFailure(code, database) }
        }
    }

    private func bind(_ value: SQLValue, at index: CInt) -> CInt {
        switch value {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let number): return sqlite3_bind_int64(handle, index, number)
        case .real(let number): return sqlite3_bind_double(handle, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    sluice_bind_text(handle, index, $0.baseAddress, CInt(clamping: $0.count))
                }
            }
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { sluice_bind_blob(handle, index, $0.baseAddress, CInt(clamping: $0.count)) }
        }
    }

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, CInt(column)) == SQLITE_NULL }
    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, CInt(column)) }
    func real(_ column: Int) -> Double { sqlite3_column_double(handle, CInt(column)) }
    func text(_ column: Int) -> String { borrowed(column) { String(decoding: $0, as: UTF8.self) } }
    func bytes(_ column: Int) -> [UInt8] { borrowed(column) { Array($0) } }

    /// The pointer first, then the count, and copied before the next call (sqlite.org/c3ref/column_blob.html).
    private func borrowed<Value>(_ column: Int, _ copy: (UnsafeRawBufferPointer) -> Value) -> Value {
        let start = sqlite3_column_blob(handle, CInt(column))
        let count = Int(sqlite3_column_bytes(handle, CInt(column)))
        return copy(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
}
