// Remembers for a while what a sender sent to a ticket, in case the sender sends it again. Never across tickets or senders, so that one
// customer's file does not influence another's verdict, and the time of an answer does not reveal what others have sent.

import Synchronization

/// Used from many threads.
package final class SenderMemory<Value: Sendable>: Sendable {
    /// Chosen: a repetition comes soon, and the disk space of a replaced value is free soon.
    package static var kept: Duration { .seconds(600) }

    private struct Sender: Hashable {
        let ticket: TicketID
        let submitter: String

        /// - Returns: `nil` for a sender without a name.
        init?(_ submission: Submission) {
            guard let ticket = submission.ticket, let submitter = submission.submitter else { return nil }
            self.ticket = ticket
            self.submitter = submitter
        }
    }

    private struct Known {
        let sender: Sender
        let value: Value
        let until: ContinuousClock.Instant
    }

    private let most: Int
    /// The oldest first.
    private let known = Mutex<[Known]>([])

    /// - Parameter most: values of all senders together.
    package init(most: Int) { self.most = most }

    /// - Parameter replaces: which of the sender's values the new one replaces.
    package func add(
        _ value: Value, of submission: Submission, at now: ContinuousClock.Instant = .now,
        replacing replaces: (Value) -> Bool
    ) {
        guard let sender = Sender(submission) else { return }
        known.withLock { known in
            known.removeAll { $0.until <= now || $0.sender == sender && replaces($0.value) }
            if known.count >= most { known.removeFirst() }
            known.append(Known(sender: sender, value: value, until: now.advanced(by: Self.kept)))
        }
    }

    package func values(of submission: Submission, at now: ContinuousClock.Instant = .now) -> [Value] {
        guard let sender = Sender(submission) else { return [] }
        return known.withLock { known in known.filter { $0.sender == sender && $0.until > now }.map(\.value) }
    }

    package func forgetOld(at now: ContinuousClock.Instant = .now) {
        known.withLock { known in known.removeAll { $0.until <= now } }
    }
}
