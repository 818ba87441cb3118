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
        guard var scanner = XMLScanner(content), let root = try? scanner.next(), root.name == "Types",
            root.namespace(of: root.prefix) == Self.namespace
        else { return nil }
        do {
            while let element = try scanner.next() {
                guard element.depth == 2, element.prefix == root.prefix,
                    element.namespace(of: root.prefix) ?? Self.namespace == Self.namespace,
                    let type = element.attributes["ContentType"]
                else { return nil }
                let before: String?
                if element.name == "Default", let name = element.attributes["Extension"] {
                    before = defaults.updateValue(Self.bare(type), forKey: name.lowercased())
                } else if element.name == "Override", let name = element.attributes["PartName"] {
                    before = overrides.updateValue(Self.bare(type), forKey: OpenXMLPart.normalize(name))
                } else {
                    return nil
                }
                // Said twice the same way it is still one statement (some writers do).
                if let before, before != Self.bare(type) { return nil }
            }
        } catch {
            return nil
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
        String(type.prefix { $0 != ";" }.filter { $0 != " " }).lowercased()
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
        guard var scanner = XMLScanner(content), let root = try? scanner.next(), root.name == "Relationships",
            root.namespace(of: root.prefix) == namespace
        else { return nil }
        var relationships: [OpenXMLRelationship] = []
        do {
            while let element = try scanner.next() {
                guard element.depth == 2, element.name == "Relationship", let type = element.attributes["Type"],
                    let target = element.attributes["Target"]
                else { return nil }
                let mode = element.attributes["TargetMode"] ?? "Internal"
                guard mode == "Internal" || mode == "External" else { return nil }
                let kind = type.split(separator: "/").last.map { $0.lowercased() } ?? ""
                relationships.append(OpenXMLRelationship(kind: kind, target: target, isExternal: mode == "External"))
            }
        } catch {
            return nil
        }
        return relationships
    }

    /// Whether reading the target would leave the machine: anything but a plain path or a `file:` URL of a local one.
    var isRemote: Bool {
        var rest = target.replacing("\\", with: "/").lowercased()[...]
        if rest.hasPrefix("file:") {
            // `file:///C:/x` is local, `file://server/x` and `file://///server/x` are not.
            rest = rest.dropFirst(5)
            guard rest.hasPrefix("//") else { return false }
            return !(rest.hasPrefix("///") && !rest.hasPrefix("////"))
        }
        if rest.hasPrefix("//") { return true }
        guard let colon = rest.firstIndex(of: ":") else { return false }
        // One letter is a drive, more are a scheme.
        let scheme = rest[..<colon]
        return scheme.count > 1 && scheme.allSatisfy { $0.isLetter || $0.isNumber || "+-.".contains($0) }
    }
}

/// The names of parts.
enum OpenXMLPart {
    /// Part names are compared without regard to ASCII case (ECMA-376 part 2, 9.1.1); old writers put backslashes or a leading slash into the zip.
    static func normalize(_ name: String) -> String {
        let plain = name.replacing("\\", with: "/").lowercased()
        return plain.hasPrefix("/") ? String(plain.dropFirst()) : plain
    }

    /// Whether a part holds relationships.
    static func isRelationships(_ part: String) -> Bool {
        part.hasSuffix(".rels") && (part.hasPrefix("_rels/") || part.contains("/_rels/"))
    }

    /// What a target in `_rels/.rels` points at.
    static func resolve(target: String) -> String? {
        var segments: [Substring] = []
        for segment in normalize(target).split(separator: "/", omittingEmptySubsequences: true) {
            if segment == ".." {
                guard segments.popLast() != nil else { return nil }
            } else if segment != "." {
                segments.append(segment)
            }
        }
        return segments.joined(separator: "/")
    }
}
