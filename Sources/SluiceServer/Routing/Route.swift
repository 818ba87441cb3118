// One route: a method, a path, what it needs, and what it makes of a request.

/// What routes are given beside the request: the rooms behind them, and whoever calls. Made by an `Admission`.
package protocol RouteContext: Sendable {
    /// What a route asks of its caller.
    associatedtype Need: Sendable
}

package struct Route<Context: RouteContext>: Sendable {
    /// Called on a worker; it may read the store.
    package typealias Open = @Sendable (Request, Context) throws(Problem) -> RouteResult

    enum Handler: Sendable {
        /// On a worker of that kind.
        case worked(WorkKind, Open)
        /// At once, on a transport thread, from what is in memory; without admission.
        case immediate(@Sendable (Request) throws(Problem) -> Response)
    }

    package let method: String
    /// For the metrics: `/api/v1/tickets/{ticket}/attachments`.
    package let name: String
    package let need: Context.Need?
    let handler: Handler
    /// Whether requests under any host name are answered: for monitors, which name the server by whatever address it has and learn nothing.
    package private(set) var takesAnyHost = false
    /// Literal segments, or `nil` for a parameter.
    private let pattern: [[UInt8]?]

    /// - Parameters:
    ///   - path: `/api/v1/tickets/{ticket}/attachments`; what stands in braces is a parameter.
    ///   - need: `nil` for everybody.
    ///   - kind: reading for `GET`, else writing, where nothing is given.
    package init(
        _ method: String, _ path: String, _ need: Context.Need?, _ kind: WorkKind? = nil, open: @escaping Open
    ) {
        self.init(method, path, need, .worked(kind ?? (method == "GET" ? .reading : .writing), open))
    }

    /// A route for everybody whose answer is in memory.
    package init(
        immediate method: String, _ path: String, answer: @escaping @Sendable (Request) throws(Problem) -> Response
    ) {
        self.init(method, path, nil, .immediate(answer))
    }

    private init(_ method: String, _ path: String, _ need: Context.Need?, _ handler: Handler) {
        self.method = method
        name = path
        self.need = need
        self.handler = handler
        pattern = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            $0.first == UInt8(ascii: "{") ? nil : Array($0)
        }
    }

    /// The same route with something around what it makes of a request.
    package func wrapping(
        _ wrap: @escaping @Sendable (RouteResult, Request, Context) throws(Problem) -> RouteResult
    ) -> Route {
        guard case .worked(let kind, let open) = handler else { return self }
        return Route(method, name, need, kind) { (request, context) throws(Problem) in
            try wrap(try open(request, context), request, context)
        }
    }

    /// The same route, answered under any host name.
    package var onAnyHost: Route {
        var route = self
        route.takesAnyHost = true
        return route
    }

    /// - Returns: the parameters; `nil` where the path is another one.
    package func match(_ path: [[UInt8]]) -> [[UInt8]]? {
        guard path.count == pattern.count else { return nil }
        var parameters: [[UInt8]] = []
        for (piece, segment) in zip(pattern, path) {
            if let piece {
                if piece != segment { return nil }
            } else {
                if segment.isEmpty { return nil }
                parameters.append(segment)
            }
        }
        return parameters
    }
}
