// A finding's facts and ways out as JSON. The same text is kept in the ticket store and told in answers; once written it stays readable.

/// Facts: one object a fact, `[{"number":3},{"size":4096},{"text":"a.txt"},{"bytes":"2e2e2f"}]`.
/// Ways out: `[{"kind":"rename","to":"app.log.txt"}]`.
public enum FactText {
    public static func json(_ facts: [Fact]) -> String {
        "[" + facts.map(json).joined(separator: ",") + "]"
    }

    public static func json(_ remedies: [Remedy]) -> String {
        "[" + remedies.map(json).joined(separator: ",") + "]"
    }

    /// What is kept of a finding: its facts and, as a last member, the ways out that its code alone does not give.
    public static func stored(_ finding: Finding) -> String {
        if finding.ownRemedies.isEmpty { return json(finding.facts) }
        let facts = finding.facts.map { json($0) + "," }.joined()
        return "[" + facts + remediesMark + json(finding.ownRemedies) + "}]"
    }

    /// Takes apart what `stored` has put together.
    /// - Returns: `remedies` is `nil` where none were kept.
    public static func parts(of stored: String) -> (facts: String, remedies: String?) {
        // A quotation mark inside a text is escaped, so that the mark cannot stand in one.
        guard let mark = stored.firstRange(of: remediesMark), stored.hasSuffix("}]") else {
            return (stored.isEmpty ? "[]" : stored, nil)
        }
        var facts = stored[..<mark.lowerBound]
        if facts.last == "," { facts.removeLast() }
        return (facts + "]", String(stored[mark.upperBound...].dropLast(2)))
    }

    private static let remediesMark = "{\"remedies\":"

    private static func json(_ fact: Fact) -> String {
        switch fact {
        case .number(let number): "{\"number\":\(number)}"
        case .size(let size): "{\"size\":\(size.bytes)}"
        case .text(let text): "{\"text\":\(quoted(text))}"
        case .bytes(let bytes): "{\"bytes\":\"\(hexadecimal(bytes))\"}"
        }
    }

    private static func json(_ remedy: Remedy) -> String {
        var out = "{\"kind\":\(quoted(remedy.kind.rawValue))"
        if let to = remedy.to { out += ",\"to\":\(quoted(to))" }
        if let with = remedy.with { out += ",\"with\":\(quoted(with))" }
        if !remedy.entries.isEmpty { out += ",\"entries\":[\(remedy.entries.map(quoted).joined(separator: ","))]" }
        return out + "}"
    }

    /// RFC 8259 §7; what ends a line, cannot be seen or changes the direction is escaped as well, so that a line shown raw stays one line.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case " "..."~": out.unicodeScalars.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator:
                    for unit in UTF16.encode(scalar)! { out += "\\u" + digits(unit) }
                default: out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    private static func digits(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        var out = ""
        for byte in bytes { out += "\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])" }
        return out
    }
}
