// What a person let pass: it lowers exactly the findings that were released, and nothing that rejects.

import SluiceModel
import Testing

@testable import SluicePolicy

@Suite struct AllowanceTests {
    private static let digest = Digest([UInt8](repeating: 1, count: 32))!

    private func judgement(_ findings: [(FindingDefinition, Severity)]) -> Judgement {
        let judged = findings.map { JudgedFinding(Finding($0.0, [.text("x")]), $0.1) }
        return Judgement(
            verdict: Verdict(gravest: judged.first?.severity), category: .other,
            ownCategory: CategoryJudgement(.other, basis: "", confidence: 0), findings: judged, policyVersion: "p")
    }

    private func release(_ codes: String...) -> [Release] {
        codes.map { Release(digest: Self.digest, code: $0, person: "rita", note: "", releasedAt: 0) }
    }

    @Test func aReleasedFindingBecomesANoteAndANoteTellsByWhom() {
        let before = judgement([(.inspectionFailed, .quarantine), (.inspectionFailed, .quarantine)])
        let after = before.allowing(release("inspection.failed"))
        #expect(after.verdict == .accepted)
        #expect(after.findings.map(\.severity) == [.note, .note, .note])
        let told = after.findings.filter { $0.finding.code == "review.released" }
        #expect(told.count == 1 && told[0].finding.message.contains("rita"))
    }

    @Test func anotherQuarantiningFindingStillSetsApart() {
        let before = judgement([(.inspectionFailed, .quarantine), (.programInName, .quarantine)])
        let after = before.allowing(release("inspection.failed"))
        #expect(after.verdict == .quarantined)
        #expect(after.findings.first?.finding.code == "name.double-extension")
    }

    @Test func whatRejectsIsNeverLetPass() {
        let before = judgement([(.inspectionFailed, .reject)])
        #expect(before.allowing(release("inspection.failed")) == before)
        #expect(before.allowing([]) == before)
    }
}
