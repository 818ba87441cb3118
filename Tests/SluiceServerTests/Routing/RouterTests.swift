// How a request finds its route and is let in.

import Testing

@testable import SluiceServer

private struct Visit: RouteContext {
    typealias Need = Int
    let level: Int
}

private struct Levels: Admission {
    func account(of request: Request) -> String { request[header: "x-level"] ?? "none" }

    func admit(_ request: Request, need: Int?) throws(Problem) -> Admitted<Visit> {
        let level = Int(request[header: "x-level"] ?? "") ?? 0
        guard level >= need ?? 0 else { throw Problem(403, "test.level", "Too low.", remedy: "Rise.") }
        return Admitted(Visit(level: level), account: "level \(level)", loggedAs: "l\(level)")
    }
}

@Suite struct RouterTests {
    private static let routes: [Route<Visit>] = [
        Route(immediate: "GET", "/here") { (_) throws(Problem) in Response(status: 204) }.onAnyHost,
        Route("GET", "/things/{thing}", 2) { (request, visit) throws(Problem) in
            .answer(Response(status: 200, remark: "\(request.text(0)) \(visit.level)"))
        },
        Route("PUT", "/things/{thing}", 1) { (_, _) throws(Problem) in .answer(Response(status: 201)) },
    ]

    private func ask(
        _ method: String, _ path: [String], _ headers: [(String, String)] = [], rate: Int? = nil
    ) -> String {
        let router = Router(
            Self.routes, admission: Levels(),
            hosts: HostNames(of: .tcp(host: "127.0.0.1", port: 1), further: ["own.example"]),
            requestsPerSecond: rate)
        var request = requestHead(method, headers, path: path)
        do throws(Problem) {
            switch try router.plan(&request) {
            case .answer(let response): return "at once \(response.status)"
            case .work(let kind, let account, let open):
                let opened = try open(request)
                guard case .answer(let response) = opened.result else { return "a body" }
                return "\(kind) \(account), \(opened.account): \(response.status) \(response.remark ?? "")"
            }
        } catch { return "\(error.status) \(error.code)" }
    }

    @Test func `A route is found by path and method, and given its parameters and its context`() {
        #expect(ask("GET", ["here"]) == "at once 204")
        #expect(ask("HEAD", ["here"]) == "at once 204")
        #expect(ask("GET", ["things", "x"], [("x-level", "3")]) == "reading 3, level 3: 200 x 3")
        #expect(ask("PUT", ["things", "x"], [("x-level", "1")]) == "writing 1, level 1: 201 ")
        #expect(ask("GET", ["things", "x"], [("x-level", "1")]) == "403 test.level")
        #expect(ask("GET", ["things"]) == "404 request.no-such-path")
        #expect(ask("GET", ["things", ""]) == "404 request.no-such-path")
        #expect(ask("POST", ["things", "x"]) == "405 request.method")
    }

    @Test func `A foreign name or page is refused before anybody asks who calls`() {
        #expect(ask("GET", ["things", "x"], [("host", "evil.example")]) == "421 request.host")
        #expect(ask("GET", ["things", "x"], [("host", "own.example"), ("x-level", "2")]).hasPrefix("reading"))
        #expect(ask("GET", ["here"], [("host", "evil.example")]) == "at once 204")
        #expect(ask("PUT", ["things", "x"], [("origin", "http://evil.example")]) == "403 request.cross-site")
        #expect(
            ask("GET", ["things", "x"], [("sec-fetch-site", "cross-site"), ("x-level", "2")]).hasPrefix("reading"))
    }
}
