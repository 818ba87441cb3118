// The endpoint as a whole: opened, run until the end is asked for, and ended in good order.

import Glibc
package import SluiceModel
import SluicePipeline
import Synchronization

/// The upload endpoint.
package final class Endpoint: Sendable {
    package let address: ListenAddress
    private let core: EndpointCore
    private let daemon: Daemon
    private let services: Services

    /// Listens and answers from now on.
    /// - Throws: `endpoint.listen`, `endpoint.start`.
    package init(_ services: Services, authority: any Authority, log: RequestLog) throws(SluiceError) {
        self.services = services
        let options = services.options
        let socket = try ListenSocket(options.address)
        address = socket.address
        core = EndpointCore(services, authority, log)
        daemon = try Daemon(
            socket, core, threads: options.transportThreads, connections: options.connections,
            perPeer: options.connectionsPerPeer)
    }

    /// Watches over the connections until `isInterrupted`, then lets what is under way finish and ends.
    package func run(isInterrupted: @Sendable () -> Bool) async {
        while !isInterrupted() { await tick() }
        core.drain()
        daemon.refuseNewConnections()
        let deadline = ContinuousClock.now.advanced(by: services.options.patience)
        while core.underWay > 0 && ContinuousClock.now < deadline { await tick() }
        for connection in daemon.connections.all { connection.end() }
        // What is at work is bounded by the inspector's deadline and the database's patience; a connection cannot be closed before.
        while core.atWork > 0 { try? await Task.sleep(for: .milliseconds(20)) }
        daemon.stop()
        core.stop()
    }

    private func tick() async {
        let now = ContinuousClock.now
        for connection in daemon.connections.all {
            connection.check(services.options.pace, now: now, draining: core.isDraining)
        }
        // The pause between looks is the exactness of all deadlines here; an asked-for end is seen within it.
        try? await Task.sleep(for: .milliseconds(200))
    }
}

/// What exchanges are given: routes, admission, threads.
final class EndpointCore: Door {
    private let services: Services
    private let gate: Gate
    private let table: RouteTable
    private let log: RequestLog
    private let threads: BlockingThreads
    private let draining = Atomic(false)
    private let exchanges = Atomic(0)
    private let work = Atomic(0)
    private let counter = Atomic<UInt64>(0)
    /// Tells the requests of different runs apart.
    private let run = String(UInt64.random(in: 1 << 35..<1 << 40), radix: 32)

    init(_ services: Services, _ authority: any Authority, _ log: RequestLog) {
        self.services = services
        self.log = log
        gate = Gate(authority: authority, allowsAnonymous: services.options.allowsAnonymous)
        table = RouteTable(routes: Routes.all)
        threads = BlockingThreads(count: services.options.jobs)
    }

    var isDraining: Bool { draining.load(ordering: .relaxed) }
    /// Requests whose answer is not sent yet.
    var underWay: Int { exchanges.load(ordering: .acquiring) }
    /// Requests whose connection is suspended.
    var atWork: Int { work.load(ordering: .acquiring) }

    func drain() { draining.store(true, ordering: .relaxed) }
    func stop() { threads.stop() }

    func nextRequestID() -> String {
        exchanges.add(1, ordering: .relaxed)
        return run + "-" + String(counter.add(1, ordering: .relaxed).newValue)
    }

    func open(_ request: inout Request) throws(Problem) -> Opened {
        let (route, parameters) = try table.route(for: request)
        request.parameters = parameters
        request.caller = try gate.admit(request, to: route)
        return try route.open(request, services)
    }

    func begin(_ job: @escaping @Sendable () async -> Void) {
        work.add(1, ordering: .acquiring)
        Task(executorPreference: threads) {
            await job()
            self.work.subtract(1, ordering: .releasing)
        }
    }

    func note(_ record: RequestRecord) {
        exchanges.subtract(1, ordering: .releasing)
        log.note(record)
    }
}
