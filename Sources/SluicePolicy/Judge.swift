// Judging: policy and evidence in, verdict out, without any I/O. The rules are in Rules/, one file for each rule.

public import SluiceModel

extension Policy {
    private static let rules: [any Rule] = [
        SizeRule(), NameRule(), ExtensionRule(), WitnessRule(), MemberRule(), CategoryRule(),
    ]

    /// Decides about one attachment.
    /// - Parameter size: of the received bytes, or of those up to where receiving stopped.
    public func judge(_ submission: Submission, size: ByteCount, _ inspection: Inspection) -> Judgement {
        let entries = judgedEntries(of: inspection.manifest)
        let own = ownCategory(submission, inspection, entries)
        let input = RuleInput(
            policy: self, submission: submission, size: size, inspection: inspection, ownCategory: own)
        let found = inspection.findings + Self.rules.flatMap { $0.findings(input) }
        let judged = found.map { JudgedFinding($0, level(of: $0)) }
        let sorted = judged.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
        return Judgement(
            verdict: Verdict(gravest: sorted.first?.severity), category: submission.declaredCategory ?? own.category,
            ownCategory: own, findings: sorted, entries: entries, policyVersion: version)
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
        // An expanded container counts through its members.
        let members = entries.filter { $0.entry.kind == .file && !$0.entry.isExpanded }.map { judged in
            (
                size: judged.entry.size,
                judgement: judged.category
                    ?? CategoryJudgement(.other, basis: judged.entry.recognized.mediaType.name, confidence: 1)
            )
        }
        return CategoryJudge.judgeArchive(members: members)
    }
}
