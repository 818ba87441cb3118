// The way of an attachment from a route into the pipeline, the same for raw bodies, forms and resumable uploads.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage

/// Takes attachments in, or only judges them.
struct Intake: Sendable {
    let services: Services
    /// Whether what is judged is kept.
    let keeps: Bool
    /// Work and bytes are counted by this.
    private let account: String

    init(_ context: UploadContext, keeps: Bool = true) {
        self.init(context.services, for: context.account, keeps: keeps)
    }

    init(_ services: Services, for account: String, keeps: Bool = true) {
        self.services = services
        self.account = account
        self.keeps = keeps
    }

    private var policy: Policy { services.policy }
    private var pipeline: Pipeline { services.pipeline(for: account, keeps: keeps) }

    /// - Throws: 429 where too much of this caller waits for inspection, 503 where too much of all callers does.
    func checkTurns() throws(Problem) { try services.inspections.check(account) }

    /// The same, once what was received is about to be inspected.
    func checkTurns(for receptions: [(any SpoolReception)?]) throws(Problem) {
        if receptions.contains(where: { $0 is ReservedReception }) { try checkTurns() }
    }

    /// Where the bytes of an attachment go.
    /// - Parameters:
    ///   - announced: by Content-Length, where that tells this attachment's size.
    ///   - most: what it cannot exceed, whatever it is; `nil` where nothing is known.
    /// - Returns: one that keeps nothing where the name refuses the attachment already: its bytes are not needed for its answer.
    /// - Throws: `quota.…` where there is no room, `store.no-space`, `store.io` as problems.
    func begin(
        _ submission: Submission, announced: Int64? = nil, most: Int64? = nil
    ) throws(Problem) -> any SpoolReception {
        let isUnread = pipeline.judgeUnread(submission, announcedSize: nil) != nil
        var reservation: Reservation?
        if keeps, let ticket = submission.ticket {
            // Also a refusal writes a row.
            reservation = try services.quotas.reserve(
                ticket: ticket, submitter: submission.submitter, announced: isUnread ? 0 : announced,
                most: isUnread ? 0 : min(most ?? .max, policy.sizeLimit.bytes))
        }
        if isUnread { return UnreadReception(reservation) }
        try checkTurns()
        return try spool(limit: policy.sizeLimit, reservation) { reception in
            keeps ? services.repeated.reception(reception, of: submission) : reception
        }
    }

    /// A reception whose bytes are counted as this caller's.
    func spool(
        limit: ByteCount, _ reservation: Reservation? = nil,
        around: (any SpoolReception) -> any SpoolReception = { $0 }
    ) throws(Problem) -> any SpoolReception {
        do throws(SluiceError) {
            return ReservedReception(
                around(try services.store.spool.begin(limit: limit)), reservation, services.spooled.share(of: account))
        } catch { throw Problem(error) }
    }

    /// Takes the next bytes.
    /// - Throws: `quota.…` when there is no room for them, `store.no-space`, `store.io` as problems.
    func append(_ bytes: UnsafeRawBufferPointer, to reception: (any SpoolReception)?) throws(Problem) {
        try (reception as? ReservedReception)?.count(bytes.count)
        do throws(SluiceError) { try reception?.append(bytes) } catch { throw Problem(error) }
    }

    /// Judges and, where it is to be kept, records.
    /// - Parameter reception: `nil` where `begin` gave none.
    func take(_ submission: Submission, _ reception: (any SpoolReception)?) async -> AttachmentResult {
        let pipeline = pipeline
        let result = await counted { () async throws(SluiceError) in
            if let reception, !(reception is UnreadReception) {
                return try await pipeline.ingest(submission, received: reception)
            }
            return try await pipeline.ingest(submission, body: UnreadBody(size: nil))
        }
        ((reception as? ReservedReception)?.reservation ?? (reception as? UnreadReception)?.reservation)?.fulfil(result)
        if keeps, case .answered(let answer) = result, answer.receipt?.verdict == .accepted,
            let spooled = answer.decision.spooled
        {
            services.repeated.remember(spooled, of: submission)
        }
        return result
    }

    private func counted(_ work: () async throws(SluiceError) -> IngestResult) async -> AttachmentResult {
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

    /// Refuses where the header tells already. The refusal is recorded like every other one; nobody waits for that.
    /// - Parameter announced: by Content-Length, where that tells this attachment's size.
    /// - Throws: 413, 415; 429 where this submitter has had too much decided today.
    func refuseEarly(_ submission: Submission, announced: Int64?) throws(Problem) {
        if let announced { try checkSize(announced, of: submission, isWhole: true) }
        // Where nothing is kept, the judgement is the answer and no refusal of the request.
        guard keeps else { return }
        let code = FindingDefinition.extensionNotAllowed.code
        let judgement = pipeline.judgeUnread(submission, announcedSize: nil)
        guard let judged = judgement?.findings.first(where: { $0.finding.code == code }) else { return }
        try remember(submission, size: announced)
        throw Problem(415, judged, evidence: [("name", submission.declaredName.whole)])
    }

    /// The one place where the limit of an attachment's size is asked.
    /// - Parameters:
    ///   - size: that is announced, or that has come.
    ///   - isWhole: whether that is the attachment's whole size.
    /// - Throws: 413; 429 where this submitter has had too much decided today.
    func checkSize(_ size: Int64, of submission: Submission, isWhole: Bool = false) throws(Problem) {
        guard size > policy.sizeLimit.bytes else { return }
        if isWhole {
            try remember(submission, size: size)
        } else {
            // How much more would have come, nobody knows. Bytes may be taken on a transport thread, which asks no quota.
            remember(submission, size: (policy.sizeLimit + ByteCount(1)).bytes, nil)
        }
        let finding = JudgedFinding(Finding(.tooLarge, [.size(policy.sizeLimit)]), .reject)
        var evidence = [
            (name: "name", value: submission.declaredName.whole), ("limit", "\(policy.sizeLimit.bytes)"),
        ]
        if isWhole { evidence.append(("size", "\(size)")) }
        throw Problem(413, finding, evidence: evidence)
    }

    /// Records a refusal. It writes a row, so it counts among the submitter's attachments of the day.
    /// - Throws: 429 where there are too many of these.
    private func remember(_ submission: Submission, size: Int64?) throws(Problem) {
        guard keeps else { return }
        remember(submission, size: size, try reserveRow(for: submission))
    }

    private func reserveRow(for submission: Submission) throws(Problem) -> Reservation? {
        guard let ticket = submission.ticket else { return nil }
        return try services.quotas.reserve(ticket: ticket, submitter: submission.submitter, announced: 0, most: 0)
    }

    /// - Parameter reservation: of its row; `nil` where it is still to be asked for, and nothing is recorded where there is none.
    private func remember(_ submission: Submission, size: Int64?, _ reservation: Reservation?) {
        guard keeps else { return }
        let pipeline = services.pipeline(for: account, keeps: true)
        services.workers[.writing].beginAside {
            guard let reservation = try? reservation ?? reserveRow(for: submission) else { return }
            let answer = try? await pipeline.ingest(submission, body: UnreadBody(size: size.map { ByteCount($0) }))
            guard let answer else { return }
            reservation.fulfil(.answered(answer))
            services.metrics.attachment(answer.outcome, findings: answer.decision.judgement.findings)
        }
    }
}

/// The body of an attachment that is refused unread.
private struct UnreadBody: AttachmentBody {
    let size: ByteCount?
    var announcedSize: ByteCount? { size }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int { 0 }
}

extension Intake: UploadDecider {
    /// The row of the upload stands for its bytes.
    private var promised: Pipeline { services.pipeline(for: account, keeps: keeps, hasRoom: true) }

    func decide(_ submission: Submission, _ body: some AttachmentBody & Sendable) async -> DecidedUpload {
        let pipeline = promised
        let result = await counted { () async throws(SluiceError) in
            try await pipeline.ingest(submission, body: body)
        }
        return DecidedUpload(result: result, object: AttachmentResponse.object(result, of: submission).line)
    }

    func decide(_ submission: Submission, _ received: SpooledAttachment) async -> DecidedUpload {
        let pipeline = promised
        let result = await counted { () async throws(SluiceError) in
            try await pipeline.ingest(submission, received: received)
        }
        return DecidedUpload(result: result, object: AttachmentResponse.object(result, of: submission).line)
    }
}
