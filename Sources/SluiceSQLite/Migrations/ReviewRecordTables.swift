// Schema 5: the review record also tells of verdicts that were replaced, and files that are still to be removed are on record.

extension Migration {
    static let reviewRecord = Migration(
        version: 5,
        statements: """
            -- A CHECK cannot be changed in place (sqlite.org/lang_altertable.html).
            CREATE TABLE review_with_replaced (
                number INTEGER PRIMARY KEY,
                attachment TEXT NOT NULL,
                action TEXT NOT NULL CHECK (action IN ('released', 'deleted', 'judged-anew')),
                ticket TEXT NOT NULL,
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                person TEXT NOT NULL,
                note TEXT NOT NULL,
                reviewed_at INTEGER NOT NULL
            ) STRICT;
            INSERT INTO review_with_replaced
                SELECT number, attachment, action, ticket, digest, person, note, reviewed_at FROM review;
            DROP TABLE review;
            ALTER TABLE review_with_replaced RENAME TO review;
            CREATE INDEX review_attachment ON review (attachment);

            -- Bytes whose row went in the same transaction; a line goes when the file is gone.
            CREATE TABLE unfinished_discard (
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                area TEXT NOT NULL CHECK (area IN ('accepted', 'quarantined')),
                PRIMARY KEY (digest, area)
            ) STRICT, WITHOUT ROWID;
            """)
}
