// What exchanges are given: routing, workers, log and metrics.

import Synchronization

final class ServerCore: RequestHandler {
    private let router: any RequestRouting
    private let workers: ServerWorkers
    private let clientAddressHeader: String?
    private let metrics: RequestMetrics
    private let log: RequestLog
    private let exchanges = Atomic(0)
    private let counter = Atomic<UInt64>(0)
    /// Tells the requests of different runs apart.
    private let run = String(UInt64.random(in: 1 << 35..<1 << 40), radix: 32)

    init(
        _ router: any RequestRouting, _ options: ServerOptions, _ workers: ServerWorkers, _ metrics: RequestMetrics,
        _ log: RequestLog
    ) {
        self.router = router
        self.workers = workers
        clientAddressHeader = options.clientAddressHeader
        self.metrics = metrics
        self.log = log
    }

    var isDraining: Bool { workers.isEnding }
    /// Requests whose answer is not sent yet.
    var underWay: Int { exchanges.load(ordering: .acquiring) }

    func nextRequestID() -> String {
        exchanges.add(1, ordering: .relaxed)
        return run + "-" + String(counter.add(1, ordering: .relaxed).newValue)
    }

    func plan(_ request: inout Request) throws(Problem) -> RequestPlan {
        request.client = clientAddressHeader.flatMap { ClientAddress.read(request, from: $0) }
        return try router.plan(&request)
    }

    func begin(
        _ kind: WorkKind, for account: String, goesOn: Bool, _ job: @escaping Workers.Job
    ) throws(Problem) {
        try workers[kind].begin(for: account, goesOn: goesOn, job)
    }

    func note(_ record: RequestRecord) {
        exchanges.subtract(1, ordering: .releasing)
        metrics.note(record)
        log.note(record)
    }
}
