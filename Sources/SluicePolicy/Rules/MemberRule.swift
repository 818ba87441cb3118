// Which types may be inside an archive: any text, every allowed type, what the policy adds; programs are a person's decision.

import SluiceModel

struct MemberRule: Rule {
    /// Findings of one code; an archive with ten thousand odd members tells no more with the rest.
    private static let most = 10

    func findings(_ one: Case) -> [Finding] {
        guard let manifest = one.inspection.manifest, one.inspection.recognized.mediaType.isArchive else { return [] }
        let allowed = Set(one.policy.types.flatMap(\.recognized))
        var found: [FindingDefinition: [Finding]] = [:]
        var counts: [FindingDefinition: Int] = [:]
        // An entry that could not be looked into has its own finding.
        let unchecked = Set(one.inspection.findings.filter { $0.definition.leavesUnchecked }.map(\.entry))
        for entry in manifest.entries
        where entry.kind == .file && entry.text == nil && entry.recognized.mediaType != .empty
            && !unchecked.contains(entry.name)
        {
            let type = entry.recognized.mediaType
            let definition: FindingDefinition
            if type.isProgram {
                definition = .memberExecutable
            } else if !allowed.contains(type), !one.policy.memberTypes.contains(where: { type.matches($0) }) {
                definition = .memberType
            } else {
                continue
            }
            counts[definition, default: 0] += 1
            if counts[definition]! <= Self.most {
                found[definition, default: []].append(
                    Finding(
                        definition, entry: entry.name,
                        [.text(entry.recognized.words)]))
            }
        }
        for (definition, count) in counts where count > Self.most {
            found[definition]!.append(
                Finding(.inspectionIncomplete, [.number(count - Self.most), .text(definition.code)]))
        }
        return found.sorted { $0.key.code < $1.key.code }.flatMap(\.value)
    }
}

extension MediaType {
    /// Whether its entries are material of the customer's (a document's parts are not).
    var isArchive: Bool { self == .zip || self == .tar || self == .gzip || self == .xz || self == .zstandard }
}
