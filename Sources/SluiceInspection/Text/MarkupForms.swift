// Markup by its first tag: a page as browsers sniff it, a drawing, a server's page, or an XML document of any kind.

import SluiceModel

enum MarkupForms {
    /// Tags that make a page of whatever follows. The first ones are those of WHATWG MIME Sniffing §7.1; the others show or load something when a browser
    /// meets them first.
    private static let pageTags: Set<String> = [
        "html", "head", "script", "iframe", "h1", "div", "font", "table", "a", "style", "title", "b", "body", "br", "p",
        "h2", "h3", "h4", "meta", "center", "form", "img", "link", "span", "ul", "ol", "pre", "object", "embed",
        "applet",
        "base", "frameset", "frame", "input", "button", "video", "audio", "details", "marquee", "template", "textarea",
        "select", "isindex", "math", "i", "u", "hr", "noscript", "picture", "source", "bgsound", "plaintext", "xmp",
    ]

    /// Roots of configurations that are also tags of pages: they need a page's shape besides.
    private static let ambiguous: Set<String> = [
        "source", "template", "form", "link", "title", "select", "i", "u", "input", "object",
    ]

    /// - Parameters:
    ///   - start: of the first `<`.
    ///   - tail: the last characters.
    static func form(_ head: Span<UInt8>, _ start: Int, _ tail: Span<UInt8>) -> MediaType? {
        if head.has("<?=", at: start) || TextForms.hasFolded(head, start, "<?php") { return TextForms.php }
        if head.has("<? ", at: start) || head.has("<?\n", at: start) || head.has("<?\r", at: start) {
            return TextForms.php
        }
        if head.has("<%", at: start) { return TextForms.serverPage }
        if TextForms.hasFolded(head, start, "<!doctype html") { return .html }
        let isDeclared = head.has("<?xml", at: start)
        var at = start
        var hasComment = false
        // Declarations, instructions and comments before the root; each is passed once.
        while true {
            while let byte = head.byte(at), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
            if TextForms.hasFolded(head, at, "<!doctype html") { return isDeclared ? TextForms.pageInXML : .html }
            if TextForms.hasFolded(head, at, "<!doctype svg") { return TextForms.svg }
            if head.has("<?xml-stylesheet", at: at) { return TextForms.styleSheet }
            let close: StaticString
            if head.has("<!--", at: at) {
                close = "-->"
                hasComment = true
            } else if head.has("<?", at: at) {
                close = "?>"
            } else if head.has("<!", at: at) {
                close = ">"
            } else {
                break
            }
            at += 2
            while at < head.count && !head.has(close, at: at) { at += 1 }
            // A comment as long as the beginning hides the root: browsers take the rest for a page.
            if at >= head.count { return isDeclared ? .xml : hasComment ? .html : nil }
            at += close.utf8CodeUnitCount
        }
        guard head.byte(at) == UInt8(ascii: "<") else { return isDeclared ? .xml : hasComment ? .html : nil }
        return root(head, at, tail, isDeclared)
    }

    /// The type by the first tag: a page's, a drawing's, or any with a declaration, a namespace or a matching end.
    private static func root(_ head: Span<UInt8>, _ at: Int, _ tail: Span<UInt8>, _ isDeclared: Bool) -> MediaType? {
        guard let tag = Tag(head, at) else { return isDeclared ? .xml : nil }
        let name = head.copy(tag.name)
        let folded = String(decoding: name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        let local = folded.split(separator: ":").last.map(String.init) ?? folded
        if local == "svg" { return TextForms.svg }
        if tag.namespaces.contains(where: { $0.hasSuffix("/1999/XSL/Transform") || $0.hasSuffix("/WD-xsl") }) {
            return TextForms.styleSheet
        }
        if tag.namespaces.contains(where: { $0.hasSuffix("/2000/svg") }) { return TextForms.svg }
        if tag.namespaces.contains(where: { $0.hasSuffix("/1999/xhtml") }) { return TextForms.pageInXML }
        if local == "html" { return isDeclared ? TextForms.pageInXML : .html }
        if isDeclared { return .xml }
        if pageTags.contains(folded), tag.isDelimited {
            if !ambiguous.contains(folded) || !tag.isWellFormed { return .html }
            if tag.hasAttributes && !tag.hasNamespace { return .html }
        }
        guard tag.isWellFormed else { return nil }
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
        /// The character behind the name ends it in HTML: a blank, a slash or `>`.
        var isDelimited: Bool
        var isWellFormed = true
        var isSelfClosing = false
        var hasNamespace = false
        var hasAttributes = false
        /// The values of `xmlns` and `xmlns:…`.
        var namespaces: [String] = []

        init?(_ text: Span<UInt8>, _ start: Int) {
            var at = start + 1
            guard let first = text.byte(at), Timestamp.isLetter(first) || first == UInt8(ascii: "_") else { return nil }
            while let byte = text.byte(at), Self.isName(byte) { at += 1 }
            name = start + 1..<at
            end = at
            isDelimited = text.byte(at).map { $0 <= 0x20 || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "/") } ?? true
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
                hasAttributes = true
                guard at > attribute, text.byte(at) == UInt8(ascii: "="), let quote = text.byte(at + 1),
                    quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
                else {
                    isWellFormed = false
                    break
                }
                let isNamespace = text.has("xmlns", at: attribute)
                if isNamespace { hasNamespace = true }
                at += 2
                let value = at
                while let byte = text.byte(at), byte != quote { at += 1 }
                if isNamespace, at - value <= 200 {
                    namespaces.append(String(decoding: text.copy(value..<at), as: UTF8.self))
                }
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
}
