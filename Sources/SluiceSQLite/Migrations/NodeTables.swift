// Schema 9: what several nodes of one store agree on in rows: removals of bytes that are under way, and the parts of partial uploads.

extension Migration {
    static let nodeTables = Migration(
        version: 9,
        statements: """
            -- Each removal of a blob's bytes. Numbers are never used again, so that a commit can tell whether a removal began after it placed its bytes.
            CREATE TABLE blob_removal (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                area TEXT NOT NULL CHECK (area IN ('accepted', 'quarantined')),
                began_at INTEGER NOT NULL,
                is_done INTEGER NOT NULL DEFAULT 0 CHECK (is_done IN (0, 1))
            ) STRICT;
            CREATE INDEX blob_removal_undone ON blob_removal (number) WHERE is_done = 0;

            -- Bytes of a partial that lie in an object store. Their sum is the offset that the sender is told.
            CREATE TABLE partial_part (
                partial TEXT NOT NULL,
                begins INTEGER NOT NULL CHECK (begins >= 0),
                size INTEGER NOT NULL CHECK (size > 0),
                object TEXT NOT NULL,
                PRIMARY KEY (partial, begins)
            ) STRICT, WITHOUT ROWID;
            """)
}
