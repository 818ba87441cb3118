// Under which names the endpoint is asked for: what a page reaches whose own name leads to this machine.

import SluiceModel
import Testing

@testable import SluiceServer
@testable import SluiceUploads

@Suite struct HostNameTests {
    @Test(arguments: [
        ("localhost", 200), ("localhost:8080", 200), ("LOCALHOST.", 200), ("127.0.0.1:9", 200), ("[::1]:8080", 200),
        ("[::1]", 200), ("evil.example", 421), ("evil.example:80", 421), ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421), ("portal.example", 421), ("", 421), ("[::2]", 421),
    ]) func `Where everybody may submit, only its own names are answered`(host: String, status: Int) async throws {
        try await withEndpoint({ $0.hosts = [] }) { endpoint in
            let answer = try endpoint.ask("GET /api/v1/limits HTTP/1.1\nHost: \(host)\n\n")
            #expect(answer.status == status && (status == 200) == (answer.code != "request.host"), "\(answer)")
        }
    }

    @Test func `A name that the operator gave is answered, with every token and none`() async throws {
        try await withEndpoint(anonymous: false, { $0.hosts = ["Portal.example"] }) { endpoint in
            let token = "Authorization: Bearer submitter\n"
            for (host, status) in [("portal.example", 200), ("portal.example:443", 200), ("other.example", 421)] {
                let answer = try endpoint.ask("GET /api/v1/limits HTTP/1.1\nHost: \(host)\n\(token)\n")
                #expect(answer.status == status, "\(host)")
            }
            // Who looks whether it lives comes by any address.
            #expect(try endpoint.ask("GET /healthz HTTP/1.1\nHost: 10.1.2.3\n\n").status == 200)
        }
    }

    @Test func `Where a token is needed and no name was given, every name is answered`() async throws {
        try await withEndpoint(anonymous: false, { $0.hosts = [] }) { endpoint in
            let head = "GET /api/v1/limits HTTP/1.1\nHost: any.example\nAuthorization: Bearer submitter\n\n"
            let answer = try endpoint.ask(head)
            #expect(answer.status == 200)
        }
    }
}
