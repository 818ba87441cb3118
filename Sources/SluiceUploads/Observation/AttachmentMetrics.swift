// Attachments in numbers. Labels come from our own code: outcomes, finding codes, stages.

package import SluiceModel
import SluiceServer
import Synchronization

/// What is counted of attachments while the endpoint runs.
package final class AttachmentMetrics: Sendable {
    package enum Stage: String, CaseIterable, Sendable { case receive, inspect, record }

    private struct State {
        var attachments: [Outcome: Int] = [:]
        var findings: [String: Int] = [:]
        var stages: [Stage: Histogram] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// One attachment that was decided, or failed.
    package func attachment(_ outcome: Outcome, findings: [JudgedFinding]) {
        state.withLock { state in
            state.attachments[outcome, default: 0] += 1
            for judged in findings { state.findings[judged.finding.code, default: 0] += 1 }
        }
    }

    package func stage(_ stage: Stage, took duration: Duration) {
        state.withLock { $0.stages[stage, default: Histogram()].note(duration) }
    }

    func write(to page: inout MetricsPage) {
        let state = state.withLock { $0 }
        page.begin("sluice_attachments_total", "counter", "Attachments by outcome.")
        for outcome in Outcome.allCases {
            page.line(
                "sluice_attachments_total{outcome=\"\(outcome.rawValue)\"} \(state.attachments[outcome, default: 0])")
        }
        page.begin("sluice_findings_total", "counter", "Findings by code.")
        for (code, count) in state.findings.sorted(by: { $0.key < $1.key }) {
            page.line("sluice_findings_total{code=\"\(code)\"} \(count)")
        }
        page.begin("sluice_stage_seconds", "histogram", "Stages of an attachment.")
        for stage in Stage.allCases {
            (state.stages[stage] ?? Histogram()).write(
                "sluice_stage_seconds", "stage=\"\(stage.rawValue)\"", to: &page)
        }
    }
}
