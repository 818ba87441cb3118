// What can be asked of the rows. Each engine answers these, inside a unit of work, on one state of the database, or by itself.

public import SluiceModel

/// Reads rows. Every call blocks.
/// - Throws: `store.io`, `store.busy`, `store.damaged`.
public protocol StoreReader {
    // MARK: Attachments

    /// In the order of their names.
    /// - Parameter after: the last one of the page before.
    func tickets(after: TicketID?, limit: Int) throws(SluiceError) -> [Ticket]
    /// In the order of their ids, which is that of their arrival.
    /// - Parameter after: the last one of the page before.
    func attachments(of ticket: TicketID, after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment]
    func attachment(_ id: String) throws(SluiceError) -> StoredAttachment?
    /// What is there of the same bytes under the same declared name on the same ticket.
    func attachment(
        on ticket: TicketID, _ digest: Digest, named name: DeclaredName
    ) throws(SluiceError) -> StoredAttachment?
    /// Of each attachment, gravest first. An attachment without findings has no key.
    func findings(of attachments: [String]) throws(SluiceError) -> [String: [StoredFinding]]
    /// In the manifest's order.
    func entries(of attachment: String) throws(SluiceError) -> [StoredEntry]
    /// What a log or a bundle of logs tells at a glance, as JSON. An attachment without a card has no key.
    func cards(of attachments: [String]) throws(SluiceError) -> [String: String]
    /// What the attachment was judged on; `nil` for one from before it was kept.
    func evidence(of attachment: String) throws(SluiceError) -> StoredEvidence?
    /// The original first.
    func renditions(of attachment: String) throws(SluiceError) -> [Rendition]
    /// What was refused on this ticket, in the order in which it was first told.
    /// - Parameter after: the number of the last one of the page before.
    func rejections(on ticket: TicketID, after: Int64, limit: Int) throws(SluiceError) -> [StoredRejection]
    /// What persons have said of the attachments' categories, oldest first. An attachment that nobody corrected has no key.
    func corrections(of attachments: [String]) throws(SluiceError) -> [String: [CategoryCorrection]]
    /// The latest correction of each attachment that has one.
    func corrections() throws(SluiceError) -> [CategoryCorrection]

    // MARK: Blobs

    /// Which of these blobs a row refers to.
    func referenced(_ addresses: [BlobAddress]) throws(SluiceError) -> Set<BlobAddress>
    /// The blobs that rows refer to, those whose digest begins with one byte, in the order of their digests.
    func references(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> [BlobReference]
    /// Number and sum of the sizes of all that `references` lists in both areas.
    func referenceTotals() throws(SluiceError) -> Usage
    /// Blobs whose row is gone, but perhaps not their bytes.
    func unfinishedRemovals() throws(SluiceError) -> [BlobAddress]
    /// The highest number of a removal; 0 where there is none.
    func lastRemoval() throws(SluiceError) -> Int64
    /// Removals with higher numbers, and all that are not done.
    func removals(after number: Int64) throws(SluiceError) -> [NumberedRemoval]

    // MARK: Events

    /// In the order of their numbers.
    /// - Parameter number: the last one that is known already; 0 for all.
    func events(after number: Int64, limit: Int) throws(SluiceError) -> [Event]
    /// What was done to one attachment after its first verdict, oldest first.
    func events(of attachment: String) throws(SluiceError) -> [Event]
    /// The same for all attachments.
    func reviewEvents(after number: Int64, limit: Int) throws(SluiceError) -> [Event]
    /// The number of the newest event; 0 where there is none.
    func lastEvent() throws(SluiceError) -> Int64

    // MARK: Review

    /// What waits for a person, oldest first.
    /// - Parameters:
    ///   - ticket: only there; `nil` for every ticket.
    ///   - after: the last attachment of the page before.
    func quarantined(on ticket: TicketID?, after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment]
    /// What was let pass for these bytes and not taken back, on any ticket, the latest word first.
    func releases(for digest: Digest) throws(SluiceError) -> [Release]
    /// Those that were taken back included, the oldest first.
    func releases() throws(SluiceError) -> [Release]

    // MARK: The endpoint

    /// All attachments that are kept on a ticket, through whichever door they came.
    func usage(of ticket: TicketID) throws(SluiceError) -> Usage
    /// What came through the endpoint on one day: attachments that were decided, refused ones included, and the bytes that were kept.
    /// - Parameter submitter: `nil` stands for all anonymous ones together.
    func usage(of submitter: String?, on day: Day) throws(SluiceError) -> Usage
    /// What a ticket, and a submitter on one day, use with all that is on its way: one question, asked before each attachment is recorded.
    func usageWithPartials(
        of ticket: TicketID, _ submitter: String?, on day: Day
    ) throws(SluiceError) -> (ticket: Usage, submitter: Usage)
    /// - Parameter caller: whose key it is; keys of different callers have nothing to do with each other.
    func answer(to key: String, of caller: String) throws(SluiceError) -> KeptResponse?
    /// - Returns: `nil` where it never was or is forgotten.
    func partial(_ id: String) throws(SluiceError) -> Partial?
    /// Those that are open, oldest first.
    func openPartials() throws(SluiceError) -> [Partial]
    /// What one submitter has open; `nil` stands for all anonymous ones together.
    func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals
    /// What is on its way to one ticket.
    func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals
    /// The parts of one partial in an object store, in the order of their bytes.
    func parts(of partial: String) throws(SluiceError) -> [PartialPart]
    /// How many bytes of a partial lie in parts; `nil` where it is not open.
    func openOffset(of partial: String) throws(SluiceError) -> ByteCount?
    /// The same for all that are open.
    func partTotals() throws(SluiceError) -> [String: ByteCount]
    /// Parts of partials that are not open any more.
    func finishedParts() throws(SluiceError) -> [String: [PartialPart]]
    /// - Returns: `nil` where there is no such token; a revoked one is told. The secret is SHA-256 of its characters.
    func token(_ id: String) throws(SluiceError) -> (token: StoredToken, secret: Digest)?
    /// In the order in which they were made, revoked ones included.
    func tokens() throws(SluiceError) -> [StoredToken]
}

extension StoreReader {
    /// Gravest first.
    public func findings(of attachment: String) throws(SluiceError) -> [StoredFinding] {
        try findings(of: [attachment])[attachment] ?? []
    }

    /// `nil` where the attachment has no card.
    public func card(of attachment: String) throws(SluiceError) -> String? { try cards(of: [attachment])[attachment] }

    /// Oldest first.
    public func corrections(of attachment: String) throws(SluiceError) -> [CategoryCorrection] {
        try corrections(of: [attachment])[attachment] ?? []
    }

    /// Attachments with what is told beside them: three questions, however many attachments there are.
    public func details(of attachments: [StoredAttachment]) throws(SluiceError) -> [AttachmentDetail] {
        let ids = attachments.map(\.id)
        let (findings, cards, corrections) = (try findings(of: ids), try cards(of: ids), try corrections(of: ids))
        return attachments.map {
            AttachmentDetail(
                $0, card: cards[$0.id], correction: corrections[$0.id]?.last, findings: findings[$0.id] ?? [])
        }
    }

    public func detail(of attachment: StoredAttachment) throws(SluiceError) -> AttachmentDetail {
        try details(of: [attachment])[0]
    }

    func isReferenced(_ address: BlobAddress) throws(SluiceError) -> Bool { try !referenced([address]).isEmpty }
}
