// Judging: policy and evidence in, verdict out. Pure; the rules stand beside this file, one rule a file.

public import SluiceModel

/// What the rules look at.
struct Case {
    let policy: Policy
    let submission: Submission
    /// As received, or as far as it was received.
    let size: ByteCount
    let inspection: Inspection
    let ownCategory: CategoryJudgement
    /// Only the name and the announced size are known.
    var isUnread = false

    /// What the policy says of the declared extension, or of text under any other name; `nil` when it allows neither.
    var typeRule: TypeRule? {
        if let listed = policy.typeRule(for: submission.declaredName) { return listed }
        return policy.unlistedText && !isUnread ? UnlistedText.rule(submission.declaredName, inspection) : nil
    }
}

/// One rule: looks at a case, adds what it finds.
protocol Rule: Sendable {
    func findings(_ one: Case) -> [Finding]
}

extension Policy {
    private static let rules: [any Rule] = [
        SizeRule(), NameRule(), ExtensionRule(), WitnessRule(), MemberRule(), CategoryRule(),
    ]

    /// Decides about one attachment.
    /// - Parameter size: as received, or as far as it was received.
    public func judge(_ submission: Submission, size: ByteCount, _ inspection: Inspection) -> Judgement {
        let entries = judgedEntries(of: inspection.manifest)
        let own = ownCategory(submission, inspection, entries)
        let one = Case(policy: self, submission: submission, size: size, inspection: inspection, ownCategory: own)
        let found = inspection.findings + Self.rules.flatMap { $0.findings(one) }
        let judged = found.map { JudgedFinding($0, level(of: $0)) }
        let sorted = judged.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
        return Judgement(
            verdict: Verdict(gravest: sorted.first?.severity), category: submission.declaredCategory ?? own.category,
            ownCategory: own, findings: sorted, entries: entries, policyVersion: version)
    }

    /// The answer to a submission whose name or announced size refuses it before a byte is read; `nil` when it has to be read.
    public func judgeUnread(_ submission: Submission, announcedSize: ByteCount?) -> Judgement? {
        let unread = Inspection()
        let one = Case(
            policy: self, submission: submission, size: announcedSize ?? .zero, inspection: unread,
            ownCategory: CategoryJudgement(.other, basis: "the content was not read", confidence: 0), isUnread: true)
        let found = SizeRule().findings(one) + NameRule().findings(one) + ExtensionRule().findings(one)
        let judged = found.map { JudgedFinding($0, level(of: $0)) }
        guard judged.contains(where: { $0.severity == .reject }) else { return nil }
        return Judgement(
            verdict: .rejected, category: submission.declaredCategory ?? .other, ownCategory: one.ownCategory,
            findings: judged, policyVersion: version)
    }

    func level(of finding: Finding) -> Severity { levels[finding.code] ?? finding.definition.severity }

    private func judgedEntries(of manifest: Manifest?) -> [JudgedEntry] {
        guard let manifest else { return [] }
        return manifest.entries.map { entry in
            JudgedEntry(
                entry,
                entry.text.map {
                    CategoryJudge.judge(
                        name: DeclaredName(bytes: entry.name.bytes), recognized: entry.recognized, text: $0)
                })
        }
    }

    private func ownCategory(
        _ submission: Submission, _ inspection: Inspection, _ entries: [JudgedEntry]
    ) -> CategoryJudgement {
        guard inspection.manifest != nil else {
            return CategoryJudge.judge(
                name: submission.declaredName, recognized: inspection.recognized, text: inspection.text)
        }
        // What was expanded counts by what is in it.
        let members = entries.filter { $0.entry.kind == .file && !$0.entry.isExpanded }.map { judged in
            (
                size: judged.entry.size,
                judgement: judged.category
                    ?? CategoryJudgement(.other, basis: judged.entry.recognized.mediaType.name, confidence: 1)
            )
        }
        return CategoryJudge.judgeArchive(members: members)
    }

    /// The rule for the longest extension of the name that the policy lists: `tar.gz` before `gz`.
    public func typeRule(for name: DeclaredName) -> TypeRule? {
        let last = name.fileExtension
        let double = name.doubleExtension
        return types.first { $0.fileExtension == double } ?? types.first { $0.fileExtension == last }
    }
}

extension ManifestEntry {
    /// A stream or a container that was read to its end, so that its members stand for it.
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
