// A web page that a document imports (altChunk): whether it acts or loads anything (Threats, T15). Word renders such a page with its own
// HTML reader. So everything that could run or fetch counts, and so does a page that hides its content from this search.

import SluiceModel

enum ImportedPage {
    /// Elements that run, load or lead elsewhere by themselves.
    private static let acting: Set<String> = [
        "script", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "bgsound", "portal", "input",
        "button", "isindex", "import", "webview", "audio", "video", "layer", "ilayer", "fencedframe",
    ]
    /// Attributes whose value is fetched.
    private static let sources: Set<String> = [
        "src", "background", "lowsrc", "dynsrc", "data", "poster", "srcset", "code", "codebase", "classid", "archive",
        "longdesc", "profile", "manifest", "datasrc", "usemap", "o:href", "r:href", "src2", "xlink:href",
    ]

    /// - Returns: what acts or loads, in a few words; `nil` for a plain page.
    static func danger(_ page: [UInt8]) -> String? {
        let text = page.span
        var at = 0
        while let open = text.firstOffset(of: UInt8(ascii: "<"), from: at, before: text.count) {
            at = open + 1
            // A comment may be conditional, or end sooner than it seems: its tags are looked at as well.
            guard let tag = Tag(text, at: open + 1) else { continue }
            if let danger = danger(of: tag) { return danger }
        }
        return styleDanger(page)
    }

    private static func danger(of tag: Tag) -> String? {
        let name = tag.name.split(separator: ":").last.map(String.init) ?? tag.name
        if acting.contains(name) { return "an element <\(name)>" }
        for (key, value) in tag.attributes {
            if key.hasPrefix("on"), key.count > 3 { return "an event handler (\(key))" }
            let plain = value.lowercased().filter { $0 > " " }
            if plain.contains("script:") || plain.hasPrefix("data:text") { return "a script in an attribute (\(key))" }
            if name == "meta", key == "http-equiv", plain.contains("refresh") { return "a page that moves on (<meta>)" }
            let isSource = sources.contains(key) || key == "href" && ["link", "image", "base", "use"].contains(name)
            if isSource, RemoteTarget.isRemote(value) { return "content from elsewhere (\(value.prefix(200)))" }
        }
        return nil
    }

    /// Style sheets fetch by `url(…)` and `@import`, and old ones run by `expression(…)` and `behavior:`.
    private static func styleDanger(_ page: [UInt8]) -> String? {
        let lower = page.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let text = lower.span
        let running: [StaticString] = [
            "@import", "expression(", "behavior:", "-moz-binding", "javascript:", "vbscript:",
        ]
        for word in running where text.firstOffset(of: word, from: 0, before: text.count) != nil {
            return "a style or address that runs (\(word))"
        }
        var from = 0
        while let call = text.firstOffset(of: "url(", from: from, before: text.count) {
            from = call + 4
            let end = text.firstOffset(of: UInt8(ascii: ")"), from: from, before: min(text.count, from + 2000))
            let target = String(decoding: text.copy(from..<(end ?? min(text.count, from + 2000))), as: UTF8.self)
            if RemoteTarget.isRemote(target) { return "content from elsewhere (\(target.prefix(200)))" }
        }
        return nil
    }

    /// One start tag, read as browsers do: case does not matter, quotes are optional, a slash parts attributes.
    struct Tag {
        var name = ""
        var attributes: [(key: String, value: String)] = []
        private static let mostAttributes = 200
        private static let longestValue = 64 << 10

        /// - Parameter start: behind the `<`.
        init?(_ text: Span<UInt8>, at start: Int) {
            var at = start
            // `<?import` names a component; `</` and `<!` begin no tag.
            if text.byte(at) == UInt8(ascii: "?") { at += 1 }
            guard let first = text.byte(at), AsciiText.isLetter(first) else { return nil }
            name = Self.word(text, &at) { !Self.endsName($0) }.lowercased()
            while attributes.count < Self.mostAttributes {
                while let byte = text.byte(at), byte <= 0x20 || byte == UInt8(ascii: "/") { at += 1 }
                guard let byte = text.byte(at), byte != UInt8(ascii: ">") else { return }
                let before = at
                let key = Self.word(text, &at) { !Self.endsName($0) && $0 != UInt8(ascii: "=") }.lowercased()
                while let byte = text.byte(at), byte <= 0x20 { at += 1 }
                var value = ""
                if text.byte(at) == UInt8(ascii: "=") {
                    at += 1
                    while let byte = text.byte(at), byte <= 0x20 { at += 1 }
                    if let quote = text.byte(at), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
                        at += 1
                        value = Self.word(text, &at) { $0 != quote }
                        at += 1
                    } else {
                        value = Self.word(text, &at) { $0 > 0x20 && $0 != UInt8(ascii: ">") }
                    }
                }
                if at == before { at += 1 }
                attributes.append((key, PageText.resolved(value)))
            }
        }

        private static func endsName(_ byte: UInt8) -> Bool {
            byte <= 0x20 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
        }

        private static func word(_ text: Span<UInt8>, _ at: inout Int, while holds: (UInt8) -> Bool) -> String {
            var bytes: [UInt8] = []
            while let byte = text.byte(at), holds(byte) {
                if bytes.count < longestValue { bytes.append(byte) }
                at += 1
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// Character references of HTML, as far as they can hide a scheme or a host.
enum PageText {
    private static let named: [String: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "colon": ":", "sol": "/", "bsol": "\\",
        "tab": "\t",
        "newline": "\n", "period": ".", "nbsp": " ", "lpar": "(", "rpar": ")",
    ]

    static func resolved(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var out = ""
        var rest = text[...]
        while let amp = rest.firstIndex(of: "&") {
            out += rest[..<amp]
            rest = rest[rest.index(after: amp)...]
            // The semicolon is optional for numbers.
            let isNumber = rest.hasPrefix("#")
            let isHexadecimal = isNumber && rest.dropFirst().lowercased().hasPrefix("x")
            let body = rest.dropFirst(isHexadecimal ? 2 : isNumber ? 1 : 0)
            let word = body.prefix(12).prefix {
                isNumber ? $0.isHexDigit && (isHexadecimal || $0.isNumber) : $0.isLetter
            }
            let known =
                isNumber
                ? UInt32(word, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init).map(Character.init)
                : named[word.lowercased()]
            guard let known, !word.isEmpty else {
                out += "&"
                continue
            }
            out.append(known)
            rest = body[word.endIndex...]
            if rest.first == ";" { rest = rest.dropFirst() }
        }
        return out + rest
    }
}
