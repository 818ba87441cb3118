// Corrected categories: the rows of schema 2 that people write.

import SluiceModel

extension SQLiteTicketStore {
    func correct(_ attachment: String, to category: Category, by person: String) throws(SluiceError) -> Bool {
        try write("The correction cannot be recorded.") { (connection) throws(DatabaseFailure) in
            let number = try connection.first(
                "SELECT number FROM attachment WHERE id = ?1", [.text(attachment)]
            ) { (row) throws(DatabaseFailure) in row.integer(0) }
            guard let number else { return false }
            let latest = try connection.first(
                "SELECT category, person FROM category_correction WHERE attachment = ?1 ORDER BY number DESC LIMIT 1",
                [.integer(number)]
            ) { (row) throws(DatabaseFailure) in [row.text(0), row.text(1)] }
            if latest == [category.rawValue, person] { return true }
            try connection.run(
                "INSERT INTO category_correction (attachment, category, person, corrected_at) VALUES (?1, ?2, ?3, ?4)",
                [.integer(number), .text(category.rawValue), .text(person), .integer(currentMicroseconds())])
            return true
        }
    }

    func corrections(of attachment: String) throws(SluiceError) -> [CategoryCorrection] {
        try corrections(
            """
            SELECT id, category_correction.category, person, corrected_at
            FROM attachment JOIN category_correction ON category_correction.attachment = attachment.number
            WHERE id = ?1 ORDER BY category_correction.number
            """, [.text(attachment)])
    }

    func corrections() throws(SluiceError) -> [CategoryCorrection] {
        try corrections(
            """
            SELECT id, category_correction.category, person, corrected_at
            FROM category_correction JOIN attachment ON category_correction.attachment = attachment.number
            WHERE category_correction.number IN (SELECT max(number) FROM category_correction GROUP BY attachment)
            ORDER BY attachment.number
            """)
    }

    /// The rows of one statement, each with its attachment, from one state of the database.
    private func corrections(_ sql: StaticString, _ values: [SQLValue] = []) throws(SluiceError) -> [CategoryCorrection]
    {
        try read { (connection) throws(DatabaseFailure) in
            var told: [(attachment: String, category: Category, person: String, at: Int64)] = []
            try connection.rows(sql, values) { (row) throws(DatabaseFailure) in
                guard let category = Category(rawValue: row.text(1)) else { return }
                told.append((row.text(0), category, row.text(2), row.integer(3)))
            }
            var out: [CategoryCorrection] = []
            for one in told {
                guard let attachment = try Self.attachment(one.attachment, connection) else { continue }
                out.append(
                    CategoryCorrection(
                        attachment: attachment, category: one.category, person: one.person, correctedAt: one.at))
            }
            return out
        }
    }
}
