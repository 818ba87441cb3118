// Attachments, refusals and what belongs to them: values become rows.

public import SluiceModel

extension SQLUnitOfWork {
    public func openTicket(_ ticket: TicketID, at time: Int64) throws(SluiceError) {
        try connection.run(
            "INSERT INTO ticket (ticket, opened_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            [.text(ticket.text), .integer(time)])
    }

    public func insert(_ attachment: NewAttachment) throws(SluiceError) {
        let number = try connection.insert(Statements.insert, Self.values(attachment))
        try insertParts(of: attachment, number)
    }

    public func replace(with attachment: NewAttachment) throws(SluiceError) {
        guard let number = try number(of: attachment.stored.id) else { return }
        try removeParts(of: number)
        try connection.run(Statements.update, Self.values(attachment) + [.integer(number)])
        try insertParts(of: attachment, number)
    }

    public func remove(_ attachment: String) throws(SluiceError) {
        guard let number = try number(of: attachment) else { return }
        try connection.run("DELETE FROM category_correction WHERE attachment = ?1", [.integer(number)])
        try removeParts(of: number)
        try connection.run("DELETE FROM attachment WHERE number = ?1", [.integer(number)])
    }

    private static func values(_ attachment: NewAttachment) -> [SQLValue] {
        var values = AttachmentColumns.values(attachment.stored)
        values.append(.integer(attachment.evidence?.version))
        values.append(.bytes(attachment.evidence?.bytes))
        return values
    }

    private func insertParts(of attachment: NewAttachment, _ number: Int64) throws(SluiceError) {
        if let card = attachment.card {
            try connection.run(
                "INSERT INTO card (attachment, json) VALUES (?1, ?2)", [.integer(number), .text(card)])
        }
        for (position, entry) in attachment.entries.enumerated() {
            try connection.run(
                Statements.entry, [.integer(number), .integer(position)] + EntryColumns.values(entry))
        }
        for finding in attachment.findings {
            try connection.run(Statements.finding, [.integer(number), .null] + FindingColumns.values(finding))
        }
    }

    private func removeParts(of number: Int64) throws(SluiceError) {
        for statement in Statements.removals { try connection.run(statement, [.integer(number)]) }
    }

    public func insert(_ refusal: NewRefusal) throws(SluiceError) -> Bool {
        let told =
            try connection.first(
                Statements.refusal,
                AttachmentColumns.values(refusal.ticket, refusal.facts) + [.integer(refusal.at), .integer(1)]
            ) { (row) throws(SluiceError) in (number: row.integer(0), count: row.integer(1)) } ?? (number: 0, count: 0)
        guard told.count == 1 else { return false }
        for finding in refusal.findings {
            try connection.run(Statements.finding, [.null, .integer(told.number)] + FindingColumns.values(finding))
        }
        return true
    }

    public func setVerdict(_ verdict: Verdict, of attachment: String) throws(SluiceError) {
        guard let number = try number(of: attachment) else { return }
        try connection.run(
            "UPDATE attachment SET verdict = ?2 WHERE number = ?1", [.integer(number), .text(verdict.rawValue)])
        try connection.run(
            "UPDATE rendition SET area = ?2 WHERE attachment = ?1", [.integer(number), .text(verdict.rawValue)])
    }

    public func settleFindings(of attachment: String) throws(SluiceError) {
        try connection.run(
            """
            UPDATE finding SET severity = ?2, remedy = ?3, remedies = ?4
            WHERE attachment = (SELECT number FROM attachment WHERE id = ?1) AND severity = 'quarantine'
            """,
            [
                .text(attachment), .text(DecidedFinding.severity.rawValue), .text(DecidedFinding.remedy),
                .text(DecidedFinding.remedies),
            ])
    }

    public func add(_ finding: StoredFinding, to attachment: String) throws(SluiceError) {
        guard let number = try number(of: attachment) else { return }
        try connection.run(Statements.finding, [.integer(number), .null] + FindingColumns.values(finding))
    }

    private func number(of attachment: String) throws(SluiceError) -> Int64? {
        try connection.first("SELECT number FROM attachment WHERE id = ?1", [.text(attachment)]) {
            (row) throws(SluiceError) in row.integer(0)
        }
    }

    private enum Statements {
        private static let attachment = AttachmentColumns.attachment + SQLColumns("evidence_version", "evidence")
        static let insert = NumberedInsert(attachment, into: "attachment")
        static let update = """
            UPDATE attachment SET (\(attachment.list)) = (\(attachment.parameters))
            WHERE number = ?\(attachment.names.count + 1)
            """
        static let refusal = AttachmentColumns.refusal.insert(
            into: "decision",
            suffix: """
                ON CONFLICT (ticket, digest, declared_name, policy) DO UPDATE SET
                    count = decision.count + 1, last_at = excluded.last_at
                RETURNING number, count
                """)
        static let entry = (SQLColumns("attachment", "position") + EntryColumns.entry).insert(into: "entry")
        static let finding = (SQLColumns("attachment", "decision") + FindingColumns.finding).insert(into: "finding")
        static let removals = ["finding", "entry", "card", "rendition"].map {
            "DELETE FROM \($0) WHERE attachment = ?1"
        }
    }
}
