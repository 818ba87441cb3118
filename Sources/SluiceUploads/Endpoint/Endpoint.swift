// The upload endpoint as a whole: its routes on a server, with the housekeeping beside them.

package import SluiceModel
package import SluiceServer

package final class Endpoint: Sendable {
    private let server: Server
    private let services: Services

    /// Listens and answers from now on.
    /// - Throws: `endpoint.listen`, `endpoint.start`.
    package init(_ services: Services, log: RequestLog) throws(SluiceError) {
        self.services = services
        let options = services.options
        // A caller that has to show a token shows none to a foreign page: then every name is answered, unless the operator has named some.
        let answersEveryName = !options.allowsAnonymous && options.hosts.isEmpty
        let router = Router(
            Routes.all, admission: UploadAdmission(services: services),
            hosts: answersEveryName ? nil : HostNames(of: options.server.address, further: options.hosts),
            requestsPerSecond: options.server.requestsPerSecond)
        server = try Server(
            router, options.server, services.workers, metrics: services.requestMetrics, log: log)
    }

    package var address: ListenAddress { server.address }
    /// Connections that are open.
    package var connections: Int { server.connections }

    /// Answers until `isInterrupted`, then lets what is under way finish and ends.
    package func run(isInterrupted: @Sendable () -> Bool) async {
        let housekeeping = Housekeeping(services)
        housekeeping.begin()
        await server.run(isInterrupted: isInterrupted, tick: housekeeping.tick)
    }
}
