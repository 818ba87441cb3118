// Removals of bytes as rows, by which nodes without a common lock keep out of each other's way.

public import SluiceModel

extension SQLReader {
    public func lastRemoval() throws(SluiceError) -> Int64 {
        try query { (connection) throws(SluiceError) in
            try connection.first("SELECT coalesce(max(number), 0) FROM blob_removal") { (row) throws(SluiceError) in
                row.integer(0)
            } ?? 0
        }
    }

    public func removals(after number: Int64) throws(SluiceError) -> [NumberedRemoval] {
        try query { (connection) throws(SluiceError) in
            // Two SELECTs, so that each has an index of its own.
            try connection.all(
                """
                SELECT number, digest, area, began_at, is_done FROM blob_removal WHERE number > ?1
                UNION ALL
                SELECT number, digest, area, began_at, is_done FROM blob_removal WHERE is_done = 0 AND number <= ?1
                """, [.integer(number)]
            ) { (row) throws(SluiceError) in
                guard let digest = Digest(row.bytes(1)), let area = BlobArea(rawValue: row.text(2)) else { return nil }
                return NumberedRemoval(
                    number: row.integer(0), address: BlobAddress(digest, in: area), beganAt: row.integer(3),
                    isDone: row.integer(4) != 0)
            }
        }
    }
}

extension SQLUnitOfWork {
    public func beginRemoval(of address: BlobAddress, at time: Int64) throws(SluiceError) -> Int64 {
        try connection.first(
            "INSERT INTO blob_removal (digest, area, began_at) VALUES (?1, ?2, ?3) RETURNING number",
            [.bytes(address.digest.bytes), .text(address.area.rawValue), .integer(time)]
        ) { (row) throws(SluiceError) in row.integer(0) } ?? 0
    }

    public func endRemoval(_ number: Int64) throws(SluiceError) {
        try connection.run("UPDATE blob_removal SET is_done = 1 WHERE number = ?1", [.integer(number)])
    }

    public func forgetRemovals(before time: Int64) throws(SluiceError) {
        try connection.run("DELETE FROM blob_removal WHERE is_done = 1 AND began_at < ?1", [.integer(time)])
    }
}
