// Schema 1: tickets, attachments with entries and findings, and the decisions about what was not kept.

extension Migration {
    /// Names are bytes, since that is how they came; each has a form to show beside it. Times are microseconds since 1970, UTC.
    /// `STRICT`: a column holds what it says. The bytes of an attachment lie in `blobs` or `quarantine`, as its verdict says.
    static let firstTables = Migration(
        version: 1,
        statements: """
            CREATE TABLE ticket (
                ticket TEXT PRIMARY KEY,
                opened_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE attachment (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                ticket TEXT NOT NULL REFERENCES ticket (ticket),
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                size INTEGER NOT NULL CHECK (size >= 0),
                verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'quarantined')),
                declared_name BLOB NOT NULL,
                shown_name TEXT NOT NULL,
                extension TEXT NOT NULL,
                declared_type TEXT,
                declared_category TEXT,
                submitter TEXT,
                comment TEXT,
                source TEXT NOT NULL,
                media_type TEXT NOT NULL,
                basis TEXT NOT NULL,
                detail TEXT NOT NULL,
                second_opinion TEXT,
                category TEXT NOT NULL,
                own_category TEXT NOT NULL,
                category_basis TEXT NOT NULL,
                category_confidence REAL NOT NULL,
                policy TEXT NOT NULL,
                received_at INTEGER NOT NULL,
                entries INTEGER,
                expanded_size INTEGER
            ) STRICT;
            -- The same bytes under the same name are on a ticket once; also finds the attachments of a ticket.
            CREATE UNIQUE INDEX attachment_once ON attachment (ticket, digest, declared_name);
            CREATE INDEX attachment_digest ON attachment (digest, verdict);

            CREATE TABLE entry (
                attachment INTEGER NOT NULL REFERENCES attachment (number),
                position INTEGER NOT NULL,
                name BLOB NOT NULL,
                kind TEXT NOT NULL,
                size INTEGER NOT NULL,
                depth INTEGER NOT NULL,
                media_type TEXT NOT NULL,
                basis TEXT NOT NULL,
                detail TEXT NOT NULL,
                category TEXT,
                category_basis TEXT,
                category_confidence REAL,
                PRIMARY KEY (attachment, position)
            ) STRICT, WITHOUT ROWID;

            -- What was not kept. The same refusal told again is counted, so that repeating it fills no disk.
            CREATE TABLE decision (
                number INTEGER PRIMARY KEY,
                ticket TEXT NOT NULL REFERENCES ticket (ticket),
                -- Empty where nothing was received to the end.
                digest BLOB NOT NULL CHECK (length(digest) IN (0, 32)),
                size INTEGER NOT NULL CHECK (size >= 0),
                declared_name BLOB NOT NULL,
                shown_name TEXT NOT NULL,
                extension TEXT NOT NULL,
                declared_type TEXT,
                declared_category TEXT,
                submitter TEXT,
                comment TEXT,
                source TEXT NOT NULL,
                media_type TEXT NOT NULL,
                basis TEXT NOT NULL,
                detail TEXT NOT NULL,
                second_opinion TEXT,
                category TEXT NOT NULL,
                own_category TEXT NOT NULL,
                category_basis TEXT NOT NULL,
                category_confidence REAL NOT NULL,
                policy TEXT NOT NULL,
                received_at INTEGER NOT NULL,
                last_at INTEGER NOT NULL,
                count INTEGER NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX decision_once ON decision (ticket, digest, declared_name, policy);

            CREATE TABLE finding (
                number INTEGER PRIMARY KEY,
                attachment INTEGER REFERENCES attachment (number),
                decision INTEGER REFERENCES decision (number),
                code TEXT NOT NULL,
                severity TEXT NOT NULL CHECK (severity IN ('note', 'warning', 'quarantine', 'reject')),
                entry BLOB,
                message TEXT NOT NULL,
                remedy TEXT NOT NULL,
                facts TEXT NOT NULL,
                CHECK ((attachment IS NULL) <> (decision IS NULL))
            ) STRICT;
            CREATE INDEX finding_attachment ON finding (attachment) WHERE attachment IS NOT NULL;
            CREATE INDEX finding_decision ON finding (decision) WHERE decision IS NOT NULL;
            """)
}
