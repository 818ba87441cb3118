// The host names that the server answers to. A page of another site can have its own name lead to this machine (DNS rebinding): for the browser both are
// then one site, and only the field Host tells them apart.

import SluiceModel

package struct HostNames: Sendable {
    private let names: Set<String>

    /// - Parameter further: names besides those of the server's own machine.
    package init(of address: ListenAddress, further: [String]) {
        var names: Set = ["localhost", "127.0.0.1", "[::1]"]
        if case .tcp(let host, _) = address {
            names.insert(host.contains(":") ? "[\(host.lowercased())]" : host)
        }
        names.formUnion(further.map(Self.bare))
        self.names = names
    }

    /// - Throws: 421. A request without the field passes: no browser sends one.
    func check(_ request: Request) throws(Problem) {
        guard let host = request[header: "host"], !names.contains(Self.bare(host)) else { return }
        throw Problem(
            421, "request.host", "The endpoint is not asked for under this name.",
            remedy: "Use its own name. Its operator names it with sluice serve --host.",
            evidence: [("host", SafeText.display(host, limit: 80))])
    }

    /// Whether that is a name as `--host` takes it: without scheme, path and port.
    package static func isName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        if text.hasPrefix("["), text.hasSuffix("]") { return ListenAddress(text + ":1") != nil }
        return text.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
    }

    /// In lower case, without the port and the dot of the root (RFC 9110 §7.2).
    private static func bare(_ host: String) -> String {
        var name = host.lowercased()[...]
        if let colon = name.lastIndex(of: ":"), name[colon...].dropFirst().utf8.allSatisfy({ (48...57).contains($0) }),
            !name.hasPrefix("[") || name[..<colon].hasSuffix("]")
        {
            name = name[..<colon]
        }
        if name.hasSuffix(".") { name = name.dropLast() }
        return String(name)
    }
}
