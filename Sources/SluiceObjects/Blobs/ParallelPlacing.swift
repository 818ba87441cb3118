// Several blobs on their way at once: the time of a request is mostly waiting.

import SluiceModel
import SluiceStorage
import SluiceSystem
import Synchronization

/// Places blobs on several threads; the first failure stops what has not begun.
final class ParallelPlacing: Sendable {
    /// Requests at once of one commit (chosen: more gain nothing where each takes a few milliseconds, and a store slows down whoever sends more).
    static let most = 16

    private let orders: [(BlobAddress, SpooledAttachment)]
    private let place: @Sendable (BlobAddress, SpooledAttachment) throws(SluiceError) -> Void
    private let next = Atomic(0)
    private let failure = Mutex<SluiceError?>(nil)

    init(
        _ orders: [(BlobAddress, SpooledAttachment)],
        _ place: @escaping @Sendable (BlobAddress, SpooledAttachment) throws(SluiceError) -> Void
    ) {
        self.orders = orders
        self.place = place
    }

    func run() throws(SluiceError) {
        BlockingThread.runOnSeveral(min(orders.count, Self.most)) { [self] in work() }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func work() {
        while failure.withLock({ $0 == nil }) {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < orders.count else { return }
            do throws(SluiceError) { try place(orders[index].0, orders[index].1) } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
    }
}
