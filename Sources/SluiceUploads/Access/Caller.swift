// Whoever makes a request, and what they see.

package import SluiceModel
import SluiceServer

/// A caller, as far as a token has proven it.
package struct Caller: Sendable, Hashable {
    /// `nil` without a token.
    package var role: Role?
    /// For the record: who submits or corrects.
    package var name: String?
    /// The only ticket that this caller may see and add to; `nil` for all.
    package var ticket: TicketID?
    /// The token's public part, for the log.
    package var token: String?
    /// Whether this caller sees what others sent, on the tickets that it may use.
    package var seesOthers: Bool

    /// - Parameter seesAllTickets: for a submitter that is bound to no ticket.
    package init(
        role: Role?, name: String? = nil, ticket: TicketID? = nil, token: String? = nil, seesAllTickets: Bool = false
    ) {
        self.role = role
        self.name = name
        self.ticket = ticket
        self.token = token
        seesOthers = role.map { $0 >= .reviewer || ticket != nil || seesAllTickets } ?? false
    }

    package static let nobody = Caller(role: nil)

    /// Whether this caller sees what was sent under that name. What it does not see answers as if it were not there.
    /// - Parameter submitter: `nil` for what came without a token or through another door: it belongs to no caller.
    func sees(_ submitter: String?) -> Bool {
        if seesOthers { return true }
        guard let name, let submitter else { return false }
        return name == submitter
    }

    /// For the record of a decision.
    var person: String { name ?? token ?? "anonymous" }

    /// - Throws: 403 for a ticket that the token is not bound to.
    func mayUse(_ ticket: TicketID) throws(Problem) {
        if let own = self.ticket, own != ticket {
            throw Problem(
                403, "request.other-ticket", "The token is bound to another ticket.",
                remedy: "Use a token for this ticket.")
        }
    }

    /// - Throws: 403 for a token that is bound to one ticket.
    func mayUseAllTickets() throws(Problem) {
        guard ticket == nil else {
            throw Problem(
                403, "request.bound-token", "The token is bound to one ticket, and this concerns all.",
                remedy: "Use a token that is bound to none.")
        }
    }
}
