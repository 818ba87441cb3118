// The client's address as a proxy in front tells it. Anybody can send such a header, so it is read only where the operator has named it.

import Glibc

package enum ClientAddress {
    /// The last address of the field: the one that the nearest proxy has added. What stands before it the client may have written itself.
    /// - Parameter header: lower case.
    /// - Returns: `nil` where there is none, or something else than an address.
    package static func read(_ request: Request, from header: String) -> String? {
        guard let last = request.list(header)?.last else { return nil }
        return [last, withoutPort(last)].first(where: isAddress)
    }

    /// `192.0.2.7:4711`, `[2001:db8::7]:4711`, as some proxies write it.
    private static func withoutPort(_ text: String) -> String {
        if text.hasPrefix("[") { return String(text.dropFirst().prefix { $0 != "]" }) }
        return String(text.prefix { $0 != ":" })
    }

    private static func isAddress(_ text: String) -> Bool {
        var bytes = in6_addr()
        return text.utf8.count <= 45 && !text.utf8.contains(0)
            && (inet_pton(AF_INET, text, &bytes) == 1 || inet_pton(AF_INET6, text, &bytes) == 1)
    }
}
