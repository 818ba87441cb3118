// The boundary of a multipart body, from the request's Content-Type.

/// A boundary: 1 to 70 characters of a small set (RFC 2046 §5.1.1).
public struct MultipartBoundary: Sendable, Hashable {
    public static let longest = 70

    public let bytes: [UInt8]

    public init(bytes: [UInt8]) throws(MultipartDefect) {
        guard (1...Self.longest).contains(bytes.count), bytes.allSatisfy(Self.mayHold), bytes.last != 0x20 else {
            throw .boundaryInvalid
        }
        self.bytes = bytes
    }

    /// - Parameter contentType: the header's value.
    /// - Returns: `nil` when it is not `multipart/form-data`.
    public init?(contentType: String) throws(MultipartDefect) {
        let bytes = Array(contentType.utf8)
        let type = bytes.prefix { $0 != UInt8(ascii: ";") && !HeaderParameters.isSpace($0) }
        guard HeaderParameters.lowercased(type) == "multipart/form-data" else { return nil }
        let parsed: HeaderParameters
        do { parsed = try HeaderParameters(bytes) } catch { throw .boundaryInvalid }
        let given = parsed.values("boundary")
        guard let only = given.first else { throw .boundaryMissing }
        guard given.count == 1, !parsed.parameters.contains(where: { $0.name.hasPrefix("boundary*") }) else {
            throw .boundaryInvalid
        }
        try self.init(bytes: only)
    }

    private static func mayHold(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "'()+_,-./:=? ".utf8.contains(byte)
        }
    }
}
