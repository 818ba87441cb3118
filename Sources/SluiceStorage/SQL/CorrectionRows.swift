// Categories that persons corrected.

public import SluiceModel

extension SQLReader {
    public func corrections(of attachments: [String]) throws(SluiceError) -> [String: [CategoryCorrection]] {
        var found: [String: [CategoryCorrection]] = [:]
        for group in attachments.grouped {
            let corrections = try corrections(
                CorrectionStatements.ofAttachments.of(group.count), group.map { .text($0) })
            for correction in corrections { found[correction.attachment.id, default: []].append(correction) }
        }
        return found
    }

    public func corrections() throws(SluiceError) -> [CategoryCorrection] {
        try corrections(CorrectionStatements.latest, [])
    }

    private func corrections(_ sql: String, _ values: [SQLValue]) throws(SluiceError) -> [CategoryCorrection] {
        try query { (connection) throws(SluiceError) in
            try connection.all(sql, values) { (row) throws(SluiceError) in
                guard let attachment = AttachmentColumns.attachment(row),
                    let category = Category(rawValue: row.text(25))
                else { return nil }
                return CategoryCorrection(
                    attachment: attachment, category: category, person: row.text(26), correctedAt: row.integer(27))
            }
        }
    }
}

extension SQLUnitOfWork {
    public func correct(
        _ attachment: String, to category: Category, by person: String, at time: Int64
    ) throws(SluiceError) {
        try connection.run(
            """
            INSERT INTO category_correction (attachment, category, person, corrected_at)
            SELECT number, ?2, ?3, ?4 FROM attachment WHERE id = ?1
            """, [.text(attachment), .text(category.rawValue), .text(person), .integer(time)])
    }
}

private enum CorrectionStatements {
    private static let corrections = """
        SELECT \(AttachmentColumns.attachment.names.map { "attachment.\($0)" }.joined(separator: ", ")),
            category_correction.category, person, corrected_at
        FROM category_correction JOIN attachment ON category_correction.attachment = attachment.number
        """
    static let ofAttachments = GroupedStatement {
        corrections + " WHERE attachment.id IN (\($0)) ORDER BY category_correction.number"
    }
    static let latest =
        corrections + """
             WHERE category_correction.number IN (SELECT max(number) FROM category_correction GROUP BY attachment)
            ORDER BY attachment.number
            """
}
