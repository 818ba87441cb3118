// Releases as rows: what a person let pass, where it holds, and whether it was taken back.

public import SluiceModel

extension SQLReader {
    public func releases(for digest: Digest) throws(SluiceError) -> [Release] {
        try releases(ReleaseStatements.forDigest, [.bytes(digest.bytes)])
    }

    public func releases() throws(SluiceError) -> [Release] { try releases(ReleaseStatements.all, []) }

    /// One row for each code; a release without a code has one row.
    private func releases(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> [Release] {
        try query { (connection) throws(SluiceError) in
            var found: [Release] = []
            try connection.rows(sql, values) { (row) throws(SluiceError) in
                let id = String(row.integer(0))
                if found.last?.id != id, let release = Self.release(row, id) { found.append(release) }
                if found.last?.id == id, let code = row.optionalText(9) { found[found.count - 1].codes.append(code) }
            }
            return found
        }
    }

    private static func release(_ row: any SQLRow, _ id: String) -> Release? {
        let ticket = row.optionalText(2)
        // A ticket that cannot be read must not become every ticket.
        guard let digest = Digest(row.bytes(1)), ticket == nil || ticket.flatMap({ TicketID($0) }) != nil else {
            return nil
        }
        return Release(
            id: id, digest: digest, ticket: ticket.flatMap { TicketID($0) }, attachment: row.text(3), codes: [],
            person: row.text(4), note: row.text(5), releasedAt: row.integer(6), revokedAt: row.optionalInteger(7),
            revokedBy: row.optionalText(8))
    }
}

extension SQLUnitOfWork {
    public func insert(_ release: Release) throws(SluiceError) {
        let number =
            try connection.first(
                """
                INSERT INTO person_release (digest, ticket, attachment, person, note, released_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING number
                """,
                [
                    .bytes(release.digest.bytes), .text(release.ticket?.text), .text(release.attachment),
                    .text(release.person), .text(release.note), .integer(release.releasedAt),
                ]
            ) { (row) throws(SluiceError) in row.integer(0) } ?? 0
        for code in release.codes {
            try connection.run(
                "INSERT INTO person_release_code (release_number, code) VALUES (?1, ?2)",
                [.integer(number), .text(code)])
        }
    }

    public func revokeRelease(_ id: String, by person: String, at time: Int64) throws(SluiceError) -> Bool {
        guard let number = Int64(id) else { return false }
        return try connection.first(
            """
            UPDATE person_release SET revoked_by = coalesce(revoked_by, ?2), revoked_at = coalesce(revoked_at, ?3)
            WHERE number = ?1 RETURNING 1
            """, [.integer(number), .text(person), .integer(time)]
        ) { (_) throws(SluiceError) in true } ?? false
    }
}

private enum ReleaseStatements {
    private static let releases = """
        SELECT number, digest, ticket, attachment, person, note, released_at, revoked_at, revoked_by, code
        FROM person_release LEFT JOIN person_release_code ON release_number = number
        """
    static let forDigest = releases + " WHERE digest = ?1 AND revoked_at IS NULL ORDER BY number DESC, code"
    static let all = releases + " ORDER BY number, code"
}
