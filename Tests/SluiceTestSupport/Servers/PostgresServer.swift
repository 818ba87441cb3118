// A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, as an unprivileged user. It ends with the test process, however that ends.

import Foundation
import Glibc

/// One running server.
public final class PostgresServer: Sendable {
    /// Used by all tests that do not stop it or change its settings. It syncs nothing, since it never outlives the process.
    public static let shared: PostgresServer = {
        do { return try PostgresServer() } catch { fatalError("PostgreSQL cannot be started: \(error)") }
    }()

    public struct Failure: Error { public var text: String }

    private static let programs = "/usr/lib/postgresql/15/bin"
    /// A name that every address has; the server trusts whoever reaches its socket.
    public static let user = "sluice"

    public let folder: String
    /// On loopback; `nil` where the server has only its socket.
    public let port: Int?
    /// The end of a pipe whose other end the watchdog reads. The kernel closes it with this process.
    private let lifeline: CInt

    /// Starts a server.
    /// - Parameters:
    ///   - settings: lines of `postgresql.conf`.
    ///   - isDurable: whether it syncs what it commits.
    ///   - port: also listens there on loopback, for users with a password.
    public init(_ settings: [String] = [], isDurable: Bool = false, port: Int? = nil) throws {
        self.port = port
        var name = Array("/tmp/sluice-postgres-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else { throw Failure(text: "no temporary folder") }
        folder = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        if getuid() == 0 { try Self.run("/bin/chown", ["postgres:postgres", folder]) }
        try Self.runUnprivileged(
            "initdb",
            [
                "-D", folder + "/data", "-U", Self.user, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
                "--no-instructions",
            ]
                + ["--auth-local=trust", "--auth-host=scram-sha-256"])
        let fixed = [
            "unix_socket_directories = '\(folder)'", "max_connections = 300", "shared_buffers = 64MB",
            "listen_addresses = '\(port == nil ? "" : "127.0.0.1")'", "port = \(port ?? 5432)",
            "fsync = \(isDurable ? "on" : "off")", "log_min_messages = log", "autovacuum = on",
        ]
        try Self.append((fixed + settings).joined(separator: "\n") + "\n", to: folder + "/data/postgresql.conf")
        lifeline = try Self.watch(folder)
        try start()
    }

    /// A server is also stopped by its watchdog; this only does it sooner.
    deinit { Glibc.close(lifeline) }

    public func start() throws {
        try Self.runUnprivileged("pg_ctl", ["-D", folder + "/data", "-l", folder + "/log", "-w", "-t", "30", "start"])
    }

    /// - Parameter immediately: like a crash; otherwise open connections are ended in good order.
    public func stop(immediately: Bool) throws {
        try Self.runUnprivileged(
            "pg_ctl", ["-D", folder + "/data", "-m", immediately ? "immediate" : "fast", "-w", "stop"])
    }

    /// Everything that the server has logged.
    public var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    /// Makes an empty database.
    /// - Returns: its name.
    public func makeDatabase() throws -> String {
        let name = "t" + UUID().uuidString.lowercased().replacing("-", with: "")
        try sql("CREATE DATABASE \(name) TEMPLATE template0", on: "postgres")
        return name
    }

    /// For `--store`.
    /// - Parameter folder: where another socket is, such as that of a proxy.
    public func address(of database: String, through folder: String? = nil) -> String {
        "postgres://\(Self.user)@/\(database)?host=\(folder ?? self.folder)\(port.map { "&port=\($0)" } ?? "")"
    }

    /// The socket's file.
    public var socket: String { "\(folder)/.s.PGSQL.\(port ?? 5432)" }

    /// Runs statements as a person would, beside the program.
    /// - Returns: the values, one row a line.
    @discardableResult
    public func sql(_ text: String, on database: String) throws -> String {
        try Self.run(
            Self.programs + "/psql",
            ["-h", folder, "-p", String(port ?? 5432), "-U", Self.user, "-d", database]
                + ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text])
    }

    // MARK: Processes

    /// Starts a shell that waits for the end of this process, stops the server then and removes its folder.
    private static func watch(_ folder: String) throws -> CInt {
        var ends: [CInt] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(text: "no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { Glibc.close(ends[0]) }
        let stop = unprivileged.joined(separator: " ") + " \"$0/pg_ctl\" -D \"$1/data\" -m immediate stop"
        _ = try spawn(
            ["/bin/sh", "-c", "read nothing; \(stop); rm -rf \"$1\"", programs, folder], input: ends[0],
            output: "/dev/null")
        return ends[1]
    }

    /// The server refuses to run as root.
    private static var unprivileged: [String] {
        getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
    }

    @discardableResult
    private static func runUnprivileged(_ program: String, _ arguments: [String]) throws -> String {
        let words = unprivileged + [programs + "/" + program] + arguments
        return try run(words[0], Array(words.dropFirst()))
    }

    /// Foundation's `Process` takes a child for running as long as one of its own children is, and a server outlives the program that starts it.
    @discardableResult
    private static func run(_ program: String, _ arguments: [String]) throws -> String {
        let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: output) }
        let process = try spawn([program] + arguments, input: nil, output: output)
        var status: CInt = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        let text = try String(contentsOfFile: output, encoding: .utf8)
        guard status == 0 else { throw Failure(text: "\(program): \(text)") }
        return text
    }

    /// - Parameter input: `nil` for nothing.
    private static func spawn(_ words: [String], input: CInt?, output: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, words[0], &actions, nil, &arguments, environ)
        guard code == 0 else { throw Failure(text: "\(words[0]): \(String(cString: strerror(code)))") }
        return process
    }

    private static func append(_ text: String, to path: String) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
}
