// Inspections in turn by caller. An inspection is the dearest part of an attachment, and its price is the sender's choice.

import SluiceModel
import SluiceServer

/// An inspector for one caller.
struct TurnInspector: Inspector {
    /// Findings of content that takes as much as is allowed; nobody sends it by accident often.
    private static let limits: [FindingDefinition] = [
        .inspectionFailed, .budgetExpanded, .budgetRatio, .budgetTime, .budgetWhole, .openXMLOverBudget,
    ]
    /// Beyond it an inspection counts like one that came to a limit (chosen: the largest honest attachments take a fraction of it).
    private static let long = Duration.seconds(2)

    private let inspector: any Inspector
    private let workers: Workers
    private let account: String
    private let metrics: AttachmentMetrics

    init(_ inspector: any Inspector, _ workers: Workers, _ account: String, _ metrics: AttachmentMetrics) {
        self.inspector = inspector
        self.workers = workers
        self.account = account
        self.metrics = metrics
    }

    func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection {
        let result = await workers.run(for: account) { [inspector, metrics] in
            let start = ContinuousClock.now
            let result: Result<Inspection, SluiceError>
            do throws(SluiceError) {
                result = .success(try await inspector.inspect(attachment, of: submission, order))
            } catch { result = .failure(error) }
            let elapsed = start.duration(to: .now)
            metrics.stage(.inspect, took: elapsed)
            return (result, elapsed > Self.long || Self.hitLimit(result))
        }
        return try result.get()
    }

    private static func hitLimit(_ result: Result<Inspection, SluiceError>) -> Bool {
        guard case .success(let inspection) = result else { return false }
        return inspection.findings.contains { limits.contains($0.definition) }
    }
}
