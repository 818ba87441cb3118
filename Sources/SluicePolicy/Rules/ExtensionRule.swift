// The declared extension against the policy's list. Under `unlistedText` any other name is allowed for proven text.

import SluiceModel

struct ExtensionRule: Rule {
    func findings(_ input: RuleInput) -> [Finding] {
        let name = input.submission.declaredName
        guard input.policy.typeRule(for: name) == nil else { return [] }
        var found: [Finding] = []
        if isTaken(input) {
            if NameDanger.of(name.bytes) == .script { found.append(Finding(.scriptName, [.bytes(name.bytes)])) }
            return found
        }
        if isPartOfSplit(name) { found.append(Finding(.zipSeveralDisks)) }
        let allowed = input.policy.types.map(\.fileExtension.description).joined(separator: " ")
        let advice = TypeAdvice.notAllowed(name, input.policy)
        found.append(
            Finding(
                .extensionNotAllowed,
                [.text(name.fileExtension.description), .text(allowed), .text(advice.words)],
                remedies: advice.remedies))
        return found
    }

    /// Whether the policy allows the name, or can decide only after the content was read.
    private func isTaken(_ input: RuleInput) -> Bool {
        guard input.policy.unlistedText, UnlistedText.mayStand(input.submission.declaredName) else { return false }
        return input.isUnread || input.typeRule != nil
    }

    /// `logs.z01`, `logs.zip.001`, `logs.part1.rar`: parts of a split archive under their own names.
    private func isPartOfSplit(_ name: DeclaredName) -> Bool {
        let parts = name.text.lowercased().split(separator: ".").map(String.init)
        guard parts.count >= 2, let last = parts.last else { return false }
        let digits = last.drop { $0 == "z" || $0 == "r" }
        let isNumber = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
        if last.count == 3, isNumber, digits.count == 2 { return true }
        guard parts.count >= 3 else { return false }
        let inner = parts[parts.count - 2]
        if last.count == 3, isNumber { return ["zip", "7z", "rar", "tar", "gz", "tgz"].contains(inner) }
        return last == "rar" && inner.hasPrefix("part")
    }
}

/// Names under `unlistedText`: text may have any name, with a few exceptions.
enum UnlistedText {
    /// Whether text may have this name. It may not where a desktop runs files of the name.
    static func mayStand(_ name: DeclaredName) -> Bool {
        if NameDanger.of(name.bytes) == .startsByItself { return false }
        // In an archive these are allowed with a warning; outside of one a double click runs them.
        return !["bat", "cmd", "reg"].contains(name.fileExtension.text)
    }

    /// - Returns: `nil` where the content is no text.
    static func rule(_ name: DeclaredName, _ inspection: Inspection) -> TypeRule? {
        let isText = inspection.text != nil || inspection.recognized.mediaType == .empty
        guard isText, mayStand(name) else { return nil }
        return TypeTable.unlisted(page: NameDanger.of(name.bytes) == .script)
    }
}
