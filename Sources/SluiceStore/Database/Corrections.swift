// Cards and corrected categories: the rows of schema 2.

public import SluiceModel
import Synchronization

/// A person's word on an attachment's category.
public struct CategoryCorrection: Sendable, Hashable {
    public var attachment: StoredAttachment
    public var category: Category
    public var person: String
    /// Microseconds since 1970, UTC.
    public var correctedAt: Int64
}

extension Store {
    /// Where the bytes of an attachment lie, for training.
    public func path(of attachment: StoredAttachment) -> String? {
        BlobArea(attachment.verdict).map {
            "\(layout.path)/\(StoreLayout.folderName($0))/\(StoreLayout.blobPath(attachment.digest))"
        }
    }

    /// The card of an attachment, as JSON; `nil` where it has none.
    public func card(of attachment: String) throws(SluiceError) -> String? { try rows.card(of: attachment) }

    /// Records what a person says an attachment is. The same said again by the same person as the latest word adds nothing.
    /// - Returns: false when there is no such attachment.
    public func correct(
        _ attachment: String, to category: Category, by person: String
    ) throws(SluiceError) -> Bool {
        try rows.correct(attachment, to: category, by: person)
    }

    /// The latest word on each attachment that was corrected, in the order of their arrival.
    public func corrections() throws(SluiceError) -> [CategoryCorrection] { try rows.corrections() }
}

extension SQLiteTicketStore {
    func card(of attachment: String) throws(SluiceError) -> String? {
        try read { (connection) throws(DatabaseFailure) in
            try connection.first(
                "SELECT json FROM card JOIN attachment ON card.attachment = attachment.number WHERE id = ?1",
                [.text(attachment)]
            ) { (row) throws(DatabaseFailure) in row.text(0) }
        }
    }

    func correct(_ attachment: String, to category: Category, by person: String) throws(SluiceError) -> Bool {
        try write { (connection) throws(DatabaseFailure) in
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

    func corrections() throws(SluiceError) -> [CategoryCorrection] {
        let told = try read { (connection) throws(DatabaseFailure) in
            var told: [(id: String, category: Category, person: String, at: Int64)] = []
            try connection.rows(
                """
                SELECT id, category_correction.category, person, corrected_at
                FROM category_correction JOIN attachment ON category_correction.attachment = attachment.number
                WHERE category_correction.number IN (SELECT max(number) FROM category_correction GROUP BY attachment)
                ORDER BY attachment.number
                """
            ) { (row) throws(DatabaseFailure) in
                guard let category = Category(rawValue: row.text(1)) else { return }
                told.append((row.text(0), category, row.text(2), row.integer(3)))
            }
            return told
        }
        var out: [CategoryCorrection] = []
        for one in told {
            guard let attachment = try attachment(one.id) else { continue }
            out.append(
                CategoryCorrection(
                    attachment: attachment, category: one.category, person: one.person, correctedAt: one.at))
        }
        return out
    }

    /// Runs `body` in a transaction of the writing connection.
    private func write<Answer: Sendable>(
        _ body: (Connection) throws(DatabaseFailure) -> Answer
    ) throws(SluiceError) -> Answer {
        try writer.withLock { (slot: inout sending Connection?) throws(SluiceError) in
            do throws(DatabaseFailure) {
                let connection: Connection
                if let open = slot {
                    connection = open
                } else {
                    connection = try Self.connect(path, timeout)
                    slot = connection
                }
                try connection.execute("BEGIN IMMEDIATE")
                let answer = try body(connection)
                try connection.execute("COMMIT")
                return answer
            } catch {
                try? slot?.execute("ROLLBACK")
                if error.isAboutTheFile { slot = nil }
                throw error.error("The correction cannot be recorded.")
            }
        }
    }
}
