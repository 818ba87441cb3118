// A verdict that rests on a failed inspection says nothing about the content: the first clean inspection of the same bytes takes its place. Runs
// inside the transaction of SQLiteTicketStore.record.

import SluiceModel

/// An attachment that was set apart because its inspection failed.
struct UncheckedAttachment {
    let number: Int64
    let id: String
}

extension RowWriting {
    static func isUnchecked(_ attachment: Int64, _ connection: Connection) throws(DatabaseFailure) -> Bool {
        try connection.first(
            "SELECT 1 FROM finding WHERE attachment = ?1 AND code = ?2 AND entry IS NULL LIMIT 1",
            [.integer(attachment), .text(FindingDefinition.inspectionFailed.code)]
        ) { (_) throws(DatabaseFailure) in true } ?? false
    }

    /// Takes its rows out. A person's corrections stay for the row that comes with the same id.
    func clear(_ before: UncheckedAttachment) throws(DatabaseFailure) {
        // Until the commit, so that the corrections may wait for their new row (sqlite.org/foreignkeys.html §4.2).
        try connection.execute("PRAGMA defer_foreign_keys = ON")
        try connection.run("DELETE FROM finding WHERE attachment = ?1", [.integer(before.number)])
        try connection.run("DELETE FROM entry WHERE attachment = ?1", [.integer(before.number)])
        try connection.run("DELETE FROM card WHERE attachment = ?1", [.integer(before.number)])
        try connection.run("DELETE FROM attachment WHERE number = ?1", [.integer(before.number)])
    }

    /// Completes it after the new rows are there: corrections, the record, and what is to be removed from the disk.
    func replace(_ before: UncheckedAttachment, with decision: Decision, _ now: Int64) throws(DatabaseFailure) {
        let verdict = decision.judgement.verdict
        if verdict == .rejected {
            try connection.run(
                "DELETE FROM category_correction WHERE attachment = ?1", [.integer(before.number)])
        } else {
            try connection.run(
                """
                UPDATE category_correction SET attachment = (SELECT number FROM attachment WHERE id = ?2)
                WHERE attachment = ?1
                """, [.integer(before.number), .text(before.id)])
        }
        let digest = decision.spooled?.digest.bytes ?? []
        try connection.run(
            """
            INSERT INTO review (attachment, action, ticket, digest, person, note, reviewed_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            [
                .text(before.id), .text(ReviewEvent.Action.judgedAnew.rawValue),
                .text(decision.submission.ticket!.text), .bytes(digest), .text("sluice"),
                .text("The first inspection had failed. Sent again and inspected cleanly, it is \(verdict.rawValue)."),
                .integer(now),
            ])
        if verdict != .quarantined { try SQLiteTicketStore.noteDiscard(of: digest, connection) }
    }
}
