// The rows of the second engine: values in memory. A copy of them is a state of the database, so a transaction that fails is simply forgotten.

public import SluiceModel
public import SluiceStorage

/// All rows of one store.
public struct MemoryRows: Sendable {

    var tickets: [TicketID: Int64] = [:]
    var attachments: [String: NewAttachment] = [:]
    var corrections: [(attachment: String, category: SluiceModel.Category, person: String, at: Int64)] = []
    var refusals: [StoredRejection] = []
    /// Refusals that a person made of what had been kept: they were counted when they came.
    var laterRefusals: Set<Int64> = []
    /// What came through the endpoint and is not kept any more, as it was counted.
    var gone: [StoredFacts] = []
    var removals: Set<BlobAddress> = []
    var numberedRemovals: (known: [NumberedRemoval], given: Int64) = ([], 0)
    var events: [Event] = []
    var releases: [Release] = []
    var answers: [[String]: KeptResponse] = [:]
    var partials: [Partial] = []
    var parts: [String: [PartialPart]] = [:]
    var tokens: [(token: StoredToken, secret: Digest)] = []

    public init() {}

    /// In the order of their ids.
    var kept: [StoredAttachment] { attachments.values.map(\.stored).sorted { $0.id < $1.id } }
}

/// Rows in memory, to be read.
public protocol MemoryReading: StoreReader {
    var rows: MemoryRows { get }
}

extension MemoryReading {
    public func tickets(after: TicketID?, limit: Int) throws(SluiceError) -> [Ticket] {
        let rows = rows
        let later = rows.tickets.keys.sorted { $0.text < $1.text }.filter { $0.text > after?.text ?? "" }
        return later.prefix(limit).map { ticket in
            Ticket(
                id: ticket, openedAt: rows.tickets[ticket]!, attachments: rows.kept.count { $0.ticket == ticket })
        }
    }

    public func attachments(of ticket: TicketID, after: String?, limit: Int) throws(SluiceError) -> [StoredAttachment] {
        Array(rows.kept.filter { $0.ticket == ticket && $0.id > after ?? "" }.prefix(limit))
    }

    public func attachment(_ id: String) throws(SluiceError) -> StoredAttachment? { rows.attachments[id]?.stored }

    public func attachment(
        on ticket: TicketID, _ digest: Digest, named name: DeclaredName
    ) throws(SluiceError) -> StoredAttachment? {
        rows.kept.first {
            $0.ticket == ticket && $0.digest == digest && $0.facts.submission.declaredName == name
        }
    }

    public func quarantined(
        on ticket: TicketID?, after: String?, limit: Int
    ) throws(SluiceError) -> [StoredAttachment] {
        let waiting = rows.kept.filter {
            $0.verdict == .quarantined && $0.id > after ?? "" && (ticket == nil || $0.ticket == ticket)
        }
        return Array(waiting.prefix(limit))
    }

    public func findings(of attachments: [String]) throws(SluiceError) -> [String: [StoredFinding]] {
        values(of: attachments) { $0.findings.isEmpty ? nil : $0.findings }
    }

    public func cards(of attachments: [String]) throws(SluiceError) -> [String: String] {
        values(of: attachments) { $0.card }
    }

    private func values<Value>(of attachments: [String], _ value: (NewAttachment) -> Value?) -> [String: Value] {
        let rows = rows
        let pairs = Set(attachments).compactMap { id in rows.attachments[id].flatMap(value).map { (id, $0) } }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    public func entries(of attachment: String) throws(SluiceError) -> [StoredEntry] {
        rows.attachments[attachment]?.entries ?? []
    }

    public func evidence(of attachment: String) throws(SluiceError) -> StoredEvidence? {
        rows.attachments[attachment]?.evidence
    }

    public func renditions(of attachment: String) throws(SluiceError) -> [Rendition] {
        (try self.attachment(attachment)).map { stored in
            [
                Rendition(
                    kind: .original, digest: stored.digest, size: stored.facts.size, area: BlobArea(stored.verdict)!)
            ]
        } ?? []
    }

    public func rejections(on ticket: TicketID, after: Int64, limit: Int) throws(SluiceError) -> [StoredRejection] {
        Array(rows.refusals.filter { $0.ticket == ticket && $0.number > after }.prefix(limit))
    }

    public func corrections(of attachments: [String]) throws(SluiceError) -> [String: [CategoryCorrection]] {
        Dictionary(grouping: allCorrections.filter { attachments.contains($0.attachment.id) }, by: \.attachment.id)
    }

    public func corrections() throws(SluiceError) -> [CategoryCorrection] {
        let all = allCorrections
        return rows.kept.compactMap { stored in all.last { $0.attachment.id == stored.id } }
    }

    private var allCorrections: [CategoryCorrection] {
        let rows = rows
        return rows.corrections.compactMap { word in
            rows.attachments[word.attachment].map {
                CategoryCorrection(
                    attachment: $0.stored, category: word.category, person: word.person, correctedAt: word.at)
            }
        }
    }

    // MARK: Blobs

    private func references(in area: BlobArea) -> [BlobReference] {
        var found: [Digest: BlobReference] = [:]
        for stored in rows.kept where BlobArea(stored.verdict) == area && found[stored.digest] == nil {
            found[stored.digest] = BlobReference(
                digest: stored.digest, size: stored.facts.size, attachment: stored.id)
        }
        return found.values.sorted { $0.digest.hexadecimal < $1.digest.hexadecimal }
    }

    public func referenced(_ addresses: [BlobAddress]) throws(SluiceError) -> Set<BlobAddress> {
        let kept = Set(rows.kept.map { BlobAddress($0.digest, in: BlobArea($0.verdict)!) })
        return kept.intersection(addresses)
    }

    public func references(in area: BlobArea, beginningWith byte: UInt8) throws(SluiceError) -> [BlobReference] {
        references(in: area).filter { $0.digest.bytes[0] == byte }
    }

    public func referenceTotals() throws(SluiceError) -> Usage {
        let all = BlobArea.allCases.flatMap { references(in: $0) }
        return Usage(attachments: Int64(all.count), size: ByteCount(all.reduce(0) { $0 + $1.size.bytes }))
    }

    public func unfinishedRemovals() throws(SluiceError) -> [BlobAddress] { Array(rows.removals) }

    public func lastRemoval() throws(SluiceError) -> Int64 {
        rows.numberedRemovals.known.map(\.number).max() ?? 0
    }

    public func removals(after number: Int64) throws(SluiceError) -> [NumberedRemoval] {
        rows.numberedRemovals.known.filter { $0.number > number || !$0.isDone }
    }

    // MARK: Events and reviews

    public func events(after number: Int64, limit: Int) throws(SluiceError) -> [Event] {
        Array(rows.events.filter { $0.number > number }.prefix(limit))
    }

    public func events(of attachment: String) throws(SluiceError) -> [Event] {
        try reviewEvents(after: 0, limit: .max).filter { $0.attachment == attachment }
    }

    public func reviewEvents(after number: Int64, limit: Int) throws(SluiceError) -> [Event] {
        let verdicts: [Event.Kind] = [.attachmentAccepted, .attachmentQuarantined, .attachmentRejected]
        let told = rows.events.filter { $0.number > number && ($0.replacesVerdict || !verdicts.contains($0.kind)) }
        return Array(told.prefix(limit))
    }

    public func lastEvent() throws(SluiceError) -> Int64 { rows.events.last?.number ?? 0 }

    public func releases(for digest: Digest) throws(SluiceError) -> [Release] {
        rows.releases.filter { $0.digest == digest && $0.revokedAt == nil }.reversed()
    }

    public func releases() throws(SluiceError) -> [Release] { rows.releases }

    // MARK: The endpoint

    public func usage(of ticket: TicketID) throws(SluiceError) -> Usage {
        let kept = rows.kept.filter { $0.ticket == ticket }
        return Usage(attachments: Int64(kept.count), size: ByteCount(kept.reduce(0) { $0 + $1.facts.size.bytes }))
    }

    public func usage(of submitter: String?, on day: Day) throws(SluiceError) -> Usage {
        let rows = rows
        func isMeant(_ facts: StoredFacts) -> Bool {
            facts.submission.source == .endpoint && facts.submission.submitter == submitter
                && Day(of: facts.receivedAt) == day
        }
        let kept = (rows.kept.map(\.facts) + rows.gone).filter(isMeant)
        let refused = rows.refusals.filter { !rows.laterRefusals.contains($0.number) && isMeant($0.facts) }
        return Usage(
            attachments: Int64(kept.count + refused.count), size: ByteCount(kept.reduce(0) { $0 + $1.size.bytes }))
    }

    public func usageWithPartials(
        of ticket: TicketID, _ submitter: String?, on day: Day
    ) throws(SluiceError) -> (ticket: Usage, submitter: Usage) {
        func sum(_ used: Usage, _ open: PartialTotals) -> Usage {
            Usage(attachments: used.attachments + Int64(open.count), size: used.size + open.length)
        }
        return (
            sum(try usage(of: ticket), try openTotals(ticket: ticket)),
            sum(try usage(of: submitter, on: day), try openTotals(submitter: submitter))
        )
    }

    public func answer(to key: String, of caller: String) throws(SluiceError) -> KeptResponse? {
        rows.answers[[caller, key]]
    }

    public func partial(_ id: String) throws(SluiceError) -> Partial? { rows.partials.first { $0.id == id } }
    public func openPartials() throws(SluiceError) -> [Partial] { rows.partials.filter { $0.state == .open } }

    public func openTotals(submitter: String?) throws(SluiceError) -> PartialTotals {
        totals { $0.submission.submitter == submitter }
    }

    public func openTotals(ticket: TicketID) throws(SluiceError) -> PartialTotals {
        totals { $0.submission.ticket == ticket }
    }

    private func totals(_ isMeant: (Partial) -> Bool) -> PartialTotals {
        let open = rows.partials.filter { $0.state == .open && isMeant($0) }
        return PartialTotals(count: open.count, length: ByteCount(open.reduce(0) { $0 + $1.length.bytes }))
    }

    public func parts(of partial: String) throws(SluiceError) -> [PartialPart] { rows.parts[partial] ?? [] }

    public func openOffset(of partial: String) throws(SluiceError) -> ByteCount? {
        let rows = rows
        guard rows.partials.contains(where: { $0.id == partial && $0.state == .open }) else { return nil }
        return ByteCount((rows.parts[partial] ?? []).reduce(0) { $0 + $1.size })
    }

    public func partTotals() throws(SluiceError) -> [String: ByteCount] {
        let ids = try openPartials().map(\.id)
        var totals: [String: ByteCount] = [:]
        for id in ids { totals[id] = try openOffset(of: id) }
        return totals
    }

    public func finishedParts() throws(SluiceError) -> [String: [PartialPart]] {
        let rows = rows
        return rows.parts.filter { id, _ in !rows.partials.contains { $0.id == id && $0.state == .open } }
    }

    public func token(_ id: String) throws(SluiceError) -> (token: StoredToken, secret: Digest)? {
        rows.tokens.first { $0.token.id == id }
    }

    public func tokens() throws(SluiceError) -> [StoredToken] { rows.tokens.map(\.token) }
}
