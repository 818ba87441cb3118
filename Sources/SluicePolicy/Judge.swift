// Judging: policy and evidence in, verdict out, without any I/O. The rules are in Rules/, one file for each rule.

public import SluiceModel

extension Policy {
    private static let rules: [any Rule] = [
        SizeRule(), NameRule(), ExtensionRule(), WitnessRule(), MemberRule(), CategoryRule(),
    ]

    /// Decides about one attachment.
    /// - Parameter size: of the received bytes, or of those up to where receiving stopped.
    public func judge(_ submission: Submission, size: ByteCount, _ inspection: Inspection) -> Judgement {
        let entryCategories = categories(of: inspection.manifest)
        let own = ownCategory(submission, inspection, entryCategories)
        let input = RuleInput(
            policy: self, submission: submission, size: size, inspection: inspection, ownCategory: own)
        let found = inspection.findings + Self.rules.flatMap { $0.findings(input) }
        let judged = found.map { JudgedFinding($0, level(of: $0)) }
        let sorted = judged.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
        return Judgement(
            verdict: Verdict(gravest: sorted.first?.severity), category: submission.declaredCategory ?? own.category,
            ownCategory: own, findings: sorted, entryCategories: entryCategories, policyVersion: version)
    }

    /// The judgement of a submission whose name or announced size refuses it before a byte is read; `nil` when the content has to be
    /// read.
    public func judgeUnread(_ submission: Submission, announcedSize: ByteCount?) -> Judgement? {
        let unread = Inspection()
        let input = RuleInput(
            policy: self, submission: submission, size: announcedSize ?? .zero, inspection: unread,
            ownCategory: CategoryJudgement(.other, basis: "the content was not read", confidence: 0), isUnread: true)
        let found = SizeRule().findings(input) + NameRule().findings(input) + ExtensionRule().findings(input)
        let judged = found.map { JudgedFinding($0, level(of: $0)) }
        guard judged.contains(where: { $0.severity == .reject }) else { return nil }
        return Judgement(
            verdict: .rejected, category: submission.declaredCategory ?? .other, ownCategory: input.ownCategory,
            findings: judged, policyVersion: version)
    }

    private func categories(of manifest: Manifest?) -> [CategoryJudgement?] {
        guard let manifest else { return [] }
        return manifest.entries.map { entry in
            entry.text.map {
                CategoryJudge.judge(name: DeclaredName(bytes: entry.name.bytes), recognized: entry.recognized, text: $0)
            }
        }
    }

    private func ownCategory(
        _ submission: Submission, _ inspection: Inspection, _ entryCategories: [CategoryJudgement?]
    ) -> CategoryJudgement {
        guard let manifest = inspection.manifest else {
            return CategoryJudge.judge(
                name: submission.declaredName, recognized: inspection.recognized, text: inspection.text)
        }
        // An expanded container counts through its members.
        let members = zip(manifest.entries, entryCategories).filter { $0.0.kind == .file && !$0.0.isExpanded }.map {
            entry, judged in
            (
                size: entry.size,
                judgement: judged ?? CategoryJudgement(.other, basis: entry.recognized.mediaType.name, confidence: 1)
            )
        }
        return CategoryJudge.judgeArchive(members: members)
    }
}
