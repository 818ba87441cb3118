// The three witnesses: the extension, our recognizer, libmagic. What nobody proves is never accepted.

import SluiceModel

struct WitnessRule: Rule {
    func findings(_ one: Case) -> [Finding] {
        // Without a rule for the extension the refusal is the extension's; without an inspection there is no witness to hear.
        guard let rule = one.typeRule, one.size <= one.policy.sizeLimit else { return [] }
        let recognized = one.inspection.recognized
        if one.inspection.findings.contains(where: { $0.definition == .inspectionFailed }) { return [] }
        if rule.setApart.contains(recognized.mediaType) {
            // Formats that are set apart with a finding of their own need no second one.
            return one.inspection.text == nil ? [] : [finding(.typeOtherText, rule, one)]
        }
        guard rule.recognized.contains(recognized.mediaType) else { return [finding(.typeMismatch, rule, one)] }
        // What could not be checked has its own finding, whose level says what that leads to; no witness can add to it.
        if one.couldNotBeChecked { return [] }
        switch recognized.basis {
        case .proven:
            // Under `always` a proven type is asked about all the same.
            return opinionAgrees(rule, one) ? [] : [finding(.typeDisputed, rule, one)]
        case .structure:
            if one.inspection.secondOpinion == nil { return [finding(.typeUnproven, rule, one)] }
            return opinionAgrees(rule, one) ? [] : [finding(.typeDisputed, rule, one)]
        case .signature, .none:
            // What is refused for a reason that says more needs no second word.
            return one.isRefusedByInspection ? [] : [finding(.typeUnproven, rule, one)]
        }
    }

    private func opinionAgrees(_ rule: TypeRule, _ one: Case) -> Bool {
        guard let opinion = one.inspection.secondOpinion else { return true }
        return rule.secondOpinions.contains { opinion.matches($0) }
    }

    /// The facts: extension, its type in words, the content in words, what could not be proven, the remedy in words, and for operators the names
    /// of the recognized type and of libmagic's.
    private func finding(_ definition: FindingDefinition, _ rule: TypeRule, _ one: Case) -> Finding {
        let inspection = one.inspection
        let recognized = inspection.recognized
        let advice = TypeAdvice.mismatch(one.submission.declaredName, inspection, one.policy)
        let detail = recognized.detail.isEmpty || recognized.mediaType == .empty ? "" : " (\(recognized.detail))"
        return Finding(
            definition,
            [
                .text(rule.fileExtension.description),
                .text(rule.recognized[0].words ?? rule.recognized[0].name),
                .text(recognized.words(guess: inspection.secondOpinion) + detail),
                .text(advice.words),
                .text(recognized.mediaType.name),
                .text(inspection.secondOpinion?.name ?? ""),
            ], remedies: advice.remedies)
    }
}

extension Case {
    /// Whether the inspection says of the attachment itself that it could not be finished. What that leads to is a level of the policy's.
    fileprivate var couldNotBeChecked: Bool {
        inspection.findings.contains {
            $0.definition.leavesUnchecked && ($0.entry == nil || Self.budgets.contains($0.definition))
        }
    }

    /// A budget that ran out in a member ends the reading of the attachment.
    private static let budgets: Set<FindingDefinition> = [
        .budgetEntries, .budgetExpanded, .budgetRatio, .budgetTime,
    ]

    /// Whether a finding about the attachment itself already rejects it under this policy.
    fileprivate var isRefusedByInspection: Bool {
        inspection.findings.contains { $0.entry == nil && policy.level(of: $0) == .reject }
    }
}

extension MediaType {
    /// - Parameter pattern: a media type; a trailing `*` stands for any rest.
    func matches(_ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }
}
