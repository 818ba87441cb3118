// A person decides about a quarantined attachment: bytes and rows move in an order that leaves the store whole wherever it stops.

public import SluiceModel

/// Reviews of one store. Every call blocks.
public struct ReviewDesk: Sendable {
    private let tickets: any TicketStore
    private let rows: any ReviewStore
    private let blobs: any BlobStore
    private let spool: any Spool

    public init(_ tickets: any TicketStore, rows: any ReviewStore, blobs: any BlobStore, spool: any Spool) {
        self.tickets = tickets
        self.rows = rows
        self.blobs = blobs
        self.spool = spool
    }

    /// For the pipeline: what was let pass for the same bytes before.
    public var releases: any ReleaseStore { rows }

    /// What waits for a person, oldest first.
    public func waiting(after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment] {
        try rows.quarantined(after: after, limit: limit)
    }

    /// Accepts a quarantined attachment. The same bytes do not trip the same findings again.
    /// - Throws: `store.…`; then it is quarantined still and the same call can be made again.
    /// - Parameter everywhere: it holds for these bytes on every ticket, not only on the attachment's.
    public func release(
        _ id: String, by person: String, note: String, everywhere: Bool = false
    ) throws(SluiceError) -> ReviewOutcome {
        guard let attachment = try tickets.attachment(id) else { return .noSuchAttachment }
        guard attachment.verdict == .quarantined else { return .notQuarantined }
        guard attachment.facts.submission.submitter != person else { return .sentByReviewer }
        // The accepted area gets a file of its own; then the row; and only then the one that is set apart goes.
        let copy = try copied(attachment)
        let outcome = try blobs.keep(
            [BlobOrder(copy, in: .accepted)],
            isReferenced: { (digest, area) throws(SluiceError) in try tickets.isReferenced(digest, in: area) },
            commit: { () throws(RecordFailure) -> ReviewOutcome in
                do throws(SluiceError) {
                    return try rows.release(
                        id, by: person, note: note, everywhere: everywhere, at: currentMicroseconds())
                } catch { throw RecordFailure(error, isUndecided: true) }
            })
        // Somebody else may have decided while the bytes were copied: then they do not belong among the accepted.
        if outcome != .done { try discard(attachment.digest, in: .accepted) }
        try discard(attachment.digest, in: .quarantined)
        return outcome
    }

    /// Deletes the bytes of a quarantined attachment. That it was there, its findings and the note stay.
    /// - Throws: `store.…`; the same call can be made again.
    public func delete(_ id: String, by person: String, note: String) throws(SluiceError) -> ReviewOutcome {
        guard let attachment = try tickets.attachment(id) else { return .noSuchAttachment }
        let outcome = try rows.delete(id, by: person, note: note, at: currentMicroseconds())
        if outcome == .done { try discard(attachment.digest, in: .quarantined) }
        return outcome
    }

    /// What people let pass, the oldest first, with what was taken back.
    /// - Parameter ticket: only those that hold there alone.
    public func allReleases(of ticket: TicketID? = nil) throws(SluiceError) -> [Release] {
        try rows.releases().filter { ticket == nil || $0.ticket == ticket }
    }

    /// From now on the same bytes are judged as if nobody had released them.
    /// - Returns: false where there is no such release.
    public func revokeRelease(_ id: String, by person: String) throws(SluiceError) -> Bool {
        try rows.revokeRelease(id, by: person, at: currentMicroseconds())
    }

    /// The review record, oldest first.
    public func events(of attachment: String? = nil) throws(SluiceError) -> [ReviewEvent] {
        try rows.reviewEvents(of: attachment)
    }

    /// Whether a person has deleted this attachment.
    public func wasDeleted(_ attachment: String) throws(SluiceError) -> Bool {
        try events(of: attachment).contains { $0.action == .deleted }
    }

    /// Removes what a crash between row and file has left.
    func finishDiscards() throws(SluiceError) {
        for one in try rows.unfinishedDiscards() { try discard(one.digest, in: one.area) }
    }

    /// The bytes stay where another attachment has the same in that area.
    private func discard(_ digest: Digest, in area: BlobArea) throws(SluiceError) {
        try blobs.discard(digest, in: area) { (digest, area) throws(SluiceError) in
            try tickets.isReferenced(digest, in: area)
        }
        try rows.finish(UnfinishedDiscard(digest, in: area))
    }

    private func copied(_ attachment: StoredAttachment) throws(SluiceError) -> SpooledAttachment {
        let what = "The attachment cannot be released."
        guard let source = try blobs.open(attachment.digest, in: .quarantined) else {
            throw .inputOutput(what, cause: "its bytes are not there; `sluice verify` says more")
        }
        let reception = try spool.begin(limit: source.size)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        var offset: Int64 = 0
        while true {
            let count = try source.read(into: buffer, at: offset)
            if count == 0 { break }
            try reception.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
        }
        let copy = try reception.finish()
        guard copy.digest == attachment.digest else {
            throw .inputOutput(what, cause: "its bytes have changed on the disk; `sluice verify` says more")
        }
        return copy
    }
}
