// What the database can prove about its rows. That rows refer to rows that are there is enforced by the database itself.

import SluiceModel
import SluiceStorage

enum PostgresIntegrity {
    /// Each question gives one number, which has to be 0.
    private static let checks: [(wrong: String, sql: String)] = [
        (
            "numbers of events are missing",
            "SELECT coalesce(max(number), 0) - count(*) FROM event"
        ),
        (
            "tickets have a usage that is not that of their attachments",
            """
            SELECT count(*) FROM (
                SELECT ticket, count(*) AS attachments, sum(size) AS size FROM attachment GROUP BY ticket
            ) AS counted
            FULL JOIN (SELECT * FROM ticket_usage WHERE attachments <> 0 OR size <> 0) AS kept USING (ticket)
            WHERE counted.attachments IS DISTINCT FROM kept.attachments OR counted.size IS DISTINCT FROM kept.size
            """
        ),
        (
            "constraints are switched off or were never checked",
            """
            SELECT count(*) FROM pg_constraint
            WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
            """
        ),
        (
            "indexes are not usable",
            """
            SELECT count(*) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE NOT (indisvalid AND indisready) AND relnamespace = current_schema()::regnamespace
            """
        ),
    ]

    /// Of each index that keeps rows apart: PostgreSQL's own check of its structure, where the extension is installed (`amcheck`).
    private static let indexes = """
        SELECT pg_class.relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        JOIN pg_am ON pg_am.oid = pg_class.relam
        WHERE amname = 'btree' AND relnamespace = current_schema()::regnamespace
            AND EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'amcheck')
        ORDER BY relname
        """

    /// - Returns: one line for each thing that is wrong.
    static func check(_ connection: any SQLConnection) throws(SluiceError) -> [String] {
        var wrong: [String] = []
        for check in checks {
            try connection.rows(check.sql, []) { (row) throws(SluiceError) in
                let count = row.integer(0)
                if count != 0 { wrong.append("\(count) \(check.wrong)") }
            }
        }
        var names: [String] = []
        try connection.rows(indexes, []) { (row) throws(SluiceError) in names.append(row.text(0)) }
        for name in names {
            do throws(SluiceError) {
                try connection.rows("SELECT bt_index_check(?1::regclass)", [.text(name)]) { (_) throws(SluiceError) in }
            } catch {
                // The transaction is over with the first failure.
                if error.definition.code == "store.damaged" { return wrong + ["the index \(name) is damaged"] }
                throw error
            }
        }
        return wrong
    }
}
