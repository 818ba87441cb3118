// The text format of Prometheus (0.0.4), and a histogram in it.

/// How often something took how long.
package struct Histogram: Sendable {
    /// Seconds (chosen: from a health check to the longest inspection).
    package static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private var counts = [Int](repeating: 0, count: Self.bounds.count + 1)
    private var sum = 0.0

    package init() {}

    package mutating func note(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        sum += seconds
        counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    }

    /// - Parameter label: `stage="inspect"`, or empty.
    package func write(_ name: String, _ label: String = "", to page: inout MetricsPage) {
        let comma = label.isEmpty ? "" : label + ","
        var total = 0
        for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], counts) {
            total += count
            page.line("\(name)_bucket{\(comma)le=\"\(bound)\"} \(total)")
        }
        let only = label.isEmpty ? "" : "{\(label)}"
        page.line("\(name)_sum\(only) \(sum)")
        page.line("\(name)_count\(only) \(total)")
    }
}

/// A page of metrics that is being written.
package struct MetricsPage {
    package private(set) var text = ""

    package init() {}

    /// - Parameter type: counter, gauge or histogram.
    package mutating func begin(_ name: String, _ type: String, _ help: String) {
        line("# HELP \(name) \(help)")
        line("# TYPE \(name) \(type)")
    }

    package mutating func line(_ line: String) { text += line + "\n" }

    /// A value without labels: a counter where its name ends in `_total`, else a gauge.
    package mutating func value(_ name: String, _ help: String, _ value: Int) {
        begin(name, name.hasSuffix("_total") ? "counter" : "gauge", help)
        line("\(name) \(value)")
    }
}
