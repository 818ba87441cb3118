// Schema 4: the ways out that a program can follow, beside each finding's words.

extension Migration {
    /// A JSON array; findings from before have none.
    static let remedies = Migration(
        version: 4, statements: "ALTER TABLE finding ADD COLUMN remedies TEXT NOT NULL DEFAULT '[]';")
}
