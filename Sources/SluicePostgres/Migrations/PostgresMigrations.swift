// The schema's history in PostgreSQL: an ordered list, each step in a transaction of its own, the number reached kept in a table.

import SluiceModel
import SluiceStorage

/// One step of the schema. Once released it is never changed; what has to change is a further step.
struct PostgresMigration {
    /// 1, 2, 3 …; not the numbers of SQLite's steps.
    let version: Int64
    let statements: String
}

enum PostgresMigrations {
    static let all: [PostgresMigration] = [.firstTables]

    private static let preparing = "The ticket store's tables cannot be prepared."

    /// Brings a database to the newest schema. Nodes that start together take turns.
    /// - Parameter creating: makes the tables where there are none.
    /// - Throws: `store.newer-schema`, `store.foreign-database`, `store.missing`, and what the server says.
    static func apply(
        _ steps: [PostgresMigration] = all, to connection: PostgresConnection, creating: Bool = true
    ) throws(SluiceError) {
        let newest = steps.map(\.version).max() ?? 0
        while try step(steps, newest, connection.link, creating) {}
    }

    /// - Returns: whether there may be a further step.
    private static func step(
        _ steps: [PostgresMigration], _ newest: Int64, _ link: PostgresLink, _ creating: Bool
    ) throws(SluiceError) -> Bool {
        var stop: SluiceError?
        do throws(PostgresFailure) {
            // Most starts find the newest schema, and need no turn.
            if try version(link) == newest { return false }
            try link.execute("BEGIN; SELECT pg_advisory_xact_lock(\(WriterLock.migrationKey))")
            // Read again: another node may have been faster.
            let reached = try version(link)
            stop = try refusal(reached, newest, link, creating)
            let next = steps.filter { $0.version > reached ?? 0 }.min { $0.version < $1.version }
            if stop == nil, let next {
                if reached == nil { try link.execute(versionTable) }
                try link.execute(next.statements)
                try link.execute(
                    "INSERT INTO sluice_schema (version, reached_at) VALUES (\(next.version), now()); COMMIT")
                return true
            }
            try link.execute("ROLLBACK")
        } catch {
            _ = try? link.execute("ROLLBACK")
            throw error.error(preparing)
        }
        if let stop { throw stop }
        return false
    }

    private static let versionTable =
        "CREATE TABLE sluice_schema (version bigint PRIMARY KEY, reached_at timestamptz NOT NULL)"

    /// - Returns: `nil` where the tables are not Sluice's, or where there are none.
    private static func version(_ link: PostgresLink) throws(PostgresFailure) -> Int64? {
        let isThere = try link.execute("SELECT to_regclass('sluice_schema') IS NOT NULL").first?.first == "t"
        guard isThere else { return nil }
        return try link.execute("SELECT coalesce(max(version), 0) FROM sluice_schema").first?.first.flatMap {
            Int64($0)
        }
    }

    private static func refusal(
        _ reached: Int64?, _ newest: Int64, _ link: PostgresLink, _ creating: Bool
    ) throws(PostgresFailure) -> SluiceError? {
        if let reached {
            guard reached > newest else { return nil }
            return SluiceError(
                "store.newer-schema", what: "The ticket store was written by a newer Sluice (schema \(reached)).",
                why: "This one knows the schema up to \(newest) and could damage what it does not know.",
                mend: "Use a Sluice that is at least as new as the one that wrote the store.")
        }
        let tables = try link.execute(
            "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace = current_schema()::regnamespace"
        )
        if tables.first?.first != "0" {
            return SluiceError(
                "store.foreign-database", what: "The database is not a ticket store.",
                why: "It holds another program's tables.",
                mend: "Choose another database, or an empty schema of this one.")
        }
        let encoding = try link.execute("SELECT current_setting('server_encoding')").first?.first ?? ""
        if encoding != "UTF8" {
            return SluiceError(
                "store.foreign-database", what: "The database cannot hold the texts of a ticket store.",
                why: "Its encoding is \(encoding).", mend: "Make a database with the encoding UTF8.")
        }
        if creating { return nil }
        return SluiceError(
            "store.missing", what: "There is no ticket store in this database.", why: "It is empty.",
            mend: "Check the address, or import something first.")
    }
}
