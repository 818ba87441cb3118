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
        [word(codes)]
    }

    private func word(_ codes: [String], on ticket: TicketID? = nil, revokedAt: Int64? = nil) -> Release {
        Release(
            id: "1", digest: Self.digest, ticket: ticket, attachment: "a", codes: codes, person: "rita", note: "",
            releasedAt: 0, revokedAt: revokedAt)
    }

    @Test func `A released finding becomes a note, and a note tells by whom`() {
        let before = judgement([(.inspectionFailed, .quarantine), (.inspectionFailed, .quarantine)])
        let after = before.allowing(release("inspection.failed"), on: nil)
        #expect(after.verdict == .accepted)
        #expect(after.findings.map(\.severity) == [.note, .note, .note])
        let told = after.findings.filter { $0.finding.code == "review.released" }
        #expect(told.count == 1 && told[0].finding.message.contains("rita"))
    }

    @Test func `Another quarantining finding still sets apart`() {
        let before = judgement([(.inspectionFailed, .quarantine), (.programInName, .quarantine)])
        let after = before.allowing(release("inspection.failed"), on: nil)
        #expect(after.verdict == .quarantined)
        #expect(after.findings.first?.finding.code == "name.double-extension")
    }

    @Test func `What rejects is never let pass`() {
        let before = judgement([(.inspectionFailed, .reject)])
        #expect(before.allowing(release("inspection.failed"), on: nil) == before)
        #expect(before.allowing([], on: nil) == before)
    }

    @Test func `A release holds on its ticket alone unless said otherwise`() throws {
        let before = judgement([(.inspectionFailed, .quarantine)])
        let ticket = try #require(TicketID("T-9"))
        let bound = [word(["inspection.failed"], on: ticket)]
        #expect(before.allowing(bound, on: ticket).verdict == .accepted)
        #expect(before.allowing(bound, on: TicketID("T-1")).verdict == .quarantined)
        #expect(before.allowing(bound, on: nil).verdict == .quarantined)
        #expect(before.allowing([word(["inspection.failed"])], on: TicketID("T-1")).verdict == .accepted)
    }

    @Test func `What was taken back holds no more`() {
        let before = judgement([(.inspectionFailed, .quarantine)])
        #expect(before.allowing([word(["inspection.failed"], revokedAt: 1)], on: nil) == before)
    }
}
