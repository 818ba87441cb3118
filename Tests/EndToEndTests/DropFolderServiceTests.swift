// The watcher as a service: what it tells its service manager, and the unit that starts it.

import Foundation
import Glibc
import Testing

/// A datagram socket such as a service manager listens on.
private final class NotifySocket {
    private let descriptor: CInt

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(code == 0, "bind: \(String(cString: strerror(errno)))")
    }

    deinit { close(descriptor) }

    /// What has come until `last` was among it, or the time is over.
    func messages(until last: String, within seconds: Double = 30) -> [String] {
        var messages: [String] = []
        let end = Date(timeIntervalSinceNow: seconds)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while Date() < end, messages.last?.hasPrefix(last) != true {
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 100) > 0 else { continue }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { messages.append(String(decoding: buffer[..<count], as: UTF8.self)) }
        }
        return messages
    }
}

@Suite struct DropFolderServiceTests {
    @Test func `The service manager hears of readiness, state, life and the end`() throws {
        let place = try Workplace()
        // A socket's path may have 107 bytes only (man 7 unix).
        let path = "/tmp/sluice-notify-\(UUID().uuidString.prefix(8))"
        let manager = try NotifySocket(path)
        defer { unlink(path) }
        try place.write("box/in/T-1/a.txt", Data("2026-01-02 03:04:05 INFO started\n".utf8))
        let watcher = try RunningWatcher(
            place, settle: "100ms", environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "600000"])
        #expect(manager.messages(until: "READY=1").last == "READY=1")
        let first = ContinuousClock.now
        for _ in 0..<5 { #expect(manager.messages(until: "WATCHDOG=1").last == "WATCHDOG=1") }
        // Half of what is asked for, and five of them; generous, since the machine may be busy.
        #expect(first.duration(to: .now) < .seconds(15))
        #expect(eventually { place.isPlaced("done/T-1/a.txt") })
        #expect(manager.messages(until: "STATUS=0 pending; 1 accepted").last == "STATUS=0 pending; 1 accepted")
        watcher.process.terminate()
        #expect(manager.messages(until: "STOPPING=1").last == "STOPPING=1")
        watcher.process.waitUntilExit()
        #expect(watcher.process.terminationStatus == 130)
    }

    @Test func `Without a service manager nothing is told`() throws {
        let place = try Workplace()
        let watcher = try RunningWatcher(
            place, settle: "100ms", environment: ["NOTIFY_SOCKET": "/nonexistent/socket", "WATCHDOG_USEC": "600000"])
        try place.write("box/in/T-1/a.txt", Data("2026-01-02 03:04:05 INFO started\n".utf8))
        #expect(eventually { place.isPlaced("done/T-1/a.txt") })
        #expect(try watcher.stop().status == 130)
    }

    private static let verifier = "/usr/bin/systemd-analyze"

    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: verifier), "systemd-analyze is not on this machine"))
    func `The unit is one that systemd understands`() throws {
        let place = try Workplace()
        let unit = try String(
            contentsOf: Workplace.project.appending(path: "Samples/systemd/sluice-watch.service"), encoding: .utf8)
        // The program need not be installed here.
        let local = unit.replacing("/usr/local/bin/sluice", with: Workplace.program("sluice").path)
        let file = try place.write("sluice-watch.service", Data(local.utf8))
        let ran = try place.run(Self.verifier, ["verify", file])
        #expect(ran.status == 0 && !ran.errors.contains("sluice-watch"), "\(ran.output)\(ran.errors)")
    }
}
