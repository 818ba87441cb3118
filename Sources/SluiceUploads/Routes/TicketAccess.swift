// What a request names: a ticket that the caller may use, a category, a comment.

import SluiceModel
import SluiceServer

extension UploadContext {
    /// The ticket in the path's first parameter.
    /// - Throws: 400 for what is no ticket's name, 403 for a ticket that the token is not bound to.
    func ticket(of request: Request) throws(Problem) -> TicketID {
        let text = request.text(0)
        guard let ticket = TicketID(text) else {
            throw Problem(
                400, "request.ticket", "A ticket's name is 1 to 64 letters, digits, - _ and .",
                remedy: "Correct the path.", evidence: [("ticket", SafeText.display(text, limit: 80))])
        }
        try caller.mayUse(ticket)
        return ticket
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
