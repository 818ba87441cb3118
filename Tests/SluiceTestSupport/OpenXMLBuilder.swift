// Builds docx and xlsx packages for tests, part by part; the zip around them is ZipBuilder's.

/// An OPC package under construction.
public struct OpenXMLBuilder: Sendable {
    public static let typesNamespace = "http://schemas.openxmlformats.org/package/2006/content-types"
    public static let relationshipsNamespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    public static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    public static let strictOffice = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
    public static let wordMain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    public static let excelMain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    public static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

    public var parts: [(name: String, content: String)] = []
    /// Parts that are no text.
    public var files: [(name: String, content: [UInt8])] = []
    public var defaults: [(String, String)] = [
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"), ("xml", "application/xml"),
    ]
    public var overrides: [(String, String)] = []
    /// Replaces the whole part; empty leaves it out.
    public var contentTypes: String?
    /// The package's relationships; empty leaves the part out.
    public var relationships: String

    public init(main: String, type: String, root: String, office: String = OpenXMLBuilder.office) {
        relationships = Self.relationships([(office + "officeDocument", main, false)])
        overrides = [("/" + main, type)]
        parts = [(main, Self.declaration + root)]
    }

    public static func word(_ body: String = "<w:p><w:r><w:t>text</w:t></w:r></w:p>") -> OpenXMLBuilder {
        OpenXMLBuilder(
            main: "word/document.xml", type: wordMain,
            root:
                "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>\(body)</w:body></w:document>"
        )
    }

    public static func excel() -> OpenXMLBuilder {
        OpenXMLBuilder(
            main: "xl/workbook.xml", type: excelMain,
            root: "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheets/></workbook>")
    }

    /// - Parameter links: type, target, whether it is external.
    public static func relationships(_ links: [(String, String, Bool)]) -> String {
        var out = declaration + "<Relationships xmlns=\"\(relationshipsNamespace)\">"
        for (index, link) in links.enumerated() {
            let mode = link.2 ? " TargetMode=\"External\"" : ""
            out += "<Relationship Id=\"rId\(index + 1)\" Type=\"\(link.0)\" Target=\"\(link.1)\"\(mode)/>"
        }
        return out + "</Relationships>"
    }

    public func part(_ name: String, _ content: String, type: String? = nil) -> OpenXMLBuilder {
        with {
            $0.parts.append((name, content))
            if let type { $0.overrides.append(("/" + name, type)) }
        }
    }

    /// A part of any bytes that the main part refers to by a relationship.
    public func related(
        _ kind: String, _ name: String, _ content: [UInt8], type: String? = "application/octet-stream",
        target: String? = nil, office: String = OpenXMLBuilder.office
    ) -> OpenXMLBuilder {
        let main = parts[0].name.split(separator: "/")
        let links = Self.relationships([(office + kind, target ?? "/" + name, false)])
        return part("\(main[0])/_rels/\(main[1]).rels", links).with {
            $0.files.append((name, content))
            if let type { $0.overrides.append(("/" + name, type)) }
        }
    }

    /// An external relationship of the main part.
    public func external(_ kind: String, _ target: String, office: String = OpenXMLBuilder.office) -> OpenXMLBuilder {
        let main = parts[0].name.split(separator: "/")
        return part("\(main[0])/_rels/\(main[1]).rels", Self.relationships([(office + kind, target, true)]))
    }

    public func with(_ change: (inout OpenXMLBuilder) -> Void) -> OpenXMLBuilder {
        var copy = self
        change(&copy)
        return copy
    }

    public func zip() -> ZipBuilder {
        var types = Self.declaration + "<Types xmlns=\"\(Self.typesNamespace)\">"
        for (name, type) in defaults { types += "<Default Extension=\"\(name)\" ContentType=\"\(type)\"/>" }
        for (name, type) in overrides { types += "<Override PartName=\"\(name)\" ContentType=\"\(type)\"/>" }
        types += "</Types>"
        var zip = ZipBuilder()
        if contentTypes != "" { zip = zip.file("[Content_Types].xml", contentTypes ?? types) }
        if relationships != "" { zip = zip.file("_rels/.rels", relationships) }
        for part in parts { zip = zip.file(part.name, part.content) }
        for file in files { zip = zip.stored(file.name, file.content) }
        return zip
    }

    public func build() -> [UInt8] { zip().build() }
}
