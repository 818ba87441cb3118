// What is on a ticket: the list, one attachment, its findings and its manifest.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage

extension Routes {
    static let attachments = reading("/api/v1/tickets/{ticket}/attachments") { (request, context) throws(Problem) in
        let ticket = try context.ticket(of: request)
        let (caller, services) = (context.caller, context.services)
        let limit = try request.pageLimit()
        let after = request[query: "after"]
        let refusedAfter = request[query: "rejectionsAfter"].flatMap { Int64($0) } ?? 0
        return { () throws(SluiceError) in
            try services.store.read { (rows) throws(SluiceError) in
                // One more than told shows whether there are more.
                let attachments = try rows.attachments(of: ticket, after: after, limit: limit + 1)
                let refused = try rows.rejections(on: ticket, after: refusedAfter, limit: limit + 1)
                let page = attachments.prefix(limit)
                let seen = page.filter { caller.sees($0.facts.submission.submitter) }
                let seenRefusals = refused.prefix(limit).filter { caller.sees($0.facts.submission.submitter) }
                var object = JSONObject()
                object.add("ticket", ticket.text)
                object.add("attachments", try rows.details(of: seen).map(StoredObject.object))
                object.add("rejections", seenRefusals.map(StoredObject.object))
                if attachments.count > limit { object.add("next", page.last?.id) }
                if refused.count > limit { object.add("nextRejection", String(refused[limit - 1].number)) }
                return .json(200, object)
            }
        }
    }

    static let attachment = onAttachment("") { (attachment, _, services) throws(SluiceError) in
        .json(200, try StoredObject.object(services.store.tickets.detail(of: attachment)))
    }

    static let findings = onAttachment("/findings") { (attachment, _, services) throws(SluiceError) in
        var object = JSONObject()
        object.add("findings", try services.store.tickets.findings(of: attachment.id).map(FindingObject.finding))
        return .json(200, object)
    }

    static let manifest = onAttachment("/manifest") { (attachment, _, services) throws(SluiceError) in
        var object = JSONObject()
        let entries = try services.store.tickets.entries(of: attachment.id)
        object.add("entries", entries.enumerated().map { FindingObject.entry($1, index: $0) })
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

extension Request {
    /// The most of a list that one answer tells.
    private static let longestPage = 200

    /// - Throws: 400 for a `limit` that is none.
    func pageLimit() throws(Problem) -> Int {
        guard let text = self[query: "limit"] else { return Self.longestPage }
        guard let limit = Int(text), (1...Self.longestPage).contains(limit) else {
            throw Problem(
                400, "request.limit", "The parameter limit is not a number from 1 to \(Self.longestPage).",
                remedy: "Ask for at most \(Self.longestPage) at once, and follow next.")
        }
        return limit
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
