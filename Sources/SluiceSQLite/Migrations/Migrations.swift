// The schema's history: an ordered list, each step in a transaction of its own, the number reached kept in `user_version`.

import SluiceModel
import SluiceStorage

/// One step of the schema. Once released it is never changed; what has to change is a further step.
struct Migration {
    /// The `user_version` that it leads to: 1, 2, 3 …
    let version: Int64
    let statements: String
}

enum Migrations {
    static let all: [Migration] = [
        .firstTables, .cardsAndCorrections, .endpointTables, .remedies, .reviewRecord, .tokenWidth, .releases,
        .events, .nodeTables,
    ]

    /// Says whose file it is, in the file's header (sqlite.org/pragma.html#pragma_application_id): `Slui`.
    static let applicationID: Int64 = 0x536C_7569

    /// Brings a database to the newest schema.
    /// - Throws: `store.newer-schema`, `store.foreign-database`.
    static func apply(_ steps: [Migration] = all, to connection: SQLiteConnection) throws(SluiceError) {
        let newest = steps.map(\.version).max() ?? 0
        while try step(steps, newest, connection) {}
    }

    /// - Returns: whether there may be a further step.
    private static func step(_ steps: [Migration], _ newest: Int64, _ connection: SQLiteConnection) throws(SluiceError)
        -> Bool
    {
        var stop: SluiceError?
        var isDone = false
        do throws(SQLiteFailure) {
            // The version is read inside the write transaction: two processes that start together do not both migrate.
            try connection.execute("BEGIN IMMEDIATE")
            let version = try number("PRAGMA user_version", connection)
            stop = try refusal(version, newest, connection)
            let next = steps.filter { $0.version > version }.min { $0.version < $1.version }
            if stop == nil, let next {
                try connection.execute(next.statements)
                try connection.execute("PRAGMA user_version = \(next.version)")
                try connection.execute("PRAGMA application_id = \(applicationID)")
                try connection.execute("COMMIT")
            } else {
                isDone = true
                try connection.execute("ROLLBACK")
            }
        } catch {
            try? connection.execute("ROLLBACK")
            throw error.error("The ticket store's tables cannot be prepared.")
        }
        if let stop { throw stop }
        return !isDone
    }

    private static func refusal(
        _ version: Int64, _ newest: Int64, _ connection: SQLiteConnection
    ) throws(SQLiteFailure) -> SluiceError? {
        let owner = try number("PRAGMA application_id", connection)
        let tables = try number("SELECT count(*) FROM sqlite_schema", connection)
        if owner != applicationID && (owner != 0 || tables > 0 || version > 0) {
            return SluiceError(
                "store.foreign-database", what: "The file sluice.sqlite is not a ticket store.",
                why: "It holds another program's tables.", mend: "Choose another folder for the store.",
                cause: "application_id \(owner)")
        }
        if version > newest {
            return SluiceError(
                "store.newer-schema", what: "The ticket store was written by a newer Sluice (schema \(version)).",
                why: "This one knows the schema up to \(newest) and could damage what it does not know.",
                mend: "Use a Sluice that is at least as new as the one that wrote the store.")
        }
        return nil
    }

    private static func number(_ sql: String, _ connection: SQLiteConnection) throws(SQLiteFailure) -> Int64 {
        try connection.number(sql)
    }
}
