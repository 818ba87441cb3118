// What exchanges are given: routes, admission, work. It knows the order in which a request is looked at before its body.

import SluiceModel
import Synchronization

final class EndpointCore: Door {
    private let services: Services
    private let gate: Gate
    private let rate: RateLimit?
    /// Tokens that are not known, by address: without it, they would be the only requests that cost nothing.
    private let refusals: RateLimit
    private let table: RouteTable
    private let log: RequestLog
    private let exchanges = Atomic(0)
    private let counter = Atomic<UInt64>(0)
    /// Tells the requests of different runs apart.
    private let run = String(UInt64.random(in: 1 << 35..<1 << 40), radix: 32)

    init(_ services: Services, _ log: RequestLog) {
        self.services = services
        self.log = log
        gate = Gate(
            authority: services.authority, allowsAnonymous: services.options.allowsAnonymous,
            hosts: HostNames(services.options))
        rate = services.options.requestsPerSecond.map { RateLimit(perSecond: $0) }
        refusals = RateLimit(perSecond: services.options.requestsPerSecond ?? Self.refusalsPerSecond)
        table = RouteTable(routes: Routes.all)
    }

    /// Where no rate is given (chosen: a portal with a revoked token is told so often enough, and nobody tries tokens faster).
    private static let refusalsPerSecond = 20

    var isDraining: Bool { services.workers.isEnding }
    /// Requests whose answer is not sent yet.
    var underWay: Int { exchanges.load(ordering: .acquiring) }

    func nextRequestID() -> String {
        exchanges.add(1, ordering: .relaxed)
        return run + "-" + String(counter.add(1, ordering: .relaxed).newValue)
    }

    func open(_ request: inout Request) throws(Problem) -> Opened {
        let (route, parameters) = try table.route(for: request)
        request.parameters = parameters
        request.route = route.name
        request.client = services.options.clientAddressHeader.flatMap { ClientAddress.read(request, from: $0) }
        do throws(Problem) { request.caller = try gate.admit(request, to: route) } catch {
            if error.status == 401 { try refusals.spend(request.address) }
            throw error
        }
        try rate?.spend(request.caller.token ?? request.address)
        guard services.workers.underWay < services.options.mostWaiting else {
            throw Problem(
                503, "endpoint.busy", "More requests are waiting than can be worked on soon.",
                remedy: "Try again in a few seconds.", headers: [("Retry-After", "3")])
        }
        return try IdempotentReceiver.wrap(try route.open(request, services), request, services.answers)
    }

    func begin(_ work: @escaping @Sendable () async -> Void) { services.workers.begin(work) }

    func note(_ record: RequestRecord) {
        exchanges.subtract(1, ordering: .releasing)
        services.metrics.request(
            route: record.route, method: record.method, status: record.status, elapsed: record.elapsed,
            received: record.received, sent: record.sent)
        log.note(record)
    }
}
