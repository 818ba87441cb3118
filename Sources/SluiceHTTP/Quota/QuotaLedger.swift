// What is left of the quotas while uploads are on their way: what the store counts, and what is promised to requests that have not ended. So many
// that begin together cannot all take the same last bytes.

package import SluiceModel
import SluiceStore
import Synchronization

/// Promises by ticket and by submitter.
package final class QuotaLedger: Sendable {
    /// How long what the store counted is good; what this process adds meanwhile is added here (chosen).
    private static let remembered = Duration.seconds(1)
    /// Tickets and submitters that are remembered.
    private static let most = 4096

    /// Whose quota it is.
    private enum Account: Hashable {
        case ticket(TicketID)
        case submitter(String?, Day)
    }

    private struct Entry {
        var used: Usage
        var readAt: ContinuousClock.Instant
        /// To requests that have not ended.
        var promised = Usage()
    }

    private let quotas: Quotas
    private let usage: any UsageStore
    private let partials: any PartialStore
    private let entries = Mutex<[Account: Entry]>([:])
    /// Microseconds since 1970, UTC.
    private let clock: @Sendable () -> Int64

    package init(
        _ quotas: Quotas, usage: any UsageStore, partials: any PartialStore,
        clock: @escaping @Sendable () -> Int64 = WallClock.microseconds
    ) {
        self.quotas = quotas
        self.usage = usage
        self.partials = partials
        self.clock = clock
    }

    /// Promises room for one attachment.
    /// - Parameters:
    ///   - announced: its size where it is known; more than is left of it is refused.
    ///   - most: what it may have in any case.
    /// - Throws: 413 for a ticket that is full, 429 for a day that is.
    func reserve(
        ticket: TicketID, submitter: String?, announced: Int64?, most: Int64
    ) throws(Problem) -> Reservation {
        let day = Day(of: clock())
        let accounts: [Account] = [.ticket(ticket), .submitter(submitter, day)]
        for account in accounts { try refresh(account) }
        let granted = entries.withLock { entries -> Result<Int64, Problem> in
            var granted = most
            for account in accounts {
                let entry = entries[account] ?? Entry(used: Usage(), readAt: .now)
                let room = room(account, entry)
                if let problem = refusal(account, room, announced: announced) { return .failure(problem) }
                if let size = room.size { granted = min(granted, size) }
            }
            // Without a size everything that it may become is promised.
            granted = min(granted, announced ?? granted)
            for account in accounts { add(Usage(attachments: 1, size: ByteCount(granted)), to: account, &entries) }
            return .success(granted)
        }
        return Reservation(self, ticket: ticket, submitter: submitter, day: day, granted: try granted.get())
    }

    /// What is left; `nil` where there is no limit.
    func left(ticket: TicketID?, submitter: String?) throws(Problem) -> (ticket: Int64?, submitter: Int64?) {
        let day = Account.submitter(submitter, Day(of: clock()))
        try refresh(day)
        var ofTicket: Int64?
        if let ticket {
            try refresh(.ticket(ticket))
            ofTicket = left(.ticket(ticket))
        }
        return (ofTicket, left(day))
    }

    /// Whether one more resumable upload may begin.
    /// - Throws: 429.
    func mayOpen(submitter: String?, length: Int64) throws(Problem) {
        let open: PartialTotals
        do throws(SluiceError) { open = try partials.openTotals(submitter: submitter) } catch { throw Problem(error) }
        if quotas.openUploads.left(Int64(open.count)) == 0 {
            throw Problem(
                429, "quota.open-uploads", "Too many uploads of this submitter are unfinished.",
                remedy: "Finish or delete some of them.", evidence: [("unfinished", "\(open.count)")],
                headers: [("Retry-After", "60")])
        }
        if let left = quotas.unfinishedSize.left(open.length.bytes), left < length {
            throw Problem(
                429, "quota.unfinished-size", "The unfinished uploads of this submitter have announced too many bytes.",
                remedy: "Finish or delete some of them.", evidence: [("left", "\(left)")],
                headers: [("Retry-After", "60")])
        }
    }

    // MARK: Accounts

    private func refresh(_ account: Account) throws(Problem) {
        let now = ContinuousClock.now
        let isGood = entries.withLock { entries in
            entries[account].map { $0.readAt.advanced(by: Self.remembered) > now } ?? false
        }
        if isGood { return }
        let used: Usage
        do throws(SluiceError) {
            switch account {
            case .ticket(let ticket):
                // What resumable uploads have announced is as good as used.
                let open = try partials.openTotals(ticket: ticket)
                used = try usage.usage(of: ticket).adding(Usage(attachments: Int64(open.count), size: open.length))
            case .submitter(let submitter, let day):
                let open = try partials.openTotals(submitter: submitter)
                used = try usage.usage(of: submitter, on: day).adding(
                    Usage(attachments: Int64(open.count), size: open.length))
            }
        } catch { throw Problem(error) }
        entries.withLock { entries in
            if entries.count >= Self.most { entries = entries.filter { $0.value.promised != Usage() } }
            entries[account] = Entry(used: used, readAt: now, promised: entries[account]?.promised ?? Usage())
        }
    }

    private func left(_ account: Account) -> Int64? {
        entries.withLock { entries in entries[account].flatMap { room(account, $0).size } }
    }

    private func room(_ account: Account, _ entry: Entry) -> (size: Int64?, attachments: Int64?) {
        let taken = entry.used.adding(entry.promised)
        switch account {
        case .ticket:
            return (quotas.ticketSize.left(taken.size.bytes), quotas.ticketAttachments.left(taken.attachments))
        case .submitter:
            return (
                quotas.submitterSizePerDay.left(taken.size.bytes),
                quotas.submitterAttachmentsPerDay.left(taken.attachments)
            )
        }
    }

    private func refusal(
        _ account: Account, _ room: (size: Int64?, attachments: Int64?), announced: Int64?
    ) -> Problem? {
        if room.attachments == 0 { return Self.refusal(account, .attachments, left: 0, at: clock()) }
        if let size = room.size, size < max(announced ?? 1, 1), announced != 0 {
            return Self.refusal(account, .bytes, left: size, at: clock())
        }
        return nil
    }

    private func add(_ usage: Usage, to account: Account, _ entries: inout [Account: Entry]) {
        entries[account]?.promised.add(usage)
    }

    /// The promise is over.
    /// - Parameter kept: what the store counts now in its place.
    fileprivate func settle(_ reservation: Reservation, kept: Usage) {
        let promise = Usage(attachments: -1, size: ByteCount(-reservation.granted))
        entries.withLock { entries in
            for account in [Account.ticket(reservation.ticket), .submitter(reservation.submitter, reservation.day)] {
                add(promise, to: account, &entries)
                entries[account]?.used.add(kept)
            }
        }
    }

    // MARK: Words

    private enum Unit { case bytes, attachments }

    private static func refusal(_ account: Account, _ unit: Unit, left: Int64, at time: Int64) -> Problem {
        switch account {
        case .ticket:
            let what = unit == .bytes ? "The ticket may hold \(ByteCount(left)) more." : "The ticket is full."
            return Problem(
                413, unit == .bytes ? "quota.ticket-size" : "quota.ticket-attachments", what,
                remedy: "Send less, or ask the portal's operator for more room.", evidence: [("left", "\(left)")])
        case .submitter(_, let day):
            let what =
                unit == .bytes
                ? "This submitter may send \(ByteCount(left)) more today." : "This submitter has sent enough for today."
            return Problem(
                429, unit == .bytes ? "quota.day-size" : "quota.day-attachments", what,
                remedy: "Send less, or go on after midnight, UTC.", evidence: [("left", "\(left)")],
                headers: [("Retry-After", "\(max(1, (day.end - time) / 1_000_000))")])
        }
    }

    /// More came than was promised; which of the two quotas is the smaller one is asked anew.
    fileprivate func overrun(_ reservation: Reservation) -> Problem {
        let ofTicket = left(.ticket(reservation.ticket)) ?? .max
        let ofDay = left(.submitter(reservation.submitter, reservation.day)) ?? .max
        let account: Account =
            ofTicket <= ofDay ? .ticket(reservation.ticket) : .submitter(reservation.submitter, reservation.day)
        return Self.refusal(account, .bytes, left: reservation.granted, at: clock())
    }
}

extension Usage {
    mutating func add(_ other: Usage) { self = adding(other) }

    func adding(_ other: Usage) -> Usage {
        Usage(attachments: attachments + other.attachments, size: size + other.size)
    }
}

/// Room for one attachment. It is given back when this object goes.
package final class Reservation: Sendable {
    fileprivate let ticket: TicketID
    fileprivate let submitter: String?
    fileprivate let day: Day
    /// Bytes.
    let granted: Int64
    private let ledger: QuotaLedger
    private let kept = Mutex(Usage())

    fileprivate init(_ ledger: QuotaLedger, ticket: TicketID, submitter: String?, day: Day, granted: Int64) {
        self.ledger = ledger
        self.ticket = ticket
        self.submitter = submitter
        self.day = day
        self.granted = granted
    }

    deinit { ledger.settle(self, kept: kept.withLock { $0 }) }

    /// Says what has become of it, so that it counts although the store is not asked again at once.
    func fulfil(_ usage: Usage) { kept.withLock { $0 = usage } }

    /// Why more than `granted` is refused.
    var overrun: Problem { ledger.overrun(self) }
}
