// The three witnesses: the extension, our recognizer, libmagic. Content that none of them proves is never accepted.

import SluiceModel

struct WitnessRule: Rule {
    func findings(_ input: RuleInput) -> [Finding] {
        // Without a rule for the extension, ExtensionRule refuses the attachment. Without an inspection there are no witnesses.
        guard let rule = input.typeRule, input.size <= input.policy.sizeLimit else { return [] }
        let recognized = input.inspection.recognized
        if input.inspection.findings.contains(where: { $0.definition == .inspectionFailed }) { return [] }
        if rule.setApart.contains(recognized.mediaType) {
            // Formats that are quarantined by a finding of their own need no second finding.
            return input.inspection.text == nil ? [] : [finding(.typeOtherText, rule, input)]
        }
        guard rule.recognized.contains(recognized.mediaType) else { return [finding(.typeMismatch, rule, input)] }
        // Content that could not be checked has a finding already, and the level of that finding decides. A witness cannot add to it.
        if input.couldNotBeChecked { return [] }
        switch recognized.basis {
        case .proven:
            // Under `always`, libmagic is also asked about a proven type.
            return opinionAgrees(rule, input) ? [] : [finding(.typeDisputed, rule, input)]
        case .structure:
            if input.inspection.secondOpinion == nil { return [finding(.typeUnproven, rule, input)] }
            return opinionAgrees(rule, input) ? [] : [finding(.typeDisputed, rule, input)]
        case .signature, .none:
            // A more precise finding refuses the attachment already.
            return input.isRefusedByInspection ? [] : [finding(.typeUnproven, rule, input)]
        }
    }

    private func opinionAgrees(_ rule: TypeRule, _ input: RuleInput) -> Bool {
        guard let opinion = input.inspection.secondOpinion else { return true }
        return rule.secondOpinions.contains { opinion.matches($0) }
    }

    /// The facts: the extension, its type in words, the content in words, what could not be proven, the remedy in words; and for
    /// operators the media types that we and libmagic recognized.
    private func finding(_ definition: FindingDefinition, _ rule: TypeRule, _ input: RuleInput) -> Finding {
        let inspection = input.inspection
        let recognized = inspection.recognized
        let advice = TypeAdvice.mismatch(input.submission.declaredName, inspection, input.policy)
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

extension RuleInput {
    /// Whether the inspection could not finish the attachment itself. The policy's level says what that leads to.
    fileprivate var couldNotBeChecked: Bool {
        inspection.findings.contains {
            $0.definition.leavesUnchecked && ($0.entry == nil || Self.budgets.contains($0.definition))
        }
    }

    /// A budget that runs out in a member ends the reading of the whole attachment.
    private static let budgets: Set<FindingDefinition> = [
        .budgetEntries, .budgetExpanded, .budgetRatio, .budgetTime,
    ]

    /// Whether a finding about the attachment itself already rejects it under this policy.
    fileprivate var isRefusedByInspection: Bool {
        inspection.findings.contains { $0.entry == nil && policy.level(of: $0) == .reject }
    }
}

extension MediaType {
    /// - Parameter pattern: a media type; a trailing `*` stands for any characters.
    func matches(_ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }
}
