// A recorder that notes how long it takes, and records only what there is room for.

import SluiceModel
import SluiceStorage

struct TimedRecorder: Recorder {
    private let store: Storage
    private let metrics: AttachmentMetrics
    private let quotas: QuotaLedger?

    /// - Parameter quotas: asked inside the transaction; `nil` where the room is promised already.
    init(_ store: Storage, _ metrics: AttachmentMetrics, _ quotas: QuotaLedger?) {
        self.store = store
        self.metrics = metrics
        self.quotas = quotas
    }

    func record(_ decision: Decision) async throws(SluiceError) -> Receipt {
        let start = ContinuousClock.now
        defer { metrics.stage(.record, took: start.duration(to: .now)) }
        guard let quotas else { return try await store.record(decision) }
        return try await store.record(decision) { (rows) throws(SluiceError) in
            try quotas.checkRecording(decision, in: rows)
        }
    }
}
