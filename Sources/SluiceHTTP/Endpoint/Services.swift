// What the routes work with.

package import SluiceModel
package import SluicePipeline
package import SluiceSandbox
package import SluiceStorage

/// How the endpoint is run.
package struct EndpointOptions: Sendable {
    package var address: ListenAddress
    package var allowsAnonymous = false
    /// The names under which it is asked for, besides those of its own machine; none where they do not matter.
    package var hosts: [String] = []
    /// Attachments that are inspected and recorded at once.
    package var jobs: Int
    /// Threads that read requests, write bodies to the spool and send answers.
    package var transportThreads: Int
    package var connections = 4096
    /// THREATS H2; 0 for no bound.
    package var connectionsPerPeer = 64
    /// Requests a second of one token, or of one address without a token; `nil` for no bound.
    package var requestsPerSecond: Int?
    /// The header in which the proxy in front tells the client's address, lower case; `nil` where none is to be believed.
    package var clientAddressHeader: String?
    /// Requests that may wait for their work to be done; what comes beyond is told to come again (chosen: a few seconds of work).
    package var mostWaiting = 2048
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
    package let store: Storage
    package let inspectors: InspectorPool
    /// Into the store.
    package let pipeline: Pipeline
    /// Judges, and keeps nothing.
    package let checking: Pipeline
    package let authority: any Authority
    package let options: EndpointOptions
    package let metrics = Metrics()
    package let workers: Workers
    package let quotas: QuotaLedger
    package let uploads: ResumableUploads
    package let answers: AnswerKeys
    let repeated = RepeatedBytes()

    package init(
        policy: Policy, store: Storage, inspectors: InspectorPool, authority: any Authority, options: EndpointOptions
    ) {
        self.policy = policy
        self.store = store
        self.inspectors = inspectors
        self.authority = authority
        self.options = options
        let inspector = TimedInspector(RepeatedAttachments(inspectors), metrics)
        pipeline = Pipeline(
            spool: store.spool, inspector: inspector, policy: policy, recorder: TimedRecorder(store, metrics),
            releases: store.review.releases)
        checking = Pipeline(
            spool: store.spool, inspector: inspector, policy: policy, recorder: nil, releases: store.review.releases)
        workers = Workers(threads: options.jobs)
        quotas = QuotaLedger(policy.quotas, StoredUsage(store.tickets))
        uploads = ResumableUploads(partials: store.partials, bytes: store.partialBytes)
        answers = AnswerKeys(store.answers)
    }
}
