// Schema 8: what happened, numbered without gaps; evidence and renditions beside each attachment; lists by id.

extension Migration {
    static let events = Migration(
        version: 8,
        statements: """
            -- Appended in the transaction of what it tells, never changed, never deleted. It refers to no row, since it outlives them.
            CREATE TABLE event (
                number INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                at INTEGER NOT NULL,
                ticket TEXT NOT NULL,
                attachment TEXT,
                digest BLOB,
                name BLOB,
                person TEXT,
                note TEXT NOT NULL,
                replaces_verdict INTEGER NOT NULL
            ) STRICT;

            -- What happened before, as far as rows tell it, in the order of time. An attachment that was released was quarantined when it came.
            INSERT INTO event (kind, at, ticket, attachment, digest, name, person, note, replaces_verdict)
            SELECT kind, at, ticket, attachment, digest, name, person, note, replaces_verdict FROM (
                SELECT
                    CASE WHEN verdict = 'accepted' AND EXISTS (
                        SELECT 1 FROM review WHERE review.attachment = attachment.id AND action = 'released')
                    THEN 'attachment.quarantined' ELSE 'attachment.' || verdict END AS kind,
                    received_at AS at, ticket, id AS attachment, digest, declared_name AS name, NULL AS person, '' AS note,
                    0 AS replaces_verdict, 0 AS source, number
                FROM attachment
                UNION ALL
                -- What a person deleted became a refusal, too: that is told by the review record.
                SELECT 'attachment.rejected', received_at, ticket, NULL, CASE WHEN length(digest) = 32 THEN digest END, declared_name,
                    NULL, '', 0, 1, number
                FROM decision WHERE count > 1 OR NOT EXISTS (
                    SELECT 1 FROM review WHERE action = 'deleted' AND review.ticket = decision.ticket
                        AND review.digest = decision.digest)
                UNION ALL
                SELECT
                    CASE action WHEN 'released' THEN 'attachment.released' WHEN 'deleted' THEN 'attachment.deleted'
                        ELSE coalesce((SELECT 'attachment.' || verdict FROM attachment WHERE id = review.attachment),
                            'attachment.rejected') END,
                    reviewed_at, ticket, attachment, digest,
                    (SELECT declared_name FROM attachment WHERE id = review.attachment),
                    CASE action WHEN 'judged-anew' THEN NULL ELSE person END, note, action = 'judged-anew', 2, number
                FROM review
                UNION ALL
                SELECT 'attachment.corrected', corrected_at, ticket, id, digest, declared_name, person, category_correction.category, 0, 3,
                    category_correction.number
                FROM category_correction JOIN attachment ON attachment.number = category_correction.attachment
            ) ORDER BY at, source, number;
            -- Of what was done after the first verdict: a tree more for every attachment costs every upload.
            CREATE INDEX event_afterwards ON event (attachment, number)
                WHERE replaces_verdict <> 0
                OR kind NOT IN ('attachment.accepted', 'attachment.quarantined', 'attachment.rejected');
            DROP TABLE review;

            -- Bytes that are kept for an attachment besides the original, which its own row tells.
            CREATE TABLE rendition (
                attachment INTEGER NOT NULL REFERENCES attachment (number),
                kind TEXT NOT NULL,
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                size INTEGER NOT NULL CHECK (size >= 0),
                area TEXT NOT NULL CHECK (area IN ('accepted', 'quarantined')),
                PRIMARY KEY (attachment, kind)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX rendition_digest ON rendition (digest, area);

            -- The inspection that the judgement rests on, encoded, and compressed where that is worth it; attachments from before have none. Last in the row: SQLite reads no
            -- further than the columns that are asked for.
            ALTER TABLE attachment ADD COLUMN evidence_version INTEGER;
            ALTER TABLE attachment ADD COLUMN evidence BLOB;

            CREATE INDEX attachment_ticket ON attachment (ticket, id);
            CREATE INDEX decision_ticket ON decision (ticket, number);
            """)
}
