// Scripts that only call Acrobat's functions for formatting dates and numbers, as nearly every official form has. The text is read
// strictly: a script that is not certainly such a call is program code.

enum PDFScripts {
    /// The functions of Acrobat's AForm.js that format, check or add up what is typed into a field.
    private static let functions: Set<String> = [
        "AFDate_Format", "AFDate_FormatEx", "AFDate_Keystroke", "AFDate_KeystrokeEx", "AFNumber_Format",
        "AFNumber_Keystroke", "AFPercent_Format", "AFPercent_Keystroke", "AFRange_Validate", "AFSimple_Calculate",
        "AFSpecial_Format", "AFSpecial_Keystroke", "AFSpecial_KeystrokeEx", "AFTime_Format", "AFTime_FormatEx",
        "AFTime_Keystroke",
    ]

    /// - Parameter text: as it stands in the document, undone and decrypted.
    /// - Returns: the functions that are called, or `nil` when there is anything else.
    static func formattingCalls(_ text: [UInt8]) -> Set<String>? {
        if text.count > 65_536 { return nil }  // chosen: such scripts are a line or two
        var reader = ScriptReader(PDFText.scalars(text))
        return reader.calls()
    }

    private struct ScriptReader {
        private let text: [Unicode.Scalar]
        private var at = 0

        init(_ text: [Unicode.Scalar]) { self.text = text }

        mutating func calls() -> Set<String>? {
            var called: Set<String> = []
            while true {
                guard skipBlanks() else { return nil }
                if at == text.count { return called }
                if take(";") { continue }
                let name = word()
                guard functions.contains(name), skipBlanks(), take("("), arguments(until: ")") else { return nil }
                called.insert(name)
                // A call ends with a semicolon, at the end of its line or at the end of the text.
                let end = at
                guard skipBlanks() else { return nil }
                if at < text.count, !take(";"), !text[end..<at].contains(where: Self.isLineEnd) { return nil }
            }
        }

        /// Blanks and comments of plain ASCII.
        /// - Returns: false for a comment that does not end, or holds what may end it for some readers.
        private mutating func skipBlanks() -> Bool {
            while at < text.count {
                switch text[at] {
                case " ", "\t", "\n", "\r": at += 1
                case "/" where next == "/":
                    while at < text.count, !Self.isLineEnd(text[at]) {
                        guard Self.isPlain(text[at]) else { return false }
                        at += 1
                    }
                case "/" where next == "*":
                    at += 2
                    while !(at + 1 < text.count && text[at] == "*" && text[at + 1] == "/") {
                        guard at + 1 < text.count, Self.isPlain(text[at]) || Self.isLineEnd(text[at]) else {
                            return false
                        }
                        at += 1
                    }
                    at += 2
                default: return true
                }
            }
            return true
        }

        private var next: Unicode.Scalar? { at + 1 < text.count ? text[at + 1] : nil }

        private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }

        private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            (0x20..<0x7F).contains(scalar.value) || scalar == "\t"
        }

        private mutating func take(_ wanted: Unicode.Scalar) -> Bool {
            guard at < text.count, text[at] == wanted else { return false }
            at += 1
            return true
        }

        private mutating func word() -> String {
            var out = String.UnicodeScalarView()
            while at < text.count, out.count < 64 {
                switch text[at] {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "$": out.append(text[at])
                default: return String(out)
                }
                at += 1
            }
            return String(out)
        }

        /// Literals with commas between them; the opening bracket is behind.
        private mutating func arguments(until end: Unicode.Scalar, depth: Int = 0) -> Bool {
            guard skipBlanks() else { return false }
            if take(end) { return true }
            while true {
                guard skipBlanks(), literal(depth), skipBlanks() else { return false }
                if take(end) { return true }
                guard take(",") else { return false }
            }
        }

        private mutating func literal(_ depth: Int) -> Bool {
            guard at < text.count, depth < 4 else { return false }
            switch text[at] {
            case "\"", "'": return string()
            case "[":
                at += 1
                return arguments(until: "]", depth: depth + 1)
            case "0"..."9", ".", "-", "+": return number()
            default:
                switch word() {
                case "true", "false", "null": return true
                case "new":
                    guard skipBlanks(), word() == "Array", skipBlanks(), take("(") else { return false }
                    return arguments(until: ")", depth: depth + 1)
                default: return false
                }
            }
        }

        private mutating func number() -> Bool {
            if !take("-") { _ = take("+") }
            var digits = 0
            while at < text.count {
                switch text[at] {
                case "0"..."9": digits += 1
                case ".": break
                default: return digits > 0
                }
                at += 1
            }
            return digits > 0
        }

        private mutating func string() -> Bool {
            let quote = text[at]
            at += 1
            while at < text.count {
                let scalar = text[at]
                at += 1
                if scalar == quote { return true }
                if scalar == "\\" {
                    guard at < text.count, Self.isPlain(text[at]) else { return false }
                    at += 1
                } else if scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x2028 || scalar.value == 0x2029 {
                    return false
                }
            }
            return false
        }
    }
}
