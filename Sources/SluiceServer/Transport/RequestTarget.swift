// The request's target as path segments and query pairs. Percent signs are decoded once, after the cuts.

import SluiceModel

/// A target in origin form, or the absolute form that a server has to take (RFC 9112 §3.2).
struct RequestTarget {
    /// Chosen: a declared name of 255 bytes, all escaped, takes 765.
    static let most = 4096

    var path: [[UInt8]] = []
    var query: [(name: String, value: String)] = []

    /// - Returns: `nil` for what is no target of ours: other forms, characters that none may hold, broken escapes.
    init?(_ target: [UInt8]) {
        guard target.count <= Self.most, target.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            return nil
        }
        var rest = target[...]
        if rest.first != UInt8(ascii: "/") {
            guard let scheme = ["http://", "https://"].first(where: { rest.starts(with: $0.utf8) }) else { return nil }
            rest = rest.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") }
            guard !rest.isEmpty else { return nil }
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
        for segment in rest[..<mark].dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decode(segment) else { return nil }
            path.append(decoded)
        }
        for pair in rest[mark...].dropFirst().split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentEncoding.decode(pair[..<equals], plusIsBlank: true),
                let value = PercentEncoding.decode(pair[equals...].dropFirst(), plusIsBlank: true)
            else { return nil }
            query.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
    }
}
