// What a decision becomes in the ticket store: an attachment or a refusal, its event, and the end of an earlier verdict that rested on a failed
// inspection.

import SluiceModel
import SluiceSystem

/// One decision that is to be recorded. Its ticket is there, and its bytes where they are kept.
final class Recording: Sendable {
    let decision: Decision
    let ticket: TicketID
    // Worked out on the thread of the caller, so that the one that commits has less to do.
    private let entries: [StoredEntry]
    private let card: String?
    private let findings: [StoredFinding]
    private let evidence: StoredEvidence?

    /// - Throws: `store.internal` for a decision that a defect has made incomplete.
    init(_ decision: Decision) throws(SluiceError) {
        func incomplete(_ cause: String) -> SluiceError {
            .storeInternal("The decision cannot be recorded.", cause: cause)
        }
        guard let ticket = decision.submission.ticket else { throw incomplete("it names no ticket") }
        if decision.judgement.verdict != .rejected {
            guard let spooled = decision.spooled else { throw incomplete("it keeps an attachment without bytes") }
            guard spooled.size == decision.size else { throw incomplete("its size is not that of its bytes") }
        }
        self.decision = decision
        self.ticket = ticket
        findings = decision.judgement.findings.map { StoredFinding($0) }
        let isKept = decision.judgement.verdict != .rejected
        entries = isKept ? decision.judgement.entries.map { StoredEntry($0) } : []
        card = isKept ? decision.inspection.card?.json : nil
        evidence = isKept ? StoredEvidence(decision.inspection) : nil
    }

    /// The bytes that have to be durable first.
    var orders: [BlobOrder] {
        guard let area = BlobArea(decision.judgement.verdict), let spooled = decision.spooled else { return [] }
        return [BlobOrder(spooled, in: area)]
    }

    /// What is on its ticket already, whatever its verdict was: the same answer is given if it is sent again.
    func known(_ reader: any StoreReader) throws(SluiceError) -> Receipt? {
        guard let before = try before(reader), try !isToReplace(before, reader) else { return nil }
        return duplicate(of: before)
    }

    /// - Parameters:
    ///   - now: microseconds since 1970.
    ///   - check: whether there is room; asked where something is added to what is there.
    func write(
        _ work: any UnitOfWork, at now: Int64, check: ((any StoreReader) throws(SluiceError) -> Void)? = nil
    ) throws(SluiceError) -> Receipt {
        let before = try before(work)
        if let before, try !isToReplace(before, work) { return duplicate(of: before) }
        if before == nil { try check?(work) }
        let verdict = decision.judgement.verdict
        try work.openTicket(ticket, at: now)
        var id: String?
        var isNew = true
        switch (verdict, before) {
        case (.rejected, let before):
            if let before { try work.remove(before.id) }
            isNew = try work.insert(refusal(now))
        case (_, let before?):
            id = before.id
            try work.replace(with: attachment(before.id, now))
        case (_, nil):
            let made = TimeOrderedID.make(at: now)
            id = made
            try work.insert(attachment(made, now))
        }
        if isNew || before != nil {
            try work.append(
                Event(
                    .init(verdict), at: now, ticket: ticket, attachment: id ?? before?.id,
                    digest: decision.spooled?.digest, name: decision.submission.declaredName,
                    note: before == nil
                        ? ""
                        : "The first inspection had failed. Sent again and inspected cleanly, it is \(verdict.rawValue).",
                    replacesVerdict: before != nil))
        }
        if let before, verdict != .quarantined {
            try work.noteRemoval(of: BlobAddress(before.digest, in: .quarantined))
        }
        var receipt = Receipt(
            outcome: Outcome(verdict), attachment: id, ticket: ticket, digest: decision.spooled?.digest,
            verdict: verdict, recordedAt: now)
        receipt.isJudgedAnew = before != nil
        return receipt
    }

    private func before(_ reader: any StoreReader) throws(SluiceError) -> StoredAttachment? {
        guard let digest = decision.spooled?.digest else { return nil }
        return try reader.attachment(on: ticket, digest, named: decision.submission.declaredName)
    }

    /// A verdict that rests on a failed inspection says nothing about the content: the first clean inspection of the same bytes takes its place.
    private func isToReplace(_ before: StoredAttachment, _ reader: any StoreReader) throws(SluiceError) -> Bool {
        guard before.verdict == .quarantined, !decision.judgement.restsOnFailedInspection else { return false }
        return try reader.findings(of: before.id).contains {
            $0.code == FindingDefinition.inspectionFailed.code && $0.entry == nil
        }
    }

    private func duplicate(of before: StoredAttachment) -> Receipt {
        Receipt(
            outcome: .duplicate, attachment: before.id, ticket: ticket, digest: before.digest, verdict: before.verdict,
            recordedAt: before.facts.receivedAt)
    }

    private func facts(_ now: Int64) -> StoredFacts {
        let judgement = decision.judgement
        return StoredFacts(
            submission: decision.submission, recognized: decision.inspection.recognized,
            secondOpinion: decision.inspection.secondOpinion, category: judgement.category,
            ownCategory: judgement.ownCategory, size: decision.size, digest: decision.spooled?.digest,
            policyVersion: judgement.policyVersion, receivedAt: now)
    }

    private func attachment(_ id: String, _ now: Int64) -> NewAttachment {
        let manifest = decision.inspection.manifest
        let stored = StoredAttachment(
            id: id, ticket: ticket, verdict: decision.judgement.verdict, facts: facts(now),
            digest: decision.spooled!.digest, entries: manifest?.entries.count, expandedSize: manifest?.expandedSize)
        return NewAttachment(
            stored: stored, entries: entries, card: card, findings: findings, evidence: evidence)
    }

    private func refusal(_ now: Int64) -> NewRefusal {
        NewRefusal(
            ticket: ticket, facts: facts(now), findings: findings, at: now)
    }
}
