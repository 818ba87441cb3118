// Puts the instructions of Word's fields together, from whatever carries them: runs of a .docx part, marks in the text of a .doc. What an
// instruction may do is FieldRules'. The result of a field inside an instruction is part of that instruction (ECMA-376 part 1, 17.16.2).

/// Fed with the marks and texts of one story in document order.
struct FieldReader {
    /// Fields inside fields (Word gives up at 20; what lies deeper is text to it).
    private static let mostDepth = 64
    /// The longest instruction or result. Longer ones do not fit into Word's field codes (chosen; Word stops at 32 767 characters).
    private static let longest = 64 << 10
    /// The limit for all values of SET fields together (chosen).
    private static let mostBookmarks = 1000

    private struct Open {
        /// With the results of inner fields as the document shows them, and as their instructions compute them.
        var shown: [UInt8] = []
        var computed: [UInt8] = []
        var result: [UInt8] = []
        var isResult = false
    }

    private var open: [Open] = []
    private var skipped = 0
    private var bookmarks: [String: [UInt8]] = [:]
    private(set) var found: [FieldRules.Danger] = []

    /// Whether text belongs to a field at all.
    var isOpen: Bool { !open.isEmpty }

    mutating func begin() {
        if open.count >= Self.mostDepth { skipped += 1 } else { open.append(Open()) }
    }

    mutating func separate() {
        if skipped == 0, !open.isEmpty { open[open.count - 1].isResult = true }
    }

    mutating func end() {
        if skipped > 0 {
            skipped -= 1
            return
        }
        guard let field = open.popLast() else { return }
        judge(field.shown)
        if field.computed != field.shown { judge(field.computed) }
        // A field's result matters inside another field; only SET has an effect elsewhere.
        guard !open.isEmpty || FieldRules.keyword(of: field.computed) == "SET" else { return }
        let computed = compute(field)
        guard !open.isEmpty else { return }
        let last = open.count - 1
        if open[last].isResult {
            Self.append(field.result, to: &open[last].result)
        } else {
            Self.append(field.result, to: &open[last].shown)
            Self.append(computed, to: &open[last].computed)
        }
    }

    mutating func text(_ bytes: some Collection<UInt8>) {
        guard skipped == 0, !open.isEmpty else { return }
        let last = open.count - 1
        if open[last].isResult {
            Self.append(bytes, to: &open[last].result)
        } else {
            Self.append(bytes, to: &open[last].shown)
            Self.append(bytes, to: &open[last].computed)
        }
    }

    /// A field whose end is missing is read as Word does: to the end of the story.
    mutating func finish() {
        skipped = 0
        while !open.isEmpty { end() }
    }

    /// A field given as a whole (`w:fldSimple`).
    mutating func whole(_ instruction: [UInt8]) { judge(instruction) }

    private mutating func judge(_ instruction: [UInt8]) {
        guard found.count < 64, let danger = FieldRules.danger(of: instruction), !found.contains(danger) else { return }
        found.append(danger)
    }

    /// Blanks before the first word tell nothing, and must not use up the room for it.
    private static func append(_ bytes: some Collection<UInt8>, to text: inout [UInt8]) {
        var bytes = bytes[...]
        if text.isEmpty { bytes = bytes.drop { $0 <= 0x20 } }
        text.append(contentsOf: bytes.prefix(longest - text.count))
    }

    // MARK: What inner fields give

    /// QUOTE spells its text out, SET remembers one under a name, and a name or REF brings it back; any other field gives what is shown.
    private mutating func compute(_ field: Open) -> [UInt8] {
        if open.isEmpty, bookmarks.count >= Self.mostBookmarks { return [] }
        let words = FieldRules.words(of: field.computed)
        guard let keyword = words.first.map({ String(decoding: $0, as: UTF8.self).uppercased() }) else {
            return field.result
        }
        switch keyword {
        case "QUOTE":
            let spelled = words.dropFirst().flatMap { word -> [UInt8] in
                // A bare number is a character by its code ([MS-DOC] and ECMA-376 17.16.5.49 leave it to the program; Word does it).
                let digits = word.filter { $0 > 0x20 }
                if !digits.isEmpty, digits.count <= 5, digits.allSatisfy({ (0x30...0x39).contains($0) }),
                    let code = UInt32(String(decoding: digits, as: UTF8.self)), let scalar = Unicode.Scalar(code)
                {
                    return Array(String(Character(scalar)).utf8)
                }
                return word
            }
            return spelled.isEmpty ? field.result : spelled
        case "SET":
            guard words.count >= 3, bookmarks.count < Self.mostBookmarks else { return [] }
            bookmarks[String(decoding: words[1], as: UTF8.self).lowercased()] = Array(
                words[2...].joined(separator: [0x20]))
            return []
        case "REF" where words.count >= 2:
            return bookmarks[String(decoding: words[1], as: UTF8.self).lowercased()] ?? field.result
        default:
            return bookmarks[keyword.lowercased()] ?? field.result
        }
    }
}
