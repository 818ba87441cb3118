// The declared extension against the policy's exact set.

import SluiceModel

struct ExtensionRule: Rule {
    func findings(_ one: Case) -> [Finding] {
        guard one.typeRule == nil else { return [] }
        let allowed = one.policy.types.map(\.fileExtension.description).joined(separator: " ")
        let declared = one.submission.declaredName.fileExtension
        let recognized = one.inspection.recognized
        let way = WaysOut(policy: one.policy, name: one.submission.declaredName).fromExtension(
            recognized == .unrecognized ? nil : recognized)
        return [
            Finding(
                .extensionNotAllowed, [.text(declared.description), .text(allowed)], mend: way.words,
                remedies: way.remedies)
        ]
    }
}
