// How the texts of statements are put together.

/// A list of column names, used by the statements that write it and by those that read it.
struct SQLColumns {
    let names: [String]

    init(_ names: String...) { self.names = names }
    init(_ names: [String]) { self.names = names }

    /// `a, b, c`.
    var list: String { names.joined(separator: ", ") }
    /// `?1, ?2, ?3`.
    var parameters: String { names.indices.map { "?\($0 + 1)" }.joined(separator: ", ") }

    func insert(into table: String, suffix: String = "") -> String {
        "INSERT INTO \(table) (\(list)) VALUES (\(parameters)) \(suffix)"
    }

    static func + (first: SQLColumns, second: SQLColumns) -> SQLColumns { SQLColumns(first.names + second.names) }
}

/// A statement about several rows at once. Statements are kept by their text, so there are only those for groups whose sizes are powers of two.
struct GroupedStatement: Sendable {
    private static let largest = 256
    private let texts: [String]

    /// - Parameter text: the statement, given its parameters `?1, ?2 …`.
    init(_ text: (_ parameters: String) -> String) {
        texts = (0...Self.largest.trailingZeroBitCount).map { power in
            text((1...(1 << power)).map { "?\($0)" }.joined(separator: ", "))
        }
    }

    /// - Parameter count: of a group as `grouped` makes it.
    func of(_ count: Int) -> String { texts[count.trailingZeroBitCount] }

    fileprivate static func size(for count: Int) -> Int {
        min(largest, 1 << (Int.bitWidth - 1 - count.leadingZeroBitCount))
    }
}

extension [String] {
    /// In groups whose sizes are powers of two, the largest first.
    var grouped: [ArraySlice<String>] {
        var groups: [ArraySlice<String>] = []
        var rest = self[...]
        while !rest.isEmpty {
            let size = GroupedStatement.size(for: rest.count)
            groups.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return groups
    }
}
