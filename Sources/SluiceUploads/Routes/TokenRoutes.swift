// `/api/v1/tokens`: who may call, made and revoked by admins.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage

extension Routes {
    static let tokens = Route("GET", "/api/v1/tokens", .admin) { (request, context) throws(Problem) in
        try context.caller.mayUseAllTickets()
        return .receiver(
            NoBody { () throws(Problem) in
                do throws(SluiceError) {
                    var object = JSONObject()
                    object.add("tokens", try context.services.store.tokens.all().map { TokenObject.object($0) })
                    return .json(200, object)
                } catch { throw Problem(error) }
            })
    }

    static let createToken = Route("POST", "/api/v1/tokens", .admin) { (request, context) throws(Problem) in
        try context.caller.mayUseAllTickets()
        return .receiver(
            try JSONBody.receiver(request, TokenOrder.self) { (order) throws(Problem) in
                let order = try order.checked()
                do throws(SluiceError) {
                    let made = try context.services.store.tokens.create(
                        order.role, ticket: order.ticket, submitter: order.submitter, seesAllTickets: order.allTickets)
                    return .json(201, TokenObject.object(made.token, text: made.text))
                } catch { throw Problem(error) }
            })
    }

    static let revokeToken = Route("DELETE", "/api/v1/tokens/{id}", .admin) { (request, context) throws(Problem) in
        try context.caller.mayUseAllTickets()
        guard request.text(0) != context.caller.token else {
            throw Problem(
                409, "request.own-token", "A token cannot revoke itself: nobody might be left who makes tokens.",
                remedy: "Use another admin's token, or sluice token revoke on the machine.")
        }
        return .receiver(
            NoBody { () throws(Problem) in
                let isKnown: Bool
                do throws(SluiceError) { isKnown = try context.services.store.tokens.revoke(request.text(0)) } catch {
                    throw Problem(error)
                }
                context.services.authority.forget()
                if isKnown { return .noContent }
                throw Problem(404, "request.no-such-token", "There is no such token.", remedy: "List the tokens.")
            })
    }
}

enum TokenObject {
    /// - Parameter text: the token itself, told once.
    static func object(_ token: StoredToken, text: String? = nil) -> JSONObject {
        var object = JSONObject()
        object.add("id", token.id)
        object.add("role", token.role.rawValue)
        object.add("submitter", token.submitter)
        object.add("ticket", token.ticket?.text)
        object.add("allTickets", token.seesAllTickets)
        object.add("created", CivilTime.moment(token.createdAt))
        object.add("revoked", token.revokedAt.map(CivilTime.moment))
        if let text { object.add("token", text) }
        return object
    }
}

private struct TokenOrder: JSONForm {
    static let members: Set = ["role", "submitter", "ticket", "allTickets"]
    var role: String
    var submitter: String?
    var ticket: String?
    var allTickets: Bool?

    /// - Throws: 400 for what makes no token.
    func checked() throws(Problem) -> (role: Role, ticket: TicketID?, submitter: String?, allTickets: Bool) {
        guard let role = Role(rawValue: role) else {
            throw Problem(
                400, "request.role-unknown", "The role is submitter, reviewer or admin.", remedy: "Use one of these.")
        }
        if let submitter, !SubmitterName.isOne(submitter) {
            throw Problem(
                400, "request.submitter", "A submitter's name is \(SubmitterName.rule).",
                remedy: "Shorten or change it.")
        }
        let allTickets = allTickets ?? false
        if allTickets && ticket != nil {
            throw Problem(
                400, "request.token-width", "A token is for one ticket or for all.", remedy: "Leave one of them out.")
        }
        guard let text = ticket else { return (role, nil, submitter, allTickets) }
        guard let ticket = TicketID(text) else {
            throw Problem(
                400, "request.ticket", "A ticket's name is 1 to 64 letters, digits, - _ and .",
                remedy: "Correct it.")
        }
        return (role, ticket, submitter, false)
    }
}
