// libpq under a Swift face: one connection in pipeline mode that never blocks without a deadline. What is sent over it is said in PostgresConnection.

import CPostgres
import Glibc
import SluiceModel

/// One connection to a server. Owns the `PGconn`. One thread at a time uses it.
final class PostgresLink {
    /// A server that has not answered a connection in this time is passed over (chosen: a 503 after that is better than a queue of waiting senders).
    static let patienceToConnect: Duration = .seconds(3)
    /// The server ends a statement that runs longer (chosen: the largest commit takes far below a second).
    static let statementTimeout: Duration = .seconds(10)
    /// Without a byte from the server for this time the connection is lost. Longer than the server's own limit, so that its word comes first.
    static let patienceToAnswer: Duration = .seconds(12)

    private let handle: OpaquePointer
    /// How often this side has waited for the server since the connection stands.
    private(set) var waits = 0

    /// Tries the hosts in their order.
    init(_ address: PostgresAddress) throws(PostgresFailure) {
        var failure = PostgresFailure(.misuse, "the address names no server")
        for host in address.hosts {
            do throws(PostgresFailure) {
                handle = try Self.connect(address, host)
                return
            } catch { failure = error }
        }
        throw failure
    }

    deinit { PQfinish(handle) }

    var isLost: Bool { PQstatus(handle) == CONNECTION_BAD }

    /// Whether the server has closed an idle connection, or said something that nobody asked for, such as that it stops.
    var hasNews: Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return isLost || poll(&descriptor, 1, 0) != 0
    }

    // MARK: Connecting

    private static func connect(
        _ address: PostgresAddress, _ host: PostgresAddress.Host
    ) throws(PostgresFailure) -> OpaquePointer {
        let options = options(address, host)
        var names: [UnsafePointer<CChar>?] = options.map { UnsafePointer(strdup($0.0)) }
        var values: [UnsafePointer<CChar>?] = options.map { UnsafePointer(strdup($0.1)) }
        defer { for text in names + values { free(UnsafeMutablePointer(mutating: text)) } }
        names.append(nil)
        values.append(nil)
        guard let handle = PQconnectStartParams(names, values, 0) else {
            throw PostgresFailure(.lost, "no memory for a connection")
        }
        // The only way to learn the SQLSTATE of a refused connection is its text.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
        sluice_ignore_notices(handle)
        guard finishConnecting(handle) else {
            let failure = refusal(handle, host)
            PQfinish(handle)
            throw failure
        }
        PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
        PQsetnonblocking(handle, 1)
        return handle
    }

    private static func options(_ address: PostgresAddress, _ host: PostgresAddress.Host) -> [(String, String)] {
        var options = [
            ("host", host.name), ("port", String(host.port)), ("dbname", address.database),
            ("sslmode", address.tls(for: host).rawValue), ("application_name", "sluice"), ("client_encoding", "UTF8"),
            // A standby is passed over.
            ("target_session_attrs", "read-write"),
            // A server that vanished is noticed within these seconds (chosen).
            ("keepalives", "1"), ("keepalives_idle", "5"), ("keepalives_interval", "2"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "8000"),
        ]
        if let user = address.user { options.append(("user", user)) }
        for (name, path) in address.files { options.append((name, path)) }
        return options
    }

    private static func finishConnecting(_ handle: OpaquePointer) -> Bool {
        let deadline = ContinuousClock.now.advanced(by: patienceToConnect)
        var wanted = PGRES_POLLING_WRITING
        while PQstatus(handle) != CONNECTION_BAD {
            switch wanted {
            case PGRES_POLLING_OK: return true
            case PGRES_POLLING_READING, PGRES_POLLING_WRITING:
                let events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT
                guard wait(PQsocket(handle), Int16(events), until: deadline) else { return false }
            default: return false
            }
            wanted = PQconnectPoll(handle)
        }
        return false
    }

    /// The server's words are `FATAL:  28P01: password authentication failed …` and a line about the place in its source.
    private static func refusal(_ handle: OpaquePointer, _ host: PostgresAddress.Host) -> PostgresFailure {
        let text = String(cString: PQerrorMessage(handle))
        let words = text.split(separator: "\n").first.map(String.init) ?? ""
        let state = words.split(separator: " ").first { word in
            word.count == 6 && word.hasSuffix(":") && word.contains(where: \.isNumber)
                && word.dropLast().allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
        }
        let what = words.isEmpty ? "\(host.name) did not answer in time" : words
        return PostgresFailure(.lost, what, state: state.map { String($0.dropLast()) } ?? "")
    }

    // MARK: Plain text

    /// Runs a text of statements outside the pipeline and shows the rows of the last one that has some.
    @discardableResult
    func execute(_ sql: String) throws(PostgresFailure) -> [[String]] {
        if PQpipelineStatus(handle) != PQ_PIPELINE_OFF, PQexitPipelineMode(handle) == 0 {
            throw PostgresFailure(.misuse, "the pipeline is not empty")
        }
        guard PQsendQuery(handle, sql) == 1 else { throw lost() }
        waits += 1
        var rows: [[String]] = []
        var failure: PostgresFailure?
        while let result = try nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK:
                rows = (0..<PQntuples(result)).map { row in
                    (0..<PQnfields(result)).map { String(cString: PQgetvalue(result, row, $0)) }
                }
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
            default: failure = failure ?? PostgresFailure(result)
            }
        }
        if let failure { throw failure }
        return rows
    }

    // MARK: The pipeline

    /// Queues a text to be prepared.
    func prepare(_ name: String, _ sql: String, types: [Oid]) throws(PostgresFailure) {
        if PQpipelineStatus(handle) == PQ_PIPELINE_OFF, PQenterPipelineMode(handle) == 0 { throw lost() }
        guard PQsendPrepare(handle, name, sql, CInt(types.count), types) == 1 else { throw lost() }
    }

    /// Queues a prepared statement. Rows come in binary form.
    func run(_ name: String, _ values: borrowing ParameterBuffer) throws(PostgresFailure) {
        if PQpipelineStatus(handle) == PQ_PIPELINE_OFF, PQenterPipelineMode(handle) == 0 { throw lost() }
        guard values.send({ PQsendQueryPrepared(handle, name, $0, $1, $2, $3, 1) }) == 1 else { throw lost() }
    }

    /// Ends what a failure skips: the server answers everything up to here. Sends what is queued as far as that goes without waiting.
    func sync() throws(PostgresFailure) {
        guard PQpipelineSync(handle) == 1, PQflush(handle) >= 0 else { throw lost() }
    }

    /// The next result shows its rows one by one, so that memory stays bounded.
    func showRowsSingly() { PQsetSingleRowMode(handle) }

    /// This side waits for the server now.
    func noteWait() { waits += 1 }

    /// - Returns: `nil` at the end of one statement's results. The caller clears it.
    func nextResult() throws(PostgresFailure) -> OpaquePointer? {
        while PQisBusy(handle) != 0 { try pump() }
        return PQgetResult(handle)
    }

    /// Sends and receives at the same time: neither side can block the other.
    private func pump() throws(PostgresFailure) {
        let left = PQflush(handle)
        let events = POLLIN | (left > 0 ? POLLOUT : 0)
        let deadline = ContinuousClock.now.advanced(by: Self.patienceToAnswer)
        guard Self.wait(PQsocket(handle), Int16(events), until: deadline) else {
            throw PostgresFailure(.lost, "the server did not answer in time")
        }
        guard PQconsumeInput(handle) == 1 else { throw lost() }
    }

    func lost() -> PostgresFailure {
        let text = String(cString: PQerrorMessage(handle))
        return PostgresFailure(isLost ? .lost : .misuse, text.split(separator: "\n").first.map(String.init) ?? "")
    }

    private static func wait(_ socket: CInt, _ events: Int16, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            var descriptor = pollfd(fd: socket, events: events, revents: 0)
            let code = poll(&descriptor, 1, CInt(max(0, left.rounded(.up))))
            if code > 0 { return true }
            if code == 0 || errno != EINTR { return false }
        }
    }
}
