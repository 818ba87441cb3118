// The known word that is nearest to an unknown one, for messages about names of options, keys and codes.

/// Finds the word that was probably meant.
public enum Nearest {
    /// - Returns: `nil` when nothing known is within half of the word's length in edits.
    public static func word(to unknown: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(unknown.lowercased())
        // A longer word is no slip of the keyboard, and the distance costs its square.
        guard wanted.count <= 64 else { return nil }
        let scored = known.map { (distance(wanted, Array($0.lowercased())), $0) }
        guard let best = scored.min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) else { return nil }
        return best.0 <= (wanted.count + 1) / 2 ? best.1 : nil
    }

    /// Levenshtein distance: insertions, deletions and replacements.
    private static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var row = Array(0...second.count)
        for (i, a) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in second.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[second.count]
    }
}
