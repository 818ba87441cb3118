// Counters and durations for Prometheus (text format 0.0.4). Labels come from our own code: routes, outcomes, finding codes; never from a request.

package import SluiceModel
import Synchronization

/// What is counted while the endpoint runs.
package final class Metrics: Sendable {
    /// Seconds (chosen: from a health check to the longest inspection).
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    package enum Stage: String, CaseIterable, Sendable { case receive, inspect, record }

    private struct Histogram {
        var counts = [Int](repeating: 0, count: Metrics.bounds.count + 1)
        var sum = 0.0

        mutating func note(_ seconds: Double) {
            sum += seconds
            counts[Metrics.bounds.firstIndex { seconds <= $0 } ?? Metrics.bounds.count] += 1
        }
    }

    private struct RequestLabel: Hashable {
        var route: String
        var method: String
        var status: Int
    }

    private struct State {
        var requests: [RequestLabel: Int] = [:]
        var attachments: [Outcome: Int] = [:]
        var findings: [String: Int] = [:]
        var stages: [Stage: Histogram] = [:]
        var duration = Histogram()
        var received: Int64 = 0
        var sent: Int64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    func request(route: String, method: String, status: Int, elapsed: Duration, received: Int64, sent: Int64) {
        // A stranger's method is no label.
        let known = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"].contains(method) ? method : "other"
        state.withLock { state in
            state.requests[RequestLabel(route: route, method: known, status: status), default: 0] += 1
            state.duration.note(elapsed / .seconds(1))
            state.received += received
            state.sent += sent
        }
    }

    /// One attachment that was decided, or failed.
    package func attachment(_ outcome: Outcome, findings: [JudgedFinding]) {
        state.withLock { state in
            state.attachments[outcome, default: 0] += 1
            for judged in findings { state.findings[judged.finding.code, default: 0] += 1 }
        }
    }

    package func stage(_ stage: Stage, took duration: Duration) {
        state.withLock { $0.stages[stage, default: Histogram()].note(duration / .seconds(1)) }
    }

    /// - Parameter gauges: what others count: name, help, value.
    func text(gauges: [(name: String, help: String, value: Int)]) -> String {
        let state = state.withLock { $0 }
        var out = Page()
        out.begin("sluice_requests_total", "counter", "Requests by route, method and status.")
        for (label, count) in state.requests.sorted(by: {
            ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
        }) {
            out.line(
                "sluice_requests_total{route=\"\(label.route)\",method=\"\(label.method)\",status=\"\(label.status)\"} \(count)"
            )
        }
        out.begin("sluice_attachments_total", "counter", "Attachments by outcome.")
        for outcome in Outcome.allCases {
            out.line(
                "sluice_attachments_total{outcome=\"\(outcome.rawValue)\"} \(state.attachments[outcome, default: 0])")
        }
        out.begin("sluice_findings_total", "counter", "Findings by code.")
        for (code, count) in state.findings.sorted(by: { $0.key < $1.key }) {
            out.line("sluice_findings_total{code=\"\(code)\"} \(count)")
        }
        out.begin("sluice_received_bytes_total", "counter", "Bytes of request bodies.")
        out.line("sluice_received_bytes_total \(state.received)")
        out.begin("sluice_sent_bytes_total", "counter", "Bytes of answers.")
        out.line("sluice_sent_bytes_total \(state.sent)")
        out.begin("sluice_request_seconds", "histogram", "From the request line to the end of the answer.")
        write(state.duration, "sluice_request_seconds", "", &out)
        out.begin("sluice_stage_seconds", "histogram", "Stages of an attachment.")
        for stage in Stage.allCases {
            write(state.stages[stage] ?? Histogram(), "sluice_stage_seconds", "stage=\"\(stage.rawValue)\"", &out)
        }
        for (name, help, value) in gauges {
            out.begin(name, name.hasSuffix("_total") ? "counter" : "gauge", help)
            out.line("\(name) \(value)")
        }
        return out.text
    }

    private func write(_ histogram: Histogram, _ name: String, _ label: String, _ out: inout Page) {
        let comma = label.isEmpty ? "" : label + ","
        var total = 0
        for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], histogram.counts) {
            total += count
            out.line("\(name)_bucket{\(comma)le=\"\(bound)\"} \(total)")
        }
        let only = label.isEmpty ? "" : "{\(label)}"
        out.line("\(name)_sum\(only) \(histogram.sum)")
        out.line("\(name)_count\(only) \(total)")
    }

    private struct Page {
        var text = ""

        mutating func begin(_ name: String, _ type: String, _ help: String) {
            line("# HELP \(name) \(help)")
            line("# TYPE \(name) \(type)")
        }

        mutating func line(_ line: String) { text += line + "\n" }
    }
}
