// The way of an attachment from a route into the pipeline, the same for raw bodies, forms and resumable uploads.

import SluiceModel
import SluicePipeline
import SluicePolicy
import SluiceStore

/// Takes attachments in, or only judges them.
struct Intake: Sendable {
    let services: Services
    /// Whether what is judged is kept.
    let keeps: Bool

    init(_ services: Services, keeps: Bool = true) {
        self.services = services
        self.keeps = keeps
    }

    private var policy: Policy { services.policy }

    /// Where the bytes of an attachment go.
    /// - Parameter announced: by Content-Length, where that tells this attachment's size.
    /// - Returns: `nil` for one whose name refuses it already: its bytes need not be kept for its answer.
    /// - Throws: `store.no-space`, `store.io` as problems.
    func begin(_ submission: Submission) throws(Problem) -> (any SpoolReception)? {
        if policy.judgeUnread(submission, announcedSize: nil) != nil { return nil }
        do throws(SluiceError) { return try services.store.spool.begin(limit: policy.sizeLimit) } catch {
            throw Problem(error)
        }
    }

    /// Judges and, where it is to be kept, records.
    /// - Parameter reception: `nil` where `begin` gave none.
    func take(_ submission: Submission, _ reception: (any SpoolReception)?) async -> BatchResult {
        let pipeline = keeps ? services.pipeline : services.checking
        do throws(SluiceError) {
            let answer =
                if let reception {
                    try await pipeline.ingest(submission, received: reception)
                } else {
                    try await pipeline.ingest(submission, body: UnreadBody(size: nil))
                }
            if keeps { services.metrics.attachment(answer.outcome, findings: answer.decision.judgement.findings) }
            return .answered(answer)
        } catch {
            if keeps { services.metrics.attachment(.failed, findings: []) }
            return .failed(error)
        }
    }

    // MARK: Refusals that need no body

    /// 413 or 415 where the header tells already. The refusal is recorded like every other one; nobody waits for that.
    /// - Parameter announced: by Content-Length, where that tells this attachment's size.
    func refuseEarly(_ submission: Submission, announced: Int64?) throws(Problem) {
        if let announced, announced > policy.sizeLimit.bytes { throw tooLarge(submission, announced) }
        let code = FindingDefinition.extensionNotAllowed.code
        let judgement = policy.judgeUnread(submission, announcedSize: nil)
        guard let judged = judgement?.findings.first(where: { $0.finding.code == code }) else { return }
        remember(submission, size: announced)
        throw Problem(415, judged, evidence: [("name", submission.declaredName.description)])
    }

    /// - Parameter size: `nil` when more came than the limit allows, nobody knows how much.
    func tooLarge(_ submission: Submission, _ size: Int64? = nil) -> Problem {
        remember(submission, size: size ?? policy.sizeLimit.bytes + 1)
        let finding = JudgedFinding(Finding(.tooLarge, [.size(policy.sizeLimit)]), .reject)
        var evidence = [
            (name: "name", value: submission.declaredName.description), ("limit", "\(policy.sizeLimit.bytes)"),
        ]
        if let size { evidence.append(("size", "\(size)")) }
        return Problem(413, finding, evidence: evidence)
    }

    private func remember(_ submission: Submission, size: Int64?) {
        guard keeps else { return }
        services.workers.beginAside {
            let answer = try? await services.pipeline.ingest(
                submission, body: UnreadBody(size: size.map { ByteCount($0) }))
            if let answer {
                services.metrics.attachment(answer.outcome, findings: answer.decision.judgement.findings)
            }
        }
    }
}

/// The body of an attachment that is refused unread.
private struct UnreadBody: AttachmentBody {
    let size: ByteCount?
    var announcedSize: ByteCount? { size }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int { 0 }
}
