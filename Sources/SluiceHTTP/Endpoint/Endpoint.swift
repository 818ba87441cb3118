// The endpoint as a whole: opened, run until the end is asked for, and ended in good order.

package import SluiceModel

/// The upload endpoint.
package final class Endpoint: Sendable {
    package let address: ListenAddress
    private let core: EndpointCore
    private let daemon: Daemon
    private let services: Services

    /// Listens and answers from now on.
    /// - Throws: `endpoint.listen`, `endpoint.start`.
    package init(_ services: Services, log: RequestLog) throws(SluiceError) {
        self.services = services
        let options = services.options
        let socket = try ListenSocket(options.address)
        address = socket.address
        core = EndpointCore(services, log)
        daemon = try Daemon(
            socket, core, threads: options.transportThreads, connections: options.connections,
            perPeer: options.connectionsPerPeer)
    }

    /// Watches over the connections until `isInterrupted`, then lets what is under way finish and ends.
    package func run(isInterrupted: @Sendable () -> Bool) async {
        let housekeeping = Housekeeping(services)
        housekeeping.begin()
        while !isInterrupted() {
            await tick()
            housekeeping.tick()
        }
        services.workers.announceEnd()
        daemon.refuseNewConnections()
        let deadline = ContinuousClock.now.advanced(by: services.options.patience)
        while core.underWay > 0 && ContinuousClock.now < deadline { await tick() }
        for connection in daemon.connections.all { connection.end() }
        // What is at work is bounded by the inspector's deadline and the database's patience; a connection cannot be closed before.
        while services.workers.underWay > 0 { try? await Task.sleep(for: .milliseconds(20)) }
        daemon.stop()
        services.workers.stop()
    }

    /// Connections that are open.
    package var connections: Int { daemon.connections.count }

    private func tick() async {
        let now = ContinuousClock.now
        for connection in daemon.connections.all {
            connection.check(services.options.pace, now: now, draining: core.isDraining)
        }
        // The pause between looks is the exactness of all deadlines here; an asked-for end is seen within it.
        try? await Task.sleep(for: .milliseconds(200))
    }
}
