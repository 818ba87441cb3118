// The server of an object store: scheme, host and port.

import SluiceModel

/// An `http` or `https` URL without a path.
public struct ObjectEndpoint: Sendable, Hashable {
    public let isEncrypted: Bool
    /// Without port; an IPv6 address with its brackets.
    public let host: String
    /// With its port, as the header `Host` has it.
    let authority: String

    public var text: String { (isEncrypted ? "https://" : "http://") + authority }

    /// Whether bytes to this host do not leave the machine.
    public var isLoopback: Bool { LoopbackHost.isOne(host == "[::1]" ? "::1" : host) }

    static func isHostByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }

    init(_ text: String) throws(ObjectAddressFailure) {
        let wrong = ObjectAddressFailure(
            what: "The endpoint \(SafeText.display(text)) is not the address of a server.",
            mend: "Write endpoint=https://HOST or endpoint=https://HOST:PORT, without a path.")
        if text.hasPrefix("https://") {
            isEncrypted = true
        } else if text.hasPrefix("http://") {
            isEncrypted = false
        } else {
            throw wrong
        }
        var rest = text.dropFirst(isEncrypted ? 8 : 7)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        // What stands before an @ would be a user and a password.
        if rest.utf8.contains(UInt8(ascii: "@")) {
            throw ObjectAddressFailure(
                what: "The endpoint contains a user's name or a password.",
                mend: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead.")
        }
        let bracketEnd = rest.hasPrefix("[") ? rest.firstIndex(of: "]") : nil
        let colon = rest[(bracketEnd ?? rest.startIndex)...].firstIndex(of: ":")
        host = String(rest[..<(colon ?? rest.endIndex)])
        authority = String(rest)
        let isName = !host.isEmpty && host.utf8.allSatisfy(Self.isHostByte)
        let isAddress =
            bracketEnd != nil && host.hasSuffix("]")
            && host.dropFirst().dropLast().utf8.allSatisfy {
                (48...58).contains($0) || (97...102).contains($0) || (65...70).contains($0) || $0 == UInt8(ascii: ".")
            }
        guard isName || isAddress else { throw wrong }
        if let colon {
            guard let port = UInt16(rest[rest.index(after: colon)...]), port > 0 else { throw wrong }
        }
    }
}
