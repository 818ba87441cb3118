// Decisions become rows. Runs inside the transaction of SQLiteTicketStore.record.

import SluiceModel

struct RowWriting {
    let connection: Connection

    init(_ connection: Connection) { self.connection = connection }

    /// What is there of the same bytes under the same declared name on the same ticket.
    enum Known {
        /// Whatever its verdict was: it is on the ticket, and the same answer is given if it is sent again.
        case answered(Receipt)
        /// Its verdict rests on a failed inspection, and this decision does not: it takes its place.
        case unchecked(UncheckedAttachment)
    }

    static func known(_ decision: Decision, _ connection: Connection) throws(DatabaseFailure) -> Known? {
        guard let ticket = decision.submission.ticket, let digest = decision.spooled?.digest else { return nil }
        let found = try connection.first(
            "SELECT number, id, verdict FROM attachment WHERE ticket = ?1 AND digest = ?2 AND declared_name = ?3",
            [.text(ticket.text), .bytes(digest.bytes), .bytes(decision.submission.declaredName.bytes)]
        ) { (row) throws(DatabaseFailure) in
            (row.integer(0), row.text(1), Verdict(rawValue: row.text(2)) ?? .quarantined)
        }
        guard let (number, id, verdict) = found else { return nil }
        if verdict == .quarantined, !decision.judgement.restsOnFailedInspection,
            try isUnchecked(number, connection)
        {
            return .unchecked(UncheckedAttachment(number: number, id: id))
        }
        return .answered(
            Receipt(outcome: .duplicate, attachment: id, ticket: ticket, digest: digest, verdict: verdict))
    }

    func write(_ decision: Decision) throws(DatabaseFailure) -> Receipt {
        var before: UncheckedAttachment?
        switch try Self.known(decision, connection) {
        case .answered(let receipt): return receipt
        case .unchecked(let attachment): before = attachment
        case nil: break
        }
        // GroupCommit lets no decision through that has no ticket, or is kept and has no bytes.
        let ticket = decision.submission.ticket!
        let now = currentMicroseconds()
        try connection.run(
            "INSERT INTO ticket (ticket, opened_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            [.text(ticket.text), .integer(now)])
        let verdict = decision.judgement.verdict
        if let before { try clear(before) }
        let id = verdict == .rejected ? nil : before?.id ?? AttachmentID.make(at: now)
        if let id { try keep(decision, id, now) } else { try refuse(decision, now) }
        var receipt = Receipt(
            outcome: Outcome(verdict), attachment: id, ticket: ticket, digest: decision.spooled?.digest,
            verdict: verdict)
        if let before {
            try replace(before, with: decision, now)
            receipt.isJudgedAnew = true
        }
        return receipt
    }

    private func keep(_ decision: Decision, _ id: String, _ now: Int64) throws(DatabaseFailure) {
        let manifest = decision.inspection.manifest
        try connection.run(
            """
            INSERT INTO attachment (
                id, verdict, entries, expanded_size, ticket, digest, size, declared_name, shown_name, extension, declared_type,
                declared_category, submitter, comment, source, media_type, basis, detail, second_opinion, category, own_category,
                category_basis, category_confidence, policy, received_at
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .text(id), .text(decision.judgement.verdict.rawValue), .integer(manifest?.entries.count),
                manifest.map { .integer($0.expandedSize.bytes) } ?? .null,
            ] + facts(decision, now))
        let row = connection.lastInsertedRow
        if let card = decision.inspection.card {
            try connection.run(
                "INSERT INTO card (attachment, json) VALUES (?1, ?2)", [.integer(row), .text(card.json)])
        }
        if let manifest { try write(manifest, decision.judgement.entryCategories, of: row) }
        try write(decision.judgement.findings, attachment: .integer(row), decision: .null)
    }

    private func refuse(_ decision: Decision, _ now: Int64) throws(DatabaseFailure) {
        let told = try connection.first(
            """
            UPDATE decision SET count = count + 1, last_at = ?1
            WHERE ticket = ?2 AND digest = ?3 AND declared_name = ?4 AND policy = ?5 RETURNING number
            """,
            [
                .integer(now), .text(decision.submission.ticket!.text), .bytes(decision.spooled?.digest.bytes ?? []),
                .bytes(decision.submission.declaredName.bytes), .text(decision.judgement.policyVersion),
            ]
        ) { (row) throws(DatabaseFailure) in row.integer(0) }
        if told != nil { return }
        try connection.run(
            """
            INSERT INTO decision (
                last_at, count, ticket, digest, size, declared_name, shown_name, extension, declared_type, declared_category, submitter,
                comment, source, media_type, basis, detail, second_opinion, category, own_category, category_basis,
                category_confidence, policy, received_at
            ) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [.integer(now)] + facts(decision, now))
        try write(decision.judgement.findings, attachment: .null, decision: .integer(connection.lastInsertedRow))
    }

    /// From `ticket` to `received_at`, in the order of both tables.
    private func facts(_ decision: Decision, _ now: Int64) -> [SQLValue] {
        let submission = decision.submission
        let judgement = decision.judgement
        let recognized = decision.inspection.recognized
        return [
            .text(submission.ticket!.text), .bytes(decision.spooled?.digest.bytes ?? []), .integer(decision.size.bytes),
            .bytes(submission.declaredName.bytes), .text(submission.declaredName.description),
            .text(submission.declaredName.fileExtension.text), .text(submission.declaredType?.name),
            .text(submission.declaredCategory?.rawValue), .text(submission.submitter), .text(submission.comment),
            .text(submission.source.rawValue), .text(recognized.mediaType.name), .text(recognized.basis.storedName),
            .text(recognized.detail), .text(decision.inspection.secondOpinion?.name),
            .text(judgement.category.rawValue),
            .text(judgement.ownCategory.category.rawValue), .text(judgement.ownCategory.basis),
            .real(judgement.ownCategory.confidence), .text(judgement.policyVersion), .integer(now),
        ]
    }

    private func write(
        _ manifest: Manifest, _ categories: [CategoryJudgement?], of attachment: Int64
    ) throws(DatabaseFailure) {
        for (position, entry) in manifest.entries.enumerated() {
            let category = position < categories.count ? categories[position] : nil
            try connection.run(
                """
                INSERT INTO entry (
                    attachment, position, name, kind, size, depth, media_type, basis, detail, category, category_basis, category_confidence
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(attachment), .integer(Int64(position)), .bytes(entry.name.bytes),
                    .text(entry.kind.storedName),
                    .integer(entry.size.bytes), .integer(Int64(entry.depth)), .text(entry.recognized.mediaType.name),
                    .text(entry.recognized.basis.storedName), .text(entry.recognized.detail),
                    .text(category?.category.rawValue), .text(category?.basis),
                    category.map { .real($0.confidence) } ?? .null,
                ])
        }
    }

    private func write(
        _ findings: [JudgedFinding], attachment: SQLValue, decision: SQLValue
    ) throws(DatabaseFailure) {
        for finding in findings.map({ StoredFinding($0) }) {
            try connection.run(
                """
                INSERT INTO finding (attachment, decision, code, severity, entry, message, remedy, facts, remedies)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    attachment, decision, .text(finding.code), .text(finding.severity.rawValue),
                    finding.entry.map { .bytes($0.bytes) } ?? .null, .text(finding.message), .text(finding.remedy),
                    .text(finding.facts), .text(finding.remedies),
                ])
        }
    }
}
