// One attachment through all stages: spool, inspect, judge, record. Only this file knows their order.

import Glibc
public import SluiceModel
import SluicePolicy

/// The path of an attachment. Its calls block their thread in reading, inspecting and syncing: run them on `BlockingThreads`.
public struct Pipeline: Sendable {
    /// Reception stops this close behind the limit at the latest (Threats, H1: within 64 KiB).
    private static let largestPiece = 64 << 10

    private let spool: any Spool
    private let inspector: any Inspector
    private let policy: Policy
    private let recorder: (any Recorder)?
    private let releases: (any ReleaseStore)?

    /// - Parameters:
    ///   - recorder: `nil` to judge and store nothing.
    ///   - releases: what people let pass for certain bytes; `nil` to judge without it.
    public init(
        spool: any Spool, inspector: any Inspector, policy: Policy, recorder: (any Recorder)?,
        releases: (any ReleaseStore)? = nil
    ) {
        self.spool = spool
        self.inspector = inspector
        self.policy = policy
        self.recorder = recorder
        self.releases = releases
    }

    /// The judgement of a submission that is refused by its name or its announced size alone; `nil` where its content has to be read.
    public func judgeUnread(_ submission: Submission, announcedSize: ByteCount?) -> Judgement? {
        policy.judgeUnread(submission, announcedSize: announcedSize)
    }

    /// Takes one attachment in.
    /// - Throws: what is our own failure; then nothing is decided, nothing is kept, and the same call can be made again.
    public func ingest(
        _ submission: Submission, body: consuming some AttachmentBody & ~Copyable
    ) async throws(SluiceError) -> IngestResult {
        if let refusal = policy.judgeUnread(submission, announcedSize: body.announcedSize) {
            return try await finish(
                Decision(
                    submission: submission, spooled: nil, size: body.announcedSize ?? .zero, inspection: Inspection(),
                    judgement: refusal))
        }
        let reception = try spool.begin(limit: policy.sizeLimit)
        try receive(body, into: reception)
        return try await ingest(submission, received: reception)
    }

    /// Takes in what a door has received by itself, piece by piece.
    public func ingest(
        _ submission: Submission, received reception: any SpoolReception
    ) async throws(SluiceError) -> IngestResult {
        guard !reception.isOverLimit else {
            return try await finish(decide(submission, spooled: nil, size: reception.received, Inspection()))
        }
        return try await judge(submission, try reception.finish())
    }

    /// Takes in what a door has received whole, where its bytes can be kept as they lie.
    public func ingest(
        _ submission: Submission, received spooled: SpooledAttachment
    ) async throws(SluiceError) -> IngestResult {
        if let refusal = policy.judgeUnread(submission, announcedSize: spooled.size) {
            return try await finish(
                Decision(
                    submission: submission, spooled: nil, size: spooled.size, inspection: Inspection(),
                    judgement: refusal))
        }
        return try await judge(submission, spooled)
    }

    private func judge(
        _ submission: Submission, _ spooled: SpooledAttachment
    ) async throws(SluiceError) -> IngestResult {
        let inspection = try await inspector.inspect(spooled, of: submission, order(for: submission))
        var decision = decide(submission, spooled: spooled, size: spooled.size, inspection)
        // Only what would be set apart has anything to gain from what a person said.
        if decision.judgement.verdict == .quarantined, let releases {
            decision.judgement = decision.judgement.allowing(
                try releases.releases(for: spooled.digest), on: submission.ticket)
        }
        return try await finish(decision)
    }

    /// Refuses something that has no bytes to take, such as a link met in a walk.
    public func refuse(_ submission: Submission, _ finding: Finding) async throws(SluiceError) -> IngestResult {
        let judged = JudgedFinding(finding, .reject)
        let judgement = Judgement(
            verdict: .rejected, category: submission.declaredCategory ?? .other,
            ownCategory: CategoryJudgement(.other, basis: "there is no content", confidence: 1), findings: [judged],
            policyVersion: policy.version)
        return try await finish(
            Decision(submission: submission, spooled: nil, size: .zero, inspection: Inspection(), judgement: judgement))
    }

    private func receive(
        _ body: consuming some AttachmentBody & ~Copyable, into reception: any SpoolReception
    ) throws(SluiceError) {
        var body = body
        // A small file is read in one call. One byte more than announced, so that a file that grew shows.
        let announced = Int(clamping: body.announcedSize?.bytes ?? Int64(Self.largestPiece))
        let size = min(max(announced, 4095), Self.largestPiece - 1) + 1
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        defer { buffer.deallocate() }
        while !reception.isOverLimit {
            let count = try body.read(into: buffer)
            if count == 0 { return }
            try reception.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func order(for submission: Submission) -> InspectionOrder {
        InspectionOrder(
            declaredExtension: policy.typeRule(for: submission.declaredName)?.fileExtension ?? "",
            secondOpinion: policy.secondOpinion, archives: policy.archives, images: policy.images,
            wantsCard: policy.card)
    }

    private func decide(
        _ submission: Submission, spooled: SpooledAttachment?, size: ByteCount, _ inspection: Inspection
    ) -> Decision {
        let judgement = policy.judge(submission, size: size, inspection)
        var inspection = inspection
        // A card is for bundles, logs and configurations; the dates in a letter are nobody's timeline.
        if inspection.manifest == nil && judgement.ownCategory.category == .other { inspection.card = nil }
        return Decision(
            submission: submission, spooled: spooled, size: size, inspection: inspection, judgement: judgement)
    }

    private func finish(_ decision: Decision) async throws(SluiceError) -> IngestResult {
        IngestResult(decision: decision, receipt: try await recorder?.record(decision))
    }
}
