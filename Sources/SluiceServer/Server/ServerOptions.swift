// How a server is run.

package struct ServerOptions: Sendable {
    package var address: ListenAddress
    /// Threads that read requests, write bodies to the spool and send answers.
    package var transportThreads: Int
    /// Threads for each kind of work.
    package var workThreads: Int
    package var connections = 4096
    /// Threats, H2; 0 for no bound.
    package var connectionsPerPeer = 64
    /// Requests a second of one caller; `nil` for no bound.
    package var requestsPerSecond: Int?
    /// The header in which the proxy in front tells the client's address, lower case; `nil` where none is to be believed.
    package var clientAddressHeader: String?
    /// How much of each kind of work may wait.
    package var waiting = WorkLimits()
    /// How long requests under way may go on once the end is asked for.
    package var patience = Duration.seconds(30)
    package var pace = PacePolicy()

    package init(address: ListenAddress, transportThreads: Int, workThreads: Int) {
        self.address = address
        self.transportThreads = transportThreads
        self.workThreads = workThreads
    }
}
