// The same sender sends the same large attachment to the same ticket again, because an answer was lost or a program works through a list twice: what was
// found in it is known. Never across tickets or senders, so that nothing of one customer's file reaches another's verdict, and nobody learns from the
// time an answer takes what others have sent.

public import SluiceModel
internal import Synchronization

/// An inspector that remembers, for a while, what another one found.
public final class RepeatedAttachments: Inspector {
    /// Chosen: a repetition comes soon, and an inspector that is replaced on the disk is asked soon.
    private static let kept = Duration.seconds(600)
    /// Inspections, and entries of a manifest, so that they take a megabyte at most (chosen).
    private static let most = 32
    private static let mostEntries = 200

    private struct Key: Hashable {
        let ticket: TicketID
        let submitter: String
        let digest: Digest
        let order: InspectionOrder

        /// - Returns: `nil` for what is not remembered. A small attachment costs little, and may have shared its process: only what was found by
        ///   one that had seen nothing else is known of these bytes alone.
        init?(_ attachment: SpooledAttachment, _ submission: Submission, _ order: InspectionOrder) {
            guard attachment.size > SessionUse.smallAttachment, let ticket = submission.ticket,
                let submitter = submission.submitter
            else { return nil }
            self.ticket = ticket
            self.submitter = submitter
            self.order = order
            digest = attachment.digest
        }
    }

    private struct Known {
        let key: Key
        let inspection: Inspection
        let until: ContinuousClock.Instant
    }

    private let inspector: any Inspector
    /// The oldest first.
    private let known = Mutex<[Known]>([])

    public init(_ inspector: any Inspector) { self.inspector = inspector }

    public func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection {
        guard let key = Key(attachment, submission, order) else {
            return try await inspector.inspect(attachment, of: submission, order)
        }
        let now = ContinuousClock.now
        let remembered = known.withLock { $0.last { $0.key == key && $0.until > now }?.inspection }
        if let remembered { return remembered }
        let inspection = try await inspector.inspect(attachment, of: submission, order)
        if inspection.isUnremarkable, inspection.manifest?.entries.count ?? 0 <= Self.mostEntries {
            known.withLock { known in
                known.removeAll { $0.key == key || $0.until <= now }
                if known.count >= Self.most { known.removeFirst() }
                known.append(Known(key: key, inspection: inspection, until: now.advanced(by: Self.kept)))
            }
        }
        return inspection
    }
}
