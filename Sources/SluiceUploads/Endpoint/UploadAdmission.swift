// Lets a request to the upload endpoint pass or not, before its body.

import SluiceModel
import SluiceServer

struct UploadAdmission: Admission {
    let services: Services

    func account(of request: Request) -> String {
        guard let token = try? bearer(request), let caller = services.authority.remembered(bearing: token) else {
            return request.address
        }
        return account(caller, request)
    }

    /// Anonymous callers are told apart by their address.
    private func account(_ caller: Caller, _ request: Request) -> String { caller.token ?? request.address }

    /// - Throws: 400, 401, 403.
    func admit(_ request: Request, need: Role?) throws(Problem) -> Admitted<UploadContext> {
        let caller = try permitted(request, need)
        let account = account(caller, request)
        return Admitted(
            UploadContext(services: services, caller: caller, account: account), account: account,
            loggedAs: caller.token)
    }

    private func permitted(_ request: Request, _ need: Role?) throws(Problem) -> Caller {
        // What is open to all is open with whatever token, such as one that a monitor sends everywhere.
        guard let need else { return (try? caller(request)) ?? .nobody }
        let caller = try caller(request)
        guard let role = caller.role else {
            throw Problem(
                401, "request.no-token", "This needs a token.",
                remedy:
                    "Send Authorization: Bearer with a token that the portal's operator has made (sluice token create).",
                headers: [("WWW-Authenticate", "Bearer")])
        }
        guard role >= need else {
            throw Problem(
                403, "request.role", "This needs the role \(need), and the token has the role \(role).",
                remedy: "Use a token of that role.")
        }
        return caller
    }

    private func caller(_ request: Request) throws(Problem) -> Caller {
        guard let token = try bearer(request) else {
            return services.options.allowsAnonymous ? Caller(role: .submitter) : .nobody
        }
        let caller: Caller?
        do throws(SluiceError) { caller = try services.authority.caller(bearing: token) } catch { throw Problem(error) }
        guard let caller else { throw Self.badToken }
        return caller
    }

    /// - Returns: `nil` where the request shows no token.
    private func bearer(_ request: Request) throws(Problem) -> String? {
        guard let field = request[header: "authorization"] else { return nil }
        guard request.headers.count(where: { $0.name == "authorization" }) == 1 else {
            throw Problem(
                400, "request.ambiguous", "The request can be read in more than one way: Authorization is given twice.",
                remedy: "Send one token.")
        }
        let words = field.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { throw Self.badToken }
        return String(words[1]).trimmingBlanks
    }

    private static var badToken: Problem {
        Problem(
            401, "request.bad-token", "The token is unknown or revoked.",
            remedy: "Send Authorization: Bearer with a valid token.",
            headers: [("WWW-Authenticate", "Bearer error=\"invalid_token\"")])
    }
}
