// A reception with what is counted for it: the promise of the quota ledger, and its bytes in the spool. Both end with the reception.

import SluiceModel
import SluicePipeline
import SluiceServer

final class ReservedReception: SpoolReception {
    private let inner: any SpoolReception
    /// `nil` where nothing is kept.
    let reservation: Reservation?
    private let share: Share

    init(_ inner: any SpoolReception, _ reservation: Reservation?, _ share: Share) {
        self.inner = inner
        self.reservation = reservation
        self.share = share
    }

    var received: ByteCount { inner.received }
    var isOverLimit: Bool { inner.isOverLimit }
    func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) { try inner.append(bytes) }
    func finish() throws(SluiceError) -> SpooledAttachment { try inner.finish() }

    /// Counts bytes that are about to be appended.
    /// - Throws: 413 or 429 `quota.…` where there is no room for them.
    func count(_ bytes: Int) throws(Problem) {
        if let reservation, received.bytes + Int64(bytes) > reservation.granted { throw reservation.overrun }
        guard share.enlarge(by: Int64(bytes)) else {
            throw Problem(
                429, "quota.spool", "Too many bytes of this caller wait for their verdict.",
                remedy: "Wait for some answers, then send this attachment again.", headers: [("Retry-After", "5")])
        }
    }
}

/// The reception of an attachment that is refused unread: what comes is thrown away.
final class UnreadReception: SpoolReception {
    /// Of the row that says so; `nil` where nothing is kept.
    let reservation: Reservation?

    init(_ reservation: Reservation?) { self.reservation = reservation }

    var received: ByteCount { .zero }
    var isOverLimit: Bool { false }
    func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {}
    func finish() throws(SluiceError) -> SpooledAttachment {
        throw SluiceError(
            "internal", what: "Bytes are asked for that were not kept.", why: "The attachment is refused unread.",
            mend: "Report this.")
    }
}

extension Reservation {
    /// Books what became of the attachment.
    func fulfil(_ result: AttachmentResult) {
        guard case .answered(let answer) = result else { return }
        switch answer.outcome {
        case .accepted, .quarantined: fulfil(Usage(attachments: 1, size: answer.decision.size))
        case .rejected: fulfil(Usage(attachments: 1))
        case .duplicate, .failed: return
        }
    }
}
