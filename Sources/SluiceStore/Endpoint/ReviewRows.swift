// A reviewer's word as rows: what changes with a release and with a deletion, each in one transaction.

import SluiceModel

extension SQLiteTicketStore: ReviewStore {
    func quarantined(after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment] {
        try read { (connection) throws(DatabaseFailure) in
            var ids: [String] = []
            try connection.rows(
                "SELECT id FROM attachment WHERE verdict = 'quarantined' AND id > ?1 ORDER BY id LIMIT ?2",
                [.text(after ?? ""), .integer(Int64(limit))]
            ) { (row) throws(DatabaseFailure) in ids.append(row.text(0)) }
            var found: [StoredAttachment] = []
            for id in ids {
                if let attachment = try Self.attachment(id, connection) { found.append(attachment) }
            }
            return found
        }
    }

    func release(
        _ attachment: String, by person: String, note: String, everywhere: Bool, at time: Int64
    ) throws(SluiceError) -> ReviewOutcome {
        try review("The release cannot be recorded.", attachment, "released", person, note, time) {
            (number, digest, connection) throws(DatabaseFailure) in
            let codes = try Self.noteRelease(
                number, digest, attachment, by: person, note, everywhere: everywhere, time, connection)
            try connection.run("UPDATE attachment SET verdict = 'accepted' WHERE number = ?1", [.integer(number)])
            try Self.settleFindings(of: number, connection)
            for code in codes {
                try Self.add(Finding(.released, [.text(code), .text(person)]), .note, attachment: number, connection)
            }
        }
    }

    func delete(
        _ attachment: String, by person: String, note: String, at time: Int64
    ) throws(SluiceError) -> ReviewOutcome {
        try review("The deletion cannot be recorded.", attachment, "deleted", person, note, time) {
            (number, _, connection) throws(DatabaseFailure) in
            // The same may have been refused on this ticket before; then that row already has its findings.
            let decision = try connection.first(
                """
                INSERT INTO decision (
                    ticket, digest, size, declared_name, shown_name, extension, declared_type, declared_category, submitter, comment,
                    source, media_type, basis, detail, second_opinion, category, own_category, category_basis, category_confidence,
                    policy, received_at, last_at, count
                ) SELECT
                    ticket, digest, size, declared_name, shown_name, extension, declared_type, declared_category, submitter, comment,
                    source, media_type, basis, detail, second_opinion, category, own_category, category_basis, category_confidence,
                    policy, received_at, max(?2, received_at + 1), 1
                FROM attachment WHERE number = ?1
                ON CONFLICT (ticket, digest, declared_name, policy) DO UPDATE SET
                    count = count + 1, last_at = excluded.last_at
                RETURNING number, count
                """, [.integer(number), .integer(time)]
            ) { (row) throws(DatabaseFailure) in (number: row.integer(0), count: row.integer(1)) }
            if let decision, decision.count == 1 {
                try Self.settleFindings(of: number, connection)
                try Self.add(Finding(.deleted, [.text(person)]), .reject, attachment: number, connection)
                try connection.run(
                    "UPDATE finding SET decision = ?2, attachment = NULL WHERE attachment = ?1",
                    [.integer(number), .integer(decision.number)])
            }
            try connection.run("DELETE FROM finding WHERE attachment = ?1", [.integer(number)])
            try connection.run("DELETE FROM entry WHERE attachment = ?1", [.integer(number)])
            try connection.run("DELETE FROM card WHERE attachment = ?1", [.integer(number)])
            try connection.run("DELETE FROM category_correction WHERE attachment = ?1", [.integer(number)])
            try connection.run("DELETE FROM attachment WHERE number = ?1", [.integer(number)])
        }
    }

    /// Runs `change` when the attachment is there and quarantined, and keeps the reviewer's word with it.
    private func review(
        _ what: String, _ attachment: String, _ action: String, _ person: String, _ note: String, _ time: Int64,
        _ change: (_ number: Int64, _ digest: [UInt8], Connection) throws(DatabaseFailure) -> Void
    ) throws(SluiceError) -> ReviewOutcome {
        try write(what) { (connection) throws(DatabaseFailure) in
            let found = try connection.first(
                "SELECT number, digest, verdict, ticket FROM attachment WHERE id = ?1", [.text(attachment)]
            ) { (row) throws(DatabaseFailure) in
                (number: row.integer(0), digest: row.bytes(1), verdict: row.text(2), ticket: row.text(3))
            }
            guard let found else { return .noSuchAttachment }
            guard found.verdict == Verdict.quarantined.rawValue else { return .notQuarantined }
            try change(found.number, found.digest, connection)
            try Self.noteDiscard(of: found.digest, connection)
            try connection.run(
                """
                INSERT INTO review (attachment, action, ticket, digest, person, note, reviewed_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """,
                [
                    .text(attachment), .text(action), .text(found.ticket), .bytes(found.digest), .text(person),
                    .text(note), .integer(time),
                ])
            return .done
        }
    }
}
