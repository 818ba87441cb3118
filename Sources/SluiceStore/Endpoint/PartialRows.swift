// Partials as rows.

import SluiceModel

extension SQLiteTicketStore: PartialStore {
    func add(_ partial: Partial) throws(SluiceError) {
        let submission = partial.submission
        try write("The upload cannot be recorded.") { (connection) throws(DatabaseFailure) in
            try connection.run(
                """
                INSERT INTO partial (
                    id, state, ticket, declared_name, declared_type, declared_category, submitter, comment, token, length, created_at,
                    expires_at, metadata, outcome, attachment, answer
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(partial.id), .text(partial.state.rawValue), .text(submission.ticket?.text),
                    .bytes(submission.declaredName.bytes), .text(submission.declaredType?.name),
                    .text(submission.declaredCategory?.rawValue), .text(submission.submitter ?? ""),
                    .text(submission.comment), .text(partial.token), .integer(partial.length.bytes),
                    .integer(partial.createdAt), .integer(partial.expiresAt), .text(partial.metadata),
                    .text(partial.outcome?.rawValue), .text(partial.attachment), .text(partial.answer),
                ])
        }
    }

    func partial(_ id: String) throws(SluiceError) -> Partial? {
        try read { (connection) throws(DatabaseFailure) in
            let found = try connection.first(
                """
                SELECT id, state, ticket, declared_name, declared_type, declared_category, submitter, comment, token, length, created_at,
                    expires_at, metadata, outcome, attachment, answer
                FROM partial WHERE id = ?1
                """, [.text(id)]
            ) { (row) throws(DatabaseFailure) in Self.partial(row) }
            return found ?? nil
        }
    }

    func decide(
        _ id: String, _ outcome: Outcome, attachment: String?, answer: String
    ) throws(SluiceError) {
        try write("What became of the upload cannot be recorded.") { (connection) throws(DatabaseFailure) in
            try connection.run(
                """
                UPDATE partial SET state = 'decided', outcome = ?2, attachment = ?3, answer = ?4
                WHERE id = ?1 AND state = 'open'
                """, [.text(id), .text(outcome.rawValue), .text(attachment), .text(answer)])
        }
    }

    func end(_ id: String) throws(SluiceError) {
        try write("The upload cannot be ended.") { (connection) throws(DatabaseFailure) in
            try connection.run("UPDATE partial SET state = 'ended' WHERE id = ?1", [.text(id)])
        }
    }

    func openPartials() throws(SluiceError) -> [Partial] {
        try read { (connection) throws(DatabaseFailure) in
            var found: [Partial] = []
            try connection.rows(
                """
                SELECT id, state, ticket, declared_name, declared_type, declared_category, submitter, comment, token, length, created_at,
                    expires_at, metadata, outcome, attachment, answer
                FROM partial WHERE state = 'open' ORDER BY number
                """
            ) { (row) throws(DatabaseFailure) in
                if let partial = Self.partial(row) { found.append(partial) }
            }
            return found
        }
    }

    func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals {
        try totals(
            "SELECT count(*), coalesce(sum(length), 0) FROM partial WHERE submitter = ?1 AND state = 'open'",
            submitter ?? "")
    }

    func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals {
        try totals(
            "SELECT count(*), coalesce(sum(length), 0) FROM partial WHERE ticket = ?1 AND state = 'open'", ticket.text)
    }

    func expire(before time: Int64, forgetting: Int64) throws(SluiceError) -> [String] {
        try write("Uploads cannot be ended.") { (connection) throws(DatabaseFailure) in
            var ended: [String] = []
            try connection.rows(
                "UPDATE partial SET state = 'ended' WHERE expires_at < ?1 AND state = 'open' RETURNING id",
                [.integer(time)]
            ) { (row) throws(DatabaseFailure) in ended.append(row.text(0)) }
            try connection.run(
                "DELETE FROM partial WHERE expires_at < ?1 AND state <> 'open'", [.integer(forgetting)])
            return ended
        }
    }

    private func totals(_ sql: StaticString, _ value: String) throws(SluiceError) -> PartialTotals {
        try read { (connection) throws(DatabaseFailure) in
            try connection.first(sql, [.text(value)]) { (row) throws(DatabaseFailure) in
                PartialTotals(count: Int(row.integer(0)), length: ByteCount(row.integer(1)))
            } ?? PartialTotals()
        }
    }

    private static func partial(_ row: Statement) -> Partial? {
        guard let state = Partial.State(rawValue: row.text(1)), let ticket = TicketID(row.text(2)) else { return nil }
        let submission = Submission(
            declaredName: DeclaredName(bytes: row.bytes(3)), declaredType: row.optionalText(4).map { MediaType($0) },
            declaredCategory: row.optionalText(5).flatMap { Category(rawValue: $0) }, ticket: ticket,
            submitter: row.text(6).isEmpty ? nil : row.text(6), comment: row.optionalText(7), source: .endpoint)
        return Partial(
            id: row.text(0), state: state, submission: submission, token: row.optionalText(8),
            length: ByteCount(row.integer(9)), createdAt: row.integer(10), expiresAt: row.integer(11),
            metadata: row.text(12), outcome: row.optionalText(13).flatMap { Outcome(rawValue: $0) },
            attachment: row.optionalText(14), answer: row.optionalText(15))
    }
}
