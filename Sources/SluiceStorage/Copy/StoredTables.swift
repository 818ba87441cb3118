// The tables of a store that speaks SQL, as a copy into another engine sees them. A test holds this list against the schema.

/// One table: its columns, and those that tell its rows apart and give them their order.
struct StoredTable: Sendable {
    enum Kind: Sendable { case integer, real, text, bytes }

    let name: String
    /// Of the columns, the first `keys` are the key.
    let columns: [(name: String, kind: Kind)]
    let keys: Int
    /// Triggers have counted these rows already while others were copied: they are overwritten.
    let isCounted: Bool
    /// What is copied in place of a row.
    let replaced: @Sendable ([SQLValue]) -> [SQLValue]

    /// - Parameter columns: name and kind, the key first: `number:i id:t digest:b confidence:r`.
    init(
        _ name: String, keys: Int = 1, isCounted: Bool = false, _ columns: String,
        replaced: @escaping @Sendable ([SQLValue]) -> [SQLValue] = { $0 }
    ) {
        self.name = name
        self.keys = keys
        self.isCounted = isCounted
        self.replaced = replaced
        self.columns = columns.split(whereSeparator: \.isWhitespace).map { word in
            let kind: Kind =
                switch word.last {
                case "i": .integer
                case "r": .real
                case "b": .bytes
                default: .text
                }
            return (String(word.dropLast(2)), kind)
        }
    }

    private static let facts = """
        ticket:t digest:b size:i declared_name:b shown_name:t extension:t declared_type:t declared_category:t submitter:t comment:t source:t
        media_type:t basis:t detail:t second_opinion:t category:t own_category:t category_basis:t category_confidence:r policy:t received_at:i
        """

    /// In an order in which each row finds the rows that it refers to.
    static let all: [StoredTable] = [
        StoredTable("ticket", "ticket:t opened_at:i"),
        StoredTable(
            "attachment",
            "number:i id:t verdict:t entries:i expanded_size:i evidence_version:i evidence:b " + facts),
        StoredTable(
            "entry", keys: 2,
            """
            attachment:i position:i name:b kind:t size:i depth:i media_type:t basis:t detail:t category:t category_basis:t
            category_confidence:r
            """),
        StoredTable("decision", "number:i last_at:i count:i " + facts),
        StoredTable(
            "finding",
            "number:i attachment:i decision:i code:t severity:t entry:b message:t remedy:t facts:t remedies:t"),
        StoredTable("card", "attachment:i json:t"),
        StoredTable("rendition", keys: 2, "attachment:i kind:t digest:b size:i area:t"),
        StoredTable("category_correction", "number:i attachment:i category:t person:t corrected_at:i"),
        StoredTable(
            "person_release",
            "number:i digest:b ticket:t attachment:t person:t note:t released_at:i revoked_at:i revoked_by:t"),
        StoredTable("person_release_code", keys: 2, "release_number:i code:t"),
        StoredTable(
            "token", "number:i id:t secret:b role:t ticket:t submitter:t created_at:i revoked_at:i all_tickets:i"),
        // The bytes of unfinished uploads stay where they are, so these uploads are over.
        StoredTable(
            "partial",
            """
            number:i state:t id:t ticket:t declared_name:b declared_type:t declared_category:t submitter:t comment:t token:t length:i
            created_at:i expires_at:i metadata:t outcome:t attachment:t answer:t
            """
        ) { row in
            guard case .text("open") = row[1] else { return row }
            return [row[0], .text("ended")] + row[2...]
        },
        StoredTable("kept_answer", "number:i caller:t key:t request:b status:i headers:t body:t given_at:i"),
        StoredTable(
            "event",
            "number:i kind:t at:i ticket:t attachment:t digest:b name:b person:t note:t replaces_verdict:i"),
        StoredTable("ticket_usage", isCounted: true, "ticket:t attachments:i size:i"),
        StoredTable("submitter_usage", keys: 2, isCounted: true, "submitter:t day:i attachments:i size:i"),
    ]

    /// Tables that are not copied: they speak of bytes that are on their way in or out of one particular place.
    static let left = ["sqlite_sequence", "unfinished_discard", "blob_removal", "partial_part", "lease"]
}

extension StoredTable {
    private var names: [String] { columns.map(\.name) }
    private var keyNames: [String] { Array(names.prefix(keys)) }
    private func parameters(_ numbers: Range<Int>) -> String { numbers.map { "?\($0 + 1)" }.joined(separator: ", ") }

    /// A page of rows in the order of their keys.
    /// - Parameter isFirst: without it, the parameters are the key after which the page begins.
    func page(isFirst: Bool, limit: Int) -> String {
        let keyList = keyNames.joined(separator: ", ")
        let start = isFirst ? "" : "WHERE (\(keyList)) > (\(parameters(0..<keys))) "
        return "SELECT \(names.joined(separator: ", ")) FROM \(name) \(start)ORDER BY \(keyList) LIMIT \(limit)"
    }

    /// The row with this key.
    var byKey: String {
        let conditions = keyNames.indices.map { "\(keyNames[$0]) = ?\($0 + 1)" }.joined(separator: " AND ")
        return "SELECT \(names.joined(separator: ", ")) FROM \(name) WHERE \(conditions)"
    }

    var last: String {
        let order = keyNames.map { $0 + " DESC" }.joined(separator: ", ")
        return "SELECT \(names.joined(separator: ", ")) FROM \(name) ORDER BY \(order) LIMIT 1"
    }

    var insert: String {
        let text = SQLColumns(names).insert(into: name)
        guard isCounted else { return text }
        let others = names.dropFirst(keys).map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return text + "ON CONFLICT (\(keyNames.joined(separator: ", "))) DO UPDATE SET \(others)"
    }

    func values(_ row: any SQLRow) -> [SQLValue] {
        columns.indices.map { index in
            if row.isNull(index) { return .null }
            switch columns[index].kind {
            case .integer: return .integer(row.integer(index))
            case .real: return .real(row.real(index))
            case .text: return .text(row.text(index))
            case .bytes: return .bytes(row.bytes(index))
            }
        }
    }
}
