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
        guard rule.recognized.contains(recognized.mediaType) else {
            return [finding(recognized.mediaType == .empty ? .typeEmpty : .typeMismatch, rule, one)]
        }
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

    /// What libmagic says stands only among the facts: a guess from the first bytes is no evidence for a customer.
    private func finding(_ definition: FindingDefinition, _ rule: TypeRule, _ one: Case) -> Finding {
        let recognized = one.inspection.recognized
        let opinion = one.inspection.secondOpinion
        let way: WayOut? =
            switch definition {
            case .typeMismatch, .typeOtherText:
                WaysOut(policy: one.policy, name: one.submission.declaredName).from(recognized)
            default: nil
            }
        return Finding(
            definition,
            [
                .text(rule.fileExtension.description), .text(rule.recognized[0].words),
                .text(seen(recognized, opinion)),
                .text(definition == .typeDisputed ? opinion?.words ?? "nothing" : opinion?.name ?? "not asked"),
            ], mend: way?.words, remedies: way?.remedies ?? [])
    }

    /// What the content is, in words, with what the reader tells of it.
    private func seen(_ recognized: RecognizedType, _ opinion: MediaType?) -> String {
        var words = recognized.words
        if recognized.basis == .none, recognized.mediaType == .unknown, let opinion, opinion != .unknown,
            !opinion.name.hasPrefix("text/")
        {
            words = RecognizedType(opinion, .none).words  // a guess, told as one
        }
        return recognized.detail.isEmpty || recognized.mediaType == .empty ? words : "\(words), \(recognized.detail)"
    }
}

extension Case {
    /// Whether the inspection says of the attachment itself that it could not be finished. What that leads to is a level of the policy's.
    fileprivate var couldNotBeChecked: Bool {
        inspection.findings.contains { $0.entry == nil && $0.definition.leavesUnchecked }
    }

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
