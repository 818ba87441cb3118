// The ticket store's rows as JSON: attachments, refusals, findings.

package import SluiceModel
import SluicePipeline

package enum StoredAnswer {
    package static func object(
        _ attachment: StoredAttachment, in store: any TicketStore
    ) throws(SluiceError) -> JSONObject {
        var object = begun(attachment.facts, attachment.verdict, ticket: attachment.ticket)
        object.add("attachment", attachment.id)
        if let entries = attachment.entries { object.add("entries", Int64(entries)) }
        if let size = attachment.expandedSize { object.add("expandedSize", size.bytes) }
        if let card = try store.card(of: attachment.id) { object.add("card", json: card) }
        if let latest = try store.corrections(of: attachment.id).last {
            var correction = JSONObject()
            correction.add("category", latest.category.rawValue)
            correction.add("by", latest.person)
            correction.add("at", AttachmentTime.text(latest.correctedAt))
            object.add("correction", correction)
        }
        object.add("findings", try store.findings(of: attachment.id).map(AnswerParts.finding))
        return object
    }

    static func object(_ rejection: StoredRejection) -> JSONObject {
        var object = begun(rejection.facts, .rejected, ticket: rejection.ticket)
        object.add("attachment", nil)
        object.add("count", Int64(rejection.count))
        object.add("findings", rejection.findings.map(AnswerParts.finding))
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
        object.add("received", AttachmentTime.text(facts.receivedAt))
        if let submitter = submission.submitter { object.add("submitter", submitter) }
        if let comment = submission.comment { object.add("comment", comment) }
        if let category = submission.declaredCategory { object.add("declaredCategory", category.rawValue) }
        return object
    }
}
