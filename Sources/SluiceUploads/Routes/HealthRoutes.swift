// How the program stands: alive, ready for work, and in numbers.

import SluiceModel
import SluicePipeline
import SluiceServer
import SluiceStorage

extension Routes {
    static let health = Route(immediate: "GET", "/healthz") { (_) throws(Problem) in
        var object = JSONObject()
        object.add("status", "ok")
        return .json(200, object)
    }.onAnyHost

    /// Whether attachments can be taken now: the store answers, and inspectors can be had.
    static let readiness = Route("GET", "/readyz", nil) { (_, context) throws(Problem) in
        .answer(Readiness(context.services).response)
    }.onAnyHost

    /// For this machine only: the figures say how much is sent and refused. A request that came through a proxy is not from this machine.
    static let metrics = Route("GET", "/metrics", nil) { (request, context) throws(Problem) in
        let isForwarded = ["x-forwarded-for", "forwarded", "via"].contains { request[header: $0] != nil }
        guard request.peer.isLocal, !isForwarded else {
            throw Problem(
                403, "request.not-local", "The metrics are for this machine only.",
                remedy: "Ask from the machine itself, not through the proxy.")
        }
        let services = context.services
        var page = MetricsPage()
        services.requestMetrics.write(to: &page)
        services.metrics.write(to: &page)
        page.value("sluice_queue", "Requests that are worked on or wait for it.", services.workers.underWay)
        page.value(
            "sluice_inspector_restarts_total", "Times the inspector's parent process was started again.",
            services.inspectors.restarts)
        return .answer(.text(200, "text/plain; version=0.0.4; charset=utf-8", page.text))
    }
}

/// The state of what an attachment needs.
private struct Readiness {
    private let services: Services

    init(_ services: Services) { self.services = services }

    var response: Response {
        let store =
            services.storeCheck.failure { () throws(SluiceError) in
                _ = try services.store.tickets.tickets(after: nil, limit: 1)
                try services.store.blobs.check()
            } ?? "ok"
        let inspector = services.inspectors.isAvailable ? "ok" : "inspector.unavailable"
        let missing = services.inspectors.missingProtections
        let isReady = store == "ok" && inspector == "ok" && !services.workers.isEnding
        var object = JSONObject()
        object.add("status", services.workers.isEnding ? "stopping" : isReady ? "ready" : "not-ready")
        object.add("store", store)
        object.add("inspector", inspector)
        object.add("confinement", missing.isEmpty ? "full" : "weak: without " + missing.joined(separator: ", "))
        object.add("anonymous", services.options.allowsAnonymous)
        return .json(isReady ? 200 : 503, object, headers: isReady ? [] : [("Retry-After", "5")])
    }
}
