// Many decisions, one commit: whoever waits while a commit runs is in the next one. Blobs and rows themselves are made durable in their stores.

public import SluiceModel

/// When a commit begins.
public enum CommitPacing: Sendable {
    /// While decisions keep arriving, it waits for more of them: fewest syncs, for work that waits for nothing but its end.
    case gathering
    /// At once, with what has come while the last one ran: shortest waits, for senders that wait for their answer before they send again.
    case prompt
}

/// Records decisions on one thread of its own.
public final class GroupCommit: Recorder {
    /// The most decisions of one commit (chosen: a commit stays below about 20 ms, and more gain little).
    public static let largestGroup = 256
    /// A batch syncs once for a hundred and not for twenty (measured with 3 000 small files; a commit takes 2 to 20 ms). The endpoint's senders
    /// would only wait: 32 of them got 1 680 answers a second with these pauses.
    private static let pauseBetweenArrivals: Duration = .milliseconds(3)
    private static let mostPauses = 6

    private struct Request: Sendable {
        let decision: Decision
        let answer: CheckedContinuation<Result<Receipt, SluiceError>, Never>
    }

    private let queue = WorkQueue<Request>()
    private let thread: BlockingThread

    public init(_ tickets: any TicketStore, _ blobs: any BlobStore, pacing: CommitPacing = .gathering) {
        let commit = Commit(tickets, blobs)
        thread = BlockingThread { [queue] in
            while true {
                if pacing == .gathering {
                    queue.gather(
                        upTo: Self.largestGroup, eachWaiting: Self.pauseBetweenArrivals, atMost: Self.mostPauses)
                }
                let requests = queue.take(atMost: Self.largestGroup)
                if requests.isEmpty { return }
                let results = commit.run(requests.map(\.decision))
                for (request, result) in zip(requests, results) { request.answer.resume(returning: result) }
            }
        }
    }

    deinit { queue.close() }

    public func record(_ decision: Decision) async throws(SluiceError) -> Receipt {
        let result = await withCheckedContinuation { answer in
            if !queue.add(Request(decision: decision, answer: answer)) {
                answer.resume(returning: .failure(Self.closed))
            }
        }
        return try result.get()
    }

    /// Finishes what is waiting, and blocks until that is done.
    public func close() {
        queue.close()
        thread.join()
    }

    private static let closed = SluiceError(
        "store.closed", what: "The ticket store is being closed.", why: "The program is ending.",
        mend: "Send the attachment again when it runs.")
}

/// One commit, from bytes to rows.
struct Commit: Sendable {
    private let tickets: any TicketStore
    private let blobs: any BlobStore

    init(_ tickets: any TicketStore, _ blobs: any BlobStore) {
        self.tickets = tickets
        self.blobs = blobs
    }

    /// - Returns: an answer for each decision, in their order; a receipt only for what is durable.
    func run(_ decisions: [Decision]) -> [Result<Receipt, SluiceError>] {
        var results: [Result<Receipt, SluiceError>?] = decisions.map { decision in
            Self.defect(of: decision).map { .failure($0) }
        }
        answerKnown(decisions, &results)
        let open = results.indices.filter { results[$0] == nil }
        for (index, result) in zip(open, commit(open.map { decisions[$0] })) { results[index] = result }
        return results.map { $0! }
    }

    /// What is on its ticket already needs no disk.
    private func answerKnown(_ decisions: [Decision], _ results: inout [Result<Receipt, SluiceError>?]) {
        let open = results.indices.filter { results[$0] == nil }
        if open.isEmpty { return }
        do throws(SluiceError) {
            let known = try tickets.receipts(alreadyGivenFor: open.map { decisions[$0] })
            for (index, receipt) in zip(open, known) { results[index] = receipt.map { .success($0) } }
        } catch {
            for index in open { results[index] = .failure(error) }
        }
    }

    private func commit(_ decisions: [Decision]) -> [Result<Receipt, SluiceError>] {
        if decisions.isEmpty { return [] }
        var isAboutOneDecision = false
        do throws(SluiceError) {
            let receipts = try blobs.keep(
                Self.orders(decisions),
                isReferenced: { (digest, area) throws(SluiceError) in try tickets.isReferenced(digest, in: area) },
                commit: { () throws(RecordFailure) in
                    do throws(RecordFailure) { return try tickets.record(decisions) } catch {
                        isAboutOneDecision = error.isAboutOneDecision
                        throw error
                    }
                })
            for receipt in receipts where receipt.isJudgedAnew { discardUnchecked(receipt) }
            return receipts.map { .success($0) }
        } catch {
            // One that cannot be recorded must not take the others with it.
            if isAboutOneDecision && decisions.count > 1 { return decisions.flatMap { commit([$0]) } }
            return decisions.map { _ in .failure(error) }
        }
    }

    /// The bytes were set apart while nobody knew what they are. Where this fails, the word in the database is kept and the next start does it.
    private func discardUnchecked(_ receipt: Receipt) {
        guard let digest = receipt.digest else { return }
        try? blobs.discard(
            digest, in: .quarantined,
            isReferenced: { (digest, area) throws(SluiceError) in try tickets.isReferenced(digest, in: area) })
    }

    /// Each digest once an area.
    private static func orders(_ decisions: [Decision]) -> [BlobOrder] {
        var seen: [BlobArea: Set<Digest>] = [:]
        var orders: [BlobOrder] = []
        for decision in decisions {
            guard let area = BlobArea(decision.judgement.verdict), let spooled = decision.spooled else { continue }
            if seen[area, default: []].insert(spooled.digest).inserted { orders.append(BlobOrder(spooled, in: area)) }
        }
        return orders
    }

    private static func defect(of decision: Decision) -> SluiceError? {
        if decision.submission.ticket == nil {
            return .storeInternal("The decision cannot be recorded.", cause: "it names no ticket")
        }
        guard decision.judgement.verdict != .rejected else { return nil }
        guard let spooled = decision.spooled else {
            return .storeInternal("The decision cannot be recorded.", cause: "it keeps an attachment without bytes")
        }
        if spooled.size != decision.size {
            return .storeInternal("The decision cannot be recorded.", cause: "its size is not that of its bytes")
        }
        return nil
    }
}
