// A small, strict reader of the XML in OPC packages: elements and attributes, one after the other, without recursion. No DTD, no entities but the
// five predefined ones and character references (THREATS T14). It reads what decides (content types, relationships, a root element);
// the other parts are only scanned for declarations (XMLDeclarationScan).

/// One start tag.
struct XMLElement {
    /// `w` in `w:document`; empty without one.
    var prefix: String
    /// `document` in `w:document`.
    var name: String
    /// By full name, references resolved.
    var attributes: [String: String]
    /// 1 for the root.
    var depth: Int

    /// The namespace that this element itself declares for a prefix.
    func namespace(of prefix: String) -> String? { attributes[prefix.isEmpty ? "xmlns" : "xmlns:" + prefix] }
}

/// Why XML was not read.
enum XMLProblem: Error, Equatable {
    case declaration
    case malformed
    case tooDeep
}

/// Reads start tags in document order; checks that tags nest and that one root holds all.
struct XMLScanner {
    /// Deepest nesting (chosen: content types and relationships need 2, a root element 1).
    static let mostDepth = 64
    /// Attributes of one element (chosen: Word's root has some thirty namespaces).
    static let mostAttributes = 256

    private let bytes: [UInt8]
    private var at: Int
    /// The full names of the open elements.
    private var open: [ArraySlice<UInt8>] = []
    private var hasRoot = false
    private var pendingEnd = false

    /// - Parameter content: UTF-8 or UTF-16 with or without mark.
    /// - Returns: `nil` where it is neither.
    init?(_ content: [UInt8]) {
        guard let text = XMLScanner.utf8(content) else { return nil }
        bytes = text
        at = 0
    }

    /// - Returns: the next start tag, or `nil` at the end of a well-formed document.
    mutating func next() throws(XMLProblem) -> XMLElement? {
        while true {
            if pendingEnd {
                pendingEnd = false
                open.removeLast()
            }
            guard at < bytes.count else {
                if open.isEmpty, hasRoot { return nil }
                throw .malformed
            }
            guard bytes[at] == UInt8(ascii: "<") else {
                // Text is nothing to us, but outside the root there is none.
                let end = bytes[at...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.endIndex
                if open.isEmpty, !bytes[at..<end].allSatisfy(Self.isSpace) { throw .malformed }
                at = end
                continue
            }
            if has("<!--") {
                try skip(past: "-->", from: at + 4)
            } else if has("<![CDATA[") {
                if open.isEmpty { throw .malformed }
                try skip(past: "]]>", from: at + 9)
            } else if has("<!") {
                throw .declaration
            } else if has("<?") {
                try skip(past: "?>", from: at + 2)
            } else if has("</") {
                try endTag()
            } else {
                return try startTag()
            }
        }
    }

    private mutating func endTag() throws(XMLProblem) {
        at += 2
        let name = self.name()
        skipSpace()
        guard !name.isEmpty, at < bytes.count, bytes[at] == UInt8(ascii: ">"), open.popLast() == name else {
            throw .malformed
        }
        at += 1
    }

    private mutating func startTag() throws(XMLProblem) -> XMLElement {
        if open.isEmpty, hasRoot { throw .malformed }
        at += 1
        let name = self.name()
        guard !name.isEmpty else { throw .malformed }
        open.append(name)
        hasRoot = true
        if open.count > Self.mostDepth { throw .tooDeep }
        let attributes = try self.attributes()
        let full = String(decoding: name, as: UTF8.self)
        let parts = full.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return XMLElement(
            prefix: parts.count == 2 ? String(parts[0]) : "", name: String(parts[parts.count - 1]),
            attributes: attributes,
            depth: open.count)
    }

    /// Up to and with the tag's end.
    private mutating func attributes() throws(XMLProblem) -> [String: String] {
        var attributes: [String: String] = [:]
        while true {
            let before = at
            skipSpace()
            guard at < bytes.count else { throw .malformed }
            if bytes[at] == UInt8(ascii: ">") {
                at += 1
                return attributes
            }
            if has("/>") {
                at += 2
                pendingEnd = true
                return attributes
            }
            let name = self.name()
            guard at > before, !name.isEmpty, attributes.count < Self.mostAttributes else { throw .malformed }
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else { throw .malformed }
            at += 1
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'"),
                let end = bytes[(at + 1)...].firstIndex(of: bytes[at])
            else { throw .malformed }
            let value = try Self.resolve(bytes[(at + 1)..<end])
            guard attributes.updateValue(value, forKey: String(decoding: name, as: UTF8.self)) == nil else {
                throw .malformed
            }
            at = end + 1
        }
    }

    private mutating func name() -> ArraySlice<UInt8> {
        let start = at
        while at < bytes.count, !Self.isSpace(bytes[at]), !Self.endsName(bytes[at]) { at += 1 }
        return bytes[start..<at]
    }

    private mutating func skipSpace() {
        while at < bytes.count, Self.isSpace(bytes[at]) { at += 1 }
    }

    private mutating func skip(past end: StaticString, from start: Int) throws(XMLProblem) {
        at = start
        while at < bytes.count, !has(end) { at += 1 }
        guard at < bytes.count else { throw .malformed }
        at += end.utf8CodeUnitCount
    }

    private func has(_ pattern: StaticString) -> Bool { bytes.span.has(pattern, at: at) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

    private static func endsName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "\""),
            UInt8(ascii: "'"),
            UInt8(ascii: "&"):
            true
        default: false
        }
    }

    /// Replaces the predefined entities and character references; any other reference is refused.
    private static func resolve(_ value: ArraySlice<UInt8>) throws(XMLProblem) -> String {
        if value.contains(UInt8(ascii: "<")) { throw .malformed }
        guard value.contains(UInt8(ascii: "&")) else { return String(decoding: value, as: UTF8.self) }
        var out = ""
        var rest = value
        while let amp = rest.firstIndex(of: UInt8(ascii: "&")) {
            out += String(decoding: rest[..<amp], as: UTF8.self)
            // The longest reference is `&#x10FFFF;`; leading zeros beyond that are nobody's.
            guard let end = rest[amp...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw .malformed }
            let reference = String(decoding: rest[(amp + 1)..<end], as: UTF8.self)
            switch reference {
            case "amp": out += "&"
            case "lt": out += "<"
            case "gt": out += ">"
            case "quot": out += "\""
            case "apos": out += "'"
            default:
                let isHexadecimal = reference.hasPrefix("#x")
                guard reference.hasPrefix("#"),
                    let code = UInt32(reference.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10),
                    let scalar = Unicode.Scalar(code)
                else { throw .malformed }
                out.unicodeScalars.append(scalar)
            }
            rest = rest[(end + 1)...]
        }
        return out + String(decoding: rest, as: UTF8.self)
    }

    /// XML is UTF-8 or UTF-16 in OPC packages (ECMA-376 part 2, 8.1.4).
    static func utf8(_ content: [UInt8]) -> [UInt8]? {
        let first = content.prefix(2)
        let isBig = first == [0xFE, 0xFF] || first == [0x00, 0x3C]
        let isLittle = first == [0xFF, 0xFE] || (first == [0x3C, 0x00])
        if isBig || isLittle {
            guard content.count % 2 == 0 else { return nil }
            let units = stride(from: first[0] == 0xFE || first[0] == 0xFF ? 2 : 0, to: content.count, by: 2).map { at in
                let pair = (UInt16(content[at]), UInt16(content[at + 1]))
                return isBig ? pair.0 << 8 | pair.1 : pair.1 << 8 | pair.0
            }
            return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
        }
        let text = content.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(content.dropFirst(3)) : content
        return String(validating: text, as: UTF8.self) == nil ? nil : text
    }
}
