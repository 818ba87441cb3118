// Rows become values again.

import SluiceModel

extension SQLiteTicketStore {
    func receipts(alreadyGivenFor decisions: [Decision]) throws(SluiceError) -> [Receipt?] {
        try read { (connection) throws(DatabaseFailure) in
            var receipts: [Receipt?] = []
            for decision in decisions {
                if case .answered(let receipt) = try RowWriting.known(decision, connection) {
                    receipts.append(receipt)
                } else {
                    receipts.append(nil)
                }
            }
            return receipts
        }
    }

    func isReferenced(_ digest: Digest, in area: BlobArea) throws(SluiceError) -> Bool {
        try read { (connection) throws(DatabaseFailure) in
            try connection.first(
                "SELECT 1 FROM attachment WHERE digest = ?1 AND verdict = ?2 LIMIT 1",
                [.bytes(digest.bytes), .text(area.rawValue)]
            ) { (_) throws(DatabaseFailure) in true } ?? false
        }
    }

    func tickets(after: TicketID?, limit: Int) throws(SluiceError) -> [Ticket] {
        try read { (connection) throws(DatabaseFailure) in
            var tickets: [Ticket] = []
            try connection.rows(
                """
                SELECT ticket, opened_at, (SELECT count(*) FROM attachment WHERE attachment.ticket = ticket.ticket)
                FROM ticket WHERE ticket > ?1 ORDER BY ticket LIMIT ?2
                """, [.text(after?.text ?? ""), .integer(Int64(limit))]
            ) { (row) throws(DatabaseFailure) in
                guard let id = TicketID(row.text(0)) else { return }
                tickets.append(Ticket(id: id, openedAt: row.integer(1), attachments: Int(row.integer(2))))
            }
            return tickets
        }
    }

    func attachments(of ticket: TicketID) throws(SluiceError) -> [StoredAttachment] {
        try read { (connection) throws(DatabaseFailure) in
            var found: [StoredAttachment] = []
            try connection.rows(
                """
                SELECT ticket, digest, size, declared_name, declared_type, declared_category, submitter, comment, source, media_type,
                    basis, detail, second_opinion, category, own_category, category_basis, category_confidence, policy, received_at,
                    id, verdict, entries, expanded_size
                FROM attachment WHERE ticket = ?1 ORDER BY number
                """, [.text(ticket.text)]
            ) { (row) throws(DatabaseFailure) in
                if let attachment = Self.attachment(row) { found.append(attachment) }
            }
            return found
        }
    }

    func attachment(_ id: String) throws(SluiceError) -> StoredAttachment? {
        try read { (connection) throws(DatabaseFailure) in try Self.attachment(id, connection) }
    }

    static func attachment(_ id: String, _ connection: Connection) throws(DatabaseFailure) -> StoredAttachment? {
        let found = try connection.first(
            """
            SELECT ticket, digest, size, declared_name, declared_type, declared_category, submitter, comment, source, media_type,
                basis, detail, second_opinion, category, own_category, category_basis, category_confidence, policy, received_at,
                id, verdict, entries, expanded_size
            FROM attachment WHERE id = ?1
            """, [.text(id)]
        ) { (row) throws(DatabaseFailure) in attachment(row) }
        return found ?? nil
    }

    func findings(of attachment: String) throws(SluiceError) -> [StoredFinding] {
        try read { (connection) throws(DatabaseFailure) in
            var found: [StoredFinding] = []
            try connection.rows(
                """
                SELECT code, severity, finding.entry, message, remedy, facts, remedies
                FROM attachment JOIN finding ON finding.attachment = attachment.number
                WHERE attachment.id = ?1 ORDER BY finding.number
                """, [.text(attachment)]
            ) { (row) throws(DatabaseFailure) in found.append(Self.finding(row, from: 0)) }
            return found
        }
    }

    func entries(of attachment: String) throws(SluiceError) -> [StoredEntry] {
        try read { (connection) throws(DatabaseFailure) in
            var found: [StoredEntry] = []
            try connection.rows(
                """
                SELECT name, kind, entry.size, depth, entry.media_type, entry.basis, entry.detail, entry.category,
                    entry.category_basis, entry.category_confidence
                FROM attachment JOIN entry ON entry.attachment = attachment.number WHERE attachment.id = ?1 ORDER BY position
                """, [.text(attachment)]
            ) { (row) throws(DatabaseFailure) in
                let category = row.optionalText(7).flatMap { Category(rawValue: $0) }
                found.append(
                    StoredEntry(
                        name: EntryName(bytes: row.bytes(0)), kind: ManifestEntry.Kind(stored: row.text(1)),
                        size: ByteCount(row.integer(2)), depth: Int(row.integer(3)),
                        recognized: RecognizedType(
                            MediaType(row.text(4)), RecognizedType.Basis(stored: row.text(5)), detail: row.text(6)),
                        category: category.map { CategoryJudgement($0, basis: row.text(8), confidence: row.real(9)) }))
            }
            return found
        }
    }

    func card(of attachment: String) throws(SluiceError) -> String? {
        try read { (connection) throws(DatabaseFailure) in
            try connection.first(
                "SELECT json FROM card JOIN attachment ON card.attachment = attachment.number WHERE id = ?1",
                [.text(attachment)]
            ) { (row) throws(DatabaseFailure) in row.text(0) }
        }
    }

    func rejections(on ticket: TicketID) throws(SluiceError) -> [StoredRejection] {
        try read { (connection) throws(DatabaseFailure) in
            var found: [(number: Int64, rejection: StoredRejection)] = []
            try connection.rows(
                """
                SELECT ticket, digest, size, declared_name, declared_type, declared_category, submitter, comment, source, media_type,
                    basis, detail, second_opinion, category, own_category, category_basis, category_confidence, policy, received_at,
                    number, count, last_at
                FROM decision WHERE ticket = ?1 ORDER BY number
                """, [.text(ticket.text)]
            ) { (row) throws(DatabaseFailure) in
                let rejection = StoredRejection(
                    ticket: ticket, facts: Self.facts(row), findings: [], count: Int(row.integer(20)),
                    lastAt: row.integer(21))
                found.append((row.integer(19), rejection))
            }
            for index in found.indices {
                try connection.rows(
                    "SELECT code, severity, entry, message, remedy, facts, remedies FROM finding WHERE decision = ?1 ORDER BY number",
                    [.integer(found[index].number)]
                ) { (row) throws(DatabaseFailure) in found[index].rejection.findings.append(Self.finding(row, from: 0))
                }
            }
            return found.map(\.rejection)
        }
    }

    func references(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> [BlobReference] {
        try read { (connection) throws(DatabaseFailure) in
            var found: [BlobReference] = []
            // The next byte may not exist (0xFF): 33 bytes of 0xFF sort behind every digest.
            let end = byte == .max ? [UInt8](repeating: .max, count: Digest.byteCount + 1) : [byte + 1]
            try connection.rows(
                """
                SELECT digest, min(size), min(id) FROM attachment WHERE digest >= ?1 AND digest < ?2 AND verdict = ?3
                GROUP BY digest ORDER BY digest
                """, [.bytes([byte]), .bytes(end), .text(area.rawValue)]
            ) { (row) throws(DatabaseFailure) in
                guard let digest = Digest(row.bytes(0)) else { return }
                found.append(BlobReference(digest: digest, size: ByteCount(row.integer(1)), attachment: row.text(2)))
            }
            return found
        }
    }

    func referenceTotals() throws(SluiceError) -> (count: Int, size: ByteCount) {
        let totals = try read { (connection) throws(DatabaseFailure) -> [Int64] in
            try connection.first(
                "SELECT count(*), coalesce(sum(size), 0) FROM (SELECT min(size) AS size FROM attachment GROUP BY digest, verdict)"
            ) { (row) throws(DatabaseFailure) in [row.integer(0), row.integer(1)] } ?? [0, 0]
        }
        return (Int(totals[0]), ByteCount(totals[1]))
    }

    private static func attachment(_ row: Statement) -> StoredAttachment? {
        let facts = facts(row)
        guard let ticket = facts.submission.ticket, let digest = facts.digest else { return nil }
        return StoredAttachment(
            id: row.text(19), ticket: ticket, verdict: Verdict(rawValue: row.text(20)) ?? .quarantined, facts: facts,
            digest: digest, entries: row.isNull(21) ? nil : Int(row.integer(21)),
            expandedSize: row.isNull(22) ? nil : ByteCount(row.integer(22)))
    }

    /// The columns that both tables have, from 0 to 18.
    private static func facts(_ row: Statement) -> StoredFacts {
        let submission = Submission(
            declaredName: DeclaredName(bytes: row.bytes(3)), declaredType: row.optionalText(4).map { MediaType($0) },
            declaredCategory: row.optionalText(5).flatMap { Category(rawValue: $0) }, ticket: TicketID(row.text(0)),
            submitter: row.optionalText(6), comment: row.optionalText(7),
            source: Submission.Source(rawValue: row.text(8)) ?? .batch)
        let own = CategoryJudgement(
            Category(rawValue: row.text(14)) ?? .other, basis: row.text(15), confidence: row.real(16))
        return StoredFacts(
            submission: submission,
            recognized: RecognizedType(
                MediaType(row.text(9)), RecognizedType.Basis(stored: row.text(10)), detail: row.text(11)),
            secondOpinion: row.optionalText(12).map { MediaType($0) },
            category: Category(rawValue: row.text(13)) ?? .other, ownCategory: own, size: ByteCount(row.integer(2)),
            digest: Digest(row.bytes(1)), policyVersion: row.text(17), receivedAt: row.integer(18))
    }

    private static func finding(_ row: Statement, from column: CInt) -> StoredFinding {
        StoredFinding(
            code: row.text(column), severity: Severity(rawValue: row.text(column + 1)) ?? .reject,
            entry: row.isNull(column + 2) ? nil : EntryName(bytes: row.bytes(column + 2)),
            message: row.text(column + 3),
            remedy: row.text(column + 4), remedies: row.text(column + 6), facts: row.text(column + 5))
    }
}
