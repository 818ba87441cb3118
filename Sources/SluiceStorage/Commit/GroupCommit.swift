// Many units of work, one commit: what waits while a commit runs is in the next one. Blobs are placed here before the rows that refer to them; what the
// units write is said elsewhere.

import SluiceModel
import SluiceSystem

/// When a commit begins.
public enum CommitPacing: Sendable {
    /// While units keep arriving, it waits for more of them: fewest syncs, for work that waits for nothing but its end.
    case gathering
    /// At once, with what has come while the last one ran: shortest waits, for senders that wait for their answer before they send again.
    case prompt
}

/// A unit of work with what has to be durable before it, and with whoever waits for its answer.
protocol WaitingUnit: CommitUnit {
    var orders: [BlobOrder] { get }
    /// Answers from what is committed already, where nothing needs to be written.
    /// - Returns: whether the unit is done.
    func answerWithoutWriting(_ reader: any StoreReader) throws(SluiceError) -> Bool
    /// The commit has ended: tells the answer, or `error`.
    func finish(_ error: SluiceError?)
}

/// Commits units on one thread of its own.
final class GroupCommit: Sendable {
    /// The most units of one commit (chosen: a commit stays below about 20 ms, and more gain little).
    static let largestGroup = 256
    /// Units that may wait. Every door bounds what it has under way far below this (chosen).
    private static let mostWaiting = 65_536
    /// A batch syncs once for a hundred and not for twenty (measured with 3 000 small files; a commit takes 2 to 20 ms). The endpoint's senders
    /// would only wait: 32 of them got 1 680 answers a second with these pauses.
    private static let pauseBetweenArrivals: Duration = .milliseconds(3)
    private static let mostPauses = 6

    private let queue = WorkQueue<any WaitingUnit>(most: mostWaiting)
    private let thread: BlockingThread

    init(_ database: any Database, _ blobs: any BlobStore, pacing: CommitPacing) {
        let commit = Commit(database, blobs)
        thread = BlockingThread { [queue] in
            while true {
                if pacing == .gathering {
                    queue.gather(
                        upTo: Self.largestGroup, eachWaiting: Self.pauseBetweenArrivals, atMost: Self.mostPauses)
                }
                let units = queue.take(atMost: Self.largestGroup)
                if units.isEmpty { return }
                commit.run(units)
            }
        }
    }

    deinit { queue.close() }

    /// The unit is always finished: at the latest here, when it cannot wait.
    func add(_ unit: any WaitingUnit) {
        switch queue.add(unit) {
        case .waiting: return
        case .closed:
            unit.finish(
                SluiceError(
                    "store.closed", what: "The ticket store is being closed.", why: "The program is ending.",
                    mend: "Send it again when the program runs."))
        case .full:
            unit.finish(
                SluiceError(
                    "store.busy", what: unit.what, why: "Too much is waiting for the ticket store's database.",
                    mend: "Try again in a moment."))
        }
    }

    /// Commits what is waiting, and blocks until that is done.
    func close() {
        queue.close()
        thread.join()
    }
}
