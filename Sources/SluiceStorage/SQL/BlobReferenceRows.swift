// Which bytes rows refer to, and which are still to be removed.

public import SluiceModel

extension SQLReader {
    public func referenced(_ addresses: [BlobAddress]) throws(SluiceError) -> Set<BlobAddress> {
        try query { (connection) throws(SluiceError) in
            var found: Set<BlobAddress> = []
            for address in addresses {
                let isReferenced = try connection.first(
                    """
                    SELECT 1 FROM attachment WHERE digest = ?1 AND verdict = ?2
                    UNION ALL SELECT 1 FROM rendition WHERE digest = ?1 AND area = ?2 LIMIT 1
                    """,
                    [.bytes(address.digest.bytes), .text(address.area.rawValue)]
                ) { (_) throws(SluiceError) in true }
                if isReferenced != nil { found.insert(address) }
            }
            return found
        }
    }

    public func references(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> [BlobReference] {
        try query { (connection) throws(SluiceError) in
            // The next byte may not exist (0xFF): 33 bytes of 0xFF sort behind every digest.
            let end = byte == .max ? [UInt8](repeating: .max, count: Digest.byteCount + 1) : [byte + 1]
            return try connection.all(
                """
                SELECT digest, min(size), min(id) FROM (
                    SELECT digest, size, id FROM attachment WHERE digest >= ?1 AND digest < ?2 AND verdict = ?3
                    UNION ALL
                    SELECT rendition.digest, rendition.size, attachment.id
                    FROM rendition JOIN attachment ON attachment.number = rendition.attachment
                    WHERE rendition.digest >= ?1 AND rendition.digest < ?2 AND rendition.area = ?3
                ) AS blob GROUP BY digest ORDER BY digest
                """, [.bytes([byte]), .bytes(end), .text(area.rawValue)]
            ) { (row) throws(SluiceError) in
                Digest(row.bytes(0)).map {
                    BlobReference(digest: $0, size: ByteCount(row.integer(1)), attachment: row.text(2))
                }
            }
        }
    }

    public func referenceTotals() throws(SluiceError) -> Usage {
        try query { (connection) throws(SluiceError) in
            try connection.first(
                """
                SELECT count(*), coalesce(sum(size), 0)
                FROM (
                    SELECT min(size) AS size FROM (
                        SELECT digest, verdict AS area, size FROM attachment
                        UNION ALL SELECT digest, area, size FROM rendition
                    ) AS kept GROUP BY digest, area
                ) AS blob
                """
            ) { (row) throws(SluiceError) in
                Usage(attachments: row.integer(0), size: ByteCount(row.integer(1)))
            } ?? Usage()
        }
    }

    public func unfinishedRemovals() throws(SluiceError) -> [BlobAddress] {
        try query { (connection) throws(SluiceError) in
            try connection.all("SELECT digest, area FROM unfinished_discard") { (row) throws(SluiceError) in
                guard let digest = Digest(row.bytes(0)), let area = BlobArea(rawValue: row.text(1)) else { return nil }
                return BlobAddress(digest, in: area)
            }
        }
    }
}

extension SQLUnitOfWork {
    public func noteRemoval(of address: BlobAddress) throws(SluiceError) {
        try connection.run(
            "INSERT INTO unfinished_discard (digest, area) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            [.bytes(address.digest.bytes), .text(address.area.rawValue)])
    }

    public func finishRemoval(of address: BlobAddress) throws(SluiceError) {
        try connection.run(
            "DELETE FROM unfinished_discard WHERE digest = ?1 AND area = ?2",
            [.bytes(address.digest.bytes), .text(address.area.rawValue)])
    }
}
