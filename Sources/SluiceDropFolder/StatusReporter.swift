// Reports the watcher's status: once a second to the caller and the service manager, and signs of life as often as the service manager asks.

import SluiceModel
import SluicePipeline

struct StatusReporter {
    var status = WatcherStatus()
    private let report: DropFolderReport
    private let manager = ServiceManager()
    private(set) var nextStatus = Duration.zero
    private var nextSign = Duration.zero
    private var nextOverflows = Duration.zero

    init(_ report: DropFolderReport) { self.report = report }

    /// When to report next.
    var nextMoment: Duration { manager.watchdogPause == nil ? nextStatus : min(nextStatus, nextSign) }

    func ready() { manager.ready() }
    func stopping() { manager.stopping() }
    func remark(_ text: String) { report.remark(text) }

    /// A file lies in its outcome folder.
    mutating func placed(_ file: PlacedFile, from path: TreePath) {
        status.outcomes[file.result.outcome, default: 0] += 1
        if file.result.isRefused { status.refused += 1 }
        if file.result.outcome != .failed { status.trouble = nil }
        report.placed(path.shown(in: "in"), file.path.shown(in: file.outcome.rawValue), file.result, file.line)
    }

    /// Reports what is due now.
    mutating func report(_ monitor: inout InputMonitor, at now: Duration) {
        if let pause = manager.watchdogPause, now >= nextSign {
            nextSign = now + pause
            manager.alive()
        }
        guard now >= nextStatus else { return }
        nextStatus = now + .seconds(1)
        report.status(status)
        manager.status(status.line)
        // A storm of events is reported once a minute.
        if now >= nextOverflows {
            let overflows = monitor.takeOverflows()
            overflows.forEach(report.remark)
            if !overflows.isEmpty { nextOverflows = now + .seconds(60) }
        }
    }
}
