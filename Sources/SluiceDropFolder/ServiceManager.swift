// Tells systemd that the watcher is ready, how it stands, and that it is alive (man 3 sd_notify). Does nothing where there is no service manager.

import CDropFolder
import Glibc

struct ServiceManager {
    /// Between two signs of life; `nil` where none are asked for.
    let watchdogPause: Duration?

    init() {
        let asked = getenv("WATCHDOG_USEC").flatMap { Int64(String(cString: $0)) }
        let process = getenv("WATCHDOG_PID").flatMap { Int32(String(cString: $0)) }
        // Half of what is asked for (man 3 sd_watchdog_enabled).
        watchdogPause = process.map({ $0 == getpid() }) ?? true ? asked.map { .microseconds($0 / 2) } : nil
    }

    func ready() { _ = drop_notify("READY=1") }
    func alive() { _ = drop_notify("WATCHDOG=1") }
    func stopping() { _ = drop_notify("STOPPING=1") }
    func status(_ line: String) { _ = drop_notify("STATUS=\(line)") }
}
