// Finds the route of a request and lets the request in. The order is fixed: path and method, host name, foreign pages, then on a worker the caller, its
// rate, and the route itself.

import SluiceModel

/// Says who calls, and whether the caller may.
package protocol Admission<Context>: Sendable {
    associatedtype Context: RouteContext

    /// Under which name the waiting work of this request is counted until the caller is known for certain. Called on a transport thread: it looks at
    /// nothing but memory.
    func account(of request: Request) -> String

    /// Called on a worker; it may read the store.
    /// - Throws: 401 for a caller that is not known, 403 for one that may not, 400 for what can be read in two ways.
    func admit(_ request: Request, need: Context.Need?) throws(Problem) -> Admitted<Context>
}

/// A request that may go on.
package struct Admitted<Context: RouteContext>: Sendable {
    package let context: Context
    /// Work, rate and bytes are counted by this.
    package let account: String
    /// The caller's public name for the log, where there is one.
    package let loggedAs: String?

    package init(_ context: Context, account: String, loggedAs: String?) {
        self.context = context
        self.account = account
        self.loggedAs = loggedAs
    }
}

/// What is to be done about a request whose route is known.
enum RequestPlan: Sendable {
    case answer(Response)
    case work(WorkKind, account: String, open: @Sendable (Request) throws(Problem) -> OpenedRequest)
}

/// A request that its route has looked at.
struct OpenedRequest: Sendable {
    let result: RouteResult
    let account: String
    let loggedAs: String?
}

/// Finds routes, whatever their context. Called on transport threads.
protocol RequestRouting: Sendable {
    func plan(_ request: inout Request) throws(Problem) -> RequestPlan
}

/// All routes of one context.
package struct Router<Context: RouteContext>: RequestRouting {
    private let routes: [Route<Context>]
    private let admission: any Admission<Context>
    private let hosts: HostNames?
    private let rate: RateLimit?
    /// Callers that are refused, by address: without it, requests with an unknown token would be the only ones that cost nothing.
    private let refusals: RateLimit

    /// Where no rate is given (chosen: a portal with a revoked token is told so often enough, and nobody tries tokens faster).
    private static var refusalsPerSecond: Int { 20 }

    /// - Parameters:
    ///   - hosts: `nil` where every name is taken.
    ///   - requestsPerSecond: of one account; `nil` for no bound.
    package init(
        _ routes: [Route<Context>], admission: any Admission<Context>, hosts: HostNames?, requestsPerSecond: Int?
    ) {
        self.routes = routes
        self.admission = admission
        self.hosts = hosts
        rate = requestsPerSecond.map { RateLimit(perSecond: $0) }
        refusals = RateLimit(perSecond: requestsPerSecond ?? Self.refusalsPerSecond)
    }

    /// - Throws: 404, 405, 421, 403 for a foreign page, 429.
    func plan(_ request: inout Request) throws(Problem) -> RequestPlan {
        let (route, parameters) = try route(for: request)
        request.parameters = parameters
        request.route = route.name
        if !route.takesAnyHost { try hosts?.check(request) }
        try ForeignPage.refuse(request)
        let account = admission.account(of: request)
        switch route.handler {
        case .immediate(let answer):
            try rate?.spend(account)
            return .answer(try answer(request))
        case .worked(let kind, let open):
            return .work(kind, account: account) { (request) throws(Problem) in try self.open(request, route, open) }
        }
    }

    private func open(
        _ request: Request, _ route: Route<Context>, _ open: Route<Context>.Open
    ) throws(Problem) -> OpenedRequest {
        let admitted: Admitted<Context>
        do throws(Problem) { admitted = try admission.admit(request, need: route.need) } catch {
            if error.status == 401 { try refusals.spend(request.address) }
            throw error
        }
        try rate?.spend(admitted.account)
        do throws(Problem) {
            let result = try open(request, admitted.context)
            return OpenedRequest(result: result, account: admitted.account, loggedAs: admitted.loggedAs)
        } catch {
            var error = error
            error.loggedAs = admitted.loggedAs
            throw error
        }
    }

    /// - Throws: 404, or 405 with the methods that the path knows.
    private func route(for request: Request) throws(Problem) -> (Route<Context>, [[UInt8]]) {
        // HEAD is answered like GET, without the body (RFC 9110 §9.3.2).
        let method = request.method == "HEAD" ? "GET" : request.method
        var known: [String] = []
        for route in routes {
            guard let parameters = route.match(request.path) else { continue }
            if route.method == method || route.method == request.method { return (route, parameters) }
            if !known.contains(route.method) { known.append(route.method) }
        }
        if known.isEmpty {
            throw Problem(
                404, "request.no-such-path", "There is nothing at this path.",
                remedy: "See /api/v1/openapi.json for what there is.")
        }
        if known.contains("GET") && !known.contains("HEAD") { known.append("HEAD") }
        throw Problem(
            405, "request.method", "This path does not know the method \(SafeText.display(request.method, limit: 20)).",
            remedy: "Use \(known.joined(separator: ", ")).", headers: [("Allow", known.joined(separator: ", "))])
    }
}
