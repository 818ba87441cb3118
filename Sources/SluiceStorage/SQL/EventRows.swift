// Events as rows: appended in the transaction of what they tell, and only read afterwards.

public import SluiceModel

extension SQLReader {
    public func events(after number: Int64, limit: Int) throws(SluiceError) -> [Event] {
        try events(EventStatements.after, [.integer(number), .integer(Int64(limit))])
    }

    public func events(of attachment: String) throws(SluiceError) -> [Event] {
        try events(EventStatements.ofAttachment, [.text(attachment)])
    }

    public func reviewEvents(after number: Int64, limit: Int) throws(SluiceError) -> [Event] {
        try events(EventStatements.review, [.integer(number), .integer(Int64(limit))])
    }

    public func lastEvent() throws(SluiceError) -> Int64 {
        try query { (connection) throws(SluiceError) in
            try connection.first("SELECT coalesce(max(number), 0) FROM event") { (row) throws(SluiceError) in
                row.integer(0)
            } ?? 0
        }
    }

    private func events(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> [Event] {
        try query { (connection) throws(SluiceError) in
            try connection.all(sql, values) { (row) throws(SluiceError) in
                guard let kind = Event.Kind(rawValue: row.text(1)), let ticket = TicketID(row.text(3)) else {
                    return nil
                }
                return Event(
                    number: row.integer(0), kind, at: row.integer(2), ticket: ticket, attachment: row.optionalText(4),
                    digest: Digest(row.bytes(5)), name: row.isNull(6) ? nil : DeclaredName(bytes: row.bytes(6)),
                    person: row.optionalText(7), note: row.text(8), replacesVerdict: row.integer(9) != 0)
            }
        }
    }
}

extension SQLUnitOfWork {
    public func append(_ event: Event) throws(SluiceError) {
        // Engines let one transaction write at a time, so the next number is free, and a transaction that is rolled back leaves no gap.
        try connection.run(
            """
            INSERT INTO event (number, kind, at, ticket, attachment, digest, name, person, note, replaces_verdict)
            VALUES ((SELECT coalesce(max(number), 0) + 1 FROM event), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            [
                .text(event.kind.rawValue), .integer(event.at), .text(event.ticket.text), .text(event.attachment),
                .bytes(event.digest?.bytes), .bytes(event.name?.bytes), .text(event.person), .text(event.note),
                .flag(event.replacesVerdict),
            ])
    }
}

private enum EventStatements {
    private static let events =
        "SELECT number, kind, at, ticket, attachment, digest, name, person, note, replaces_verdict FROM event "
    static let after = events + "WHERE number > ?1 ORDER BY number LIMIT ?2"
    /// In the words of the index: a database uses it only where it sees that the rows are those of the index.
    private static let afterwards = """
        (replaces_verdict <> 0
            OR kind NOT IN ('attachment.accepted', 'attachment.quarantined', 'attachment.rejected'))
        """
    static let ofAttachment = events + "WHERE attachment = ?1 AND \(afterwards) ORDER BY number"
    static let review = events + "WHERE number > ?1 AND \(afterwards) ORDER BY number LIMIT ?2"
}
