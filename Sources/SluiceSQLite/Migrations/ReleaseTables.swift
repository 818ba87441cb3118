// Schema 7: a release is one word of a person, holds for one ticket or for all, and can be taken back.

extension Migration {
    static let releases = Migration(
        version: 7,
        statements: """
            CREATE TABLE person_release (
                number INTEGER PRIMARY KEY,
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                -- NULL: on every ticket.
                ticket TEXT,
                -- It stays when the attachment goes, so it refers to none.
                attachment TEXT NOT NULL,
                person TEXT NOT NULL,
                note TEXT NOT NULL,
                released_at INTEGER NOT NULL,
                revoked_at INTEGER,
                revoked_by TEXT
            ) STRICT;
            CREATE INDEX person_release_digest ON person_release (digest);
            CREATE TABLE person_release_code (
                release_number INTEGER NOT NULL REFERENCES person_release (number),
                code TEXT NOT NULL,
                PRIMARY KEY (release_number, code)
            ) STRICT, WITHOUT ROWID;

            -- What was released before holds on the ticket of its attachment.
            INSERT INTO person_release (digest, ticket, attachment, person, note, released_at)
                SELECT digest, ticket, attachment, person, note, reviewed_at FROM review WHERE action = 'released'
                ORDER BY number;
            INSERT INTO person_release_code
                SELECT DISTINCT person_release.number, finding.code FROM person_release
                JOIN attachment ON attachment.id = person_release.attachment
                JOIN finding ON finding.attachment = attachment.number WHERE finding.severity = 'quarantine';
            DROP TABLE finding_release;
            INSERT INTO finding (attachment, code, severity, message, remedy, facts, remedies)
                SELECT attachment.number, 'review.released', 'note',
                    'A person let this file pass (' || person_release.person || ').', 'Nothing need be done.', '[]', '[]'
                FROM person_release JOIN attachment ON attachment.id = person_release.attachment
                WHERE attachment.verdict = 'accepted';
            UPDATE finding SET severity = 'note', remedies = '[]',
                remedy = 'A person has looked at it and decided; nothing need be done.'
                WHERE severity = 'quarantine'
                    AND attachment IN (SELECT number FROM attachment WHERE verdict = 'accepted');
            """)
}
