// The review record as rows, and what is still to be removed from the disk.

import SluiceModel

extension SQLiteTicketStore {
    func reviewEvents(of attachment: String?) throws(SluiceError) -> [ReviewEvent] {
        try read { (connection) throws(DatabaseFailure) in
            var events: [ReviewEvent] = []
            try connection.rows(
                """
                SELECT attachment, action, ticket, digest, person, note, reviewed_at FROM review
                WHERE ?1 IS NULL OR attachment = ?1 ORDER BY number
                """, [.text(attachment)]
            ) { (row) throws(DatabaseFailure) in
                guard let action = ReviewEvent.Action(rawValue: row.text(1)), let ticket = TicketID(row.text(2)),
                    let digest = Digest(row.bytes(3))
                else { return }
                events.append(
                    ReviewEvent(
                        attachment: row.text(0), action: action, ticket: ticket, digest: digest, person: row.text(4),
                        note: row.text(5), at: row.integer(6)))
            }
            return events
        }
    }

    func unfinishedDiscards() throws(SluiceError) -> [UnfinishedDiscard] {
        try read { (connection) throws(DatabaseFailure) in
            var found: [UnfinishedDiscard] = []
            try connection.rows("SELECT digest, area FROM unfinished_discard") { (row) throws(DatabaseFailure) in
                guard let digest = Digest(row.bytes(0)), let area = BlobArea(rawValue: row.text(1)) else { return }
                found.append(UnfinishedDiscard(digest, in: area))
            }
            return found
        }
    }

    func finish(_ discard: UnfinishedDiscard) throws(SluiceError) {
        try write("The removal of bytes cannot be noted.") { (connection) throws(DatabaseFailure) in
            try connection.run(
                "DELETE FROM unfinished_discard WHERE digest = ?1 AND area = ?2",
                [.bytes(discard.digest.bytes), .text(discard.area.rawValue)])
        }
    }

    /// In the transaction that takes the bytes' row out of the quarantined ones.
    static func noteDiscard(of digest: [UInt8], _ connection: Connection) throws(DatabaseFailure) {
        try connection.run(
            "INSERT INTO unfinished_discard (digest, area) VALUES (?1, 'quarantined') ON CONFLICT DO NOTHING",
            [.bytes(digest)])
    }
}
