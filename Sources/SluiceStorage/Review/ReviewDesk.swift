// A person decides about a quarantined attachment: bytes and rows move in an order that leaves the store whole wherever it stops.

public import SluiceModel
import SluiceSystem

/// Reviews of one store. Every call blocks.
public struct ReviewDesk: Sendable {
    private let storage: Storage

    init(_ storage: Storage) { self.storage = storage }

    /// For the pipeline: what was let pass for the same bytes before.
    public var releases: any ReleaseStore { self }

    /// Accepts a quarantined attachment. The same bytes do not trip the same findings again.
    /// - Parameter everywhere: it holds for these bytes on every ticket, not only on the attachment's.
    /// - Throws: `store.…`; then it is quarantined still and the same call can be made again.
    public func release(
        _ id: String, by person: String, note: String, everywhere: Bool = false
    ) throws(SluiceError) -> ReviewOutcome {
        guard let attachment = try storage.tickets.attachment(id) else { return .noSuchAttachment }
        guard attachment.verdict == .quarantined else { return .notQuarantined }
        guard attachment.facts.submission.submitter != person else { return .sentByReviewer }
        // The accepted area gets a blob of its own; then the row; and only then the one that is set apart goes.
        let copy = try copied(attachment)
        let outcome = try storage.transactionBlocking(
            "The release cannot be recorded.", placing: [BlobOrder(copy, in: .accepted)]
        ) { (work) throws(SluiceError) in
            try Self.release(id, by: person, note, everywhere: everywhere, work)
        }
        // Somebody else may have decided while the bytes were copied: then they do not belong among the accepted.
        if outcome != .done { try storage.finishRemoval(of: BlobAddress(attachment.digest, in: .accepted)) }
        try storage.finishRemoval(of: BlobAddress(attachment.digest, in: .quarantined))
        return outcome
    }

    /// Deletes the bytes of a quarantined attachment. That it was there, its findings and the note stay.
    /// - Throws: `store.…`; the same call can be made again.
    public func delete(_ id: String, by person: String, note: String) throws(SluiceError) -> ReviewOutcome {
        guard let attachment = try storage.tickets.attachment(id) else { return .noSuchAttachment }
        let outcome = try storage.transactionBlocking("The deletion cannot be recorded.") {
            (work) throws(SluiceError) in try Self.delete(id, by: person, note, work)
        }
        if outcome == .done { try storage.finishRemoval(of: BlobAddress(attachment.digest, in: .quarantined)) }
        return outcome
    }

    /// What people let pass, the oldest first, with what was taken back.
    /// - Parameter ticket: only those that hold there alone.
    public func allReleases(of ticket: TicketID? = nil) throws(SluiceError) -> [Release] {
        try storage.tickets.releases().filter { ticket == nil || $0.ticket == ticket }
    }

    /// From now on the same bytes are judged as if nobody had released them. What was accepted by the release stays.
    /// - Returns: false where there is no such release.
    public func revokeRelease(_ id: String, by person: String) throws(SluiceError) -> Bool {
        try storage.transactionBlocking("The release cannot be taken back.") { (work) throws(SluiceError) in
            try work.revokeRelease(id, by: person, at: WallClock.microseconds())
        }
    }

    /// Whether a person has deleted this attachment.
    public func wasDeleted(_ attachment: String) throws(SluiceError) -> Bool {
        try storage.tickets.events(of: attachment).contains { $0.kind == .attachmentDeleted }
    }

    /// Says what an attachment is. The same said again by the same person as the latest word adds nothing.
    /// - Returns: false when there is no such attachment.
    public func correct(_ id: String, to category: Category, by person: String) throws(SluiceError) -> Bool {
        try storage.transactionBlocking("The correction cannot be recorded.") { (work) throws(SluiceError) in
            guard let attachment = try work.attachment(id) else { return false }
            if let latest = try work.corrections(of: id).last, latest.category == category, latest.person == person {
                return true
            }
            let now = WallClock.microseconds()
            try work.correct(id, to: category, by: person, at: now)
            try work.append(Event(.attachmentCorrected, of: attachment, at: now, by: person, note: category.rawValue))
            return true
        }
    }

    // MARK: Units of work

    private static func release(
        _ id: String, by person: String, _ note: String, everywhere: Bool, _ work: any UnitOfWork
    ) throws(SluiceError) -> ReviewOutcome {
        guard let attachment = try work.attachment(id) else { return .noSuchAttachment }
        guard attachment.verdict == .quarantined else { return .notQuarantined }
        let now = WallClock.microseconds()
        let codes = Set(try work.findings(of: id).filter { $0.severity == .quarantine }.map(\.code)).sorted()
        try work.insert(
            Release(
                id: "", digest: attachment.digest, ticket: everywhere ? nil : attachment.ticket, attachment: id,
                codes: codes, person: person, note: note, releasedAt: now))
        try work.setVerdict(.accepted, of: id)
        try work.settleFindings(of: id)
        for code in codes {
            let finding = Finding(.released, [.text(code), .text(person)])
            try work.add(StoredFinding(JudgedFinding(finding, .note)), to: id)
        }
        try work.noteRemoval(of: BlobAddress(attachment.digest, in: .quarantined))
        try work.append(Event(.attachmentReleased, of: attachment, at: now, by: person, note: note))
        return .done
    }

    /// The attachment becomes a refusal: its findings and the decision stay, the attachment and its listing go.
    private static func delete(
        _ id: String, by person: String, _ note: String, _ work: any UnitOfWork
    ) throws(SluiceError) -> ReviewOutcome {
        guard let attachment = try work.attachment(id) else { return .noSuchAttachment }
        guard attachment.verdict == .quarantined else { return .notQuarantined }
        let now = WallClock.microseconds()
        let deleted = StoredFinding(JudgedFinding(Finding(.deleted, [.text(person)]), .reject))
        let findings = try work.findings(of: id).map { $0.severity == .quarantine ? $0.decided : $0 } + [deleted]
        // Later than its arrival: usage counts a refusal on the day it came only where nothing was kept before.
        _ = try work.insert(
            NewRefusal(
                ticket: attachment.ticket, facts: attachment.facts, findings: findings,
                at: max(now, attachment.facts.receivedAt + 1)))
        try work.remove(id)
        try work.noteRemoval(of: BlobAddress(attachment.digest, in: .quarantined))
        try work.append(Event(.attachmentDeleted, of: attachment, at: now, by: person, note: note))
        return .done
    }

    // MARK: Bytes

    private func copied(_ attachment: StoredAttachment) throws(SluiceError) -> SpooledAttachment {
        let what = "The attachment cannot be released."
        guard let source = try storage.blobs.open(BlobAddress(attachment.digest, in: .quarantined)) else {
            throw .inputOutput(what, cause: "its bytes are not there; `sluice verify` says more")
        }
        let copy = try storage.spool.receive(source)
        guard copy.digest == attachment.digest else {
            throw .inputOutput(what, cause: "its bytes have changed on the disk; `sluice verify` says more")
        }
        return copy
    }
}

extension ReviewDesk: ReleaseStore {
    public func releases(for digest: Digest) throws(SluiceError) -> [Release] {
        try storage.tickets.releases(for: digest)
    }
}

extension Storage {
    public var review: ReviewDesk { ReviewDesk(self) }
}

extension Event {
    /// What a person did to a kept attachment.
    init(_ kind: Kind, of attachment: StoredAttachment, at time: Int64, by person: String, note: String) {
        self.init(
            kind, at: time, ticket: attachment.ticket, attachment: attachment.id, digest: attachment.digest,
            name: attachment.facts.submission.declaredName, person: person, note: note)
    }
}
