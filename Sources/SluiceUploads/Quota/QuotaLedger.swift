// What is left of the quotas while uploads are on their way: what the store counts, and what is promised to requests that have not ended. So many
// that begin together cannot all take the same last bytes. Promises are this process's: they refuse early. Among several nodes the exact answer is given
// inside the transaction that records.

package import SluiceModel
import SluiceServer
import SluiceStorage
import SluiceSystem
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
    private let usage: any UsageReader
    private let entries = Mutex<[Account: Entry]>([:])
    /// Resumable uploads that are let in and not in the store yet, by submitter.
    private let opening = Mutex<[String?: Usage]>([:])
    /// Microseconds since 1970, UTC.
    private let clock: @Sendable () -> Int64

    package init(
        _ quotas: Quotas, _ usage: any UsageReader,
        clock: @escaping @Sendable () -> Int64 = WallClock.microseconds
    ) {
        self.quotas = quotas
        self.usage = usage
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
        let granted = try withEntries(of: accounts) { entries -> Result<Int64, Problem> in
            var granted = most
            for account in accounts {
                let room = room(account, entries[account]!)
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
        let ofTicket = try ticket.map { (ticket) throws(Problem) in try left(.ticket(ticket)) } ?? nil
        return (ofTicket, try left(day))
    }

    /// Promises one more resumable upload. The promise ends when its row is in the store, or when it is given up.
    /// - Throws: 429.
    func open(submitter: String?, length: Int64) throws(Problem) -> OpeningPromise {
        // The lock is held over the store's count: an upload that is being created meanwhile is in the row or in the promise, never in neither.
        let outcome = opening.withLock { promised -> Result<Void, Problem> in
            let open: PartialTotals
            do throws(SluiceError) { open = try usage.openTotals(submitter: submitter) } catch {
                return .failure(Problem(error))
            }
            let begun = promised[submitter] ?? Usage()
            if let problem = refusal(
                unfinished: Int64(open.count) + begun.attachments, open.length.bytes.saturatingPlus(begun.size.bytes),
                length: length)
            {
                return .failure(problem)
            }
            promised[submitter] = begun.adding(Usage(attachments: 1, size: ByteCount(length)))
            return .success(())
        }
        try outcome.get()
        return OpeningPromise(self, submitter: submitter, length: length)
    }

    private func refusal(unfinished: Int64, _ announced: Int64, length: Int64) -> Problem? {
        if quotas.openUploads.left(unfinished) == 0 {
            return Problem(
                429, "quota.open-uploads", "Too many uploads of this submitter are unfinished.",
                remedy: "Finish or delete some of them.", evidence: [("unfinished", "\(unfinished)")],
                headers: [("Retry-After", "60")])
        }
        if let left = quotas.unfinishedSize.left(announced), left < length {
            return Problem(
                429, "quota.unfinished-size", "The unfinished uploads of this submitter have announced too many bytes.",
                remedy: "Finish or delete some of them.", evidence: [("left", "\(left)")],
                headers: [("Retry-After", "60")])
        }
        return nil
    }

    fileprivate func close(_ promise: OpeningPromise) {
        opening.withLock { promised in
            guard let begun = promised[promise.submitter] else { return }
            let left = begun.adding(Usage(attachments: -1, size: ByteCount(-promise.length)))
            promised[promise.submitter] = left == Usage() ? nil : left
        }
    }

    // MARK: The exact answer

    /// Whether an attachment may be recorded, asked of the rows inside the transaction that records it. Promises of this process say nothing there: what they
    /// stand for asks by itself.
    /// - Throws: `quota.…`.
    func checkRecording(_ decision: Decision, in rows: any StoreReader) throws(SluiceError) {
        guard let ticket = decision.submission.ticket else { return }
        let isKept = decision.judgement.verdict != .rejected
        try check(
            ticket, decision.submission.submitter, size: isKept ? decision.size.bytes : 0, isKept: isKept, in: rows)
    }

    /// Whether a resumable upload may be begun. Its row stands for its bytes until it is decided.
    /// - Throws: `quota.…`.
    func checkOpening(_ partial: Partial, in rows: any StoreReader) throws(SluiceError) {
        let (submission, length) = (partial.submission, partial.length.bytes)
        let open = try rows.openTotals(submitter: submission.submitter)
        if let problem = refusal(unfinished: Int64(open.count), open.length.bytes, length: length) {
            throw problem.quotaError
        }
        guard let ticket = submission.ticket else { return }
        try check(ticket, submission.submitter, size: length, isKept: true, in: rows)
    }

    private func check(
        _ ticket: TicketID, _ submitter: String?, size: Int64, isKept: Bool, in rows: any StoreReader
    ) throws(SluiceError) {
        let day = Day(of: clock())
        let used = try rows.usageWithPartials(of: ticket, submitter, on: day)
        // A refusal that is recorded takes nothing of its ticket.
        let accounts =
            (isKept ? [(Account.ticket(ticket), used.ticket)] : []) + [(.submitter(submitter, day), used.submitter)]
        for (account, used) in accounts {
            let room = room(account, Entry(used: used, readAt: .now))
            if let problem = refusal(account, room, announced: size) { throw problem.quotaError }
        }
    }

    // MARK: Accounts

    /// Runs `body` under the lock with an entry for each account. One that is not remembered, or not any more, is read from the store: without
    /// an entry a full ticket would look like an empty one.
    private func withEntries<Outcome: Sendable>(
        of accounts: [Account], _ body: (inout [Account: Entry]) -> Outcome
    ) throws(Problem) -> Outcome {
        let now = ContinuousClock.now
        let stale = entries.withLock { entries in
            accounts.filter { entries[$0].map { $0.readAt.advanced(by: Self.remembered) <= now } ?? true }
        }
        var read: [Account: Usage] = [:]
        for account in stale { read[account] = try used(account) }
        while true {
            let (outcome, missing) = entries.withLock { entries -> (Outcome?, [Account]) in
                if entries.count >= Self.most {
                    entries = entries.filter { $0.value.promised != Usage() || accounts.contains($0.key) }
                }
                for (account, used) in read {
                    entries[account] = Entry(used: used, readAt: now, promised: entries[account]?.promised ?? Usage())
                }
                // Another request may have made room for its own accounts between the two looks.
                let missing = accounts.filter { entries[$0] == nil }
                return missing.isEmpty ? (body(&entries), []) : (nil, missing)
            }
            if let outcome { return outcome }
            for account in missing { read[account] = try used(account) }
        }
    }

    private func used(_ account: Account) throws(Problem) -> Usage {
        do throws(SluiceError) {
            switch account {
            case .ticket(let ticket):
                // What resumable uploads have announced is as good as used.
                let open = try usage.openTotals(ticket: ticket)
                return try usage.usage(of: ticket).adding(Usage(attachments: Int64(open.count), size: open.length))
            case .submitter(let submitter, let day):
                let open = try usage.openTotals(submitter: submitter)
                return try usage.usage(of: submitter, on: day).adding(
                    Usage(attachments: Int64(open.count), size: open.length))
            }
        } catch { throw Problem(error) }
    }

    private func left(_ account: Account) throws(Problem) -> Int64? {
        try withEntries(of: [account]) { entries in room(account, entries[account]!).size }
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
        let ofTicket = (try? left(.ticket(reservation.ticket))) ?? .max
        let ofDay = (try? left(.submitter(reservation.submitter, reservation.day))) ?? .max
        let account: Account =
            ofTicket <= ofDay ? .ticket(reservation.ticket) : .submitter(reservation.submitter, reservation.day)
        return Self.refusal(account, .bytes, left: reservation.granted, at: clock())
    }
}

extension Problem {
    /// The same refusal on its way out of a transaction.
    fileprivate var quotaError: SluiceError {
        var error = SluiceError(code, what: detail, why: "", mend: remedy)
        error.evidence = evidence.map { SluiceError.Evidence($0.name, $0.value) }
        error.retryAfter = headers.first { $0.name == "Retry-After" }.flatMap { Int($0.value) }
        return error
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

/// That one resumable upload may be created. It ends once, by `fulfil` or when this object goes.
package final class OpeningPromise: Sendable {
    fileprivate let submitter: String?
    /// Bytes.
    fileprivate let length: Int64
    private let ledger: QuotaLedger
    private let isOver = Mutex(false)

    fileprivate init(_ ledger: QuotaLedger, submitter: String?, length: Int64) {
        self.ledger = ledger
        self.submitter = submitter
        self.length = length
    }

    deinit { fulfil() }

    /// Its row is in the store and counts from now on.
    func fulfil() {
        let isFirst = isOver.withLock { isOver in
            defer { isOver = true }
            return !isOver
        }
        if isFirst { ledger.close(self) }
    }
}
