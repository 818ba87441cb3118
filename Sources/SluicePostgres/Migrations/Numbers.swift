// The sequences that give numbers, for rows that were written with numbers of their own.

extension PostgresMigration {
    /// Tables whose numbers come from their own sequence.
    private static let numbered = [
        "category_correction", "decision", "finding", "person_release", "token", "partial", "kept_answer",
        "blob_removal",
    ]

    /// Every sequence goes on above the numbers in its table.
    static let continueNumbers: String = {
        var statements = numbered.map { table in
            """
            SELECT setval(
                pg_get_serial_sequence('\(table)', 'number'),
                greatest(
                    (SELECT coalesce(max(number), 0) + 1 FROM \(table)),
                    nextval(pg_get_serial_sequence('\(table)', 'number'))), false);
            """
        }
        statements.append(
            """
            SELECT setval(
                'attachment_number',
                greatest((SELECT coalesce(max(number), 0) + 1 FROM attachment), nextval('attachment_number')), false);
            """)
        return statements.joined(separator: "\n")
    }()
}
