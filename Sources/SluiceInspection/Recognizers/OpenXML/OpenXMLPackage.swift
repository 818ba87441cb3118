// An OPC package's own bookkeeping (ECMA-376 part 2): which content type each part has, and which relationships lead where.

import SluiceModel

/// `[Content_Types].xml`, read.
struct OpenXMLContentTypes {
    static let partName = "[content_types].xml"
    private static let namespace = "http://schemas.openxmlformats.org/package/2006/content-types"

    /// By lower-case extension and by lower-case part name without its leading slash; the types lower-case as well.
    private var defaults: [String: String] = [:]
    private var overrides: [String: String] = [:]

    /// - Returns: `nil` when the part is not exactly what ECMA-376 part 2, 10.1.2 describes; two statements about the same part are not.
    init?(_ content: [UInt8]) {
        let list = OpenXMLList(root: "Types", namespace: Self.namespace)
        guard list.read(content) else { return nil }
        for item in list.items {
            guard let type = item["ContentType"] else { return nil }
            let before: String?
            if item.name == "Default", let name = item["Extension"] {
                before = defaults.updateValue(Self.bare(type), forKey: name.lowercased())
            } else if item.name == "Override", let name = item["PartName"] {
                before = overrides.updateValue(Self.bare(type), forKey: OpenXMLPart.normalize(name))
            } else {
                return nil
            }
            // Said twice the same way it is still one statement (some writers do).
            if let before, before != Self.bare(type) { return nil }
        }
    }

    /// - Parameter part: normalized.
    func type(of part: String) -> String? {
        if let type = overrides[part] { return type }
        let name = part[(part.lastIndex(of: "/").map(part.index(after:)) ?? part.startIndex)...]
        return name.lastIndex(of: ".").flatMap { defaults[String(name[name.index(after: $0)...])] }
    }

    /// Without parameters, lower-case.
    private static func bare(_ type: String) -> String {
        let bytes = type.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 != 0x20 }
        return String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

/// One relationship of a `.rels` part.
struct OpenXMLRelationship {
    private static let namespace = "http://schemas.openxmlformats.org/package/2006/relationships"

    /// The last word of the type's URI, lower-case: `officedocument`, `hyperlink`, alike in the transitional and the strict dialect.
    var kind: String
    var target: String
    var isExternal: Bool

    /// - Returns: `nil` when the part is not what ECMA-376 part 2, 9.3 describes.
    static func read(_ content: [UInt8]) -> [OpenXMLRelationship]? {
        let list = OpenXMLList(root: "Relationships", namespace: namespace)
        guard list.read(content) else { return nil }
        var relationships: [OpenXMLRelationship] = []
        for item in list.items {
            guard item.name == "Relationship", let type = item["Type"], let target = item["Target"] else { return nil }
            let mode = item["TargetMode"] ?? "Internal"
            guard mode == "Internal" || mode == "External" else { return nil }
            let kind = type.utf8.split(separator: UInt8(ascii: "/")).last.map { String(decoding: $0, as: UTF8.self) }
            relationships.append(
                OpenXMLRelationship(kind: (kind ?? "").lowercased(), target: target, isExternal: mode == "External"))
        }
        return relationships
    }

    /// Whether the target leaves the package. What says "internal" and names another place is not believed.
    var leads: Bool { isExternal || !isPlainPath && RemoteTarget.isRemote(target) }

    /// The ordinary spelling, which needs no closer look.
    private var isPlainPath: Bool {
        var before = UInt8(ascii: "/")
        for byte in target.utf8 {
            let isPlain =
                AsciiText.isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
            // Two slashes in a row could begin a host's name.
            if !isPlain || byte == UInt8(ascii: "/") && before == byte && target.utf8.first != byte { return false }
            before = byte
        }
        return !target.hasPrefix("//")
    }
}

/// Reads a part that is a flat list: one root of a known namespace, and elements with attributes directly below it.
final class OpenXMLList: XMLHandler {
    struct Item {
        var name: String
        fileprivate var values: [(String, String)] = []
        subscript(_ key: String) -> String? { values.first { $0.0 == key }?.1 }
    }

    private static let keys = ["ContentType", "Extension", "PartName", "Type", "Target", "TargetMode"]

    private let root: StaticString
    private let namespace: String
    private var prefix = ""
    private var isFlat = true
    private(set) var items: [Item] = []

    init(root: StaticString, namespace: String) { (self.root, self.namespace) = (root, namespace) }

    /// - Returns: whether the part is such a list from its beginning to its end.
    func read(_ content: [UInt8]) -> Bool { XMLReader.read(content.span, to: self, mostDepth: 16) == nil && isFlat }

    func start(_ tag: borrowing XMLTag) -> Bool {
        if tag.depth == 1 {
            prefix = tag.prefix
            isFlat = tag.isNamed(root) && tag.namespace(of: prefix) == namespace
        } else {
            isFlat =
                tag.depth == 2 && tag.prefix == prefix && tag.namespace(of: prefix) ?? namespace == namespace
            var item = Item(name: tag.name)
            for key in Self.keys { if let value = tag.attribute(key) { item.values.append((key, value)) } }
            items.append(item)
        }
        return isFlat
    }
}

/// The names of parts.
enum OpenXMLPart {
    /// Part names are compared without regard to ASCII case (ECMA-376 part 2, 9.1.1); old writers put backslashes or a leading slash into the zip.
    static func normalize(_ name: String) -> String {
        let isPlain = !name.utf8.contains(UInt8(ascii: "\\"))
        let plain = (isPlain ? name : name.replacing("\\", with: "/")).lowercased()
        return plain.hasPrefix("/") ? String(plain.dropFirst()) : plain
    }

    /// Whether a part holds relationships.
    static func isRelationships(_ part: String) -> Bool {
        part.hasSuffix(".rels") && (part.hasPrefix("_rels/") || part.contains("/_rels/"))
    }

    /// The part whose relationships a `.rels` part holds; empty for the package's own.
    static func source(ofRelationships part: String) -> String {
        guard let slash = part.lastIndex(of: "/") else { return "" }
        let folder = part[..<slash].dropLast("_rels".count)
        return String(folder + part[part.index(after: slash)...].dropLast(".rels".count))
    }

    /// Percent-escapes undone; `nil` where there are none.
    static func unescaped(_ target: String) -> String? {
        guard target.utf8.contains(UInt8(ascii: "%")) else { return nil }
        var out: [UInt8] = []
        var rest = Array(target.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The part that an internal target points at, from the part that has the relationship.
    static func resolve(target: String, from source: String = "") -> String? {
        let slash = UInt8(ascii: "/")
        // Letters beyond ASCII are folded as in `normalize`.
        let text = target.utf8.allSatisfy { $0 < 0x80 } ? target : target.lowercased()
        let path = text.utf8.prefix { $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "?") }.map { byte in
            byte == UInt8(ascii: "\\") ? slash : (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        }
        var segments: [ArraySlice<UInt8>] = []
        let folder = path.first == slash ? [] : Array(source.utf8)
        let own = folder.lastIndex(of: slash).map { folder[..<$0] } ?? []
        for segment in own.split(separator: slash) + path.split(separator: slash) {
            if segment.elementsEqual([0x2E, 0x2E]) {
                guard segments.popLast() != nil else { return nil }
            } else if !segment.elementsEqual([0x2E]) {
                segments.append(segment)
            }
        }
        return String(decoding: Array(segments.joined(separator: [slash])), as: UTF8.self)
    }
}
