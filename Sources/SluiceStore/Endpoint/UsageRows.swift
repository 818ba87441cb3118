// Usage as rows. The triggers of schema 3 write them.

import SluiceModel

extension SQLiteTicketStore: UsageStore {
    func usage(of ticket: TicketID) throws(SluiceError) -> Usage {
        try usage("SELECT attachments, size FROM ticket_usage WHERE ticket = ?1", [.text(ticket.text)])
    }

    func usage(of submitter: String?, on day: Day) throws(SluiceError) -> Usage {
        try usage(
            "SELECT attachments, size FROM submitter_usage WHERE submitter = ?1 AND day = ?2",
            [.text(submitter ?? ""), .integer(day.number)])
    }

    private func usage(_ sql: StaticString, _ values: [SQLValue]) throws(SluiceError) -> Usage {
        try read { (connection) throws(DatabaseFailure) in
            try connection.first(sql, values) { (row) throws(DatabaseFailure) in
                Usage(attachments: row.integer(0), size: ByteCount(row.integer(1)))
            } ?? Usage()
        }
    }
}
