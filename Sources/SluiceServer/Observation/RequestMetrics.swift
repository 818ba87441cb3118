// Requests in numbers. Labels come from our own code, never from a request.

import Synchronization

/// What is counted of requests while the server runs.
package final class RequestMetrics: Sendable {
    private struct Label: Hashable {
        var route: String
        var method: String
        var status: Int
    }

    private struct State {
        var requests: [Label: Int] = [:]
        var duration = Histogram()
        var received: Int64 = 0
        var sent: Int64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    func note(_ record: RequestRecord) {
        // A stranger's method is no label.
        let known = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"].contains(record.method)
        let label = Label(route: record.route, method: known ? record.method : "other", status: record.status)
        state.withLock { state in
            state.requests[label, default: 0] += 1
            state.duration.note(record.elapsed)
            state.received += record.received
            state.sent += record.sent
        }
    }

    package func write(to page: inout MetricsPage) {
        let state = state.withLock { $0 }
        page.begin("sluice_requests_total", "counter", "Requests by route, method and status.")
        for (label, count) in state.requests.sorted(by: {
            ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
        }) {
            let labels = "route=\"\(label.route)\",method=\"\(label.method)\",status=\"\(label.status)\""
            page.line("sluice_requests_total{\(labels)} \(count)")
        }
        page.begin("sluice_received_bytes_total", "counter", "Bytes of request bodies.")
        page.line("sluice_received_bytes_total \(state.received)")
        page.begin("sluice_sent_bytes_total", "counter", "Bytes of answers.")
        page.line("sluice_sent_bytes_total \(state.sent)")
        page.begin("sluice_request_seconds", "histogram", "From the request line to the end of the answer.")
        state.duration.write("sluice_request_seconds", to: &page)
    }
}
