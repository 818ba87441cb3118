// What the ticket store holds, as the JSON objects of the contract: attachments, refusals, releases, events.

/// An attachment with what is told beside it.
public struct AttachmentDetail: Sendable, Hashable {
    public var attachment: StoredAttachment
    /// JSON; `nil` where the attachment has no card.
    public var card: String?
    /// The latest one.
    public var correction: CategoryCorrection?
    public var findings: [StoredFinding]

    public init(
        _ attachment: StoredAttachment, card: String?, correction: CategoryCorrection?, findings: [StoredFinding]
    ) {
        self.attachment = attachment
        self.card = card
        self.correction = correction
        self.findings = findings
    }
}

/// Rows as JSON.
package enum StoredObject {
    package static func object(_ detail: AttachmentDetail) -> JSONObject {
        let attachment = detail.attachment
        var object = begun(attachment.facts, attachment.verdict, ticket: attachment.ticket)
        object.add("attachment", attachment.id)
        if let entries = attachment.entries { object.add("entries", Int64(entries)) }
        if let size = attachment.expandedSize { object.add("expandedSize", size.bytes) }
        if let card = detail.card { object.add("card", json: card) }
        if let latest = detail.correction {
            var correction = JSONObject()
            correction.add("category", latest.category.rawValue)
            correction.add("by", latest.person)
            correction.add("at", CivilTime.moment(latest.correctedAt))
            object.add("correction", correction)
        }
        object.add("findings", detail.findings.map(FindingObject.finding))
        return object
    }

    package static func object(_ rejection: StoredRejection) -> JSONObject {
        var object = begun(rejection.facts, .rejected, ticket: rejection.ticket)
        object.add("attachment", nil)
        object.add("count", Int64(rejection.count))
        object.add("findings", rejection.findings.map(FindingObject.finding))
        return object
    }

    package static func object(_ release: Release) -> JSONObject {
        var object = JSONObject()
        object.add("id", release.id)
        object.add("sha256", release.digest.hexadecimal)
        object.add("ticket", release.ticket?.text)
        object.add("everywhere", release.ticket == nil)
        object.add("attachment", release.attachment)
        object.add("codes", texts: release.codes)
        object.add("by", release.person)
        object.add("note", release.note)
        object.add("released", CivilTime.moment(release.releasedAt))
        object.add("revoked", release.revokedAt.map(CivilTime.moment))
        object.add("revokedBy", release.revokedBy)
        return object
    }

    package static func object(_ event: Event) -> JSONObject {
        var object = JSONObject()
        object.add("number", event.number)
        object.add("event", event.kind.rawValue)
        object.add("at", CivilTime.moment(event.at))
        object.add("ticket", event.ticket.text)
        object.add("attachment", event.attachment)
        object.add("sha256", event.digest?.hexadecimal)
        if let name = event.name { object.add("name", name.whole) }
        if let person = event.person { object.add("by", person) }
        if !event.note.isEmpty { object.add("note", event.note) }
        if event.replacesVerdict { object.add("replacesVerdict", true) }
        return object
    }

    private static func begun(_ facts: StoredFacts, _ verdict: Verdict, ticket: TicketID) -> JSONObject {
        let submission = facts.submission
        var object = JSONObject()
        object.add("path", submission.declaredName.text)
        object.add("outcome", Outcome(verdict).rawValue)
        object.add("verdict", verdict.rawValue)
        object.add("category", facts.category.rawValue)
        object.add("categoryBasis", facts.ownCategory.basis)
        object.add("categoryConfidence", facts.ownCategory.confidence)
        object.add("mediaType", facts.recognized.mediaType.name)
        object.add("extension", submission.declaredName.fileExtension.text)
        object.add("size", facts.size.bytes)
        object.add("sha256", facts.digest?.hexadecimal)
        object.add("ticket", ticket.text)
        object.add("name", submission.declaredName.whole)
        object.add("received", CivilTime.moment(facts.receivedAt))
        if let submitter = submission.submitter { object.add("submitter", submitter) }
        if let comment = submission.comment { object.add("comment", comment) }
        if let category = submission.declaredCategory { object.add("declaredCategory", category.rawValue) }
        return object
    }
}
