// The progress bar on standard error: the share that is done, the rate, and the time left. Only on a terminal.

import SluiceModel

/// A line that is redrawn in place, at most ten times a second.
struct ProgressLine {
    private let total: Int
    private let totalBytes: Int64
    private let start = ContinuousClock.now
    private var drawn = ContinuousClock.now - .seconds(1)
    private var done = 0
    private var doneBytes: Int64 = 0
    private var isShown = false
    private let isOn: Bool

    init(total: Int, bytes: Int64) {
        self.total = total
        totalBytes = bytes
        isOn = StandardError.isTerminal && total > 1
    }

    mutating func advance(bytes: Int64) { show(done: done + 1, bytes: doneBytes.saturatingPlus(bytes)) }

    /// Cheap when the line was drawn only just before.
    mutating func show(done: Int, bytes: Int64) {
        self.done = done
        doneBytes = bytes
        guard isOn, drawn.duration(to: .now) > .milliseconds(100) else { return }
        drawn = .now
        isShown = true
        StandardError.write("\r\u{1B}[K" + text(width: StandardError.width))
    }

    /// Removes the line, before an answer is printed and at the end.
    mutating func clear() {
        guard isShown else { return }
        isShown = false
        StandardError.write("\r\u{1B}[K")
    }

    private func text(width: Int) -> String {
        let elapsed = max(start.duration(to: .now).seconds, 0.001)
        // By bytes where the sizes are known: with one large file among small ones, a count of files would mislead.
        let part =
            totalBytes > 0 ? Double(doneBytes) / Double(totalBytes) : Double(done) / Double(max(total, 1))
        let bounded = min(max(part, 0), 1)
        let left = bounded > 0.01 ? Duration.seconds(elapsed / bounded - elapsed).shown + " left" : "…"
        let pace = Int64(exactly: (Double(doneBytes) / elapsed).rounded(.down)) ?? .max
        let rate = "\(Int(Double(done) / elapsed).grouped) files/s, \(ByteCount(pace).short)/s"
        let words = " \(done.grouped)/\(total.grouped)  \(rate)  \(left)"
        let room = min(max(width - words.count - 3, 0), 40)
        guard room >= 5 else { return String(words.prefix(max(width - 1, 0))) }
        let filled = Int(bounded * Double(room))
        return "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: room - filled) + "]" + words
    }
}
