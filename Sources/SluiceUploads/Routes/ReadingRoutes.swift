// What is on a ticket: the list, one attachment, its findings and its manifest.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStore

extension Routes {
    static let attachments = reading("/api/v1/tickets/{ticket}/attachments") { (request, context) throws(Problem) in
        let ticket = try context.ticket(of: request)
        let (caller, services) = (context.caller, context.services)
        return { () throws(SluiceError) in
            let store = services.store.tickets
            var object = JSONObject()
            object.add("ticket", ticket.text)
            var attachments: [JSONObject] = []
            for one in try store.attachments(of: ticket) where caller.sees(one.facts.submission.submitter) {
                attachments.append(try StoredAnswer.object(one, in: store))
            }
            object.add("attachments", attachments)
            let refused = try store.rejections(on: ticket).filter { caller.sees($0.facts.submission.submitter) }
            object.add("rejections", refused.map(StoredAnswer.object))
            return .json(200, object)
        }
    }

    static let attachment = onAttachment("") { (attachment, _, services) throws(SluiceError) in
        .json(200, try StoredAnswer.object(attachment, in: services.store.tickets))
    }

    static let findings = onAttachment("/findings") { (attachment, _, services) throws(SluiceError) in
        var object = JSONObject()
        object.add("findings", try services.store.tickets.findings(of: attachment.id).map(AnswerParts.finding))
        return .json(200, object)
    }

    static let manifest = onAttachment("/manifest") { (attachment, _, services) throws(SluiceError) in
        var object = JSONObject()
        let entries = try services.store.tickets.entries(of: attachment.id)
        object.add("entries", entries.enumerated().map { AnswerParts.entry($1, index: $0) })
        return .json(200, object)
    }

    // MARK: How they are made

    /// A route that reads the store, on a thread that may block.
    static func reading(
        _ path: String,
        _ prepare:
            @escaping @Sendable (Request, UploadContext) throws(Problem) -> @Sendable () throws(SluiceError) -> Response
    ) -> Route {
        Route("GET", path, .submitter) { (request, context) throws(Problem) in
            let read = try prepare(request, context)
            return .receiver(
                NoBody { () throws(Problem) in
                    do throws(SluiceError) { return try read() } catch { throw Problem(error) }
                })
        }
    }

    /// A route below one attachment.
    static func onAttachment(
        _ path: String,
        _ answer: @escaping @Sendable (StoredAttachment, Request, Services) throws(SluiceError) -> Response
    ) -> Route {
        Route("GET", "/api/v1/tickets/{ticket}/attachments/{id}" + path, .submitter) {
            (request, context) throws(Problem) in
            let ticket = try context.ticket(of: request)
            return .receiver(
                NoBody { () throws(Problem) in
                    let attachment = try context.services.attachment(request.text(1), on: ticket, for: context.caller)
                    do throws(SluiceError) { return try answer(attachment, request, context.services) } catch {
                        throw Problem(error)
                    }
                })
        }
    }
}

extension Services {
    /// - Throws: 404, also for an attachment of another ticket and for one that the caller does not see: which of them it is, nobody learns.
    func attachment(_ id: String, on ticket: TicketID, for caller: Caller) throws(Problem) -> StoredAttachment {
        let found: StoredAttachment?
        do throws(SluiceError) { found = try store.tickets.attachment(id) } catch { throw Problem(error) }
        guard let found, found.ticket == ticket, caller.sees(found.facts.submission.submitter) else {
            throw Problem(
                404, "request.no-such-attachment", "There is no such attachment on this ticket.",
                remedy: "List the ticket's attachments.")
        }
        return found
    }
}
