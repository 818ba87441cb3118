// Tokens as rows. Their secrets are never kept, only their digests.

public import SluiceModel

private let tokenColumns = SQLColumns(
    "id", "role", "ticket", "submitter", "created_at", "revoked_at", "all_tickets", "secret")

private enum TokenStatements {
    static let insert = tokenColumns.insert(into: "token")
    static let byID = "SELECT \(tokenColumns.list) FROM token WHERE id = ?1"
    static let all = "SELECT \(tokenColumns.list) FROM token ORDER BY number"
}

extension SQLReader {
    public func token(_ id: String) throws(SluiceError) -> (token: StoredToken, secret: Digest)? {
        try query { (connection) throws(SluiceError) in
            try connection.all(TokenStatements.byID, [.text(id)]) {
                (row) throws(SluiceError) -> (token: StoredToken, secret: Digest)? in
                guard let token = Self.token(row), let secret = Digest(row.bytes(7)) else { return nil }
                return (token, secret)
            }.first
        }
    }

    public func tokens() throws(SluiceError) -> [StoredToken] {
        try query { (connection) throws(SluiceError) in
            try connection.all(TokenStatements.all) { (row) throws(SluiceError) in Self.token(row) }
        }
    }

    /// - Returns: `nil` for a role that this version does not know: such a token opens nothing.
    private static func token(_ row: any SQLRow) -> StoredToken? {
        guard let role = Role(rawValue: row.text(1)) else { return nil }
        let ticket = row.optionalText(2)
        // A binding that cannot be read must not become a token for everything.
        if ticket != nil && ticket.flatMap({ TicketID($0) }) == nil { return nil }
        return StoredToken(
            id: row.text(0), role: role, ticket: ticket.flatMap { TicketID($0) }, submitter: row.optionalText(3),
            seesAllTickets: row.integer(6) != 0, createdAt: row.integer(4), revokedAt: row.optionalInteger(5))
    }
}

extension SQLUnitOfWork {
    public func add(_ token: StoredToken, secret: Digest) throws(SluiceError) {
        try connection.run(
            TokenStatements.insert,
            [
                .text(token.id), .text(token.role.rawValue), .text(token.ticket?.text), .text(token.submitter),
                .integer(token.createdAt), .integer(token.revokedAt), .flag(token.seesAllTickets),
                .bytes(secret.bytes),
            ])
    }

    public func revokeToken(_ id: String, at time: Int64) throws(SluiceError) -> Bool {
        try connection.first(
            "UPDATE token SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1 RETURNING 1",
            [.text(id), .integer(time)]
        ) { (_) throws(SluiceError) in true } ?? false
    }
}
