// A reception whose bytes are booked on a promise of the quota ledger, for as long as it lives.

import SluiceModel
import SluicePipeline

final class ReservedReception: SpoolReception {
    private let inner: any SpoolReception
    let reservation: Reservation

    init(_ inner: any SpoolReception, _ reservation: Reservation) {
        self.inner = inner
        self.reservation = reservation
    }

    var received: ByteCount { inner.received }
    var isOverLimit: Bool { inner.isOverLimit }
    func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) { try inner.append(bytes) }
    func finish() throws(SluiceError) -> SpooledAttachment { try inner.finish() }
}

extension Reservation {
    /// Books what became of the attachment.
    func fulfil(_ result: BatchResult) {
        guard case .answered(let answer) = result else { return }
        switch answer.outcome {
        case .accepted, .quarantined: fulfil(Usage(attachments: 1, size: answer.decision.size))
        case .rejected: fulfil(Usage(attachments: 1))
        case .duplicate, .failed: return
        }
    }
}
