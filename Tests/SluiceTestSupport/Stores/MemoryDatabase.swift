// A database in memory: the second engine, on which the conformance suite runs, and a quick one for other tests.

public import SluiceModel
public import SluiceStorage
import Synchronization

/// Keeps rows in memory.
public final class MemoryDatabase: Database {
    private let rows = Mutex(MemoryRows())
    private let nextFailure = Mutex<CommitFailure?>(nil)
    public let name = "memory"
    public let leases: any Leases

    public init(leases: any Leases = LocalLeases()) { self.leases = leases }

    /// The next commit fails with this, once.
    public func failNext(_ failure: CommitFailure) { nextFailure.withLock { $0 = failure } }

    public func commit(_ units: [any CommitUnit]) throws(CommitFailure) {
        let failure = nextFailure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let failure { throw failure }
        rows.withLock { rows in
            for unit in units {
                let work = MemoryUnitOfWork(rows)
                do throws(SluiceError) {
                    try unit.run(work)
                    rows = work.rows
                } catch { unit.fail(error) }
            }
        }
    }

    public var reader: any StoreReader & Sendable { Reader(database: self) }

    public func read<Answer>(
        _ body: (any StoreReader) throws(SluiceError) -> Answer
    ) throws(SluiceError) -> Answer { try body(Snapshot(rows: rows.withLock { $0 })) }

    public func checkIntegrity() throws(SluiceError) -> [String] { [] }
    public func close() {}

    private struct Reader: MemoryReading, Sendable {
        let database: MemoryDatabase
        var rows: MemoryRows { database.rows.withLock { $0 } }
    }

    private struct Snapshot: MemoryReading {
        let rows: MemoryRows
    }
}

/// One unit of work: changes its own copy of the rows.
private final class MemoryUnitOfWork: MemoryReading, UnitOfWork {
    private(set) var rows: MemoryRows

    init(_ rows: MemoryRows) { self.rows = rows }

    func openTicket(_ ticket: TicketID, at time: Int64) throws(SluiceError) {
        rows.tickets[ticket] = rows.tickets[ticket] ?? time
    }

    func insert(_ attachment: NewAttachment) throws(SluiceError) { rows.attachments[attachment.stored.id] = attachment }
    func replace(with attachment: NewAttachment) throws(SluiceError) { try insert(attachment) }

    func remove(_ attachment: String) throws(SluiceError) {
        guard let gone = rows.attachments.removeValue(forKey: attachment) else { return }
        rows.gone.append(gone.stored.facts)
        rows.corrections.removeAll { $0.attachment == attachment }
    }

    func setVerdict(_ verdict: Verdict, of attachment: String) throws(SluiceError) {
        rows.attachments[attachment]?.stored.verdict = verdict
    }

    func settleFindings(of attachment: String) throws(SluiceError) {
        guard let findings = rows.attachments[attachment]?.findings else { return }
        rows.attachments[attachment]?.findings = findings.map { $0.severity == .quarantine ? $0.decided : $0 }
    }

    func add(_ finding: StoredFinding, to attachment: String) throws(SluiceError) {
        rows.attachments[attachment]?.findings.append(finding)
    }

    func correct(
        _ attachment: String, to category: SluiceModel.Category, by person: String, at time: Int64
    ) throws(SluiceError) { rows.corrections.append((attachment, category, person, time)) }

    func insert(_ refusal: NewRefusal) throws(SluiceError) -> Bool {
        let told = rows.refusals.firstIndex {
            $0.ticket == refusal.ticket && $0.facts.digest == refusal.facts.digest
                && $0.facts.policyVersion == refusal.facts.policyVersion
                && $0.facts.submission.declaredName == refusal.facts.submission.declaredName
        }
        if let told {
            rows.refusals[told].count += 1
            rows.refusals[told].lastAt = refusal.at
            return false
        }
        let number = (rows.refusals.last?.number ?? 0) + 1
        rows.refusals.append(
            StoredRejection(
                number: number, ticket: refusal.ticket, facts: refusal.facts, findings: refusal.findings, count: 1,
                lastAt: refusal.at))
        if refusal.at != refusal.facts.receivedAt { rows.laterRefusals.insert(number) }
        return true
    }

    func noteRemoval(of address: BlobAddress) throws(SluiceError) { rows.removals.insert(address) }
    func finishRemoval(of address: BlobAddress) throws(SluiceError) { rows.removals.remove(address) }

    func beginRemoval(of address: BlobAddress, at time: Int64) throws(SluiceError) -> Int64 {
        rows.numberedRemovals.given += 1
        let number = rows.numberedRemovals.given
        rows.numberedRemovals.known.append(
            NumberedRemoval(number: number, address: address, beganAt: time, isDone: false))
        return number
    }

    func endRemoval(_ number: Int64) throws(SluiceError) {
        let index = rows.numberedRemovals.known.firstIndex { $0.number == number }
        if let index { rows.numberedRemovals.known[index].isDone = true }
    }

    func forgetRemovals(before time: Int64) throws(SluiceError) {
        rows.numberedRemovals.known.removeAll { $0.isDone && $0.beganAt < time }
    }

    func append(_ event: Event) throws(SluiceError) {
        var event = event
        event.number = try lastEvent() + 1
        rows.events.append(event)
    }

    func insert(_ release: Release) throws(SluiceError) {
        var release = release
        release.id = String(rows.releases.count + 1)
        rows.releases.append(release)
    }

    func revokeRelease(_ id: String, by person: String, at time: Int64) throws(SluiceError) -> Bool {
        guard let index = rows.releases.firstIndex(where: { $0.id == id }) else { return false }
        rows.releases[index].revokedBy = rows.releases[index].revokedBy ?? person
        rows.releases[index].revokedAt = rows.releases[index].revokedAt ?? time
        return true
    }

    func keep(_ answer: KeptResponse, to key: String, of caller: String) throws(SluiceError) {
        rows.answers[[caller, key]] = rows.answers[[caller, key]] ?? answer
    }

    func forgetAnswers(before time: Int64) throws(SluiceError) {
        rows.answers = rows.answers.filter { $0.value.givenAt >= time }
    }

    func add(_ partial: Partial) throws(SluiceError) { rows.partials.append(partial) }

    func decide(_ id: String, _ outcome: Outcome, attachment: String?, answer: String) throws(SluiceError) {
        guard let index = rows.partials.firstIndex(where: { $0.id == id && $0.state == .open }) else { return }
        rows.partials[index].state = .decided
        rows.partials[index].outcome = outcome
        rows.partials[index].attachment = attachment
        rows.partials[index].answer = answer
    }

    func end(_ id: String) throws(SluiceError) {
        guard let index = rows.partials.firstIndex(where: { $0.id == id }) else { return }
        rows.partials[index].state = .ended
    }

    func expirePartials(before time: Int64, forgetting: Int64) throws(SluiceError) -> [String] {
        var ended: [String] = []
        for index in rows.partials.indices
        where rows.partials[index].state == .open && rows.partials[index].expiresAt < time {
            rows.partials[index].state = .ended
            ended.append(rows.partials[index].id)
        }
        rows.partials.removeAll { $0.state != .open && $0.expiresAt < forgetting }
        return ended
    }

    func add(_ part: PartialPart, to partial: String) throws(SluiceError) -> Bool {
        guard try openOffset(of: partial)?.bytes == part.begins else { return false }
        rows.parts[partial, default: []].append(part)
        return true
    }

    func removeParts(of partial: String) throws(SluiceError) { rows.parts[partial] = nil }

    func add(_ token: StoredToken, secret: Digest) throws(SluiceError) { rows.tokens.append((token, secret)) }

    func revokeToken(_ id: String, at time: Int64) throws(SluiceError) -> Bool {
        guard let index = rows.tokens.firstIndex(where: { $0.token.id == id }) else { return false }
        rows.tokens[index].token.revokedAt = rows.tokens[index].token.revokedAt ?? time
        return true
    }
}
