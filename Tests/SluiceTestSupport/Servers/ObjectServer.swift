// An S3-compatible object store of the tests' own: rclone on loopback, over a folder. It ends with the test process, however that ends.

import Foundation
import Glibc
public import SluiceObjects

/// One running object store, or the one that SLUICE_TEST_OBJECTS names.
public final class ObjectServer: @unchecked Sendable {
    public struct Failure: Error { public var text: String }

    /// Used by all tests that do not stop it.
    public static let shared: ObjectServer = {
        do { return try ObjectServer() } catch { fatalError("the object store cannot be started: \(error)") }
    }()

    /// Another object store to run the tests on, as `--blobs` names it; its keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    public static let foreign: String? = ProcessInfo.processInfo.environment["SLUICE_TEST_OBJECTS"]

    private static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let program = project + "/.build/clients/bin/rclone"
    private static let keyID = "sluice-tests"
    private static let secret = "secret-of-the-tests"
    public static let bucket = "sluice"

    /// The bucket's folder; `nil` for a foreign store.
    public let folder: String?
    public let port: UInt16
    // guarded by: the test that starts and stops this server; `shared` is never stopped.
    private nonisolated(unsafe) var watchdog: (process: pid_t, lifeline: CInt)?

    public init() throws {
        if Self.foreign != nil {
            (folder, port) = (nil, 0)
            return
        }
        guard access(Self.program, X_OK) == 0 else {
            throw Failure(text: "there is no \(Self.program); Scripts/test installs it")
        }
        // In memory where there is such a folder: a disk that others write to makes every request wait.
        var name = Array(((access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/sluice-objects-XXXXXX").utf8CString)
        guard mkdtemp(&name) != nil else { throw Failure(text: "no temporary folder") }
        folder = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        try FileManager.default.createDirectory(atPath: folder! + "/" + Self.bucket, withIntermediateDirectories: true)
        port = try Self.freePort()
        try start()
    }

    deinit { if let watchdog { Self.end(watchdog, keepingFolder: false) } }

    /// An address of its own for each caller: `--blobs` of an empty store.
    public func address(prefix wished: String? = nil, port other: UInt16? = nil) -> String {
        let prefix = wished ?? UUID().uuidString.lowercased()
        if let foreign = Self.foreign {
            let parts = foreign.split(separator: "?", maxSplits: 1)
            return "\(parts[0])/\(prefix)?\(parts.count > 1 ? parts[1] : "")"
        }
        return "s3://\(Self.bucket)/\(prefix)?endpoint=http://127.0.0.1:\(other ?? port)&region=us-east-1"
    }

    /// What a program needs in its environment.
    public static var environment: [String: String] {
        if foreign != nil {
            return ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("AWS_") }
        }
        return ["AWS_ACCESS_KEY_ID": keyID, "AWS_SECRET_ACCESS_KEY": secret]
    }

    public static var credentials: ObjectCredentials {
        let known = environment
        return ObjectCredentials { known[$0] }
    }

    // MARK: Processes

    /// Returns when it answers.
    public func start() throws {
        guard let folder else { return }
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(text: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let script = """
            "$0" serve s3 --config /dev/null --addr "127.0.0.1:$2" --auth-key "$3" "$1" >"$1.log" 2>&1 &
            server=$!
            line=
            read -r line
            kill -9 $server
            wait $server 2>/dev/null
            [ "$line" = keep ] || rm -rf "$1" "$1.log"
            """
        let process = try Self.spawn(
            ["/bin/sh", "-c", script, Self.program, folder, String(port), "\(Self.keyID),\(Self.secret)"],
            input: ends[0])
        Glibc.close(ends[0])
        watchdog = (process, ends[1])
        let deadline = ContinuousClock.now + .seconds(30)
        while !Self.answers(port) {
            guard ContinuousClock.now < deadline else { throw Failure(text: "rclone does not answer on port \(port)") }
            usleep(10_000)
        }
    }

    /// Ends the server at once, in the middle of whatever it does. What it has written stays for `start`.
    public func stop() {
        guard let watchdog else { return }
        self.watchdog = nil
        Self.end(watchdog, keepingFolder: true)
    }

    private static func end(_ watchdog: (process: pid_t, lifeline: CInt), keepingFolder: Bool) {
        if keepingFolder { _ = write(watchdog.lifeline, "keep\n", 5) }
        Glibc.close(watchdog.lifeline)
        var status: CInt = 0
        while waitpid(watchdog.process, &status, 0) == -1, errno == EINTR {}
    }

    private static func spawn(_ words: [String], input: CInt) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        // Whoever reads the tests' output does not wait for the shell.
        for stream: CInt in 1...2 { posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0) }
        // A shell that does not get SIGCHLD waits for its child without end.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, words[0], &actions, &attributes, &arguments, environ)
        guard code == 0 else { throw Failure(text: "\(words[0]): \(String(cString: strerror(code)))") }
        return process
    }

    // MARK: Ports

    private static func freePort() throws -> UInt16 {
        let socket = try loopbackSocket()
        defer { Glibc.close(socket) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(socket, address, length) == 0 ? getsockname(socket, address, &length) : -1
            }
        }
        guard code == 0 else { throw Failure(text: "no free port") }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func answers(_ port: UInt16) -> Bool {
        guard let socket = try? loopbackSocket() else { return false }
        defer { Glibc.close(socket) }
        var address = loopback(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func loopbackSocket() throws -> CInt {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Failure(text: "no socket") }
        return socket
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
