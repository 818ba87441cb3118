// Releases as rows: what a person let pass, where it holds, and what becomes of the findings.

import SluiceModel

extension SQLiteTicketStore {
    func releases(for digest: Digest) throws(SluiceError) -> [Release] {
        try read { (connection) throws(DatabaseFailure) in
            try Self.releases(
                """
                SELECT number, digest, ticket, attachment, person, note, released_at, revoked_at, revoked_by
                FROM person_release WHERE digest = ?1 AND revoked_at IS NULL ORDER BY number DESC
                """, [.bytes(digest.bytes)], connection)
        }
    }

    func releases() throws(SluiceError) -> [Release] {
        try read { (connection) throws(DatabaseFailure) in
            try Self.releases(
                """
                SELECT number, digest, ticket, attachment, person, note, released_at, revoked_at, revoked_by
                FROM person_release ORDER BY number
                """, [], connection)
        }
    }

    func revokeRelease(_ id: String, by person: String, at time: Int64) throws(SluiceError) -> Bool {
        guard let number = Int64(id) else { return false }
        return try write("The release cannot be taken back.") { (connection) throws(DatabaseFailure) in
            try connection.first(
                """
                UPDATE person_release SET revoked_by = coalesce(revoked_by, ?2), revoked_at = coalesce(revoked_at, ?3)
                WHERE number = ?1 RETURNING 1
                """, [.integer(number), .text(person), .integer(time)]
            ) { (_) throws(DatabaseFailure) in true } ?? false
        }
    }

    private static func releases(
        _ statement: StaticString, _ values: [SQLValue], _ connection: Connection
    ) throws(DatabaseFailure) -> [Release] {
        var found: [(number: Int64, release: Release)] = []
        try connection.rows(statement, values) { (row) throws(DatabaseFailure) in
            let ticket = row.optionalText(2)
            // A ticket that cannot be read must not become every ticket.
            guard let digest = Digest(row.bytes(1)), ticket == nil || ticket.flatMap({ TicketID($0) }) != nil else {
                return
            }
            let release = Release(
                id: String(row.integer(0)), digest: digest, ticket: ticket.flatMap { TicketID($0) },
                attachment: row.text(3), codes: [], person: row.text(4), note: row.text(5), releasedAt: row.integer(6),
                revokedAt: row.isNull(7) ? nil : row.integer(7), revokedBy: row.optionalText(8))
            found.append((row.integer(0), release))
        }
        for index in found.indices {
            var codes: [String] = []
            try connection.rows(
                "SELECT code FROM person_release_code WHERE release_number = ?1 ORDER BY code",
                [.integer(found[index].number)]
            ) { (row) throws(DatabaseFailure) in codes.append(row.text(0)) }
            found[index].release.codes = codes
        }
        return found.map(\.release)
    }

    /// - Returns: the codes that are let pass.
    static func noteRelease(
        _ number: Int64, _ digest: [UInt8], _ attachment: String, by person: String, _ note: String, everywhere: Bool,
        _ time: Int64, _ connection: Connection
    ) throws(DatabaseFailure) -> [String] {
        let release =
            try connection.first(
                """
                INSERT INTO person_release (digest, ticket, attachment, person, note, released_at)
                SELECT ?2, CASE WHEN ?6 THEN NULL ELSE ticket END, id, ?3, ?4, ?5 FROM attachment WHERE number = ?1
                RETURNING number
                """,
                [
                    .integer(number), .bytes(digest), .text(person), .text(note), .integer(time),
                    .integer(everywhere ? 1 : 0),
                ]
            ) { (row) throws(DatabaseFailure) in row.integer(0) } ?? 0
        var codes: [String] = []
        try connection.rows(
            """
            INSERT INTO person_release_code
            SELECT DISTINCT ?2, code FROM finding WHERE attachment = ?1 AND severity = 'quarantine' RETURNING code
            """, [.integer(number), .integer(release)]
        ) { (row) throws(DatabaseFailure) in codes.append(row.text(0)) }
        return codes.sorted()
    }

    /// What set it apart stays on record and asks for nothing any more.
    static func settleFindings(of attachment: Int64, _ connection: Connection) throws(DatabaseFailure) {
        try connection.run(
            "UPDATE finding SET severity = ?2, remedy = ?3, remedies = ?4 WHERE attachment = ?1 AND severity = 'quarantine'",
            [
                .integer(attachment), .text(DecidedFinding.severity.rawValue), .text(DecidedFinding.remedy),
                .text(DecidedFinding.remedies),
            ])
    }

    static func add(
        _ finding: Finding, _ severity: Severity, attachment: Int64, _ connection: Connection
    ) throws(DatabaseFailure) {
        let told = StoredFinding(JudgedFinding(finding, severity))
        try connection.run(
            """
            INSERT INTO finding (attachment, code, severity, message, remedy, facts, remedies)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            [
                .integer(attachment), .text(told.code), .text(told.severity.rawValue), .text(told.message),
                .text(told.remedy), .text(told.facts), .text(told.remedies),
            ])
    }
}
