// The declared category against the judged one. The declared category is recorded; a clear contradiction is a finding.

import SluiceModel

struct CategoryRule: Rule {
    /// Below this confidence our own judgement is no reason to contradict a person (chosen).
    private static let clear = 0.8

    func findings(_ input: RuleInput) -> [Finding] {
        guard let declared = input.submission.declaredCategory, declared != input.ownCategory.category,
            input.ownCategory.confidence >= Self.clear
        else { return [] }
        return [
            Finding(
                .categoryContradicts,
                [.text(declared.rawValue), .text(input.ownCategory.category.rawValue), .text(input.ownCategory.basis)])
        ]
    }
}
