// A ticket store in memory: the second implementation on which the conformance suite runs, and a quick one for other tests.

public import SluiceModel
import Synchronization

/// Keeps rows in memory.
public final class MemoryTicketStore: TicketStore {
    struct Rows {
        var tickets: [TicketID: Int64] = [:]
        var attachments: [StoredAttachment] = []
        var findings: [String: [StoredFinding]] = [:]
        var entries: [String: [StoredEntry]] = [:]
        var cards: [String: String] = [:]
        var corrections: [CategoryCorrection] = []
        var rejections: [StoredRejection] = []
        var releases: [Release] = []
        var deleted: [StoredFacts] = []
        var events: [ReviewEvent] = []
        var unfinished: Set<UnfinishedDiscard> = []
        var clock: Int64 = 1_700_000_000_000_000
    }

    let rows = Mutex(Rows())
    private let nextFailure = Mutex<RecordFailure?>(nil)

    public init() {}

    /// The next `record` fails with this, once.
    public func failNext(_ failure: RecordFailure) { nextFailure.withLock { $0 = failure } }

    public func receipts(alreadyGivenFor decisions: [Decision]) throws(SluiceError) -> [Receipt?] {
        rows.withLock { rows in decisions.map { Self.known($0, rows) } }
    }

    public func record(_ decisions: [Decision]) throws(RecordFailure) -> [Receipt] {
        let failure = nextFailure.withLock { failure in
            defer { failure = nil }
            return failure
        }
        if let failure { throw failure }
        return rows.withLock { rows in decisions.map { Self.write($0, &rows) } }
    }

    private static func twin(_ decision: Decision, _ rows: Rows) -> StoredAttachment? {
        rows.attachments.first {
            $0.ticket == decision.submission.ticket && $0.digest == decision.spooled?.digest
                && $0.facts.submission.declaredName == decision.submission.declaredName
        }
    }

    /// What was set apart because its inspection failed, where this decision rests on one that did not.
    private static func unchecked(_ decision: Decision, _ rows: Rows) -> StoredAttachment? {
        guard !decision.judgement.restsOnFailedInspection, let twin = twin(decision, rows),
            twin.verdict == .quarantined
        else { return nil }
        let code = FindingDefinition.inspectionFailed.code
        return rows.findings[twin.id, default: []].contains { $0.code == code && $0.entry == nil } ? twin : nil
    }

    private static func known(_ decision: Decision, _ rows: Rows) -> Receipt? {
        if unchecked(decision, rows) != nil { return nil }
        return twin(decision, rows).map {
            Receipt(outcome: .duplicate, attachment: $0.id, ticket: $0.ticket, digest: $0.digest, verdict: $0.verdict)
        }
    }

    private static func write(_ decision: Decision, _ rows: inout Rows) -> Receipt {
        if let known = known(decision, rows) { return known }
        rows.clock += 1
        let now = rows.clock
        if let before = unchecked(decision, rows) {
            rows.attachments.removeAll { $0.id == before.id }
            (rows.findings[before.id], rows.entries[before.id], rows.cards[before.id]) = (nil, nil, nil)
            var receipt = write(decision, as: before.id, now, &rows)
            receipt.isJudgedAnew = true
            rows.events.append(
                ReviewEvent(
                    attachment: before.id, action: .judgedAnew, ticket: before.ticket, digest: before.digest,
                    person: "sluice", note: "", at: now))
            return receipt
        }
        return write(decision, as: "memory-\(now)", now, &rows)
    }

    private static func write(_ decision: Decision, as id: String, _ now: Int64, _ rows: inout Rows) -> Receipt {
        let ticket = decision.submission.ticket!
        if rows.tickets[ticket] == nil { rows.tickets[ticket] = now }
        let judgement = decision.judgement
        let facts = StoredFacts(
            submission: decision.submission, recognized: decision.inspection.recognized,
            secondOpinion: decision.inspection.secondOpinion, category: judgement.category,
            ownCategory: judgement.ownCategory, size: decision.size, digest: decision.spooled?.digest,
            policyVersion: judgement.policyVersion, receivedAt: now)
        let findings = judgement.findings.map { StoredFinding($0) }
        guard judgement.verdict != .rejected else {
            let told = rows.rejections.firstIndex {
                $0.ticket == ticket && $0.facts.digest == facts.digest && $0.facts.policyVersion == facts.policyVersion
                    && $0.facts.submission.declaredName == facts.submission.declaredName
            }
            if let told {
                rows.rejections[told].count += 1
                rows.rejections[told].lastAt = now
            } else {
                rows.rejections.append(
                    StoredRejection(ticket: ticket, facts: facts, findings: findings, count: 1, lastAt: now))
            }
            return Receipt(
                outcome: .rejected, attachment: nil, ticket: ticket, digest: facts.digest, verdict: .rejected)
        }
        let manifest = decision.inspection.manifest
        rows.attachments.append(
            StoredAttachment(
                id: id, ticket: ticket, verdict: judgement.verdict, facts: facts, digest: facts.digest!,
                entries: manifest?.entries.count, expandedSize: manifest?.expandedSize))
        rows.findings[id] = findings
        rows.cards[id] = decision.inspection.card?.json
        rows.entries[id] = (manifest?.entries ?? []).enumerated().map { position, entry in
            let categories = judgement.entryCategories
            return StoredEntry(
                name: entry.name, kind: entry.kind, size: entry.size, depth: entry.depth, recognized: entry.recognized,
                category: position < categories.count ? categories[position] : nil)
        }
        return Receipt(
            outcome: Outcome(judgement.verdict), attachment: id, ticket: ticket, digest: facts.digest,
            verdict: judgement.verdict)
    }

    public func isReferenced(_ digest: Digest, in area: BlobArea) throws(SluiceError) -> Bool {
        rows.withLock { $0.attachments.contains { $0.digest == digest && BlobArea($0.verdict) == area } }
    }

    public func tickets(after: TicketID?, limit: Int) throws(SluiceError) -> [Ticket] {
        rows.withLock { rows in
            let later = rows.tickets.keys.sorted { $0.text < $1.text }.filter { $0.text > after?.text ?? "" }
            return later.prefix(limit).map { ticket in
                Ticket(
                    id: ticket, openedAt: rows.tickets[ticket]!,
                    attachments: rows.attachments.count { $0.ticket == ticket })
            }
        }
    }

    public func attachments(of ticket: TicketID) throws(SluiceError) -> [StoredAttachment] {
        rows.withLock { $0.attachments.filter { $0.ticket == ticket } }
    }

    public func attachment(_ id: String) throws(SluiceError) -> StoredAttachment? {
        rows.withLock { $0.attachments.first { $0.id == id } }
    }

    public func findings(of attachment: String) throws(SluiceError) -> [StoredFinding] {
        rows.withLock { $0.findings[attachment] ?? [] }
    }

    public func entries(of attachment: String) throws(SluiceError) -> [StoredEntry] {
        rows.withLock { $0.entries[attachment] ?? [] }
    }

    public func card(of attachment: String) throws(SluiceError) -> String? { rows.withLock { $0.cards[attachment] } }

    public func correct(_ attachment: String, to category: Category, by person: String) throws(SluiceError) -> Bool {
        rows.withLock { rows in
            guard let stored = rows.attachments.first(where: { $0.id == attachment }) else { return false }
            let latest = rows.corrections.last { $0.attachment.id == attachment }
            if latest?.category == category && latest?.person == person { return true }
            rows.clock += 1
            rows.corrections.append(
                CategoryCorrection(attachment: stored, category: category, person: person, correctedAt: rows.clock))
            return true
        }
    }

    public func corrections(of attachment: String) throws(SluiceError) -> [CategoryCorrection] {
        rows.withLock { $0.corrections.filter { $0.attachment.id == attachment } }
    }

    public func corrections() throws(SluiceError) -> [CategoryCorrection] {
        rows.withLock { rows in
            rows.attachments.compactMap { stored in rows.corrections.last { $0.attachment.id == stored.id } }
        }
    }

    public func rejections(on ticket: TicketID) throws(SluiceError) -> [StoredRejection] {
        rows.withLock { $0.rejections.filter { $0.ticket == ticket } }
    }

    public func references(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> [BlobReference] {
        rows.withLock { rows in
            var found: [Digest: BlobReference] = [:]
            for attachment in rows.attachments
            where BlobArea(attachment.verdict) == area && attachment.digest.bytes[0] == byte {
                let reference = BlobReference(
                    digest: attachment.digest, size: attachment.facts.size, attachment: attachment.id)
                found[attachment.digest] = found[attachment.digest] ?? reference
            }
            return found.values.sorted { $0.digest.hexadecimal < $1.digest.hexadecimal }
        }
    }

    public func referenceTotals() throws(SluiceError) -> (count: Int, size: ByteCount) {
        var count = 0
        var size: Int64 = 0
        for area in BlobArea.allCases {
            for byte in UInt8.min...UInt8.max {
                let found = try references(in: area, beginningWith: byte)
                count += found.count
                size += found.reduce(0) { $0 + $1.size.bytes }
            }
        }
        return (count, ByteCount(size))
    }

    public func checkIntegrity() throws(SluiceError) -> [String] { [] }
}
