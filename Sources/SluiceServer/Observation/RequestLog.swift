// One JSON object a request, on a thread of its own: a reader that does not keep up never stops an answer.

import Glibc
import SluiceModel
import SluiceSystem
import Synchronization

/// Writes lines to a descriptor.
package final class RequestLog: Sendable {
    /// Lines that wait for the reader; what comes beyond it is counted and dropped (chosen: some thousands of requests).
    private static let most = 1 << 20

    private struct State {
        var waiting: [UInt8] = []
        var isWriting = false
        var dropped = 0
    }

    private let descriptor: CInt
    private let state = Mutex(State())
    private let thread = BlockingThreads(count: 1)

    package init(to descriptor: CInt = STDOUT_FILENO) { self.descriptor = descriptor }

    func note(_ record: RequestRecord) {
        var object = Self.begun("request", level: record.status >= 500 ? "error" : "info")
        object.add("requestId", record.id)
        if let trace = record.trace { object.add("traceparent", trace) }
        object.add("peer", record.peer.text)
        if let client = record.client { object.add("client", client) }
        object.add("method", SafeText.display(record.method, limit: 20))
        object.add("path", SafeText.display(record.target.prefix { $0 != UInt8(ascii: "?") }))
        object.add("status", Int64(record.status))
        object.add("milliseconds", record.elapsed / .milliseconds(1))
        object.add("received", record.received)
        object.add("sent", record.sent)
        if let token = record.token { object.add("token", token) }
        if let remark = record.remark { object.add("remark", remark) }
        if let cause = record.cause { object.add("cause", SafeText.display(cause, limit: 500)) }
        if !record.wasSent { object.add("cut", true) }
        write(object)
    }

    /// Something about the program itself.
    package func event(_ name: String, level: String = "info", _ facts: [(name: String, value: String)] = []) {
        var object = Self.begun(name, level: level)
        for (name, value) in facts { object.add(name, value) }
        write(object)
    }

    /// Blocks until all lines are written, for a moment at most.
    package func close() {
        for _ in 0..<200 where state.withLock({ $0.isWriting }) { usleep(5000) }
        thread.stop()
    }

    private static func begun(_ event: String, level: String) -> JSONObject {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let thousandths = String(1000 + now.tv_nsec / 1_000_000).dropFirst()
        var object = JSONObject()
        object.add("time", CivilTime.text(Int64(now.tv_sec)) + "." + thousandths + "Z")
        object.add("level", level)
        object.add("event", event)
        return object
    }

    private func write(_ object: JSONObject) {
        let line = object.line
        let mustStart = state.withLock { state in
            guard state.waiting.count + line.utf8.count < Self.most else {
                state.dropped += 1
                return false
            }
            state.waiting.append(contentsOf: line.utf8)
            state.waiting.append(UInt8(ascii: "\n"))
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { Task(executorPreference: thread) { self.flush() } }
    }

    private func flush() {
        while true {
            let (lines, dropped) = state.withLock { state in
                if state.waiting.isEmpty { state.isWriting = false }
                defer {
                    state.waiting = []
                    state.dropped = 0
                }
                return (state.waiting, state.dropped)
            }
            if lines.isEmpty { return }
            var text = lines
            if dropped > 0 {
                text += Array("{\"event\":\"log-overflow\",\"level\":\"warning\",\"dropped\":\(dropped)}\n".utf8)
            }
            // Requests are answered also where their lines cannot be written.
            try? writeAll(text, to: descriptor)
        }
    }
}
