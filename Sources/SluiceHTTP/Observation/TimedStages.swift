// Stages that note how long they take.

import SluiceModel

struct TimedInspector: Inspector {
    private let inspector: any Inspector
    private let metrics: Metrics

    init(_ inspector: any Inspector, _ metrics: Metrics) {
        self.inspector = inspector
        self.metrics = metrics
    }

    func inspect(
        _ attachment: SpooledAttachment, of submission: Submission, _ order: InspectionOrder
    ) async throws(SluiceError) -> Inspection {
        let start = ContinuousClock.now
        defer { metrics.stage(.inspect, took: start.duration(to: .now)) }
        return try await inspector.inspect(attachment, of: submission, order)
    }
}

struct TimedRecorder: Recorder {
    private let recorder: any Recorder
    private let metrics: Metrics

    init(_ recorder: any Recorder, _ metrics: Metrics) {
        self.recorder = recorder
        self.metrics = metrics
    }

    func record(_ decision: Decision) async throws(SluiceError) -> Receipt {
        let start = ContinuousClock.now
        defer { metrics.stage(.record, took: start.duration(to: .now)) }
        return try await recorder.record(decision)
    }
}
