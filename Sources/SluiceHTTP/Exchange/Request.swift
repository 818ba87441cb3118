// One request as the routes see it: the head, parsed and checked for framing. The body comes piece by piece, to a `BodyReceiver`.

public import SluiceModel

/// Where a request came from.
public struct Peer: Sendable, Hashable {
    /// An address without its port, or `unix`.
    public var text: String
    /// Whether it is this machine.
    public var isLocal: Bool

    public init(text: String, isLocal: Bool) {
        self.text = text
        self.isLocal = isLocal
    }
}

/// One header field. Values are bytes as they came, without white space around them.
public struct HeaderField: Sendable, Hashable {
    /// ASCII lower case.
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The head of a request.
public struct Request: Sendable {
    /// As it came: `GET`, `PUT` …
    public var method: String
    /// The path's segments, percent-decoded once; bytes, since a name need not be UTF-8.
    public var path: [[UInt8]]
    /// The query's pairs, percent-decoded.
    public var query: [(name: String, value: String)]
    public var headers: [HeaderField]
    /// `nil` where there is no body, or a chunked one.
    public var contentLength: Int64?
    public var isChunked: Bool
    public var expectsContinue: Bool
    public var peer: Peer
    /// The client's address as the proxy in front tells it; `nil` without a proxy that is trusted with that.
    public var client: String?
    public var id: String
    /// The route's pattern, for the metrics.
    public var route = "none"
    /// What the route's pattern names, in the order of the pattern.
    public var parameters: [[UInt8]] = []
    public var caller: Caller = .nobody

    /// Whoever asks without a token is told apart by this.
    var address: String { client ?? peer.text }

    public var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    /// The first field of that name.
    /// - Parameter name: lower case.
    public subscript(header name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The members of a list field, whether it came in one line or in several; `nil` where none came.
    /// - Parameter name: lower case.
    func list(_ name: String) -> [String]? {
        let lines = headers.filter { $0.name == name }
        if lines.isEmpty { return nil }
        return lines.flatMap { $0.value.split(separator: ",").map { String($0).trimmingBlanks } }
    }

    public subscript(query name: String) -> String? { query.first { $0.name == name }?.value }

    /// A parameter of the pattern as text; bytes that are no UTF-8 become replacement characters.
    public func text(_ index: Int) -> String { String(decoding: parameters[index], as: UTF8.self) }

    /// The media type of the body, lower case and without parameters.
    public var contentType: String? {
        self[header: "content-type"].map { value in
            String(value.prefix { $0 != ";" }).trimmingBlanks.lowercased()
        }
    }
}

extension String {
    /// Without blanks and tabs around it.
    var trimmingBlanks: String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        guard utf8.first.map(isBlank) == true || utf8.last.map(isBlank) == true else { return self }
        let front = utf8.drop(while: isBlank)
        guard let last = front.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(decoding: front[...last], as: UTF8.self)
    }
}

/// Who makes a request, as far as a token has proven it.
public struct Caller: Sendable, Hashable {
    /// `nil` for who has shown no token.
    public var role: Role?
    /// For the record: who submits or corrects.
    public var name: String?
    /// The only ticket that this caller may see and add to; `nil` for all.
    public var ticket: TicketID?
    /// The token's public part, for the log.
    public var token: String?
    /// Whether this caller sees what others sent, on the tickets that it may use.
    public var seesOthers: Bool

    /// - Parameter seesAllTickets: for a submitter that is bound to no ticket.
    public init(
        role: Role?, name: String? = nil, ticket: TicketID? = nil, token: String? = nil, seesAllTickets: Bool = false
    ) {
        self.role = role
        self.name = name
        self.ticket = ticket
        self.token = token
        seesOthers = role.map { $0 >= .reviewer || ticket != nil || seesAllTickets } ?? false
    }

    public static let nobody = Caller(role: nil)
}
