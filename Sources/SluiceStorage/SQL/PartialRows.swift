// Partial uploads.

public import SluiceModel

private let partialColumns = SQLColumns(
    "id", "state", "ticket", "declared_name", "declared_type", "declared_category", "submitter", "comment", "token",
    "length", "created_at", "expires_at", "metadata", "outcome", "attachment", "answer")

private enum PartialStatements {
    private static let partials = "SELECT \(partialColumns.list) FROM partial "
    static let byID = partials + "WHERE id = ?1"
    static let open = partials + "WHERE state = 'open' ORDER BY number"
    static let insert = partialColumns.insert(into: "partial")
    static let totals = "SELECT count(*), coalesce(sum(length), 0) FROM partial WHERE state = 'open' AND "
    static let submitterTotals = totals + "submitter = ?1"
    static let ticketTotals = totals + "ticket = ?1"
}

extension SQLReader {
    public func partial(_ id: String) throws(SluiceError) -> Partial? {
        try partials(PartialStatements.byID, [.text(id)]).first
    }

    public func openPartials() throws(SluiceError) -> [Partial] { try partials(PartialStatements.open, []) }

    public func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals {
        try totals(PartialStatements.submitterTotals, submitter ?? "")
    }

    public func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals {
        try totals(PartialStatements.ticketTotals, ticket.text)
    }

    private func totals(_ sql: String, _ value: String) throws(SluiceError) -> PartialTotals {
        try query { (connection) throws(SluiceError) in
            try connection.first(sql, [.text(value)]) { (row) throws(SluiceError) in
                PartialTotals(count: Int(row.integer(0)), length: ByteCount(row.integer(1)))
            } ?? PartialTotals()
        }
    }

    private func partials(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> [Partial] {
        try query { (connection) throws(SluiceError) in
            try connection.all(sql, values) { (row) throws(SluiceError) in
                guard let state = Partial.State(rawValue: row.text(1)), let ticket = TicketID(row.text(2)) else {
                    return nil
                }
                let submission = Submission(
                    declaredName: DeclaredName(bytes: row.bytes(3)),
                    declaredType: row.optionalText(4).map { MediaType($0) },
                    declaredCategory: row.optionalText(5).flatMap { Category(rawValue: $0) }, ticket: ticket,
                    submitter: row.text(6).isEmpty ? nil : row.text(6), comment: row.optionalText(7),
                    source: .endpoint)
                return Partial(
                    id: row.text(0), state: state, submission: submission, token: row.optionalText(8),
                    length: ByteCount(row.integer(9)), createdAt: row.integer(10), expiresAt: row.integer(11),
                    metadata: row.text(12), outcome: row.optionalText(13).flatMap { Outcome(rawValue: $0) },
                    attachment: row.optionalText(14), answer: row.optionalText(15))
            }
        }
    }
}

extension SQLUnitOfWork {
    public func add(_ partial: Partial) throws(SluiceError) {
        let submission = partial.submission
        try connection.run(
            PartialStatements.insert,
            [
                .text(partial.id), .text(partial.state.rawValue), .text(submission.ticket?.text),
                .bytes(submission.declaredName.bytes), .text(submission.declaredType?.name),
                .text(submission.declaredCategory?.rawValue), .text(submission.submitter ?? ""),
                .text(submission.comment), .text(partial.token), .integer(partial.length.bytes),
                .integer(partial.createdAt), .integer(partial.expiresAt), .text(partial.metadata),
                .text(partial.outcome?.rawValue), .text(partial.attachment), .text(partial.answer),
            ])
    }

    public func decide(_ id: String, _ outcome: Outcome, attachment: String?, answer: String) throws(SluiceError) {
        try connection.run(
            """
            UPDATE partial SET state = 'decided', outcome = ?2, attachment = ?3, answer = ?4
            WHERE id = ?1 AND state = 'open'
            """, [.text(id), .text(outcome.rawValue), .text(attachment), .text(answer)])
    }

    public func end(_ id: String) throws(SluiceError) {
        try connection.run("UPDATE partial SET state = 'ended' WHERE id = ?1", [.text(id)])
    }

    public func expirePartials(before time: Int64, forgetting: Int64) throws(SluiceError) -> [String] {
        let ended = try connection.all(
            "UPDATE partial SET state = 'ended' WHERE expires_at < ?1 AND state = 'open' RETURNING id",
            [.integer(time)]
        ) { (row) throws(SluiceError) in row.text(0) }
        try connection.run(
            "DELETE FROM partial WHERE expires_at < ?1 AND state <> 'open'", [.integer(forgetting)])
        return ended
    }
}
