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

    public func usageWithPartials(
        of ticket: TicketID, _ submitter: String?, on day: Day
    ) throws(SluiceError) -> (ticket: Usage, submitter: Usage) {
        try query { (connection) throws(SluiceError) in
            try connection.first(
                UsageStatements.withPartials, [.text(ticket.text), .text(submitter ?? ""), .integer(day.number)]
            ) { (row) throws(SluiceError) in
                func usage(_ column: Int) -> Usage {
                    Usage(
                        attachments: row.integer(column) + row.integer(column + 2),
                        size: ByteCount(row.integer(column + 1)) + ByteCount(row.integer(column + 3)))
                }
                return (usage(0), usage(4))
            } ?? (Usage(), Usage())
        }
    }

    private func usage(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> Usage {
        try query { (connection) throws(SluiceError) in
            try connection.first(sql, values) { (row) throws(SluiceError) in
                Usage(attachments: row.integer(0), size: ByteCount(row.integer(1)))
            } ?? Usage()
        }
    }
}

private enum UsageStatements {
    /// Scalars, because neither row need be there.
    static let withPartials = """
        SELECT
            coalesce((SELECT attachments FROM ticket_usage WHERE ticket = ?1), 0),
            coalesce((SELECT size FROM ticket_usage WHERE ticket = ?1), 0),
            (SELECT count(*) FROM partial WHERE state = 'open' AND ticket = ?1),
            (SELECT coalesce(sum(length), 0) FROM partial WHERE state = 'open' AND ticket = ?1),
            coalesce((SELECT attachments FROM submitter_usage WHERE submitter = ?2 AND day = ?3), 0),
            coalesce((SELECT size FROM submitter_usage WHERE submitter = ?2 AND day = ?3), 0),
            (SELECT count(*) FROM partial WHERE state = 'open' AND submitter = ?2),
            (SELECT coalesce(sum(length), 0) FROM partial WHERE state = 'open' AND submitter = ?2)
        """
}
