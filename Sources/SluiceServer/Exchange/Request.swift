// One request as the routes see it: the head, parsed and checked for framing. The body comes piece by piece, to a `BodyReceiver`.

/// Where a request came from.
package struct Peer: Sendable, Hashable {
    /// An address without its port, or `unix`.
    package var text: String
    /// Whether it is this machine.
    package var isLocal: Bool

    package init(text: String, isLocal: Bool) {
        self.text = text
        self.isLocal = isLocal
    }
}

/// One header field. Values are bytes as they came, without white space around them.
package struct HeaderField: Sendable, Hashable {
    /// ASCII lower case.
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The head of a request.
package struct Request: Sendable {
    /// As it came: `GET`, `PUT` …
    package var method: String
    /// The path's segments, percent-decoded once; bytes, since a name need not be UTF-8.
    package var path: [[UInt8]]
    /// The query's pairs, percent-decoded.
    package var query: [(name: String, value: String)]
    package var headers: [HeaderField]
    /// `nil` where there is no body, or a chunked one.
    package var contentLength: Int64?
    package var isChunked: Bool
    package var expectsContinue: Bool
    package var peer: Peer
    /// The client's address as the proxy in front tells it; `nil` without a proxy that is trusted with that.
    package var client: String?
    package var id: String
    /// The route's pattern, for the metrics.
    package var route = "none"
    /// What the route's pattern names, in the order of the pattern.
    package var parameters: [[UInt8]] = []

    package init(
        method: String, path: [[UInt8]], query: [(name: String, value: String)], headers: [HeaderField],
        contentLength: Int64?, isChunked: Bool, expectsContinue: Bool, peer: Peer, id: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.contentLength = contentLength
        self.isChunked = isChunked
        self.expectsContinue = expectsContinue
        self.peer = peer
        self.id = id
    }

    /// Callers that show no token are told apart by this.
    package var address: String { client ?? peer.text }

    package var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    /// The first field of that name.
    /// - Parameter name: lower case.
    package subscript(header name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The members of a list field, whether it came in one line or in several; `nil` where none came.
    /// - Parameter name: lower case.
    package func list(_ name: String) -> [String]? {
        let lines = headers.filter { $0.name == name }
        if lines.isEmpty { return nil }
        return lines.flatMap { $0.value.split(separator: ",").map { String($0).trimmingBlanks } }
    }

    package subscript(query name: String) -> String? { query.first { $0.name == name }?.value }

    /// A parameter of the pattern as text; bytes that are no UTF-8 become replacement characters.
    package func text(_ index: Int) -> String { String(decoding: parameters[index], as: UTF8.self) }

    /// The media type of the body, lower case and without parameters.
    package var contentType: String? {
        self[header: "content-type"].map { value in
            String(value.prefix { $0 != ";" }).trimmingBlanks.lowercased()
        }
    }
}

extension String {
    /// Without blanks and tabs around it.
    package var trimmingBlanks: String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        guard utf8.first.map(isBlank) == true || utf8.last.map(isBlank) == true else { return self }
        let front = utf8.drop(while: isBlank)
        guard let last = front.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(decoding: front[...last], as: UTF8.self)
    }
}
