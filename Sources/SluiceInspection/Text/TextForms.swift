// Text formats that are known by their first characters: mail, RTF, PostScript, spreadsheets in SYLK, calendars, scripts.
// MarkupForms.swift reads markup.

import SluiceModel

/// Names the text format that a beginning shows. Strict, since an honest log must not be called mail or a page: only at the very beginning.
enum TextForms {
    static let rtf: MediaType = "text/rtf"
    static let postScript: MediaType = "application/postscript"
    static let mail: MediaType = "message/rfc822"
    static let svg: MediaType = "image/svg+xml"
    static let script: MediaType = "text/x-script"
    static let php: MediaType = "text/x-php"
    static let serverPage: MediaType = "text/x-server-page"
    static let savedPage: MediaType = "multipart/related"
    static let styleSheet: MediaType = "application/xslt+xml"
    static let pageInXML: MediaType = "application/xhtml+xml"
    static let sylk: MediaType = "application/x-sylk"
    static let card: MediaType = "text/vcard"
    static let calendar: MediaType = "text/calendar"

    /// The words of a finding about a form: the end of "The text is …".
    static func words(_ type: MediaType) -> String? {
        switch type {
        case .html: "an HTML page"
        case .xml: "an XML document"
        case svg: "an SVG drawing, which may hold scripts"
        case rtf: "a Rich Text document"
        case postScript: "a PostScript program"
        case mail: "a mail message"
        case savedPage: "a saved web page (MHTML)"
        case pageInXML: "a web page in XML (XHTML)"
        case styleSheet: "an XML document that runs a style sheet (XSLT)"
        case serverPage: "a server page (ASP, JSP)"
        case sylk: "a spreadsheet in SYLK, which Excel opens as one whatever its name is"
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
        case UInt8(ascii: "<"): return MarkupForms.form(head, at, tail)
        case UInt8(ascii: "{"): return hasFolded(head, at, "{\\rtf") ? rtf : nil
        case UInt8(ascii: "%"): return head.has("%!PS", at: at) ? postScript : nil
        case UInt8(ascii: "#"): return isScript(head, at) ? script : nil
        case UInt8(ascii: "@"): return hasFolded(head, at, "@echo off") ? script : nil
        default: break
        }
        if hasFolded(head, at, "begin:vcard") { return card }
        if hasFolded(head, at, "begin:vcalendar") { return calendar }
        if isSYLK(head, at) { return sylk }
        return mailOrPage(head, at)
    }

    /// `#!` and an absolute path, as the kernel reads it (`man 2 execve`).
    private static func isScript(_ head: Span<UInt8>, _ at: Int) -> Bool {
        guard head.byte(at + 1) == UInt8(ascii: "!") else { return false }
        let path = head.byte(at + 2) == 0x20 ? at + 3 : at + 2
        return head.byte(path) == UInt8(ascii: "/")
    }

    // MARK: - Mail

    /// RFC 5322 §2.2: a block of fields to the first empty line, among them one that only mail software writes and one that names a person,
    /// a subject or a date. YAML with `from:` and `to:`, or a pasted mail without its technical fields, stays plain text. A block that announces a page
    /// (RFC 2557 MHTML, as browsers save it) is one, with two fields already.
    private static func mailOrPage(_ head: Span<UInt8>, _ start: Int) -> MediaType? {
        var at = start
        if head.has("From ", at: at) {  // mbox, RFC 4155
            while let byte = head.byte(at), byte != 0x0A { at += 1 }
            at += 1
        }
        var fields = 0
        var technical = 0
        var personal = 0
        var isPage = false
        while let first = head.byte(at), first != 0x0A, first != 0x0D {
            var colon = at
            if first == 0x20 || first == 0x09 {
                if fields == 0 { return nil }  // a folded line continues a field
            } else {
                // RFC 5322 allows more; the names of all known fields begin with a letter, and times and numbers do not.
                guard Timestamp.isLetter(first) else { return nil }
                while let byte = head.byte(colon), byte > 0x20, byte < 0x7F, byte != UInt8(ascii: ":") { colon += 1 }
                guard colon < head.count else { break }  // the beginning ends in a field's name
                guard colon > at, head.byte(colon) == UInt8(ascii: ":") else { return nil }
                fields += 1
                if isField(head, at..<colon, technicalFields) { technical += 1 }
                if isField(head, at..<colon, personalFields) { personal += 1 }
                if isField(head, at..<colon, ["snapshot-content-location"]) { isPage = true }
                if isField(head, at..<colon, ["content-type"]) {
                    var value = colon + 1
                    while let byte = head.byte(value), byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A {
                        value += 1
                    }
                    if hasFolded(head, value, "multipart/related") || hasFolded(head, value, "text/html") {
                        isPage = true
                    }
                    technical += 1
                }
            }
            while let byte = head.byte(at), byte != 0x0A { at += 1 }
            at += 1
        }
        if isPage && fields >= 2 { return savedPage }
        return fields >= 3 && technical >= 1 && personal >= 1 ? mail : nil
    }

    /// A SYLK file: `ID;` and fields of one capital letter each, then records whose names are one or two capital letters
    /// (Microsoft, "SYmbolic LinK (SYLK) file format"). A table whose first column is called ID is none.
    private static func isSYLK(_ head: Span<UInt8>, _ start: Int) -> Bool {
        guard head.has("ID;P", at: start) else { return false }
        var at = start
        while let byte = head.byte(at), byte != 0x0A, byte != 0x0D { at += 1 }
        while let byte = head.byte(at), byte == 0x0A || byte == 0x0D { at += 1 }
        guard let first = head.byte(at) else { return true }
        guard (0x41...0x5A).contains(first), let second = head.byte(at + 1) else { return false }
        let third = head.byte(at + 2)
        return second == UInt8(ascii: ";") || second == 0x0A || second == 0x0D
            || ((0x41...0x5A).contains(second) && third == UInt8(ascii: ";"))
    }

    private static let technicalFields: [StaticString] = [
        "mime-version", "received", "message-id", "return-path", "delivered-to", "dkim-signature", "x-mozilla-status",
    ]
    private static let personalFields: [StaticString] = ["from", "to", "subject", "date", "cc"]

    private static func isField(_ head: Span<UInt8>, _ range: Range<Int>, _ names: [StaticString]) -> Bool {
        names.contains { $0.utf8CodeUnitCount == range.count && hasFolded(head, range.lowerBound, $0) }
    }

    /// - Parameter text: in small letters.
    static func hasFolded(_ head: Span<UInt8>, _ at: Int, _ text: StaticString) -> Bool {
        guard at >= 0, at + text.utf8CodeUnitCount <= head.count else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            let byte = head[at + index]
            if ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) != text.utf8Start[index] { return false }
        }
        return true
    }
}
