// Collects findings while content is read. Bounded, since hostile content can break one rule ten thousand times.

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

    /// Says a finding in the words of another definition, once the content has turned out to be of a kind of its own.
    /// - Parameter facts: makes the new facts from the old ones.
    mutating func restate(
        _ definition: FindingDefinition, as other: FindingDefinition, at entry: EntryName?, facts: ([Fact]) -> [Fact]
    ) {
        for index in kept.indices where kept[index].definition == definition && kept[index].entry == entry {
            kept[index] = Finding(other, entry: entry, facts(kept[index].facts))
            counts[definition, default: 1] -= 1
            if counts[definition] == 0 { counts[definition] = nil }
            counts[other, default: 0] += 1
        }
    }

    func has(_ definition: FindingDefinition) -> Bool { counts[definition] != nil }

    /// The kept findings; and for each code that was cut, one finding that says how many more there are.
    var findings: [Finding] {
        var out = kept
        for (definition, count) in counts.sorted(by: { $0.key.code < $1.key.code }) where count > Self.most {
            out.append(Finding(.inspectionIncomplete, [.number(count - Self.most), .text(definition.code)]))
        }
        return out
    }
}
