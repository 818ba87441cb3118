// A recorder that notes how long it takes.

import SluiceModel

struct TimedRecorder: Recorder {
    private let recorder: any Recorder
    private let metrics: AttachmentMetrics

    init(_ recorder: any Recorder, _ metrics: AttachmentMetrics) {
        self.recorder = recorder
        self.metrics = metrics
    }

    func record(_ decision: Decision) async throws(SluiceError) -> Receipt {
        let start = ContinuousClock.now
        defer { metrics.stage(.record, took: start.duration(to: .now)) }
        return try await recorder.record(decision)
    }
}
