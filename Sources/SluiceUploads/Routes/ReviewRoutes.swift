// `/api/v1/review`: what is quarantined, and what a person decides about it.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage

extension Routes {
    static let review = Route("GET", "/api/v1/review", .reviewer) { (request, context) throws(Problem) in
        let after = request[query: "after"]
        let limit = try request.pageLimit()
        let ticket = context.caller.ticket
        return .receiver(
            NoBody { () throws(Problem) in
                do throws(SluiceError) {
                    return try context.services.store.read { (rows) throws(SluiceError) in
                        // One more than told shows whether there are more.
                        let found = try rows.quarantined(on: ticket, after: after, limit: limit + 1)
                        var object = JSONObject()
                        object.add(
                            "attachments", try rows.details(of: Array(found.prefix(limit))).map(StoredObject.object))
                        if found.count > limit { object.add("next", found[limit - 1].id) }
                        return .json(200, object)
                    }
                } catch { throw Problem(error) }
            })
    }

    static let release = deciding("release", ReleaseNote.self) { (id, person, form, services) throws(SluiceError) in
        try services.store.review.release(id, by: person, note: form.note, everywhere: form.holdsEverywhere)
    } answer: { (id, services) throws(SluiceError) in
        guard let released = try services.store.tickets.attachment(id) else { return .noContent }
        return .json(200, try StoredObject.object(services.store.tickets.detail(of: released)))
    }

    static let deleteQuarantined = deciding("delete", ReviewNote.self) {
        (id, person, form, services) throws(SluiceError) in
        try services.store.review.delete(id, by: person, note: form.note)
    } answer: { (_, _) throws(SluiceError) in
        .noContent
    }

    private static func deciding<Form: DecisionForm>(
        _ word: String, _: Form.Type,
        _ decide:
            @escaping @Sendable (_ id: String, _ person: String, Form, Services) throws(SluiceError) ->
            ReviewOutcome,
        answer: @escaping @Sendable (_ id: String, Services) throws(SluiceError) -> Response
    ) -> Route {
        Route("POST", "/api/v1/review/{id}/" + word, .reviewer) { (request, context) throws(Problem) in
            .receiver(
                try JSONBody.receiver(request, Form.self) { (form) throws(Problem) in
                    guard try !Comment.checked(form.note).isEmpty else {
                        throw Problem(400, "request.note", "The note is empty.", remedy: "Say why, in a few words.")
                    }
                    if form.holdsEverywhere { try context.caller.mayUseAllTickets() }
                    let id = request.text(0)
                    let person = context.caller.person
                    do throws(SluiceError) {
                        if let own = context.caller.ticket,
                            try context.services.store.tickets.attachment(id)?.ticket != own
                        {
                            throw noSuchAttachment
                        }
                        switch try decide(id, person, form, context.services) {
                        case .done: return try answer(id, context.services)
                        case .noSuchAttachment: throw noSuchAttachment
                        case .notQuarantined: throw notQuarantined
                        case .sentByReviewer: throw sentByReviewer
                        }
                    } catch {
                        switch error.code {
                        case noSuchAttachment.code: throw Problem(404, error.code, error.what, remedy: error.mend)
                        case notQuarantined.code: throw Problem(409, error.code, error.what, remedy: error.mend)
                        case sentByReviewer.code: throw Problem(403, error.code, error.what, remedy: error.mend)
                        default: throw Problem(error)
                        }
                    }
                })
        }
    }

    private static let noSuchAttachment = SluiceError(
        "request.no-such-attachment", what: "There is no such attachment.", why: "", mend: "List the review queue.")
    private static let notQuarantined = SluiceError(
        "review.not-quarantined", what: "The attachment is not quarantined.",
        why: "", mend: "Somebody has decided about it already; load it anew.")
    private static let sentByReviewer = SluiceError(
        "review.own-attachment", what: "Who sent an attachment does not release it.", why: "",
        mend: "Ask another reviewer.")
}

/// What a reviewer says with a decision.
private protocol DecisionForm: JSONForm {
    var note: String { get }
    /// Whether it holds on every ticket.
    var holdsEverywhere: Bool { get }
}

private struct ReviewNote: DecisionForm {
    static let members: Set = ["note"]
    var note: String
    var holdsEverywhere: Bool { false }
}

private struct ReleaseNote: DecisionForm {
    static let members: Set = ["note", "everywhere"]
    var note: String
    var everywhere: Bool?
    var holdsEverywhere: Bool { everywhere ?? false }
}
