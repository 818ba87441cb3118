// What the pipeline made of one attachment, and of one file of several.

/// What became of one attachment.
public struct IngestResult: Sendable {
    public var decision: Decision
    /// Present once it is recorded; `nil` when it was only checked.
    public var receipt: Receipt?

    public init(decision: Decision, receipt: Receipt?) {
        self.decision = decision
        self.receipt = receipt
    }

    public var outcome: Outcome { receipt?.outcome ?? Outcome(decision.judgement.verdict) }
}

/// What one file of a batch came to.
public enum AttachmentResult: Sendable {
    case answered(IngestResult)
    /// Our own failure: nothing was decided about this file and it can be tried again.
    case failed(SluiceError)

    public var outcome: Outcome {
        switch self {
        case .answered(let answer): answer.outcome
        case .failed: .failed
        }
    }

    /// Whether it is not on its ticket: refused or set apart, now or when the same was sent before.
    public var isRefused: Bool {
        switch self {
        case .answered(let answer): (answer.receipt?.verdict ?? answer.decision.judgement.verdict) != .accepted
        case .failed: false
        }
    }
}
