// What the instruction of a Word field may do (Threats, T5, T15): start another program (DDE), or load something from elsewhere. Fields that
// show a page number, a date or a table of contents are honest.

import SluiceModel

enum FieldRules {
    enum Danger: Hashable {
        /// With the beginning of the instruction.
        case exchange([UInt8])
        /// The field's name and what it loads.
        case fetch(String, target: [UInt8])
    }

    /// Fields that read a file or a data source (ECMA-376 part 1, 17.16.5; IMPORT and INCLUDE are older names).
    private static let fetching: Set<String> = [
        "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DATABASE", "RD",
    ]

    /// Words that are looked at (chosen: honest instructions have fewer than twenty).
    private static let mostWords = 400

    /// - Parameter instruction: in UTF-8, or in a code page that has ASCII in it.
    static func danger(of instruction: [UInt8]) -> Danger? {
        let instruction = withPlainBlanks(instruction)
        let keyword = keyword(of: instruction)
        if keyword.hasPrefix("DDE") { return .exchange(Array(instruction.prefix(200))) }
        guard fetching.contains(keyword) else { return nil }
        for word in words(of: instruction).dropFirst() {
            if let place = remote(word) { return .fetch(keyword, target: place) }
        }
        return nil
    }

    /// No-break and typographic blanks (U+00A0, U+2000 to U+200B, U+3000) part words as a space does.
    private static func withPlainBlanks(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return text }
        var out: [UInt8] = []
        var at = 0
        while at < text.count {
            if text[at] == 0xC2, at + 1 < text.count, text[at + 1] == 0xA0 {
                out.append(0x20)
                at += 2
            } else if at + 2 < text.count,
                text[at] == 0xE2 && text[at + 1] == 0x80 && text[at + 2] <= 0x8B
                    || text[at] == 0xE3 && text[at + 1] == 0x80 && text[at + 2] == 0x80
            {
                out.append(0x20)
                at += 3
            } else {
                out.append(text[at])
                at += 1
            }
        }
        return out
    }

    /// The first word, in capitals: what stands before it (blanks, control characters, quotes, marks of other fields) is passed over, and so is what
    /// is not ASCII.
    static func keyword(of instruction: [UInt8]) -> String {
        var word: [UInt8] = []
        for byte in instruction {
            if AsciiText.isLetter(byte) {
                word.append(byte & 0xDF)
                if word.count > 16 { break }
            } else if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "'") {
                break
            } else if !word.isEmpty,
                byte == 0x20 || byte == UInt8(ascii: "\"") || byte == 0x0D || byte == 0x09
                    || fetching.contains(String(decoding: word, as: UTF8.self))
            {
                break
            }
        }
        return String(decoding: word, as: UTF8.self)
    }

    /// The words of an instruction: quoted ones without their quotes, a backslash before a quote or a backslash undone.
    static func words(of instruction: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        var isQuoted = false
        var hasWord = false
        func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }
        var at = 0
        while at < instruction.count, words.count < mostWords {
            let byte = instruction[at]
            at += 1
            if byte == UInt8(ascii: "\\"), at < instruction.count,
                instruction[at] == UInt8(ascii: "\\") || instruction[at] == UInt8(ascii: "\"")
            {
                word.append(instruction[at])
                hasWord = true
                at += 1
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
                hasWord = true
            } else if isBlank(byte), !isQuoted {
                if hasWord { words.append(word) }
                (word, hasWord) = ([], false)
            } else {
                word.append(byte)
                hasWord = true
            }
        }
        if hasWord, words.count < mostWords { words.append(word) }
        return words
    }

    /// What a word points at, if that lies elsewhere. Undoing the backslashes halves those of a path that was written as it is, so two
    /// spellings are tried; a switch (`\d`) points nowhere.
    private static func remote(_ word: [UInt8]) -> [UInt8]? {
        if word.first == UInt8(ascii: "\\"), word.count <= 3 { return nil }
        // `R1C1:R9C9` is a range of cells. Whatever leads elsewhere has a slash, in one spelling or another.
        let isPath = word.contains {
            $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "%") || $0 >= 0x80
        }
        guard isPath else { return source(inConnection: word) }
        let isSingle = word.first == UInt8(ascii: "\\") && word.count > 3
        if RemoteTarget.isRemote(word)
            || isSingle && word.dropFirst().contains(UInt8(ascii: "\\")) && looksLikeShare(word)
        {
            return word
        }
        return source(inConnection: word)
    }

    /// `\host\share` is what undoing leaves of a share that was written with single backslashes; a path on the own drive has a colon or
    /// does not begin so in a field.
    private static func looksLikeShare(_ word: [UInt8]) -> Bool {
        let parts = word.dropFirst().split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
        return parts.count >= 2 && !parts[0].isEmpty && !parts[0].contains(UInt8(ascii: ":"))
    }

    /// A connection string names its server (`SERVER=`, `Data Source=`).
    private static func source(inConnection word: [UInt8]) -> [UInt8]? {
        guard word.contains(UInt8(ascii: "=")) else { return nil }
        return ConnectionText.source(in: String(decoding: word, as: UTF8.self)).map { Array($0.utf8) }
    }
}

/// Connection strings of OLE DB and ODBC: `Provider=…;Data Source=…;Location=…`.
enum ConnectionText {
    private static let places: Set<String> = [
        "server", "datasource", "address", "addr", "networkaddress", "location", "url", "dbq", "host", "hostname",
        "filedsn", "workgroup",
    ]

    /// - Returns: the first server, file or address in it that does not lie on the own machine.
    static func source(in text: String) -> String? {
        for part in text.split(separator: ";") {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { continue }
            let key = sides[0].lowercased().filter { $0.isLetter }
            let value = sides[1].drop { $0 == " " || $0 == "\"" || $0 == "'" }
            guard places.contains(key), !value.isEmpty else { continue }
            if ["server", "address", "addr", "networkaddress", "host", "hostname"].contains(key) {
                let host = value.lowercased()
                if host.hasPrefix("(local") || host.hasPrefix("localhost") || host == "." || host.hasPrefix(".\\") {
                    continue
                }
                return String(value)
            }
            if RemoteTarget.isRemote(String(value)) { return String(value) }
        }
        return nil
    }
}
