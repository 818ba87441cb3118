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
        rows.withLock { $0.releases.filter { $0.digest == digest }.sorted { $0.code < $1.code } }
    }

    public func quarantined(after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment] {
        rows.withLock { rows in
            let waiting = rows.attachments.filter { $0.verdict == .quarantined && $0.id > after ?? "" }
            return Array(waiting.sorted { $0.id < $1.id }.prefix(limit))
        }
    }

    public func release(
        _ attachment: String, by person: String, note: String, at time: Int64
    ) throws(SluiceError) -> ReviewOutcome {
        rows.withLock { rows in
            guard let index = rows.attachments.firstIndex(where: { $0.id == attachment }) else {
                return .noSuchAttachment
            }
            guard rows.attachments[index].verdict == .quarantined else { return .notQuarantined }
            let digest = rows.attachments[index].digest
            self.note(.released, rows.attachments[index], person, note, time, &rows)
            rows.attachments[index].verdict = .accepted
            for code in Set((rows.findings[attachment] ?? []).filter { $0.severity == .quarantine }.map(\.code)) {
                rows.releases.removeAll { $0.digest == digest && $0.code == code }
                rows.releases.append(
                    Release(digest: digest, code: code, person: person, note: note, releasedAt: time))
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
                rows.rejections.append(
                    StoredRejection(
                        ticket: gone.ticket, facts: gone.facts, findings: rows.findings[attachment] ?? [], count: 1,
                        lastAt: time))
            }
            rows.deleted.append(gone.facts)
            rows.findings[attachment] = nil
            rows.entries[attachment] = nil
            return .done
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
