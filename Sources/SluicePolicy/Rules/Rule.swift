// What every rule has in common: what it may look at, and the lookups in the policy that several rules need.

public import SluiceModel

/// Everything that a rule may look at.
struct RuleInput {
    let policy: Policy
    let submission: Submission
    /// The received bytes, or those up to where receiving stopped.
    let size: ByteCount
    let inspection: Inspection
    let ownCategory: CategoryJudgement
    /// Only the name and the announced size are known.
    var isUnread = false

    /// What the policy says about the declared extension, or about text under any other name; `nil` when it allows neither.
    var typeRule: TypeRule? {
        if let listed = policy.typeRule(for: submission.declaredName) { return listed }
        return policy.unlistedText && !isUnread ? UnlistedText.rule(submission.declaredName, inspection) : nil
    }
}

/// One rule: turns its input into findings.
protocol Rule: Sendable {
    func findings(_ input: RuleInput) -> [Finding]
}

extension Policy {
    func level(of finding: Finding) -> Severity { levels[finding.code] ?? finding.definition.severity }

    /// The rule for the longest extension of the name that the policy lists: `tar.gz` before `gz`.
    public func typeRule(for name: DeclaredName) -> TypeRule? {
        let last = name.fileExtension
        let double = name.doubleExtension
        return types.first { $0.fileExtension == double } ?? types.first { $0.fileExtension == last }
    }
}

extension ManifestEntry {
    /// True for a stream or a container that was read to its end: its members are judged instead.
    var isExpanded: Bool {
        if text != nil { return false }
        let type = recognized.mediaType
        let isForeign = ForeignContainer.allCases.contains { $0.mediaType == type }
        return (type == .zip || type == .tar || type.isCompressedStream || isForeign)
            && recognized.basis >= .structure
    }
}

extension DeclaredName {
    /// The last two extensions, `tar.gz`; empty where there are not two.
    var doubleExtension: FileExtension {
        let dots = bytes.indices.filter { bytes[$0] == UInt8(ascii: ".") }.suffix(2)
        guard dots.count == 2, dots[dots.startIndex] > 0 else { return "" }
        return FileExtension(bytes: bytes[(dots[dots.startIndex] + 1)...])
    }
}
