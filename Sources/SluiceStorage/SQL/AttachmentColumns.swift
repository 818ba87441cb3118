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

    static func values(_ ticket: TicketID, _ facts: StoredFacts) -> [SQLValue] {
        let submission = facts.submission
        return [
            .text(ticket.text), .bytes(facts.digest?.bytes ?? []), .integer(facts.size.bytes),
            .bytes(submission.declaredName.bytes), .text(submission.declaredName.description),
            .text(submission.declaredName.fileExtension.text), .text(submission.declaredType?.name),
            .text(submission.declaredCategory?.rawValue), .text(submission.submitter), .text(submission.comment),
            .text(submission.source.rawValue), .text(facts.recognized.mediaType.name),
            .text(facts.recognized.basis.storedName), .text(facts.recognized.detail), .text(facts.secondOpinion?.name),
            .text(facts.category.rawValue), .text(facts.ownCategory.category.rawValue), .text(facts.ownCategory.basis),
            .real(facts.ownCategory.confidence), .text(facts.policyVersion), .integer(facts.receivedAt),
        ]
    }

    static func values(_ attachment: StoredAttachment) -> [SQLValue] {
        values(attachment.ticket, attachment.facts) + [
            .text(attachment.id), .text(attachment.verdict.rawValue), .integer(attachment.entries),
            .integer(attachment.expandedSize?.bytes),
        ]
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
