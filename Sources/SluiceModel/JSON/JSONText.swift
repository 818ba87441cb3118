// JSON written by hand, since the keys of an answer have a fixed order (Contract, output). Writing only.

/// One JSON object, its members in the order in which they are added.
package struct JSONObject: Sendable {
    private var text = "{"

    package init() {}

    package mutating func add(_ key: String, _ value: String?) {
        addKey(key)
        if let value { Self.quote(value, into: &text) } else { text += "null" }
    }

    package mutating func add(_ key: String, _ value: Int64) {
        addKey(key)
        text += String(value)
    }

    package mutating func add(_ key: String, _ value: Bool) {
        addKey(key)
        text += value ? "true" : "false"
    }

    /// Rounded to two digits.
    package mutating func add(_ key: String, _ value: Double) {
        addKey(key)
        let hundredths = Int((value * 100).rounded())
        let rest = String(hundredths % 100)
        text += "\(hundredths / 100)." + (rest.count == 1 ? "0" + rest : rest)
    }

    package mutating func add(_ key: String, _ objects: [JSONObject]) {
        addKey(key)
        text += "[" + objects.map(\.line).joined(separator: ",") + "]"
    }

    /// - Parameter json: one JSON value that is written already.
    package mutating func add(_ key: String, json: String) {
        addKey(key)
        text += json
    }

    package mutating func add(_ key: String, texts: [String]) {
        addKey(key)
        text += "["
        for (index, one) in texts.enumerated() {
            if index > 0 { text += "," }
            Self.quote(one, into: &text)
        }
        text += "]"
    }

    package mutating func add(_ key: String, numbers: [Double]) {
        addKey(key)
        text += "[" + numbers.map { $0 == 0 ? "0" : "\($0)" }.joined(separator: ",") + "]"
    }

    package mutating func add(_ key: String, _ object: JSONObject) {
        addKey(key)
        text += object.line
    }

    package var line: String { text + "}" }

    private mutating func addKey(_ key: String) {
        if text.utf8.count > 1 { text += "," }
        Self.quote(key, into: &text)
        text += ":"
    }

    /// RFC 8259 §7; also escaped: DEL, the C1 controls and what changes direction or cannot be seen, so that a line shown raw stays one line.
    package static func quote(_ value: String, into text: inout String) {
        text += "\""
        defer { text += "\"" }
        // Nearly every text is plain; looking at each scalar's properties is what costs.
        if value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            text += value
            return
        }
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case " "..."~": text.unicodeScalars.append(scalar)
            // Of these no property needs to be looked up, which is what costs: Latin letters and signs but for the soft hyphen, and the narrow blank that our
            // own sentences set behind figures.
            case "\u{A0}"..."\u{AC}", "\u{AE}"..."\u{2FF}", "\u{202F}": text.unicodeScalars.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator:
                    for unit in UTF16.encode(scalar)! { text += "\\u" + hexadecimal(unit) }
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }

    private static func hexadecimal(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
