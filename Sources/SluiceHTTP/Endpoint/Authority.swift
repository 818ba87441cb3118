// Who is asking: bearer tokens, and writes that a foreign page makes a browser send.

package import SluiceModel

/// Knows the tokens. Asked on transport threads; a call may read the store.
package protocol Authority: Sendable {
    /// - Parameter token: as it stands behind `Bearer`.
    /// - Returns: `nil` for a token that is unknown or revoked.
    func caller(bearing token: String) throws(SluiceError) -> Caller?
    /// Tokens have changed: what was remembered of them may be wrong.
    func forget()
}

extension Authority {
    package func forget() {}
}

/// Knows none.
package struct NoTokens: Authority {
    package init() {}

    package func caller(bearing token: String) throws(SluiceError) -> Caller? { nil }
}

/// Lets a request pass or not, before its body.
struct Gate: Sendable {
    let authority: any Authority
    /// Whether who shows no token may submit.
    let allowsAnonymous: Bool
    /// `nil` where every name is taken.
    let hosts: HostNames?

    /// - Throws: 401, 403, 421.
    func admit(_ request: Request, to route: Route) throws(Problem) -> Caller {
        try hosts?.check(request)
        if isWriting(request.method) { try refuseForeignPage(request) }
        // What is open to all is open with whatever token, such as one that a monitor sends everywhere.
        guard let needed = route.role else { return (try? caller(request)) ?? .nobody }
        let caller = try caller(request)
        guard let role = caller.role else {
            throw Problem(
                401, "request.no-token", "This needs a token.",
                remedy:
                    "Send Authorization: Bearer with a token that the portal's operator has made (sluice token create).",
                headers: [("WWW-Authenticate", "Bearer")])
        }
        guard role >= needed else {
            throw Problem(
                403, "request.role", "This needs the role \(needed), and the token has the role \(role).",
                remedy: "Use a token of that role.")
        }
        return caller
    }

    private func caller(_ request: Request) throws(Problem) -> Caller {
        guard let field = request[header: "authorization"] else {
            return allowsAnonymous ? Caller(role: .submitter) : .nobody
        }
        guard request.headers.count(where: { $0.name == "authorization" }) == 1 else {
            throw Problem(
                400, "request.ambiguous", "The request can be read in more than one way: Authorization is given twice.",
                remedy: "Send one token.")
        }
        let words = field.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { throw Self.badToken }
        let caller: Caller?
        do throws(SluiceError) { caller = try authority.caller(bearing: String(words[1]).trimmingBlanks) } catch {
            throw Problem(error)
        }
        guard let caller else { throw Self.badToken }
        return caller
    }

    private static var badToken: Problem {
        Problem(
            401, "request.bad-token", "The token is unknown or revoked.",
            remedy: "Send Authorization: Bearer with a valid token.",
            headers: [("WWW-Authenticate", "Bearer error=\"invalid_token\"")])
    }

    private func isWriting(_ method: String) -> Bool { !["GET", "HEAD", "OPTIONS"].contains(method) }

    /// Browsers say where a request comes from (Fetch Metadata; RFC 6454 §7); other clients say nothing.
    private func refuseForeignPage(_ request: Request) throws(Problem) {
        let site = request[header: "sec-fetch-site"]?.lowercased()
        var isForeign = site == "cross-site"
        if let origin = request[header: "origin"]?.lowercased() {
            let host = request[header: "host"]?.lowercased() ?? ""
            isForeign = isForeign || !["http://" + host, "https://" + host].contains(origin)
        }
        if isForeign {
            throw Problem(
                403, "request.cross-site", "This write was sent from a page of another site.",
                remedy:
                    "Send it from this endpoint's own page, or from a program. A proxy in front has to pass the field Host on."
            )
        }
    }
}
