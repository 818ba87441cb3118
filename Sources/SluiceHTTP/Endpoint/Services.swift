// What the routes work with.

package import SluiceModel
package import SluicePipeline
package import SluiceStore

/// How the endpoint is run.
package struct EndpointOptions: Sendable {
    package var address: ListenAddress
    package var allowsAnonymous = false
    /// Attachments that are inspected and recorded at once.
    package var jobs: Int
    /// Threads that read requests, write bodies to the spool and send answers.
    package var transportThreads: Int
    package var connections = 4096
    /// THREATS H2; 0 for no bound.
    package var connectionsPerPeer = 64
    /// How long requests under way may go on once the end is asked for.
    package var patience = Duration.seconds(30)
    package var pace = PacePolicy()

    package init(address: ListenAddress, jobs: Int, transportThreads: Int) {
        self.address = address
        self.jobs = jobs
        self.transportThreads = transportThreads
    }
}

/// The stages and rooms behind the endpoint.
package struct Services: Sendable {
    package let policy: Policy
    package let store: Store
    /// Into the store.
    package let pipeline: Pipeline
    /// Judges, and keeps nothing.
    package let checking: Pipeline
    package let options: EndpointOptions

    package init(
        policy: Policy, store: Store, pipeline: Pipeline, checking: Pipeline, options: EndpointOptions
    ) {
        self.policy = policy
        self.store = store
        self.pipeline = pipeline
        self.checking = checking
        self.options = options
    }
}
