// Parts of partial uploads whose bytes lie in an object store.

public import SluiceModel

extension SQLReader {
    public func parts(of partial: String) throws(SluiceError) -> [PartialPart] {
        try query { (connection) throws(SluiceError) in
            try connection.all(
                "SELECT begins, size, object FROM partial_part WHERE partial = ?1 ORDER BY begins", [.text(partial)]
            ) { (row) throws(SluiceError) in
                PartialPart(begins: row.integer(0), size: row.integer(1), object: row.text(2))
            }
        }
    }

    public func partTotals() throws(SluiceError) -> [String: ByteCount] {
        try query { (connection) throws(SluiceError) in
            let sums = try connection.all(
                """
                SELECT partial.id, coalesce(sum(partial_part.size), 0)
                FROM partial LEFT JOIN partial_part ON partial_part.partial = partial.id
                WHERE partial.state = 'open' GROUP BY partial.id
                """
            ) { (row) throws(SluiceError) in (row.text(0), ByteCount(row.integer(1))) }
            return Dictionary(sums, uniquingKeysWith: { first, _ in first })
        }
    }

    public func openOffset(of partial: String) throws(SluiceError) -> ByteCount? {
        try query { (connection) throws(SluiceError) in
            try connection.first(
                """
                SELECT coalesce((SELECT sum(size) FROM partial_part WHERE partial_part.partial = partial.id), 0)
                FROM partial WHERE id = ?1 AND state = 'open'
                """, [.text(partial)]
            ) { (row) throws(SluiceError) in ByteCount(row.integer(0)) }
        }
    }

    public func finishedParts() throws(SluiceError) -> [String: [PartialPart]] {
        try query { (connection) throws(SluiceError) in
            let parts = try connection.all(
                """
                SELECT partial, begins, size, object FROM partial_part
                WHERE NOT EXISTS (SELECT 1 FROM partial WHERE id = partial_part.partial AND state = 'open')
                """
            ) { (row) throws(SluiceError) in
                (row.text(0), PartialPart(begins: row.integer(1), size: row.integer(2), object: row.text(3)))
            }
            return Dictionary(grouping: parts, by: \.0).mapValues { $0.map(\.1) }
        }
    }
}

extension SQLUnitOfWork {
    public func add(_ part: PartialPart, to partial: String) throws(SluiceError) -> Bool {
        guard try openOffset(of: partial)?.bytes == part.begins else { return false }
        try connection.run(
            "INSERT INTO partial_part (partial, begins, size, object) VALUES (?1, ?2, ?3, ?4)",
            [.text(partial), .integer(part.begins), .integer(part.size), .text(part.object)])
        return true
    }

    public func removeParts(of partial: String) throws(SluiceError) {
        try connection.run("DELETE FROM partial_part WHERE partial = ?1", [.text(partial)])
    }
}
