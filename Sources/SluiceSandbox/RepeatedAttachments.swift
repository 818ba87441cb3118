// A sender may send the same large attachment to the same ticket again, because an answer was lost or a program repeats a list. Then the
// inspection is known already.

public import SluiceModel

/// An inspector that remembers for a while what another inspector found.
public final class RepeatedAttachments: Inspector {
    /// How many inspections, and entries of a manifest, so that they take a megabyte at most (chosen).
    private static let most = 32
    private static let mostEntries = 200

    private struct Found {
        let digest: Digest
        let order: InspectionOrder
        let inspection: Inspection
    }

    private let inspector: any Inspector
    private let known = SenderMemory<Found>(most: most)

    public init(_ inspector: any Inspector) { self.inspector = inspector }

    public func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection {
        // A small attachment costs little, and may have shared its process with others. Only a process that had seen nothing else says
        // something about these bytes alone.
        guard attachment.size > SessionUse.smallAttachment else {
            return try await inspector.inspect(attachment, of: submission, order)
        }
        func isSame(_ found: Found) -> Bool { found.digest == attachment.digest && found.order == order }
        if let found = known.values(of: submission).last(where: isSame) { return found.inspection }
        let inspection = try await inspector.inspect(attachment, of: submission, order)
        if inspection.isUnremarkable, inspection.manifest?.entries.count ?? 0 <= Self.mostEntries {
            known.add(
                Found(digest: attachment.digest, order: order, inspection: inspection), of: submission,
                replacing: isSame)
        }
        return inspection
    }
}
