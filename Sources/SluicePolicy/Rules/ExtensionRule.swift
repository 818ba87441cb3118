// The declared extension against the policy's exact set.

import SluiceModel

struct ExtensionRule: Rule {
    func findings(_ one: Case) -> [Finding] {
        guard one.typeRule == nil else { return [] }
        let allowed = one.policy.types.map(\.fileExtension.description).joined(separator: " ")
        let declared = one.submission.declaredName.fileExtension
        let advice = TypeAdvice.notAllowed(one.submission.declaredName, one.policy)
        return [
            Finding(
                .extensionNotAllowed,
                [.text(declared.description), .text(allowed), .text(advice.words)], remedies: advice.remedies)
        ]
    }
}
