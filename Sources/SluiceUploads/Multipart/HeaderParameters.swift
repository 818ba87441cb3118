// A header's value with its parameters, `form-data; name="file"; filename="a.txt"`, taken apart strictly: what two readers could read
// differently is not well-formed here.

import SluiceServer

/// A header value that is not well-formed.
struct HeaderMalformed: Error {}

/// The value before the first `;` and the parameters behind it (RFC 9110 §5.6.6).
struct HeaderParameters {
    /// In lower case.
    let value: String
    /// Names in lower case, values unquoted, in their order. A name may stand there more than once: what that means is the caller's.
    let parameters: [(name: String, value: [UInt8])]

    /// - Parameter line: without control characters other than tab.
    init(_ line: some Collection<UInt8>) throws(HeaderMalformed) {
        var rest = Array(line)[...]
        Self.skipSpace(&rest)
        let value = rest.prefix { $0 != UInt8(ascii: ";") && !Self.isSpace($0) }
        guard !value.isEmpty, value.allSatisfy({ FieldSyntax.isToken($0) || $0 == UInt8(ascii: "/") }) else {
            throw HeaderMalformed()
        }
        rest = rest.dropFirst(value.count)
        var found: [(name: String, value: [UInt8])] = []
        while true {
            Self.skipSpace(&rest)
            guard let separator = rest.popFirst() else { break }
            guard separator == UInt8(ascii: ";") else { throw HeaderMalformed() }
            Self.skipSpace(&rest)
            // An empty parameter, as in `form-data; ;` or behind a last `;`, says nothing (RFC 9110 §5.6.6).
            if rest.isEmpty || rest.first == UInt8(ascii: ";") { continue }
            found.append(try Self.parameter(&rest))
        }
        self.value = Self.lowercased(value)
        parameters = found
    }

    /// All values under a name.
    func values(_ name: String) -> [[UInt8]] { parameters.filter { $0.name == name }.map(\.value) }

    private static func parameter(_ rest: inout ArraySlice<UInt8>) throws(HeaderMalformed) -> (String, [UInt8]) {
        let name = rest.prefix { FieldSyntax.isToken($0) }
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { throw HeaderMalformed() }
        if rest.first == UInt8(ascii: "\"") { return (lowercased(name), try quoted(&rest)) }
        let value = rest.prefix { FieldSyntax.isToken($0) || $0 >= 0x80 || looseValue.contains($0) }
        guard !value.isEmpty else { throw HeaderMalformed() }
        rest = rest.dropFirst(value.count)
        return (lowercased(name), Array(value))
    }

    /// Leniency: characters of boundaries (RFC 2046 §5.1.1) and of files' names that should be quoted and that clients send bare; so are those
    /// beyond ASCII.
    private static let looseValue = Array("/:=?(),\\[]@".utf8)

    /// A quoted string. `\"` and `\\` are unescaped and nothing else is: browsers send a backslash of a name as it is.
    private static func quoted(_ rest: inout ArraySlice<UInt8>) throws(HeaderMalformed) -> [UInt8] {
        rest = rest.dropFirst()
        var out: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return out }
            if byte == UInt8(ascii: "\\"), let next = rest.first,
                next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
            {
                out.append(next)
                rest = rest.dropFirst()
            } else {
                out.append(byte)
            }
        }
        throw HeaderMalformed()
    }

    private static func skipSpace(_ rest: inout ArraySlice<UInt8>) { rest = rest.drop(while: isSpace) }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func lowercased(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }
}
