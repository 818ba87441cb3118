// `GET /api/v1/limits`: what may be sent, known before a byte is.

import SluiceModel
import SluicePipeline
import SluiceServer

extension Routes {
    static let limits = Route("GET", "/api/v1/limits", .submitter) { (request, context) throws(Problem) in
        var asked: TicketID?
        if let text = request[query: "ticket"] {
            guard let ticket = TicketID(text) else {
                throw Problem(
                    400, "request.ticket", "A ticket's name is 1 to 64 letters, digits, - _ and .",
                    remedy: "Correct the query.")
            }
            try context.caller.mayUse(ticket)
            asked = ticket
        }
        let ticket = asked
        return .receiver(
            NoBody { () throws(Problem) in
                let left = try context.services.quotas.left(ticket: ticket, submitter: context.caller.name)
                return .json(200, object(context.caller, context.services.policy, left))
            })
    }

    private static func object(
        _ caller: Caller, _ policy: Policy, _ left: (ticket: Int64?, submitter: Int64?)
    ) -> JSONObject {
        var object = JSONObject()
        var version = JSONObject()
        version.add("name", policy.name)
        version.add("version", policy.version)
        object.add("policy", version)
        object.add("extensions", texts: policy.types.map(\.fileExtension.text))
        object.add("unlistedText", policy.unlistedText)
        var types: [String] = []
        for type in policy.types.compactMap(\.recognized.first?.name) where !types.contains(type) { types.append(type) }
        object.add("mediaTypes", texts: types)
        object.add("sizeLimit", policy.sizeLimit.bytes)
        if let left = left.ticket { object.add("ticketBytesLeft", left) } else { object.add("ticketBytesLeft", nil) }
        if let left = left.submitter {
            object.add("submitterBytesLeftToday", left)
        } else {
            object.add("submitterBytesLeftToday", nil)
        }
        object.add("partsLimit", Int64(MultipartParser.Limits().parts))
        object.add("categories", texts: Category.allCases.map(\.rawValue))
        object.add("uploadHours", Int64(policy.quotas.uploadHours))
        var who = JSONObject()
        who.add("role", caller.role?.rawValue)
        who.add("submitter", caller.name)
        who.add("ticket", caller.ticket?.text)
        object.add("caller", who)
        return object
    }
}
