// The server as a whole: opened, run until the end is asked for, and ended in good order.

package import SluiceModel

/// Listens, and answers what its routes answer.
package final class Server: Sendable {
    package let address: ListenAddress
    private let options: ServerOptions
    private let core: ServerCore
    private let daemon: Daemon
    private let workers: ServerWorkers

    /// Listens and answers from now on.
    /// - Throws: `endpoint.listen`, `endpoint.start`.
    package init<Context>(
        _ router: Router<Context>, _ options: ServerOptions, _ workers: ServerWorkers, metrics: RequestMetrics,
        log: RequestLog
    ) throws(SluiceError) {
        self.options = options
        self.workers = workers
        let socket = try ListenSocket(options.address)
        address = socket.address
        core = ServerCore(router, options, workers, metrics, log)
        daemon = try Daemon(
            socket, core, threads: options.transportThreads, connections: options.connections,
            perPeer: options.connectionsPerPeer)
    }

    /// Watches over the connections until `isInterrupted`, then lets what is under way finish and ends.
    /// - Parameter tick: called several times a second.
    package func run(isInterrupted: @Sendable () -> Bool, tick: @Sendable () -> Void) async {
        while !isInterrupted() {
            await look()
            tick()
        }
        workers.announceEnd()
        daemon.refuseNewConnections()
        let deadline = ContinuousClock.now.advanced(by: options.patience)
        while core.underWay > 0 && ContinuousClock.now < deadline { await look() }
        for connection in daemon.connections.all { connection.end() }
        // What is at work is bounded by the inspector's deadline and the database's patience; a connection cannot be closed before.
        while workers.underWay > 0 { try? await Task.sleep(for: .milliseconds(20)) }
        daemon.stop()
        workers.stop()
    }

    /// Connections that are open.
    package var connections: Int { daemon.connections.count }

    private func look() async {
        let now = ContinuousClock.now
        for connection in daemon.connections.all { connection.check(options.pace, now: now, draining: core.isDraining) }
        // The pause between looks is the exactness of all deadlines here; an asked-for end is seen within it.
        try? await Task.sleep(for: .milliseconds(200))
    }
}
