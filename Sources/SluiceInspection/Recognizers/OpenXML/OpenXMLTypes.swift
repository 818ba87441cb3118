// The names of OPC packages: which product a package is, by the content type of its main part (ECMA-376 part 1, 11 to 13; [MS-OFFMACRO], [MS-XLSB],
// [MS-VSDX]).

import SluiceModel

enum OpenXMLTypes {
    static let macroType = "application/vnd.ms-office.vbaproject"
    static let relationshipsType = "application/vnd.openxmlformats-package.relationships+xml"

    /// A package in the sense of OPC that is none of those with a name.
    static let package: MediaType = "application/x-opc-package"

    /// Lower-case content type of the main part → the package's media type.
    private static let byMainPart: [String: MediaType] = {
        var table: [String: MediaType] = [:]
        let open = "application/vnd.openxmlformats-officedocument."
        for (name, kinds) in [
            ("wordprocessingml", ["document", "template"]), ("spreadsheetml", ["sheet", "template"]),
            ("presentationml", ["presentation", "template", "slideshow"]),
        ] {
            for kind in kinds { table["\(open)\(name).\(kind).main+xml"] = MediaType("\(open)\(name).\(kind)") }
        }
        for name in [
            "word.document", "word.template", "excel.sheet", "excel.template", "excel.addin", "powerpoint.presentation",
            "powerpoint.template",
            "powerpoint.slideshow", "powerpoint.addin",
        ] {
            table["application/vnd.ms-\(name).macroenabled.main+xml"] = MediaType(
                "application/vnd.ms-\(name).macroenabled.12")
        }
        // Word's own spelling differs from the others' ([MS-OFFMACRO2] 2.2.1.1).
        for (name, kind) in [
            ("word.template", "template"), ("excel.template", "template"), ("powerpoint.template", "template"),
        ] {
            table["application/vnd.ms-\(name).macroenabled\(kind).main+xml"] = MediaType(
                "application/vnd.ms-\(name).macroenabled.12")
        }
        table["application/vnd.ms-excel.sheet.binary.macroenabled.main"] =
            "application/vnd.ms-excel.sheet.binary.macroenabled.12"
        for (kind, name) in [("drawing", "drawing"), ("stencil", "stencil"), ("template", "template")] {
            table["application/vnd.ms-visio.\(kind).main+xml"] = MediaType("application/vnd.ms-visio.\(name)")
            table["application/vnd.ms-visio.\(kind).macroenabled.main+xml"] = MediaType(
                "application/vnd.ms-visio.\(name).macroenabled.12")
        }
        table["application/vnd.ms-package.xps-fixeddocumentsequence+xml"] = "application/vnd.ms-xpsdocument"
        table["application/oxps-fixeddocumentsequence+xml"] = "application/oxps"
        table["application/vnd.ms-package.3dmanufacturing-3dmodel+xml"] = "model/3mf"
        return table
    }()

    static func package(mainPart contentType: String) -> MediaType? { byMainPart[contentType] }

    /// The names of the part that says what a document is: `document` in Word, `workbook` in Excel.
    static func rootElement(of type: MediaType) -> String { type == .wordOpenXML ? "document" : "workbook" }

    /// Packages that other products keep in OPC, by parts that only they have (all names lower-case).
    static func product(parts: [String]) -> MediaType? {
        if parts.contains("extension.vsixmanifest") { return "application/vsix" }
        if parts.contains("appxmanifest.xml") || parts.contains("appxmetadata/appxbundlemanifest.xml") {
            return "application/appx"
        }
        if parts.contains(where: { $0.hasSuffix(".nuspec") && !$0.contains("/") }) {
            return "application/vnd.nuget.package"
        }
        return nil
    }

    // MARK: What parts are

    /// Documents of Office: Word, Excel, PowerPoint and Visio, templates and macro-enabled ones included.
    static func isDocument(_ type: MediaType) -> Bool {
        ["application/vnd.openxmlformats-officedocument.", "application/vnd.ms-"].contains { type.name.hasPrefix($0) }
            && byMainPart.values.contains(type) && type.name != "application/vnd.ms-xpsdocument"
    }

    /// Whether a document of this type may hold macros by its own rules.
    static func mayHoldMacros(_ type: MediaType) -> Bool { type.name.contains("macroenabled") }

    /// The binary project, its companion and Excel 4.0 macro sheets.
    static func isMacro(part: String, contentType: String, kinds: Set<String>) -> Bool {
        contentType == macroType || contentType == "application/vnd.ms-word.vbadata+xml"
            || contentType.hasSuffix("macrosheet+xml") || contentType == "application/vnd.ms-excel.macrosheet"
            || contentType == "application/vnd.ms-excel.intlmacrosheet"
            || part.hasSuffix("/vbaproject.bin")
            || !kinds.isEmpty
                && !kinds.isDisjoint(with: ["vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet"])
    }

    static func isActiveX(contentType: String, kinds: Set<String>) -> Bool {
        contentType.hasPrefix("application/vnd.ms-office.activex")
            || !kinds.isEmpty && !kinds.isDisjoint(with: ["control", "activexcontrolbinary"])
    }

    static func isEmbeddedObject(part: String, contentType: String, kinds: Set<String>) -> Bool {
        contentType == "application/vnd.openxmlformats-officedocument.oleobject" || part.contains("/embeddings/")
            || !kinds.isEmpty && !kinds.isDisjoint(with: ["oleobject", "package"])
    }

    static func isXML(part: String, contentType: String) -> Bool {
        contentType.hasSuffix("+xml") || contentType.hasSuffix("/xml") || part.hasSuffix(".xml")
            || part.hasSuffix(".rels")
            || part.hasSuffix(".vml")
    }
}
