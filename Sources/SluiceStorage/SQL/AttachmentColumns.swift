// The columns of attachments and refusals, and how values go into them and come out again.

import SluiceModel

enum AttachmentColumns {
    /// What attachments and refusals have in common.
    static let facts = SQLColumns(
        "ticket", "digest", "size", "declared_name", "shown_name", "extension", "declared_type", "declared_category",
        "submitter", "comment", "source", "media_type", "basis", "detail", "second_opinion", "category", "own_category",
        "category_basis", "category_confidence", "policy", "received_at")
    static let attachment = facts + SQLColumns("id", "verdict", "entries", "expanded_size")
    static let refusal = facts + SQLColumns("last_at", "count")

    /// The values of `facts`, with room for the columns that follow them.
    static func values(_ ticket: TicketID, _ facts: StoredFacts) -> [SQLValue] {
        let submission = facts.submission
        var values: [SQLValue] = []
        values.reserveCapacity(32)
        values.append(.text(ticket.text))
        values.append(.bytes(facts.digest?.bytes ?? []))
        values.append(.integer(facts.size.bytes))
        values.append(.bytes(submission.declaredName.bytes))
        values.append(.text(submission.declaredName.description))
        values.append(.text(submission.declaredName.fileExtension.text))
        values.append(.text(submission.declaredType?.name))
        values.append(.text(submission.declaredCategory?.rawValue))
        values.append(.text(submission.submitter))
        values.append(.text(submission.comment))
        values.append(.text(submission.source.rawValue))
        values.append(.text(facts.recognized.mediaType.name))
        values.append(.text(facts.recognized.basis.storedName))
        values.append(.text(facts.recognized.detail))
        values.append(.text(facts.secondOpinion?.name))
        values.append(.text(facts.category.rawValue))
        values.append(.text(facts.ownCategory.category.rawValue))
        values.append(.text(facts.ownCategory.basis))
        values.append(.real(facts.ownCategory.confidence))
        values.append(.text(facts.policyVersion))
        values.append(.integer(facts.receivedAt))
        return values
    }

    static func values(_ attachment: StoredAttachment) -> [SQLValue] {
        var values = values(attachment.ticket, attachment.facts)
        values.append(.text(attachment.id))
        values.append(.text(attachment.verdict.rawValue))
        values.append(.integer(attachment.entries))
        values.append(.integer(attachment.expandedSize?.bytes))
        return values
    }

    /// The columns of `facts`, from 0 to 20.
    static func facts(_ row: any SQLRow) -> StoredFacts {
        let submission = Submission(
            declaredName: DeclaredName(bytes: row.bytes(3)), declaredType: row.optionalText(6).map { MediaType($0) },
            declaredCategory: row.optionalText(7).flatMap { Category(rawValue: $0) }, ticket: TicketID(row.text(0)),
            submitter: row.optionalText(8), comment: row.optionalText(9),
            source: Submission.Source(rawValue: row.text(10)) ?? .batch)
        let own = CategoryJudgement(
            Category(rawValue: row.text(16)) ?? .other, basis: row.text(17), confidence: row.real(18))
        return StoredFacts(
            submission: submission,
            recognized: RecognizedType(
                MediaType(row.text(11)), RecognizedType.Basis(stored: row.text(12)), detail: row.text(13)),
            secondOpinion: row.optionalText(14).map { MediaType($0) },
            category: Category(rawValue: row.text(15)) ?? .other, ownCategory: own, size: ByteCount(row.integer(2)),
            digest: Digest(row.bytes(1)), policyVersion: row.text(19), receivedAt: row.integer(20))
    }

    /// The columns of `attachment`.
    static func attachment(_ row: any SQLRow) -> StoredAttachment? {
        let facts = facts(row)
        guard let ticket = facts.submission.ticket, let digest = facts.digest else { return nil }
        return StoredAttachment(
            id: row.text(21), ticket: ticket, verdict: Verdict(rawValue: row.text(22)) ?? .quarantined, facts: facts,
            digest: digest, entries: row.optionalInteger(23).map { Int($0) },
            expandedSize: row.optionalInteger(24).map { ByteCount($0) })
    }
}

enum FindingColumns {
    static let finding = SQLColumns("code", "severity", "entry", "message", "remedy", "remedies", "facts")

    static func values(_ finding: StoredFinding) -> [SQLValue] {
        [
            .text(finding.code), .text(finding.severity.rawValue), .bytes(finding.entry?.bytes),
            .text(finding.message), .text(finding.remedy), .text(finding.remedies), .text(finding.facts),
        ]
    }

    /// The columns of `finding`, from the first one on.
    static func finding(_ row: any SQLRow, from first: Int = 0) -> StoredFinding {
        StoredFinding(
            code: row.text(first), severity: Severity(rawValue: row.text(first + 1)) ?? .reject,
            entry: row.isNull(first + 2) ? nil : EntryName(bytes: row.bytes(first + 2)), message: row.text(first + 3),
            remedy: row.text(first + 4), remedies: row.text(first + 5), facts: row.text(first + 6))
    }
}

enum EntryColumns {
    static let entry = SQLColumns(
        "name", "kind", "size", "depth", "media_type", "basis", "detail", "category", "category_basis",
        "category_confidence")

    static func values(_ entry: StoredEntry) -> [SQLValue] {
        [
            .bytes(entry.name.bytes), .text(entry.kind.storedName), .integer(entry.size.bytes),
            .integer(Int64(entry.depth)), .text(entry.recognized.mediaType.name),
            .text(entry.recognized.basis.storedName), .text(entry.recognized.detail),
            .text(entry.category?.category.rawValue), .text(entry.category?.basis),
            entry.category.map { .real($0.confidence) } ?? .null,
        ]
    }

    static func entry(_ row: any SQLRow) -> StoredEntry {
        let category = row.optionalText(7).flatMap { Category(rawValue: $0) }
        return StoredEntry(
            name: EntryName(bytes: row.bytes(0)), kind: ManifestEntry.Kind(stored: row.text(1)),
            size: ByteCount(row.integer(2)), depth: Int(row.integer(3)),
            recognized: RecognizedType(
                MediaType(row.text(4)), RecognizedType.Basis(stored: row.text(5)), detail: row.text(6)),
            category: category.map { CategoryJudgement($0, basis: row.text(8), confidence: row.real(9)) })
    }
}
