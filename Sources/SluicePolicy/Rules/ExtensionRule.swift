// The declared extension against the policy's exact set, and under `unlistedText` any other name against proven text.

import SluiceModel

struct ExtensionRule: Rule {
    func findings(_ one: Case) -> [Finding] {
        let name = one.submission.declaredName
        guard one.policy.typeRule(for: name) == nil else { return [] }
        var found: [Finding] = []
        if isTaken(one) {
            if NameDanger.of(name.bytes) == .script { found.append(Finding(.scriptName, [.bytes(name.bytes)])) }
            return found
        }
        if isPartOfSplit(name) { found.append(Finding(.zipSeveralDisks)) }
        let allowed = one.policy.types.map(\.fileExtension.description).joined(separator: " ")
        let advice = TypeAdvice.notAllowed(name, one.policy)
        found.append(
            Finding(
                .extensionNotAllowed,
                [.text(name.fileExtension.description), .text(allowed), .text(advice.words)],
                remedies: advice.remedies))
        return found
    }

    /// Whether the policy takes the name, or cannot tell before the content was read.
    private func isTaken(_ one: Case) -> Bool {
        guard one.policy.unlistedText, UnlistedText.mayStand(one.submission.declaredName) else { return false }
        return one.isUnread || one.typeRule != nil
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

/// What `unlistedText` takes: text under its own name, whatever the name.
enum UnlistedText {
    /// Whether content under such a name may be taken as text: not where a desktop runs the file.
    static func mayStand(_ name: DeclaredName) -> Bool {
        if NameDanger.of(name.bytes) == .startsByItself { return false }
        // In an archive these are taken with a warning; by themselves a double click runs them.
        return !["bat", "cmd", "reg"].contains(name.fileExtension.text)
    }

    /// - Returns: `nil` where the content is no text.
    static func rule(_ name: DeclaredName, _ inspection: Inspection) -> TypeRule? {
        let isText = inspection.text != nil || inspection.recognized.mediaType == .empty
        guard isText, mayStand(name) else { return nil }
        return TypeTable.unlisted(page: NameDanger.of(name.bytes) == .script)
    }
}
