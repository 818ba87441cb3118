// Schema 6: how much of the tickets a token sees.

extension Migration {
    /// Tokens from before see what was sent under their own name: who had more by mistake has to be given it.
    static let tokenWidth = Migration(
        version: 6, statements: "ALTER TABLE token ADD COLUMN all_tickets INTEGER NOT NULL DEFAULT 0;")
}
