// Schema 3: what the endpoint keeps besides attachments: tokens, partials, answers by idempotency key, usage, reviews.

extension Migration {
    /// Usage is counted by triggers, so that nobody who writes an attachment can forget it.
    static let endpointTables = Migration(
        version: 3,
        statements: """
            CREATE TABLE token (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                -- SHA-256 of the secret: it cannot be told back.
                secret BLOB NOT NULL CHECK (length(secret) = 32),
                role TEXT NOT NULL CHECK (role IN ('submitter', 'reviewer', 'admin')),
                ticket TEXT,
                submitter TEXT,
                created_at INTEGER NOT NULL,
                revoked_at INTEGER
            ) STRICT;

            -- Their bytes lie in `partials` while they are open. A ticket is opened by its first attachment, so it may not be there yet.
            CREATE TABLE partial (
                number INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'ended')),
                ticket TEXT NOT NULL,
                declared_name BLOB NOT NULL,
                declared_type TEXT,
                declared_category TEXT,
                -- Empty for anonymous senders.
                submitter TEXT NOT NULL,
                comment TEXT,
                token TEXT,
                length INTEGER NOT NULL CHECK (length >= 0),
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                metadata TEXT NOT NULL,
                outcome TEXT,
                attachment TEXT,
                answer TEXT
            ) STRICT;
            CREATE INDEX partial_submitter ON partial (submitter, length) WHERE state = 'open';
            CREATE INDEX partial_ticket ON partial (ticket, length) WHERE state = 'open';
            CREATE INDEX partial_expiry ON partial (expires_at);

            CREATE TABLE kept_answer (
                number INTEGER PRIMARY KEY,
                caller TEXT NOT NULL,
                key TEXT NOT NULL,
                request BLOB NOT NULL CHECK (length(request) = 32),
                status INTEGER NOT NULL,
                headers TEXT NOT NULL,
                body TEXT,
                given_at INTEGER NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX kept_answer_key ON kept_answer (caller, key);
            CREATE INDEX kept_answer_age ON kept_answer (given_at);

            CREATE TABLE ticket_usage (
                ticket TEXT PRIMARY KEY,
                attachments INTEGER NOT NULL,
                size INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            -- What came through the endpoint; days are counted from 1970-01-01, UTC.
            CREATE TABLE submitter_usage (
                submitter TEXT NOT NULL,
                day INTEGER NOT NULL,
                attachments INTEGER NOT NULL,
                size INTEGER NOT NULL,
                PRIMARY KEY (submitter, day)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO ticket_usage SELECT ticket, count(*), sum(size) FROM attachment GROUP BY ticket;
            INSERT INTO submitter_usage
                SELECT coalesce(submitter, ''), received_at / 86400000000, count(*), sum(size)
                FROM attachment WHERE source = 'endpoint' GROUP BY 1, 2;

            CREATE TRIGGER attachment_on_ticket AFTER INSERT ON attachment BEGIN
                INSERT INTO ticket_usage (ticket, attachments, size) VALUES (NEW.ticket, 1, NEW.size)
                ON CONFLICT (ticket) DO UPDATE SET attachments = attachments + 1, size = size + excluded.size;
            END;
            CREATE TRIGGER attachment_off_ticket AFTER DELETE ON attachment BEGIN
                UPDATE ticket_usage SET attachments = attachments - 1, size = size - OLD.size WHERE ticket = OLD.ticket;
            END;
            CREATE TRIGGER attachment_of_day AFTER INSERT ON attachment WHEN NEW.source = 'endpoint' BEGIN
                INSERT INTO submitter_usage (submitter, day, attachments, size)
                VALUES (coalesce(NEW.submitter, ''), NEW.received_at / 86400000000, 1, NEW.size)
                ON CONFLICT (submitter, day) DO UPDATE SET attachments = attachments + 1, size = size + excluded.size;
            END;
            -- A refusal keeps no bytes, and it is counted as an attachment: rows fill disks as well. Not what a reviewer deletes: that was
            -- counted when it came, and its row is younger than its arrival.
            CREATE TRIGGER refusal_of_day AFTER INSERT ON decision
            WHEN NEW.source = 'endpoint' AND NEW.last_at = NEW.received_at BEGIN
                INSERT INTO submitter_usage (submitter, day, attachments, size)
                VALUES (coalesce(NEW.submitter, ''), NEW.received_at / 86400000000, 1, 0)
                ON CONFLICT (submitter, day) DO UPDATE SET attachments = attachments + 1;
            END;

            CREATE INDEX attachment_quarantined ON attachment (id) WHERE verdict = 'quarantined';
            -- A finding that a person let pass, for exactly these bytes.
            CREATE TABLE finding_release (
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                code TEXT NOT NULL,
                person TEXT NOT NULL,
                note TEXT NOT NULL,
                released_at INTEGER NOT NULL,
                PRIMARY KEY (digest, code)
            ) STRICT, WITHOUT ROWID;
            -- Every word of a reviewer. It stays when the attachment goes, so it refers to none.
            CREATE TABLE review (
                number INTEGER PRIMARY KEY,
                attachment TEXT NOT NULL,
                action TEXT NOT NULL CHECK (action IN ('released', 'deleted')),
                ticket TEXT NOT NULL,
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                person TEXT NOT NULL,
                note TEXT NOT NULL,
                reviewed_at INTEGER NOT NULL
            ) STRICT;
            """)
}
