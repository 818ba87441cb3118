// Usage and reviews of the ticket store in memory.

public import SluiceModel
import Synchronization

extension MemoryTicketStore: UsageStore {
    public func usage(of ticket: TicketID) throws(SluiceError) -> Usage {
        rows.withLock { rows in
            let found = rows.attachments.filter { $0.ticket == ticket }
            return Usage(
                attachments: Int64(found.count), size: ByteCount(found.reduce(0) { $0 + $1.facts.size.bytes }))
        }
    }

    public func usage(of submitter: String?, on day: Day) throws(SluiceError) -> Usage {
        rows.withLock { rows in
            func isMeant(_ facts: StoredFacts) -> Bool {
                facts.submission.source == .endpoint && facts.submission.submitter == submitter
                    && Day(of: facts.receivedAt) == day
            }
            // What a reviewer deleted was kept when it came, and its rejection is no further arrival.
            let kept = rows.attachments.map(\.facts).filter(isMeant) + rows.deleted.filter(isMeant)
            let refused = rows.rejections.filter { one in isMeant(one.facts) && !rows.deleted.contains(one.facts) }
            return Usage(
                attachments: Int64(kept.count + refused.count), size: ByteCount(kept.reduce(0) { $0 + $1.size.bytes }))
        }
    }
}

extension MemoryTicketStore: ReviewStore {
    public func releases(for digest: Digest) throws(SluiceError) -> [Release] {
        rows.withLock { Array($0.releases.filter { $0.digest == digest && $0.revokedAt == nil }.reversed()) }
    }

    public func releases() throws(SluiceError) -> [Release] { rows.withLock { $0.releases } }

    public func revokeRelease(_ id: String, by person: String, at time: Int64) throws(SluiceError) -> Bool {
        rows.withLock { rows in
            guard let index = rows.releases.firstIndex(where: { $0.id == id }) else { return false }
            rows.releases[index].revokedBy = rows.releases[index].revokedBy ?? person
            rows.releases[index].revokedAt = rows.releases[index].revokedAt ?? time
            return true
        }
    }

    public func quarantined(after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment] {
        rows.withLock { rows in
            let waiting = rows.attachments.filter { $0.verdict == .quarantined && $0.id > after ?? "" }
            return Array(waiting.sorted { $0.id < $1.id }.prefix(limit))
        }
    }

    public func release(
        _ attachment: String, by person: String, note: String, everywhere: Bool, at time: Int64
    ) throws(SluiceError) -> ReviewOutcome {
        rows.withLock { rows in
            guard let index = rows.attachments.firstIndex(where: { $0.id == attachment }) else {
                return .noSuchAttachment
            }
            guard rows.attachments[index].verdict == .quarantined else { return .notQuarantined }
            let digest = rows.attachments[index].digest
            self.note(.released, rows.attachments[index], person, note, time, &rows)
            rows.attachments[index].verdict = .accepted
            let codes = Set((rows.findings[attachment] ?? []).filter { $0.severity == .quarantine }.map(\.code))
                .sorted()
            rows.releases.append(
                Release(
                    id: String(rows.releases.count + 1), digest: digest,
                    ticket: everywhere ? nil : rows.attachments[index].ticket, attachment: attachment, codes: codes,
                    person: person, note: note, releasedAt: time))
            Self.settle(&rows.findings[attachment, default: []])
            rows.findings[attachment, default: []] += codes.map {
                StoredFinding(JudgedFinding(Finding(.released, [.text($0), .text(person)]), .note))
            }
            return .done
        }
    }

    public func delete(
        _ attachment: String, by person: String, note: String, at time: Int64
    ) throws(SluiceError) -> ReviewOutcome {
        rows.withLock { rows in
            guard let index = rows.attachments.firstIndex(where: { $0.id == attachment }) else {
                return .noSuchAttachment
            }
            guard rows.attachments[index].verdict == .quarantined else { return .notQuarantined }
            let gone = rows.attachments.remove(at: index)
            self.note(.deleted, gone, person, note, time, &rows)
            let told = rows.rejections.firstIndex {
                $0.ticket == gone.ticket && $0.facts.digest == gone.digest
                    && $0.facts.policyVersion == gone.facts.policyVersion
                    && $0.facts.submission.declaredName == gone.facts.submission.declaredName
            }
            if let told {
                rows.rejections[told].count += 1
                rows.rejections[told].lastAt = time
            } else {
                var findings = rows.findings[attachment] ?? []
                Self.settle(&findings)
                findings.append(StoredFinding(JudgedFinding(Finding(.deleted, [.text(person)]), .reject)))
                rows.rejections.append(
                    StoredRejection(
                        ticket: gone.ticket, facts: gone.facts, findings: findings, count: 1,
                        lastAt: time))
            }
            rows.deleted.append(gone.facts)
            rows.findings[attachment] = nil
            rows.entries[attachment] = nil
            return .done
        }
    }

    private static func settle(_ findings: inout [StoredFinding]) {
        for index in findings.indices where findings[index].severity == .quarantine {
            findings[index].severity = DecidedFinding.severity
            findings[index].remedy = DecidedFinding.remedy
            findings[index].remedies = DecidedFinding.remedies
        }
    }

    private func note(
        _ action: ReviewEvent.Action, _ attachment: StoredAttachment, _ person: String, _ note: String, _ time: Int64,
        _ rows: inout Rows
    ) {
        rows.unfinished.insert(UnfinishedDiscard(attachment.digest, in: .quarantined))
        rows.events.append(
            ReviewEvent(
                attachment: attachment.id, action: action, ticket: attachment.ticket, digest: attachment.digest,
                person: person, note: note, at: time))
    }

    public func reviewEvents(of attachment: String?) throws(SluiceError) -> [ReviewEvent] {
        rows.withLock { rows in rows.events.filter { attachment == nil || $0.attachment == attachment } }
    }

    public func unfinishedDiscards() throws(SluiceError) -> [UnfinishedDiscard] {
        rows.withLock { Array($0.unfinished) }
    }

    public func finish(_ discard: UnfinishedDiscard) throws(SluiceError) {
        rows.withLock { rows in _ = rows.unfinished.remove(discard) }
    }
}
