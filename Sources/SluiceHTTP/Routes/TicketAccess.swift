// What a path names: a ticket that the caller may use, a category, a comment; and what a caller sees on a ticket.

import SluiceModel

extension Request {
    /// The ticket in the path's first parameter.
    /// - Throws: 400 for what is no ticket's name, 403 for a ticket that the token is not bound to.
    func ticket() throws(Problem) -> TicketID {
        let text = text(0)
        guard let ticket = TicketID(text) else {
            throw Problem(
                400, "request.ticket", "A ticket's name is 1 to 64 letters, digits, - _ and .",
                remedy: "Correct the path.", evidence: [("ticket", SafeText.display(text, limit: 80))])
        }
        try mayUse(ticket)
        return ticket
    }

    func mayUse(_ ticket: TicketID) throws(Problem) {
        if let own = caller.ticket, own != ticket {
            throw Problem(
                403, "request.other-ticket", "The token is bound to another ticket.",
                remedy: "Use a token for this ticket.")
        }
    }
}

extension Caller {
    /// Whether this caller sees what was sent under that name. What it does not see answers as if it were not there.
    /// - Parameter submitter: `nil` for what somebody sent without a token, or came through another door: nobody's own.
    func sees(_ submitter: String?) -> Bool {
        if seesOthers { return true }
        guard let name, let submitter else { return false }
        return name == submitter
    }
}

extension Category {
    /// - Throws: 400 for a name that is none of the three; upper and lower case are alike.
    init(named text: String) throws(Problem) {
        guard let known = Category.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            throw Problem(
                400, "request.category", "The category is Log File, Configuration or Other.",
                remedy: "Use one of these, or none.", evidence: [("category", SafeText.display(text, limit: 80))])
        }
        self = known
    }
}

enum Comment {
    /// - Throws: 400 for one that breaks the rule of all doors.
    static func checked(_ text: String) throws(Problem) -> String {
        guard let comment = SluiceModel.Comment(text) else {
            throw Problem(
                400, "request.comment", "A comment has \(SluiceModel.Comment.rule).", remedy: "Shorten it.")
        }
        return comment.text
    }
}
