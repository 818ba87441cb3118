// A database that speaks SQL, as the rows see it. The rows are written once, for every engine; an engine prepares statements, binds values and maps
// its failures.

public import SluiceModel

/// A value on its way into a statement.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])

    static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    static func integer(_ value: Int?) -> SQLValue { value.map { .integer(Int64($0)) } ?? .null }
    static func integer(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
    static func bytes(_ value: [UInt8]?) -> SQLValue { value.map { .bytes($0) } ?? .null }
    static func flag(_ value: Bool) -> SQLValue { .integer(value ? 1 : 0) }
}

/// The row that a statement stands on. Columns are counted from 0. A row is used before the next one is asked for.
public protocol SQLRow {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func real(_ column: Int) -> Double
    func text(_ column: Int) -> String
    func bytes(_ column: Int) -> [UInt8]
}

extension SQLRow {
    func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
}

/// One open connection. Used by one thread at a time.
public protocol SQLConnection: AnyObject {
    /// Runs one statement and shows each of its rows.
    /// - Parameters:
    ///   - sql: parameters are `?1`, `?2` …; each text is prepared once.
    ///   - values: as many as the statement has parameters.
    /// - Throws: what the engine's failure means, in the words of what is being done.
    func rows(
        _ sql: String, _ values: [SQLValue], _ row: (any SQLRow) throws(SluiceError) -> Void
    ) throws(SluiceError)

    /// Runs one statement whose rows nobody wants. An engine may send it without waiting; then its failure shows at a later statement or at the end of
    /// the transaction.
    func run(_ sql: String, _ values: [SQLValue]) throws(SluiceError)

    /// Inserts one row and tells its number, which the engine gives.
    func insert(_ statement: NumberedInsert, _ values: [SQLValue]) throws(SluiceError) -> Int64
}

/// A statement that inserts one row into a table with a column `number`.
public struct NumberedInsert: Sendable {
    public let table: String
    /// The database gives the number and returns it.
    public let returningNumber: String
    /// The number is the last value, behind those of the other columns.
    public let withNumber: String

    init(_ columns: SQLColumns, into table: String) {
        self.table = table
        returningNumber = columns.insert(into: table, suffix: "RETURNING number")
        withNumber = (columns + SQLColumns("number")).insert(into: table)
    }
}

extension SQLConnection {
    public func run(_ sql: String, _ values: [SQLValue]) throws(SluiceError) {
        try rows(sql, values) { (_) throws(SluiceError) in }
    }

    public func insert(_ statement: NumberedInsert, _ values: [SQLValue]) throws(SluiceError) -> Int64 {
        try first(statement.returningNumber, values) { (row) throws(SluiceError) in row.integer(0) } ?? 0
    }

    /// The first row, as `row` reads it.
    package func first<Value>(
        _ sql: String, _ values: [SQLValue] = [], _ row: (any SQLRow) throws(SluiceError) -> Value
    ) throws(SluiceError) -> Value? {
        var found: Value?
        try rows(sql, values) { (line) throws(SluiceError) in if found == nil { found = try row(line) } }
        return found
    }

    /// All rows, as `row` reads them; those that it cannot read are left out.
    func all<Value>(
        _ sql: String, _ values: [SQLValue] = [], _ row: (any SQLRow) throws(SluiceError) -> Value?
    ) throws(SluiceError) -> [Value] {
        var found: [Value] = []
        try rows(sql, values) { (line) throws(SluiceError) in if let value = try row(line) { found.append(value) } }
        return found
    }
}

/// Rows that are read through SQL. The extensions in this folder answer every question of `StoreReader`.
public protocol SQLReader: StoreReader {
    /// Runs `body` on a connection. Where the reader is one of single questions, each statement may see another state of the database.
    func query<Answer>(_ body: (any SQLConnection) throws(SluiceError) -> Answer) throws(SluiceError) -> Answer
}

/// Rows that are written through SQL, in the transaction of an open connection.
public struct SQLUnitOfWork: SQLReader, UnitOfWork {
    let connection: any SQLConnection

    public init(_ connection: any SQLConnection) { self.connection = connection }

    public func query<Answer>(
        _ body: (any SQLConnection) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer { try body(connection) }
}

/// Rows as they are in the transaction of an open connection, to be read only.
public struct SQLSnapshot: SQLReader {
    private let connection: any SQLConnection

    public init(_ connection: any SQLConnection) { self.connection = connection }

    public func query<Answer>(
        _ body: (any SQLConnection) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer { try body(connection) }
}
