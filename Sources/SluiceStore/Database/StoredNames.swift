// The words that stand in columns for the model's cases, and facts as JSON. Once written they stay readable: never change a word.

import SluiceModel

extension RecognizedType.Basis {
    var storedName: String {
        switch self {
        case .none: "none"
        case .signature: "signature"
        case .structure: "structure"
        case .proven: "proven"
        }
    }

    /// A word that this version does not know counts as the weakest.
    init(stored word: String) { self = Self.allCases.first { $0.storedName == word } ?? .none }
}

extension ManifestEntry.Kind {
    var storedName: String {
        switch self {
        case .file: "file"
        case .directory: "directory"
        case .link: "link"
        case .other: "other"
        }
    }

    init(stored word: String) { self = Self.allCases.first { $0.storedName == word } ?? .other }
}

/// A finding's facts as a JSON array, one object a fact: `[{"number":3},{"size":4096},{"text":"a.txt"},{"bytes":"2e2e2f"}]`.
enum FactText {
    static func json(_ facts: [Fact]) -> String {
        var out = "["
        for (index, fact) in facts.enumerated() {
            if index > 0 { out += "," }
            switch fact {
            case .number(let number): out += "{\"number\":\(number)}"
            case .size(let size): out += "{\"size\":\(size.bytes)}"
            case .text(let text): out += "{\"text\":\(quoted(text))}"
            case .bytes(let bytes): out += "{\"bytes\":\"\(hexadecimal(bytes))\"}"
            }
        }
        return out + "]"
    }

    /// RFC 8259 §7.
    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        var out = ""
        for byte in bytes { out += StoreLayout.shardName(byte) }
        return out
    }
}
