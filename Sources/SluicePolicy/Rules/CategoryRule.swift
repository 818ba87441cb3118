// The declared category against ours: declared wins for the record, a clear contradiction is said.

import SluiceModel

struct CategoryRule: Rule {
    /// Below this our own view is no ground to contradict a person (chosen).
    private static let clear = 0.8

    func findings(_ one: Case) -> [Finding] {
        guard let declared = one.submission.declaredCategory, declared != one.ownCategory.category,
            one.ownCategory.confidence >= Self.clear
        else { return [] }
        return [
            Finding(
                .categoryContradicts,
                [.text(declared.rawValue), .text(one.ownCategory.category.rawValue), .text(one.ownCategory.basis)])
        ]
    }
}
