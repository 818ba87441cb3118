// Percent-encoded bytes, as addresses, targets, header parameters and our own headers carry them.

/// `%41` for `A` (RFC 3986 §2.1).
package enum PercentEncoding {
    /// - Parameter plusIsBlank: as in a query that a form has made.
    /// - Returns: `nil` for a percent sign without two hexadecimal digits behind it.
    package static func decode(_ bytes: some Sequence<UInt8>, plusIsBlank: Bool = false) -> [UInt8]? {
        var out: [UInt8] = []
        var source = bytes.makeIterator()
        while let byte = source.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = source.next().flatMap(digit), let low = source.next().flatMap(digit) else {
                    return nil
                }
                out.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsBlank: out.append(UInt8(ascii: " "))
            default: out.append(byte)
            }
        }
        return out
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
