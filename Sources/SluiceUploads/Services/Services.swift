// The stages and rooms that the endpoint's routes work with.

package import SluiceModel
import SluicePipeline
package import SluiceServer
package import SluiceStorage

/// How the endpoint is run.
package struct EndpointOptions: Sendable {
    package var server: ServerOptions
    package var allowsAnonymous = false
    /// Host names that the endpoint answers to, besides those of its own machine; none where every name is answered.
    package var hosts: [String] = []
    /// Attachments that are inspected at once.
    package var jobs: Int
    /// Bytes of one caller that wait for their verdict (chosen: some hundred attachments of the largest size).
    package var mostSpooled = ByteCount(4 << 30)
    /// Entries of archives that one caller reads at once.
    package var mostEntryReaders: Int { max(2, 2 * jobs) }

    /// Threads for each kind of work (chosen: they mostly wait for a disk or for a lock of the database).
    private static let workThreads = 4

    package init(address: ListenAddress, jobs: Int, transportThreads: Int) {
        server = ServerOptions(
            address: address, transportThreads: transportThreads, workThreads: Self.workThreads)
        self.jobs = jobs
    }

    /// Further inspections at once, each for a caller that has no other one running (chosen: half as many again). The pool of inspectors has to allow
    /// them as well.
    package static func spareInspections(jobs: Int) -> Int { max(1, jobs / 2) }
}

package struct Services: Sendable {
    package let policy: Policy
    package let store: Storage
    package let inspectors: any InspectionService
    package let authority: any Authority
    package let options: EndpointOptions
    package let requestMetrics = RequestMetrics()
    package let metrics = AttachmentMetrics()
    package let workers: ServerWorkers
    /// Turns of inspections. They run on threads that write, of which there are as many more as inspections may run.
    package let inspections: Workers
    package let quotas: QuotaLedger
    package let uploads: ResumableUploads
    package let answers: IdempotencyKeys
    /// Bytes that wait for their verdict, by caller.
    let spooled: Shares
    /// Entries of archives that are being read, by caller.
    let entryReaders: Shares
    let repeated = RepeatedBytes()
    let storeCheck = StoreCheck()
    private let inspector: any Inspector

    /// - Parameter inspector: inspects uploads; may know more than `inspectors` do, such as what was inspected before.
    package init(
        policy: Policy, store: Storage, inspectors: any InspectionService, inspector: any Inspector,
        authority: any Authority, options: EndpointOptions
    ) {
        self.policy = policy
        self.store = store
        self.inspectors = inspectors
        self.authority = authority
        self.options = options
        self.inspector = inspector
        let spare = EndpointOptions.spareInspections(jobs: options.jobs)
        workers = ServerWorkers(
            threads: options.server.workThreads, options.server.waiting, guests: options.jobs + spare)
        inspections = Workers(
            turns: options.jobs, spare: spare, options.server.waiting, on: workers[.writing])
        quotas = QuotaLedger(policy.quotas, StoredUsage(store.tickets))
        uploads = ResumableUploads(partials: store.partials, bytes: store.partialBytes, store.leases)
        answers = IdempotencyKeys(store.answers, store.leases)
        spooled = Shares(mostOfCaller: options.mostSpooled.bytes)
        entryReaders = Shares(mostOfCaller: Int64(options.mostEntryReaders))
    }

    /// The stages for one caller, whose inspections wait for the caller's turn.
    /// - Parameters:
    ///   - keeps: whether what is judged is kept.
    ///   - hasRoom: whether its room was promised by a row, as a resumable upload's is.
    func pipeline(for account: String, keeps: Bool, hasRoom: Bool = false) -> Pipeline {
        Pipeline(
            spool: store.spool, inspector: TurnInspector(inspector, inspections, account, metrics), policy: policy,
            recorder: keeps ? TimedRecorder(store, metrics, hasRoom ? nil : quotas) : nil,
            releases: store.review.releases)
    }
}
