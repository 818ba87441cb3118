// Quotas: what is left, what is promised, and that the last bytes are promised once.

import SluiceModel
import SluiceStorage
import SluiceTestSupport
import Synchronization
import Testing

@testable import SluiceServer
@testable import SluiceUploads

/// Usage as a test wants it.
private final class FixedUsage: UsageReader {
    let ticket = Mutex(Usage())
    let day = Mutex(Usage())

    func usage(of ticket: TicketID) throws(SluiceError) -> Usage { self.ticket.withLock { $0 } }
    func usage(of submitter: String?, on day: Day) throws(SluiceError) -> Usage { self.day.withLock { $0 } }
    func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals { PartialTotals() }
    func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals { PartialTotals() }
}

struct QuotaLedgerTests {
    private static let ticket = TicketID("T-1")!
    /// 1970-01-02, an hour before midnight.
    private static let late: Int64 = 2 * Day.microseconds - 3_600_000_000

    private func ledger(_ quotas: Quotas, used: Usage = Usage()) -> QuotaLedger {
        let usage = FixedUsage()
        usage.ticket.withLock { $0 = used }
        usage.day.withLock { $0 = used }
        return QuotaLedger(quotas, usage, clock: { Self.late })
    }

    private func reserve(_ ledger: QuotaLedger, _ announced: Int64?, most: Int64 = 1000) throws(Problem) -> Reservation
    {
        try ledger.reserve(ticket: Self.ticket, submitter: "ann", announced: announced, most: most)
    }

    @Test("What fits exactly is promised, a byte more is refused with what is left")
    func edge() throws {
        let ledger = ledger(Quotas(ticketSize: .atMost(100)), used: Usage(attachments: 1, size: ByteCount(60)))
        #expect(try ledger.left(ticket: Self.ticket, submitter: "ann").ticket == 40)
        #expect(refusal { () throws(Problem) in try reserve(ledger, 41) } == "413 quota.ticket-size")
        let reservation = try reserve(ledger, 40)
        #expect(reservation.granted == 40)
        do throws(Problem) {
            _ = try reserve(ledger, 1)
            Issue.record("more was promised than there is")
        } catch { #expect(error.evidence.first?.value == "0") }
        // What is empty fits anywhere.
        #expect(try reserve(ledger, 0).granted == 0)
        withExtendedLifetime(reservation) {}
    }

    @Test("A promise that ends gives its room back, but for what was kept")
    func settling() throws {
        let ledger = ledger(Quotas(ticketSize: .atMost(100)))
        do {
            let reservation = try reserve(ledger, 80)
            #expect(try ledger.left(ticket: Self.ticket, submitter: "ann").ticket == 20)
            reservation.fulfil(Usage(attachments: 1, size: ByteCount(30)))
        }
        #expect(try ledger.left(ticket: Self.ticket, submitter: "ann").ticket == 70)
        _ = try reserve(ledger, 70)
        #expect(try ledger.left(ticket: Self.ticket, submitter: "ann").ticket == 70)
    }

    @Test("Of unknown size as much is promised as it may become, and no more than is left")
    func unknownSize() throws {
        let ledger = ledger(Quotas(ticketSize: .atMost(1500)))
        let first = try reserve(ledger, nil)
        let second = try reserve(ledger, nil)
        #expect(first.granted == 1000 && second.granted == 500)
        #expect(refusal { () throws(Problem) in try reserve(ledger, nil) } == "413 quota.ticket-size")
        #expect(second.overrun.code == "quota.ticket-size")
    }

    @Test("A submitter's day tells when it ends")
    func day() throws {
        let bytes = ledger(Quotas(submitterSizePerDay: .atMost(10)), used: Usage(attachments: 1, size: ByteCount(10)))
        do throws(Problem) {
            _ = try reserve(bytes, 1)
            Issue.record("more was promised than there is")
        } catch {
            #expect(error.status == 429 && error.code == "quota.day-size")
            #expect(error.headers.contains { $0 == ("Retry-After", "3600") })
        }
        let count = ledger(Quotas(submitterAttachmentsPerDay: .atMost(3)), used: Usage(attachments: 3))
        #expect(refusal { () throws(Problem) in try reserve(count, 1) } == "429 quota.day-attachments")
        let full = ledger(Quotas(ticketAttachments: .atMost(3)), used: Usage(attachments: 3))
        #expect(refusal { () throws(Problem) in try reserve(full, 1) } == "413 quota.ticket-attachments")
        let free = ledger(Quotas(ticketSize: .unlimited, submitterSizePerDay: .unlimited))
        #expect(try free.left(ticket: Self.ticket, submitter: nil) == (nil, nil))
    }

    @Test("A full ticket stays full, however many tickets are asked about")
    func forgotten() throws {
        let ledger = ledger(
            Quotas(ticketSize: .atMost(100), submitterSizePerDay: .unlimited),
            used: Usage(attachments: 1, size: ByteCount(100)))
        for number in 0..<9000 {
            let ticket = TicketID("T-\(number)")!
            let told = refusal { () throws(Problem) in
                try ledger.reserve(ticket: ticket, submitter: "s\(number)", announced: 1, most: 1000)
            }
            guard told == "413 quota.ticket-size" else {
                Issue.record("ticket \(number): \(told)")
                return
            }
            guard try ledger.left(ticket: ticket, submitter: "s\(number)").ticket == 0 else {
                Issue.record("ticket \(number) is not full")
                return
            }
        }
    }

    @Test("Of many uploads that begin at once no more are let in than may be open, and an end makes room")
    func opening() async throws {
        let ledger = ledger(Quotas(openUploads: .atMost(10), unfinishedSize: .unlimited))
        var promises = await withTaskGroup(of: OpeningPromise?.self) { tasks in
            for _ in 0..<100 { tasks.addTask { try? ledger.open(submitter: "ann", length: 1) } }
            return await tasks.reduce(into: [OpeningPromise]()) { all, one in if let one { all.append(one) } }
        }
        #expect(promises.count == 10)
        #expect(
            refusal { () throws(Problem) in try ledger.open(submitter: "ann", length: 1) } == "429 quota.open-uploads")
        #expect(refusal { () throws(Problem) in try ledger.open(submitter: "bob", length: 1) } == "none")
        // Twice over is over once.
        promises[0].fulfil()
        promises[0].fulfil()
        let another = try ledger.open(submitter: "ann", length: 1)
        #expect(
            refusal { () throws(Problem) in try ledger.open(submitter: "ann", length: 1) } == "429 quota.open-uploads")
        promises = []
        withExtendedLifetime(another) {}
        #expect(refusal { () throws(Problem) in try ledger.open(submitter: "ann", length: 1) } == "none")
        let small = self.ledger(Quotas(unfinishedSize: .atMost(10)))
        let first = try small.open(submitter: nil, length: 8)
        #expect(
            refusal { () throws(Problem) in try small.open(submitter: nil, length: 3) } == "429 quota.unfinished-size")
        withExtendedLifetime(first) {}
    }

    @Test("Of many at once no more are let in than fit")
    func together() async throws {
        let ledger = ledger(Quotas(ticketSize: .atMost(1000)))
        let granted = await withTaskGroup(of: Reservation?.self) { tasks in
            for _ in 0..<100 {
                tasks.addTask { try? ledger.reserve(ticket: Self.ticket, submitter: "ann", announced: 90, most: 1000) }
            }
            return await tasks.reduce(into: [Reservation]()) { all, one in if let one { all.append(one) } }
        }
        #expect(granted.count == 11)
    }
}
