// The way of an attachment from a route into the pipeline, the same for raw bodies, forms and resumable uploads.

import SluiceModel
import SluicePipeline
import SluicePolicy
import SluiceStorage

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
    /// - Parameters:
    ///   - announced: by Content-Length, where that tells this attachment's size.
    ///   - most: what it cannot exceed, whatever it is; `nil` where nothing is known.
    /// - Returns: `nil` for one whose name refuses it already: its bytes need not be kept for its answer.
    /// - Throws: `quota.…` where there is no room, `store.no-space`, `store.io` as problems.
    func begin(
        _ submission: Submission, announced: Int64? = nil, most: Int64? = nil
    ) throws(Problem) -> (any SpoolReception)? {
        if policy.judgeUnread(submission, announcedSize: nil) != nil { return nil }
        var reservation: Reservation?
        if keeps, let ticket = submission.ticket {
            reservation = try services.quotas.reserve(
                ticket: ticket, submitter: submission.submitter, announced: announced,
                most: min(most ?? .max, policy.sizeLimit.bytes))
        }
        do throws(SluiceError) {
            var reception = try services.store.spool.begin(limit: policy.sizeLimit)
            if keeps { reception = services.repeated.reception(reception, of: submission) }
            return reservation.map { ReservedReception(reception, $0) } ?? reception
        } catch { throw Problem(error) }
    }

    /// Takes the next bytes.
    /// - Throws: `quota.…` when there is no room for them, `store.no-space`, `store.io` as problems.
    func append(_ bytes: UnsafeRawBufferPointer, to reception: (any SpoolReception)?) throws(Problem) {
        if let reserved = reception as? ReservedReception,
            reserved.received.bytes + Int64(bytes.count) > reserved.reservation.granted
        {
            throw reserved.reservation.overrun
        }
        do throws(SluiceError) { try reception?.append(bytes) } catch { throw Problem(error) }
    }

    /// Judges and, where it is to be kept, records.
    /// - Parameter reception: `nil` where `begin` gave none.
    func take(_ submission: Submission, _ reception: (any SpoolReception)?) async -> BatchResult {
        let pipeline = keeps ? services.pipeline : services.checking
        let result = await counted { () async throws(SluiceError) in
            if let reception { return try await pipeline.ingest(submission, received: reception) }
            return try await pipeline.ingest(submission, body: UnreadBody(size: nil))
        }
        (reception as? ReservedReception)?.reservation.fulfil(result)
        if keeps, case .answered(let answer) = result, answer.receipt?.verdict == .accepted,
            let spooled = answer.decision.spooled
        {
            services.repeated.remember(spooled, of: submission)
        }
        return result
    }

    /// Judges and records what is kept in another place until then.
    func take(_ submission: Submission, _ body: some AttachmentBody & Sendable) async -> BatchResult {
        await counted { () async throws(SluiceError) in
            try await (keeps ? services.pipeline : services.checking).ingest(submission, body: body)
        }
    }

    private func counted(_ work: () async throws(SluiceError) -> Answer) async -> BatchResult {
        do throws(SluiceError) {
            let answer = try await work()
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
        // Where nothing is kept, the judgement is the answer and no refusal of the request.
        guard keeps else { return }
        let code = FindingDefinition.extensionNotAllowed.code
        let judgement = policy.judgeUnread(submission, announcedSize: nil)
        guard let judged = judgement?.findings.first(where: { $0.finding.code == code }) else { return }
        remember(submission, size: announced)
        throw Problem(415, judged, evidence: [("name", submission.declaredName.whole)])
    }

    /// - Parameter size: `nil` when more came than the limit allows, nobody knows how much.
    func tooLarge(_ submission: Submission, _ size: Int64? = nil) -> Problem {
        remember(submission, size: size ?? (policy.sizeLimit + ByteCount(1)).bytes)
        let finding = JudgedFinding(Finding(.tooLarge, [.size(policy.sizeLimit)]), .reject)
        var evidence = [
            (name: "name", value: submission.declaredName.whole), ("limit", "\(policy.sizeLimit.bytes)"),
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
