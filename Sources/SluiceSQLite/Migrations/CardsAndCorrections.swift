// Schema 2: what a bundle tells at a glance, and a person's word on a category.

extension Migration {
    /// A card is one JSON object. A correction stands beside what was judged and declared, never over it; the latest one holds.
    static let cardsAndCorrections = Migration(
        version: 2,
        statements: """
            CREATE TABLE card (
                attachment INTEGER PRIMARY KEY REFERENCES attachment (number),
                json TEXT NOT NULL
            ) STRICT;

            CREATE TABLE category_correction (
                number INTEGER PRIMARY KEY,
                attachment INTEGER NOT NULL REFERENCES attachment (number),
                category TEXT NOT NULL CHECK (category IN ('Log File', 'Configuration', 'Other')),
                person TEXT NOT NULL,
                corrected_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX correction_attachment ON category_correction (attachment);
            """)
}
