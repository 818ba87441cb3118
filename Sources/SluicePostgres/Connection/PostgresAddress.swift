// Where a PostgreSQL database is and how a connection to it is secured. Passwords are no part of it: libpq takes them from PGPASSWORD or a password file.

public import SluiceModel

/// `postgres://user@host:port/database?host=/socket/folder&sslmode=…`, as the command line has it.
public struct PostgresAddress: Sendable, Hashable {
    /// One server of several that hold the same database.
    public struct Host: Sendable, Hashable {
        /// A name, a network address, or the folder of a Unix socket.
        public var name: String
        public var port: Int

        /// Whether no network lies between.
        var isLocal: Bool {
            name.hasPrefix("/") || LoopbackHost.isOne(name)
        }
    }

    /// How far the server has to prove itself (PostgreSQL's documentation, "SSL Mode Descriptions").
    public enum TLSMode: String, Sendable, CaseIterable {
        case disable, allow, prefer, require
        case verifyCA = "verify-ca"
        case verifyFull = "verify-full"
    }

    /// In the order in which they are tried. One that may not be written, such as a standby, is passed over.
    public var hosts: [Host]
    public var database: String
    /// `nil` for the user who runs the program.
    public var user: String?
    /// As the address says it; `nil` where it says nothing.
    public var chosenTLS: TLSMode?
    /// Files of libpq by their option's name: `passfile`, `sslrootcert`, `sslcert`, `sslkey`, `sslcrl`.
    public var files: [String: String]

    static let usualPort = 5432
    private static let fileOptions = ["passfile", "sslrootcert", "sslcert", "sslkey", "sslcrl"]
    private static let options = ["host", "port", "sslmode"] + fileOptions
    private static let schemes = ["postgres://", "postgresql://"]

    /// Whether a text names a PostgreSQL database at all.
    public static func isMeant(by text: String) -> Bool { schemes.contains { text.hasPrefix($0) } }

    /// - Throws: `usage.command-line`; the message never repeats what may be a password.
    public init(_ text: String) throws(SluiceError) {
        guard let scheme = Self.schemes.first(where: { text.hasPrefix($0) }) else {
            throw Self.refusal(
                "The address of the database does not begin with postgres://.",
                "Write it as postgres://user@host:port/database.")
        }
        let parts = text.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let (user, servers) = try Self.userAndServers(path[0])
        self.user = user
        guard path.count == 2, !path[1].isEmpty, !path[1].contains("/") else {
            throw Self.refusal(
                "The address of the database names no database.",
                "Write its name behind the server: postgres://…/database."
            )
        }
        database = try Self.decoded(path[1])
        var values: [String: String] = [:]
        for pair in parts.count == 2 ? parts[1].split(separator: "&") : [] {
            let (name, value) = try Self.option(pair)
            guard values.updateValue(value, forKey: name) == nil else {
                throw Self.refusal("The address of the database has the option \(name) twice.", "Leave one of them.")
            }
        }
        hosts = try Self.hosts(servers, values)
        chosenTLS = try values["sslmode"].map { (word) throws(SluiceError) in
            guard let mode = TLSMode(rawValue: word) else {
                throw Self.refusal(
                    "The option sslmode of the database's address has an unknown value.",
                    "It is one of \(TLSMode.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return mode
        }
        files = values.filter { Self.fileOptions.contains($0.key) }
    }

    /// What holds for one of the servers: off this machine a server has to prove who it is, unless the address asks for less.
    func tls(for host: Host) -> TLSMode { chosenTLS ?? (host.isLocal ? .prefer : .verifyFull) }

    /// Servers off this machine to which the address asks for a weaker connection than `verify-full`; empty where there are none.
    public var weakerTLS: [Host] { hosts.filter { !$0.isLocal && tls(for: $0) != .verifyFull } }

    // MARK: Parsing

    private static func userAndServers(_ text: Substring) throws(SluiceError) -> (String?, Substring) {
        guard let at = text.lastIndex(of: "@") else { return (nil, text) }
        let user = text[..<at]
        guard !user.contains(":") else {
            throw refusal(
                "The address of the database holds a password.",
                "Take it out: addresses are seen by everyone on the machine. Set PGPASSWORD, or name a password file by PGPASSFILE or ?passfile=."
            )
        }
        return (user.isEmpty ? nil : try decoded(user), text[text.index(after: at)...])
    }

    private static func option(_ pair: Substring) throws(SluiceError) -> (String, String) {
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = try decoded(sides[0])
        if name == "password" {
            throw refusal(
                "The address of the database holds a password.",
                "Take it out and set PGPASSWORD, or name a password file by PGPASSFILE or ?passfile=.")
        }
        guard options.contains(name) else {
            let nearest = Nearest.word(to: name, among: options).map { " Did you mean \($0)?" } ?? ""
            throw refusal(
                "The address of the database has an unknown option \(SafeText.display(name)).",
                "Known ones are \(options.joined(separator: ", ")).\(nearest)")
        }
        guard sides.count == 2, !sides[1].isEmpty else {
            throw refusal(
                "The option \(name) of the database's address has no value.", "Write it as \(name)=value.")
        }
        return (name, try decoded(sides[1]))
    }

    /// - Parameter servers: what stands before the database's name: `host:port`, several of them with commas.
    private static func hosts(_ servers: Substring, _ values: [String: String]) throws(SluiceError) -> [Host] {
        if let name = values["host"] {
            guard servers.isEmpty else {
                throw refusal("The address of the database names the server twice.", "Leave one of them.")
            }
            return [Host(name: name, port: try values["port"].map(port) ?? usualPort)]
        }
        if values["port"] != nil {
            throw refusal(
                "The option port of the database's address needs the option host.",
                "Write the port behind the server's name.")
        }
        if servers.isEmpty {
            throw refusal(
                "The address of the database names no server.",
                "Write postgres://user@host/database, or ?host=/folder for a Unix socket.")
        }
        var hosts: [Host] = []
        for server in servers.split(separator: ",", omittingEmptySubsequences: false) {
            hosts.append(try host(server))
        }
        return hosts
    }

    private static func host(_ text: Substring) throws(SluiceError) -> Host {
        let colon =
            text.hasPrefix("[") ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
        var name = text
        var number = usualPort
        if let colon, colon < text.endIndex {
            guard text[colon] == ":" else { throw unreadable }
            name = text[..<colon]
            number = try port(String(text[text.index(after: colon)...]))
        }
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        let decoded = try decoded(name)
        guard !decoded.isEmpty else { throw unreadable }
        return Host(name: decoded, port: number)
    }

    private static func port(_ text: String) throws(SluiceError) -> Int {
        guard let number = Int(text), (1...65_535).contains(number) else {
            throw refusal("The address of the database has an impossible port.", "A port is a number from 1 to 65535.")
        }
        return number
    }

    private static var unreadable: SluiceError {
        refusal("The address of the database cannot be read.", "Write it as postgres://user@host:port/database.")
    }

    /// Undoes `%2F` and its like (RFC 3986 §2.1).
    private static func decoded(_ text: Substring) throws(SluiceError) -> String {
        guard let bytes = PercentEncoding.decode(text.utf8), !bytes.contains(0),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { throw unreadable }
        return decoded
    }

    private static func refusal(_ what: String, _ mend: String) -> SluiceError {
        SluiceError(
            ErrorDefinition.usage.code, what: what, why: "The address says where the ticket store's rows are.",
            mend: mend)
    }
}

extension PostgresAddress: CustomStringConvertible {
    /// For messages: `database on host:port`.
    public var description: String {
        let servers = hosts.map { $0.name.hasPrefix("/") ? $0.name : "\($0.name):\($0.port)" }
        return "\(database) on \(servers.joined(separator: ", "))"
    }
}
