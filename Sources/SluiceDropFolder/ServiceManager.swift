// Tells systemd that the watcher is ready, its status, and that it is alive (man 3 sd_notify). Does nothing without a service manager.

import CDropFolder
import Glibc

struct ServiceManager {
    /// The pause between two signs of life; `nil` where the service manager wants none.
    let watchdogPause: Duration?

    init() {
        let asked = getenv("WATCHDOG_USEC").flatMap { Int64(String(cString: $0)) }
        let process = getenv("WATCHDOG_PID").flatMap { Int32(String(cString: $0)) }
        // Half of the time that the service manager allows (man 3 sd_watchdog_enabled).
        watchdogPause = process.map({ $0 == getpid() }) ?? true ? asked.map { .microseconds($0 / 2) } : nil
    }

    func ready() { _ = drop_notify("READY=1") }
    func alive() { _ = drop_notify("WATCHDOG=1") }
    func stopping() { _ = drop_notify("STOPPING=1") }
    func status(_ line: String) { _ = drop_notify("STATUS=\(line)") }
}
