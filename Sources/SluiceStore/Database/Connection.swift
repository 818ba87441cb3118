// SQLite under a Swift face: one connection with its prepared statements. Used by one thread at a time; who owns it sees to that.

import CSQLite
import SluiceModel

/// A value on its way into a statement.
enum SQLValue {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    static func integer(_ value: Int?) -> SQLValue { value.map { .integer(Int64($0)) } ?? .null }
}

/// One open database. Owns the `sqlite3` and every statement prepared on it.
final class Connection {
    private let handle: OpaquePointer
    /// By the address of their text: each text is a literal, written once in the code.
    private var statements: [UnsafePointer<UInt8>: Statement] = [:]

    /// - Parameter timeout: how long to wait for another process before it is `SQLITE_BUSY`.
    init(path: String, timeout: Duration) throws(DatabaseFailure) {
        var opened: OpaquePointer?
        // The connection never crosses threads at the same time, so SQLite needs no mutex of its own.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else {
            let failure = DatabaseFailure(code, opened)
            sqlite3_close_v2(opened)
            throw failure
        }
        handle = opened
        sqlite3_busy_timeout(
            handle,
            CInt(clamping: timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000))
        try check(sluice_harden(handle))
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Runs a text of statements that give no rows.
    func execute(_ sql: String) throws(DatabaseFailure) { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

    /// Runs one statement that gives no rows.
    func run(_ sql: StaticString, _ values: [SQLValue] = []) throws(DatabaseFailure) {
        try rows(sql, values) { (_) throws(DatabaseFailure) in }
    }

    /// Runs one statement and shows each of its rows.
    func rows(
        _ sql: StaticString, _ values: [SQLValue] = [], _ row: (Statement) throws(DatabaseFailure) -> Void
    ) throws(DatabaseFailure) {
        let statement = try prepared(sql)
        defer { statement.reset() }
        for (index, value) in values.enumerated() { try check(statement.bind(value, at: CInt(index + 1))) }
        while true {
            let code = statement.step()
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw DatabaseFailure(code, handle) }
            try row(statement)
        }
    }

    /// The first row, as `row` reads it.
    func first<Value>(
        _ sql: StaticString, _ values: [SQLValue] = [], _ row: (Statement) throws(DatabaseFailure) -> Value
    ) throws(DatabaseFailure) -> Value? {
        var found: Value?
        try rows(sql, values) { (statement) throws(DatabaseFailure) in
            if found == nil { found = try row(statement) }
        }
        return found
    }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    private func prepared(_ sql: StaticString) throws(DatabaseFailure) -> Statement {
        if let known = statements[sql.utf8Start] { return known }
        var made: OpaquePointer?
        let code = sql.withUTF8Buffer { text in
            text.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    handle, $0.baseAddress, CInt($0.count), UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
            }
        }
        guard code == SQLITE_OK, let made else { throw DatabaseFailure(code, handle) }
        let statement = Statement(owning: made)
        statements[sql.utf8Start] = statement
        return statement
    }

    private func check(_ code: CInt) throws(DatabaseFailure) {
        if code != SQLITE_OK { throw DatabaseFailure(code, handle) }
    }
}

/// One prepared statement; between steps it is the row it stands on. Columns are counted from 0.
final class Statement {
    private let handle: OpaquePointer

    fileprivate init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { sqlite3_finalize(handle) }

    fileprivate func step() -> CInt { sqlite3_step(handle) }

    /// The failure of the last step, which this repeats, is known already.
    fileprivate func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    fileprivate func bind(_ value: SQLValue, at index: CInt) -> CInt {
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

    func isNull(_ column: CInt) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(handle, column) }
    func real(_ column: CInt) -> Double { sqlite3_column_double(handle, column) }
    func text(_ column: CInt) -> String { String(decoding: bytes(column), as: UTF8.self) }
    func optionalText(_ column: CInt) -> String? { isNull(column) ? nil : text(column) }

    func bytes(_ column: CInt) -> [UInt8] {
        // The pointer first, then the count, and copied before the next call (sqlite.org/c3ref/column_blob.html).
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        guard let start, count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
