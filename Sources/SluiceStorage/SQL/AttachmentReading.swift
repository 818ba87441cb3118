// Attachments, refusals and what belongs to them: rows become values again.

public import SluiceModel

extension SQLReader {
    public func tickets(after: TicketID?, limit: Int) throws(SluiceError) -> [Ticket] {
        try query { (connection) throws(SluiceError) in
            try connection.all(
                """
                SELECT ticket, opened_at, (SELECT count(*) FROM attachment WHERE attachment.ticket = ticket.ticket)
                FROM ticket WHERE ticket > ?1 ORDER BY ticket LIMIT ?2
                """, [.text(after?.text ?? ""), .integer(Int64(limit))]
            ) { (row) throws(SluiceError) in
                TicketID(row.text(0)).map {
                    Ticket(id: $0, openedAt: row.integer(1), attachments: Int(row.integer(2)))
                }
            }
        }
    }

    public func attachments(of ticket: TicketID, after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment] {
        try attachments(
            AttachmentStatements.ofTicket, [.text(ticket.text), .text(after ?? ""), .integer(Int64(limit))])
    }

    public func attachment(_ id: String) throws(SluiceError) -> StoredAttachment? {
        try attachments(AttachmentStatements.byID, [.text(id)]).first
    }

    public func attachment(
        on ticket: TicketID, _ digest: Digest, named name: DeclaredName
    ) throws(SluiceError) -> StoredAttachment? {
        try attachments(AttachmentStatements.same, [.text(ticket.text), .bytes(digest.bytes), .bytes(name.bytes)]).first
    }

    public func quarantined(
        on ticket: TicketID?, after: String?, limit: Int
    ) throws(SluiceError) -> [StoredAttachment] {
        let page: [SQLValue] = [.text(after ?? ""), .integer(Int64(limit))]
        guard let ticket else { return try attachments(AttachmentStatements.quarantined, page) }
        return try attachments(AttachmentStatements.quarantinedOnTicket, page + [.text(ticket.text)])
    }

    private func attachments(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> [StoredAttachment] {
        try query { (connection) throws(SluiceError) in
            try connection.all(sql, values) { (row) throws(SluiceError) in AttachmentColumns.attachment(row) }
        }
    }

    public func findings(of attachments: [String]) throws(SluiceError) -> [String: [StoredFinding]] {
        try query { (connection) throws(SluiceError) in
            var found: [String: [StoredFinding]] = [:]
            for group in attachments.grouped {
                try connection.rows(AttachmentStatements.findings.of(group.count), group.map { .text($0) }) {
                    (row) throws(SluiceError) in
                    found[row.text(0), default: []].append(FindingColumns.finding(row, from: 1))
                }
            }
            return found
        }
    }

    public func entries(of attachment: String) throws(SluiceError) -> [StoredEntry] {
        try query { (connection) throws(SluiceError) in
            try connection.all(AttachmentStatements.entries, [.text(attachment)]) { (row) throws(SluiceError) in
                EntryColumns.entry(row)
            }
        }
    }

    public func cards(of attachments: [String]) throws(SluiceError) -> [String: String] {
        try query { (connection) throws(SluiceError) in
            var found: [String: String] = [:]
            for group in attachments.grouped {
                try connection.rows(AttachmentStatements.cards.of(group.count), group.map { .text($0) }) {
                    (row) throws(SluiceError) in found[row.text(0)] = row.text(1)
                }
            }
            return found
        }
    }

    public func evidence(of attachment: String) throws(SluiceError) -> StoredEvidence? {
        try query { (connection) throws(SluiceError) in
            try connection.all(
                "SELECT evidence_version, evidence FROM attachment WHERE id = ?1 AND evidence IS NOT NULL",
                [.text(attachment)]
            ) { (row) throws(SluiceError) in StoredEvidence(version: Int(row.integer(0)), bytes: row.bytes(1)) }.first
        }
    }

    public func renditions(of attachment: String) throws(SluiceError) -> [Rendition] {
        try query { (connection) throws(SluiceError) in
            try connection.all(AttachmentStatements.renditions, [.text(attachment)]) { (row) throws(SluiceError) in
                guard let kind = Rendition.Kind(rawValue: row.text(0)), let digest = Digest(row.bytes(1)),
                    let area = BlobArea(rawValue: row.text(3))
                else { return nil }
                return Rendition(kind: kind, digest: digest, size: ByteCount(row.integer(2)), area: area)
            }
        }
    }

    public func rejections(
        on ticket: TicketID, after: Int64, limit: Int
    ) throws(SluiceError) -> [StoredRejection] {
        try query { (connection) throws(SluiceError) in
            var found = try connection.all(
                AttachmentStatements.refusals, [.text(ticket.text), .integer(after), .integer(Int64(limit))]
            ) { (row) throws(SluiceError) in
                StoredRejection(
                    number: row.integer(23), ticket: ticket, facts: AttachmentColumns.facts(row), findings: [],
                    count: Int(row.integer(22)), lastAt: row.integer(21))
            }
            guard let first = found.first, let last = found.last else { return [] }
            // One statement for the page: the findings of all refusals of this ticket between its first and its last one.
            var findings: [Int64: [StoredFinding]] = [:]
            try connection.rows(
                AttachmentStatements.refusalFindings,
                [.text(ticket.text), .integer(first.number), .integer(last.number)]
            ) { (row) throws(SluiceError) in
                findings[row.integer(0), default: []].append(FindingColumns.finding(row, from: 1))
            }
            for index in found.indices { found[index].findings = findings[found[index].number] ?? [] }
            return found
        }
    }
}

/// The statements of this room; those with a column list are put together once.
enum AttachmentStatements {
    private static let attachment = "SELECT \(AttachmentColumns.attachment.list) FROM attachment "

    static let ofTicket = attachment + "WHERE ticket = ?1 AND id > ?2 ORDER BY id LIMIT ?3"
    static let byID = attachment + "WHERE id = ?1"
    static let same = attachment + "WHERE ticket = ?1 AND digest = ?2 AND declared_name = ?3"
    static let quarantined = attachment + "WHERE verdict = 'quarantined' AND id > ?1 ORDER BY id LIMIT ?2"
    static let quarantinedOnTicket =
        attachment + "WHERE verdict = 'quarantined' AND id > ?1 AND ticket = ?3 ORDER BY id LIMIT ?2"
    static let refusals =
        "SELECT \(AttachmentColumns.refusal.list), number FROM decision WHERE ticket = ?1 AND number > ?2 ORDER BY number LIMIT ?3"
    static let refusalFindings = """
        SELECT finding.decision, \(columns(of: "finding", FindingColumns.finding))
        FROM decision JOIN finding ON finding.decision = decision.number
        WHERE decision.ticket = ?1 AND decision.number BETWEEN ?2 AND ?3 ORDER BY finding.number
        """
    /// The original is told by the attachment's own row.
    static let renditions = """
        SELECT 'original', digest, size, verdict FROM attachment WHERE id = ?1
        UNION ALL
        SELECT rendition.kind, rendition.digest, rendition.size, rendition.area
        FROM rendition JOIN attachment ON rendition.attachment = attachment.number WHERE attachment.id = ?1
        """
    static let entries = """
        SELECT \(columns(of: "entry", EntryColumns.entry))
        FROM attachment JOIN entry ON entry.attachment = attachment.number WHERE attachment.id = ?1 ORDER BY position
        """

    static let findings = GroupedStatement { parameters in
        """
        SELECT attachment.id, \(columns(of: "finding", FindingColumns.finding))
        FROM attachment JOIN finding ON finding.attachment = attachment.number
        WHERE attachment.id IN (\(parameters)) ORDER BY finding.number
        """
    }
    static let cards = GroupedStatement { parameters in
        """
        SELECT attachment.id, card.json FROM attachment JOIN card ON card.attachment = attachment.number
        WHERE attachment.id IN (\(parameters))
        """
    }

    private static func columns(of table: String, _ columns: SQLColumns) -> String {
        columns.names.map { "\(table).\($0)" }.joined(separator: ", ")
    }
}
