// Tokens as rows.

import SluiceModel

extension SQLiteTicketStore: TokenStore {
    func add(_ token: StoredToken, secret: Digest) throws(SluiceError) {
        try write("The token cannot be recorded.") { (connection) throws(DatabaseFailure) in
            try connection.run(
                """
                INSERT INTO token (id, secret, role, ticket, submitter, created_at, revoked_at, all_tickets)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                """,
                [
                    .text(token.id), .bytes(secret.bytes), .text(token.role.rawValue), .text(token.ticket?.text),
                    .text(token.submitter), .integer(token.createdAt), token.revokedAt.map { .integer($0) } ?? .null,
                    .integer(token.seesAllTickets ? 1 : 0),
                ])
        }
    }

    func token(_ id: String) throws(SluiceError) -> (token: StoredToken, secret: Digest)? {
        try read { (connection) throws(DatabaseFailure) in
            let found = try connection.first(
                "SELECT id, role, ticket, submitter, created_at, revoked_at, all_tickets, secret FROM token WHERE id = ?1",
                [.text(id)]
            ) { (row) throws(DatabaseFailure) -> (token: StoredToken, secret: Digest)? in
                guard let token = Self.token(row), let secret = Digest(row.bytes(7)) else { return nil }
                return (token, secret)
            }
            return found ?? nil
        }
    }

    func tokens() throws(SluiceError) -> [StoredToken] {
        try read { (connection) throws(DatabaseFailure) in
            var found: [StoredToken] = []
            try connection.rows(
                "SELECT id, role, ticket, submitter, created_at, revoked_at, all_tickets FROM token ORDER BY number"
            ) { (row) throws(DatabaseFailure) in
                if let token = Self.token(row) { found.append(token) }
            }
            return found
        }
    }

    func revoke(_ id: String, at time: Int64) throws(SluiceError) -> Bool {
        try write("The token cannot be revoked.") { (connection) throws(DatabaseFailure) in
            try connection.first(
                "UPDATE token SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1 RETURNING 1",
                [.text(id), .integer(time)]
            ) { (_) throws(DatabaseFailure) in true } ?? false
        }
    }

    /// - Returns: `nil` for a role that this version does not know: such a token opens nothing.
    private static func token(_ row: Statement) -> StoredToken? {
        guard let role = Role(rawValue: row.text(1)) else { return nil }
        let ticket = row.optionalText(2)
        // A binding that cannot be read must not become a token for everything.
        if ticket != nil && ticket.flatMap({ TicketID($0) }) == nil { return nil }
        return StoredToken(
            id: row.text(0), role: role, ticket: ticket.flatMap { TicketID($0) }, submitter: row.optionalText(3),
            seesAllTickets: row.integer(6) != 0, createdAt: row.integer(4),
            revokedAt: row.isNull(5) ? nil : row.integer(5))
    }
}
