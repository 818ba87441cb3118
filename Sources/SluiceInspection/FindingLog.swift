// Collects findings while content is read, bounded: hostile content can break one rule ten thousand times.

import SluiceModel

/// The findings of one inspection, at most `most` of each code; the rest is counted.
struct FindingLog {
    /// Findings kept of one code (chosen: enough to see the pattern).
    static let most = 10

    private(set) var kept: [Finding] = []
    private var counts: [FindingDefinition: Int] = [:]

    mutating func add(_ definition: FindingDefinition, entry: EntryName? = nil, _ facts: [Fact] = []) {
        counts[definition, default: 0] += 1
        if counts[definition]! <= Self.most { kept.append(Finding(definition, entry: entry, facts)) }
    }

    func has(_ definition: FindingDefinition) -> Bool { counts[definition] != nil }

    /// What was kept, and for each code that was cut a line that says how many more there are.
    var findings: [Finding] {
        var out = kept
        for (definition, count) in counts.sorted(by: { $0.key.code < $1.key.code }) where count > Self.most {
            out.append(Finding(.inspectionIncomplete, [.number(count - Self.most), .text(definition.code)]))
        }
        return out
    }
}
