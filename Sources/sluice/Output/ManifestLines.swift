// The additional lines of `check --manifest` for a person: the reason for the category, the entries of an archive, and the card.

import SluiceModel
import SluicePipeline

extension PeopleTable {
    /// The lines below the line of one attachment.
    static func manifest(_ result: AttachmentResult) -> [String] {
        guard case .answered(let answer) = result else { return [] }
        let decision = answer.decision
        let judgement = decision.judgement
        var lines = [indented("\(judgement.ownCategory.category.rawValue): \(judgement.ownCategory.basis)")]
        for judged in judgement.entries where judged.entry.kind == .file {
            let entry = judged.entry
            let category = judged.category?.category.rawValue ?? entry.recognized.mediaType.name
            lines.append(indented("\(category), \(entry.size.short), \(entry.name)"))
        }
        if let card = decision.inspection.card { lines += self.card(card).map(indented) }
        return lines
    }

    private static func card(_ card: BundleCard) -> [String] {
        var lines: [String] = []
        if let first = card.first, let last = card.last {
            lines.append("from \(card.text(of: first)) to \(card.text(of: last))")
        }
        lines += card.gaps.map { "nothing from \(card.text(of: $0.from)) to \(card.text(of: $0.to))" }
        if !card.hosts.isEmpty {
            lines.append("hosts: " + card.hosts.map { SafeText.display($0) }.joined(separator: ", "))
        }
        lines += card.products.map { SafeText.display("\($0.name) \($0.version)", limit: BundleCard.Bounds.text) }
        let levels = BundleCard.Level.allCases.filter { card.levels[$0.rawValue] > 0 }
        if !levels.isEmpty {
            lines.append(levels.map { "\(card.levels[$0.rawValue].grouped) \($0)" }.joined(separator: ", "))
        }
        lines += card.templates.map {
            "\($0.count.grouped) × " + SafeText.display($0.text, limit: BundleCard.Bounds.text)
        }
        return lines
    }

    private static func indented(_ text: String) -> String { "             " + text }
}
