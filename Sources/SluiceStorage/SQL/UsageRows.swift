// What tickets and submitters use. The triggers of each engine's schema count it.

public import SluiceModel

extension SQLReader {
    public func usage(of ticket: TicketID) throws(SluiceError) -> Usage {
        try usage("SELECT attachments, size FROM ticket_usage WHERE ticket = ?1", [.text(ticket.text)])
    }

    public func usage(of submitter: String?, on day: Day) throws(SluiceError) -> Usage {
        try usage(
            "SELECT attachments, size FROM submitter_usage WHERE submitter = ?1 AND day = ?2",
            [.text(submitter ?? ""), .integer(day.number)])
    }

    private func usage(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> Usage {
        try query { (connection) throws(SluiceError) in
            try connection.first(sql, values) { (row) throws(SluiceError) in
                Usage(attachments: row.integer(0), size: ByteCount(row.integer(1)))
            } ?? Usage()
        }
    }
}
