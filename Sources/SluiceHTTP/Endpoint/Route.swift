// Which route answers which path, and who may use it.

package import SluiceModel

/// One route: a method, a path and what it needs.
package struct Route: Sendable {
    package let method: String
    /// Literal segments, or `nil` for a parameter.
    let pattern: [[UInt8]?]
    /// For the metrics: `/api/v1/tickets/{ticket}/attachments`.
    let name: String
    /// The least role; `nil` for everybody.
    let role: Role?
    let open: @Sendable (Request, Services) throws(Problem) -> Opened

    /// - Parameter path: `/api/v1/tickets/{ticket}/attachments`; what stands in braces is a parameter.
    package init(
        _ method: String, _ path: String, _ role: Role?,
        open: @escaping @Sendable (Request, Services) throws(Problem) -> Opened
    ) {
        self.method = method
        name = path
        self.role = role
        pattern = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            $0.first == UInt8(ascii: "{") ? nil : Array($0)
        }
        self.open = open
    }

    /// - Returns: the parameters; `nil` where the path is another one.
    func match(_ path: [[UInt8]]) -> [[UInt8]]? {
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

/// All routes.
struct RouteTable: Sendable {
    let routes: [Route]

    /// - Throws: 404, or 405 with the methods that the path knows.
    func route(for request: Request) throws(Problem) -> (Route, [[UInt8]]) {
        // Who asks for the head is answered as if for the whole; the body stays here (RFC 9110 §9.3.2).
        let method = request.method == "HEAD" ? "GET" : request.method
        var known: [String] = []
        for route in routes {
            guard let parameters = route.match(request.path) else { continue }
            if route.method == method || route.method == request.method { return (route, parameters) }
            if !known.contains(route.method) { known.append(route.method) }
        }
        if known.isEmpty {
            throw Problem(
                404, "request.no-such-path", "There is nothing at this path.",
                remedy: "See /api/v1/openapi.json for what there is.")
        }
        if known.contains("GET") { known.append("HEAD") }
        throw Problem(
            405, "request.method", "This path does not know the method \(SafeText.display(request.method, limit: 20)).",
            remedy: "Use \(known.joined(separator: ", ")).", headers: [("Allow", known.joined(separator: ", "))])
    }
}
