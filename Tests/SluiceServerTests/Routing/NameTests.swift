// Names that a request comes under: host names and client addresses.

import SluiceModel
import Testing

@testable import SluiceServer

@Suite struct NameTests {
    @Test(arguments: [
        ("portal.example", true), ("10.0.0.1", true), ("[::1]", true), ("a_b-c", true), ("", false),
        ("http://portal.example", false), ("portal.example:443", false), ("a b", false), ("[x]", false), ("*", false),
    ]) func `A name is given without scheme and port`(text: String, isOne: Bool) {
        #expect(HostNames.isName(text) == isOne)
    }

    /// The header's lines, what is read.
    static let forwarded: [(lines: [String], client: String?)] = [
        ([], nil), (["192.0.2.7"], "192.0.2.7"), (["1.2.3.4, 192.0.2.7"], "192.0.2.7"),
        (["1.2.3.4", "192.0.2.7"], "192.0.2.7"), (["2001:db8::7"], "2001:db8::7"), (["192.0.2.7:4711"], "192.0.2.7"),
        (["[2001:db8::7]:4711"], "2001:db8::7"), (["192.0.2.7, unknown"], nil), (["<script>"], nil), ([""], nil),
        (["999.1.1.1"], nil), (["192.0.2.7\u{0}"], nil),
    ]

    @Test(arguments: forwarded) func `The nearest proxy's word on the client counts`(lines: [String], client: String?) {
        let request = requestHead("GET", lines.map { ("x-forwarded-for", $0) })
        #expect(ClientAddress.read(request, from: "x-forwarded-for") == client)
        #expect(ClientAddress.read(request, from: "x-real-ip") == nil)
    }
}
