// Text formats that show themselves in their first characters: HTML, XML, mail, RTF, PostScript, calendars, scripts.

import SluiceModel

/// Names the text format that a beginning shows. Strict, since an honest log must not be called mail or a page: only at the very beginning.
enum TextForms {
    static let rtf: MediaType = "text/rtf"
    static let postScript: MediaType = "application/postscript"
    static let mail: MediaType = "message/rfc822"
    static let svg: MediaType = "image/svg+xml"
    static let script: MediaType = "text/x-script"
    static let php: MediaType = "text/x-php"
    static let card: MediaType = "text/vcard"
    static let calendar: MediaType = "text/calendar"

    /// What a finding says of a form: the end of "The text is …".
    static func words(_ type: MediaType) -> String? {
        switch type {
        case .html: "an HTML page"
        case .xml: "an XML document"
        case svg: "an SVG drawing, which may hold scripts"
        case rtf: "a Rich Text document"
        case postScript: "a PostScript program"
        case mail: "a mail message or a saved web page (MHTML)"
        case script: "a script for a command interpreter"
        case php: "a PHP program"
        case card: "a contact card"
        case calendar: "a calendar"
        default: nil
        }
    }

    /// - Parameters:
    ///   - head: the first characters as UTF-8 or in their 8-bit code page, without a byte order mark.
    ///   - tail: the last ones, at least 64 where there are so many.
    static func form(head: Span<UInt8>, tail: Span<UInt8>) -> MediaType? {
        var at = 0
        while let byte = head.byte(at), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0x0C {
            at += 1
        }
        guard let first = head.byte(at) else { return nil }
        switch first {
        case UInt8(ascii: "<"): return markup(head, at, tail)
        case UInt8(ascii: "{"): return hasFolded(head, at, "{\\rtf") ? rtf : nil
        case UInt8(ascii: "%"): return head.has("%!PS", at: at) ? postScript : nil
        case UInt8(ascii: "#"): return isScript(head, at) ? script : nil
        case UInt8(ascii: "@"): return hasFolded(head, at, "@echo off") ? script : nil
        default: break
        }
        if hasFolded(head, at, "begin:vcard") { return card }
        if hasFolded(head, at, "begin:vcalendar") { return calendar }
        if isMail(head, at) { return mail }
        return isSniffedAsPage(head, at) ? .html : nil
    }

    /// `#!` and an absolute path, as the kernel reads it (`man 2 execve`).
    private static func isScript(_ head: Span<UInt8>, _ at: Int) -> Bool {
        guard head.byte(at + 1) == UInt8(ascii: "!") else { return false }
        let path = head.byte(at + 2) == 0x20 ? at + 3 : at + 2
        return head.byte(path) == UInt8(ascii: "/")
    }

    // MARK: - Markup

    private static let pageTags: [StaticString] = [
        "html", "head", "body", "script", "iframe", "title", "meta", "table", "div", "center", "style", "form", "p",
        "h1", "h2", "h3", "br",
        "img", "link", "a", "span", "font", "ul", "b", "pre",
    ]

    private static func markup(_ head: Span<UInt8>, _ start: Int, _ tail: Span<UInt8>) -> MediaType? {
        if hasFolded(head, start, "<?php") { return php }
        if hasFolded(head, start, "<!doctype html") { return .html }
        let isDeclared = head.has("<?xml", at: start)
        var at = start
        // Declarations, instructions and comments before the root; each is passed once.
        while true {
            while let byte = head.byte(at), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
            if hasFolded(head, at, "<!doctype html") { return isDeclared ? .xml : .html }
            if hasFolded(head, at, "<!doctype svg") { return svg }
            let close: StaticString
            if head.has("<!--", at: at) {
                close = "-->"
            } else if head.has("<?", at: at) {
                close = "?>"
            } else if head.has("<!", at: at) {
                close = ">"
            } else {
                break
            }
            at += 2
            while at < head.count && !head.has(close, at: at) { at += 1 }
            if at >= head.count { return isDeclared ? .xml : nil }
            at += close.utf8CodeUnitCount
        }
        guard head.byte(at) == UInt8(ascii: "<") else { return isDeclared ? .xml : nil }
        return root(head, at, tail, isDeclared)
    }

    /// Whether a program that guesses by content would show it as a page: some look for tags anywhere in the first 256 bytes
    /// (learn.microsoft.com, "MIME Type Detection in Windows Internet Explorer"). Both tags together, since text that speaks of one is common.
    private static func isSniffedAsPage(_ head: Span<UInt8>, _ start: Int) -> Bool {
        let end = min(head.count, start + 256)
        var (opensPage, opensBody) = (false, false)
        for at in start..<max(start, end) where head[at] == UInt8(ascii: "<") {
            opensPage = opensPage || hasFolded(head, at, "<html")
            opensBody = opensBody || hasFolded(head, at, "<body")
        }
        return opensPage && opensBody
    }

    /// The type by the first tag: a page's, a drawing's, or any with a declaration, a namespace or a matching end.
    private static func root(_ head: Span<UInt8>, _ at: Int, _ tail: Span<UInt8>, _ isDeclared: Bool) -> MediaType? {
        guard let tag = Tag(head, at) else { return isDeclared ? .xml : nil }
        let name = head.copy(tag.name)
        let folded = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if folded == Array("svg".utf8) { return svg }
        if isDeclared { return .xml }
        guard tag.isWellFormed else { return nil }
        if pageTags.contains(where: {
            Array(UnsafeBufferPointer(start: $0.utf8Start, count: $0.utf8CodeUnitCount)) == folded
        }) {
            return .html
        }
        if tag.hasNamespace { return .xml }
        if tag.isSelfClosing { return nil }
        // Fluentd and Apache write `<source>` around settings: a document's root holds elements.
        var next = tag.end
        while let byte = head.byte(next), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { next += 1 }
        guard head.byte(next) == UInt8(ascii: "<"), let following = head.byte(next + 1),
            Timestamp.isLetter(following) || following == UInt8(ascii: "!") || following == UInt8(ascii: "?")
        else { return nil }
        var end = tail.count
        while end > 0, tail[end - 1] <= 0x20 { end -= 1 }
        return tail.has(Array("</".utf8) + name + [UInt8(ascii: ">")], at: end - name.count - 3) ? .xml : nil
    }

    /// A start tag, read as XML 1.0 §3.1 has it.
    private struct Tag {
        var name: Range<Int>
        var end: Int
        var isWellFormed = true
        var isSelfClosing = false
        var hasNamespace = false

        init?(_ text: Span<UInt8>, _ start: Int) {
            var at = start + 1
            guard let first = text.byte(at), Timestamp.isLetter(first) || first == UInt8(ascii: "_") else { return nil }
            while let byte = text.byte(at), Self.isName(byte) { at += 1 }
            name = start + 1..<at
            end = at
            while true {
                while let byte = text.byte(at), byte <= 0x20 { at += 1 }
                guard let byte = text.byte(at) else {
                    isWellFormed = hasNamespace
                    break
                }
                if byte == UInt8(ascii: ">") {
                    at += 1
                    break
                }
                if byte == UInt8(ascii: "/") {
                    isSelfClosing = true
                    at += 1
                    continue
                }
                let attribute = at
                while let byte = text.byte(at), Self.isName(byte) { at += 1 }
                guard at > attribute, text.byte(at) == UInt8(ascii: "="), let quote = text.byte(at + 1),
                    quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
                else {
                    isWellFormed = false
                    break
                }
                if text.has("xmlns", at: attribute) { hasNamespace = true }
                at += 2
                while let byte = text.byte(at), byte != quote { at += 1 }
                at += 1
            }
            end = at
        }

        private static func isName(_ byte: UInt8) -> Bool {
            Timestamp.isLetter(byte) || Timestamp.isDigit(byte) || byte == UInt8(ascii: ":")
                || byte == UInt8(ascii: "-")
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte >= 0x80
        }
    }

    // MARK: - Mail

    /// RFC 5322 §2.2: a block of fields to the first empty line, among them one that only mail software writes and one that names a person,
    /// a subject or a date. YAML with `from:` and `to:`, or a pasted mail without its technical fields, stays plain text.
    private static func isMail(_ head: Span<UInt8>, _ start: Int) -> Bool {
        var at = start
        if head.has("From ", at: at) {  // mbox, RFC 4155
            while let byte = head.byte(at), byte != 0x0A { at += 1 }
            at += 1
        }
        var fields = 0
        var technical = 0
        var personal = 0
        while let first = head.byte(at), first != 0x0A, first != 0x0D {
            var colon = at
            if first == 0x20 || first == 0x09 {
                if fields == 0 { return false }  // a folded line continues a field
            } else {
                // RFC 5322 allows more; the names of all known fields begin with a letter, and times and numbers do not.
                guard Timestamp.isLetter(first) else { return false }
                while let byte = head.byte(colon), byte > 0x20, byte < 0x7F, byte != UInt8(ascii: ":") { colon += 1 }
                guard colon < head.count else { break }  // the beginning ends in a field's name
                guard colon > at, head.byte(colon) == UInt8(ascii: ":") else { return false }
                fields += 1
                if isField(head, at..<colon, technicalFields) { technical += 1 }
                if isField(head, at..<colon, personalFields) { personal += 1 }
            }
            while let byte = head.byte(at), byte != 0x0A { at += 1 }
            at += 1
        }
        return fields >= 3 && technical >= 1 && personal >= 1
    }

    private static let technicalFields: [StaticString] = [
        "mime-version", "received", "message-id", "return-path", "delivered-to", "dkim-signature", "x-mozilla-status",
    ]
    private static let personalFields: [StaticString] = ["from", "to", "subject", "date", "cc"]

    private static func isField(_ head: Span<UInt8>, _ range: Range<Int>, _ names: [StaticString]) -> Bool {
        names.contains { $0.utf8CodeUnitCount == range.count && hasFolded(head, range.lowerBound, $0) }
    }

    /// - Parameter text: in small letters.
    private static func hasFolded(_ head: Span<UInt8>, _ at: Int, _ text: StaticString) -> Bool {
        guard at >= 0, at + text.utf8CodeUnitCount <= head.count else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            let byte = head[at + index]
            if ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) != text.utf8Start[index] { return false }
        }
        return true
    }
}
