// Whether a host is this machine by its name alone. Nothing is looked up: a name that only begins like an address of this machine is somebody else's.

package enum LoopbackHost {
    /// - Parameter host: a name or a numeric address, without brackets.
    package static func isOne(_ host: some StringProtocol) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        // RFC 1122 §3.2.1.3: all of 127.0.0.0/8.
        return numbers.count == 4 && numbers[0] == "127" && numbers.allSatisfy { UInt8($0) != nil }
    }
}
