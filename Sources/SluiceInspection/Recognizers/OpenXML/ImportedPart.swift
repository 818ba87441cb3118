// A part that Word reads into the document when it is opened (altChunk, ECMA-376 part 1, 17.17.2). Its bytes decide what it is, whatever
// its content type says. ImportedPage checks a page; an imported document is inspected like any other.

import SluiceModel

enum ImportedPart {
    /// - Parameter part: the whole part; findings are about `context.entry`.
    static func inspect(_ part: [UInt8], _ context: inout InspectionContext) {
        let bytes = part.span
        if bytes.has(ZipSignature.localHeader, at: 0) || bytes.has(CompoundFileHeader.signature, at: 0) {
            return inspectDocument(bytes, &context)
        }
        let text = plainText(part)
        if isRichText(text) { return context.find(.openXMLImportedRichText, .text(objects(in: text))) }
        if isFlatDocument(text) {
            return context.find(.openXMLImportUnchecked, .text("a Word document as one XML file"))
        }
        if contains(text, "utf-7") { return context.find(.openXMLImportUnchecked, .text("a page in UTF-7")) }
        let isMail = ImportedMail.isMail(text)
        let kind = isMail ? "a saved web page (MHT, HTML)" : "a web page (HTML)"
        let pieces = isMail ? ImportedMail.parts(text) : [text]
        guard let pieces else {
            return context.find(.openXMLImportUnchecked, .text("a saved page that cannot be read"))
        }
        for piece in pieces {
            if isRichText(piece) { return context.find(.openXMLImportedRichText, .text(objects(in: piece))) }
            if let danger = ImportedPage.danger(piece) {
                return context.find(.openXMLImportedActivePage, .text(kind), .text(danger))
            }
        }
        let isPage = isMail || text.contains(UInt8(ascii: "<"))
        if isPage {
            context.find(.openXMLImportedPage, .text(kind))
        } else {
            context.find(.openXMLImportedDocument, .text(part.isEmpty ? "an empty part" : "a plain text"))
        }
    }

    /// An imported package. It may be an ordinary document only; what is wrong or active in it is found as in any document.
    private static func inspectDocument(_ bytes: Span<UInt8>, _ context: inout InspectionContext) {
        guard context.mayOpenContainer() else { return }
        let type = context.within { context in context.recognizers.recognize(bytes, &context).type.mediaType }
        if OpenXMLTypes.isDocument(type) || type == .word || type == .wordTemplate {
            context.find(.openXMLImportedDocument, .text("a Word document"))
        } else {
            context.find(.openXMLImportUnchecked, .text("no document that Word imports (\(type.name))"))
        }
    }

    /// Without mark and leading blanks; UTF-16 without its zeros, which leaves the ASCII in it.
    private static func plainText(_ part: [UInt8]) -> [UInt8] {
        let isWide = part.starts(with: [0xFF, 0xFE]) || part.starts(with: [0xFE, 0xFF]) || part.prefix(64).contains(0)
        let text = isWide ? part.filter { $0 != 0 } : part
        return Array(text.drop { $0 <= 0x20 || $0 >= 0x80 && $0 != 0x7B })
    }

    /// Word goes by `{\rt` (the rest of the word may be missing).
    private static func isRichText(_ text: [UInt8]) -> Bool {
        let start = text.drop { $0 <= 0x20 || $0 >= 0x80 }.prefix(4).map { $0 | 0x20 }
        return start == Array("{\\rt".utf8).map { $0 | 0x20 }
    }

    private static func objects(in text: [UInt8]) -> String {
        contains(text, "\\obj") ? " with an object" : contains(text, "\\field") ? " with a field" : ""
    }

    /// Word's documents as one XML file (flat OPC, and the format of Word 2003) can hold anything that a document can.
    private static func isFlatDocument(_ text: [UInt8]) -> Bool {
        guard text.first == UInt8(ascii: "<") else { return false }
        let root = XMLRoot.name(text.span)
        return root == "package" || root == "wordDocument" || root == "document" || contains(text, "mso-application")
    }

    /// - Parameter word: in lower case.
    static func contains(_ text: [UInt8], _ word: String) -> Bool {
        let word = Array(word.utf8)
        guard let first = word.first, text.count >= word.count else { return false }
        var at = 0
        while at <= text.count - word.count {
            if lower(text[at]) == first {
                var length = 1
                while length < word.count, lower(text[at + length]) == word[length] { length += 1 }
                if length == word.count { return true }
            }
            at += 1
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

/// A page saved with its pictures in one file (MHTML, RFC 2557): its parts, decoded.
enum ImportedMail {
    static func isMail(_ text: [UInt8]) -> Bool {
        let head = Array(text.prefix(4096))
        return ["mime-version", "content-type", "content-transfer-encoding", "content-location"].contains {
            ImportedPart.contains(head, $0)
        } && text.first != UInt8(ascii: "<")
    }

    /// - Returns: every part that is text, and every header; `nil` when a part cannot be decoded.
    static func parts(_ text: [UInt8]) -> [[UInt8]]? {
        let boundaries = boundaries(text)
        var parts: [[UInt8]] = []
        var header: [UInt8] = []
        var body: [UInt8] = []
        var isHeader = true
        func close() -> Bool {
            parts.append(header)
            guard let decoded = decode(body, header) else { return false }
            if !isPicture(decoded) { parts.append(decoded) }
            return true
        }
        for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let bare = line.last == 0x0D ? line.dropLast() : line
            if bare.starts(with: [0x2D, 0x2D]), boundaries.contains(where: { bare.dropFirst(2).starts(with: $0) }) {
                guard close() else { return nil }
                (header, body, isHeader) = ([], [], true)
            } else if isHeader, bare.isEmpty {
                isHeader = false
            } else if isHeader {
                header += Array(bare) + [0x0A]
            } else {
                body += Array(line) + [0x0A]
            }
        }
        return close() ? parts : nil
    }

    private static func boundaries(_ text: [UInt8]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        let span = text.span
        var at = 0
        while found.count < 16, let equal = span.firstOffset(of: UInt8(ascii: "="), from: at, before: span.count) {
            at = equal + 1
            let name = text[max(0, equal - 9)..<equal].filter { $0 > 0x20 }
            guard String(decoding: name, as: UTF8.self).lowercased().hasSuffix("boundary") else { continue }
            let value = text[at...].prefix(200).drop { $0 <= 0x20 || $0 == 0x22 }
            let boundary = Array(value.prefix { $0 != 0x22 && $0 != UInt8(ascii: ";") && $0 > 0x20 })
            if !boundary.isEmpty { found.append(boundary) }
        }
        return found
    }

    private static func decode(_ body: [UInt8], _ header: [UInt8]) -> [UInt8]? {
        if ImportedPart.contains(header, "quoted-printable") { return quotedPrintable(body) }
        if ImportedPart.contains(header, "base64") { return Base64.decode(body) }
        return body
    }

    /// RFC 2045 §6.7.
    private static func quotedPrintable(_ body: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(body.count)
        var at = 0
        while at < body.count {
            guard body[at] == UInt8(ascii: "=") else {
                out.append(body[at])
                at += 1
                continue
            }
            let text = String(decoding: body[min(at + 1, body.count)..<min(at + 3, body.count)], as: UTF8.self)
            if text.utf8.count == 2, let value = UInt8(text, radix: 16) {
                out.append(value)
                at += 3
            } else {
                // A soft line break: blanks may stand before its end.
                at += 1
                while at < body.count, body[at] == 0x20 || body[at] == 0x09 || body[at] == 0x0D { at += 1 }
                if at < body.count, body[at] == 0x0A { at += 1 }
            }
        }
        return out
    }

    private static func isPicture(_ bytes: [UInt8]) -> Bool {
        let beginnings: [[UInt8]] = [
            [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47], Array("GIF8".utf8), Array("BM".utf8),
        ]
        return beginnings.contains { bytes.starts(with: $0) }
    }
}
