// Under which name the client knows this server.

extension Request {
    /// `https://support.example.org`; empty where the client has not named the server, so that what is built on it is a path. The scheme is what a
    /// proxy in front says of its own side; a client that says so itself only misleads itself. Some clients of tus know no relative `Location`.
    package var origin: String {
        guard let host = self[header: "host"], !host.isEmpty, host.utf8.allSatisfy(Self.isOfHost) else { return "" }
        let scheme = self[header: "x-forwarded-proto"]?.lowercased() == "https" ? "https" : "http"
        return scheme + "://" + host
    }

    /// RFC 3986 §3.2.2, those that names, addresses and ports really have.
    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: ".-_:[]".utf8.contains(byte)
        }
    }
}
