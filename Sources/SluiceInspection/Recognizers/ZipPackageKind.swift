// Zips that are the package of some other product, recognized by entries that only such packages have at their top. An honest archive
// with such entries in a folder stays a plain zip. OpenXMLRecognizer reads OPC packages (`[Content_Types].xml`).

import SluiceModel

enum ZipPackageKind {
    /// Longest `mimetype` member that is looked at (chosen: the longest registered type is below 130 bytes).
    private static let longestType = 160

    /// - Returns: the package's own media type, or `nil` for a plain zip.
    static func of(_ structure: ZipStructure, in content: Span<UInt8>, _ context: inout InspectionContext) -> MediaType?
    {
        declared(structure.entries, content, &context) ?? of(entries: structure.entries)
    }

    /// EPUB and OpenDocument say what they are in a stored member `mimetype` (EPUB OCF 4.3, ODF 1.3 part 2, 3.3).
    private static func declared(
        _ entries: [ZipEntry], _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> MediaType? {
        guard let entry = entries.first(where: { $0.name == Array("mimetype".utf8) }), entry.declaredSize <= longestType
        else { return nil }
        // Only a look: what is wrong with the member is found when the archive is walked.
        let (log, container) = (context.log, context.entry)
        defer { (context.log, context.entry) = (log, container) }
        var text: [UInt8] = []
        let whole = ZipStructure.expand(entry, in: content, &context) { piece, _ in
            text += piece.copy(0..<piece.count)
            return text.count <= longestType
        }
        guard whole else { return nil }
        let type = String(decoding: text, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
        guard type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ";") }) else { return nil }
        let isFirst = entry.method == 0 && entry.name == entries[0].name
        let known = ["application/epub+zip", "application/vnd.oasis.opendocument.", "application/vnd.sun.xml."]
        // Elsewhere than at its place it may be anybody's file: then only the formats that are known to move it are believed.
        return (isFirst && (type.hasPrefix("application/") || type.hasPrefix("image/")))
            || known.contains(where: type.hasPrefix)
            ? MediaType(type) : nil
    }

    /// The kind that the names alone show.
    static func of(entries: [ZipEntry]) -> MediaType? {
        var names = Set<String>()
        for entry in entries { names.insert(String(decoding: entry.name, as: UTF8.self)) }
        func has(_ name: String) -> Bool { names.contains(name) }
        func any(_ test: (String) -> Bool) -> Bool { names.contains(where: test) }
        func top(_ suffix: String) -> Bool { any { $0.hasSuffix(suffix) && !$0.contains("/") } }

        if has("AndroidManifest.xml"), has("classes.dex") || has("resources.arsc") || any({ $0.hasPrefix("META-INF/") })
        {
            return "application/vnd.android.package-archive"
        }
        if has("BundleConfig.pb"), has("base/manifest/AndroidManifest.xml") {
            return "application/x-android-app-bundle"
        }
        if has("META-INF/container.xml") { return "application/epub+zip" }
        if has("META-INF/manifest.xml"), has("content.xml") { return "application/vnd.oasis.opendocument" }
        if has("META-INF/mozilla.rsa") || has("META-INF/cose.sig") || has("install.rdf") {
            return "application/x-xpinstall"
        }
        if has("WEB-INF/web.xml") || has("WEB-INF/")
            || any({ $0.hasPrefix("WEB-INF/classes/") || $0.hasPrefix("WEB-INF/lib/") })
        {
            return "application/x-webarchive"
        }
        if has("META-INF/application.xml") || has("META-INF/MANIFEST.MF") && isProgram(names) {
            return "application/java-archive"
        }
        if (has("Index.zip") && any { $0.hasPrefix("Metadata/") })
            || any({ $0.hasPrefix("Index/") && $0.hasSuffix(".iwa") })
            || has("buildVersionHistory.plist")
            || has("Metadata/BuildVersionHistory.plist")
        {
            return iWork(names)
        }
        if has("index.apxl") || has("index.apxl.gz") { return "application/vnd.apple.keynote" }
        if has("index.xml"), has("buildVersionHistory.plist") || has("QuickLook/Thumbnail.jpg") {
            return "application/vnd.apple.iwork"
        }
        if any({ $0.hasPrefix("Payload/") && $0.contains(".app/") && $0.hasSuffix("Info.plist") }) {
            return "application/x-ios-app"
        }
        if any({ $0.hasSuffix(".dist-info/WHEEL") && $0.split(separator: "/").count == 2 }) {
            return "application/x-wheel+zip"
        }
        if has("EGG-INFO/PKG-INFO") { return "application/x-python-egg" }
        if has("doc.kml") { return "application/vnd.google-earth.kmz" }
        if has("document.json"), has("meta.json"), any({ $0.hasPrefix("pages/") }) { return "application/x-sketch" }
        if has("manifest.json"),
            any({ ["background.js", "_locales/", "popup.html"].contains($0) || $0.hasPrefix("_locales/") })
        {
            return "application/x-xpinstall"
        }
        if has("AppxManifest.xml") || has("AppxMetadata/AppxBundleManifest.xml") { return "application/appx" }
        if has("extension.vsixmanifest") { return "application/vsix" }
        if top(".nuspec") { return "application/vnd.nuget.package" }
        return nil
    }

    /// `jar cf` is the zip of hosts without zip: only classes, or archives of them, make it a program, and so does having nothing but pictures and
    /// sounds, as libraries of resources have.
    private static func isProgram(_ names: Set<String>) -> Bool {
        let endings = Set(
            names.lazy.filter { !$0.hasPrefix("META-INF/") && !$0.hasSuffix("/") }.map { name in
                name.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased() ?? ""
            })
        return !endings.isDisjoint(with: ["class", "jar", "war", "dex"])
            || endings.isSubset(of: ["jpg", "jpeg", "png", "gif", "ico", "bmp", "wav", "mp3", "ttf"])
    }

    /// Which of the three: only Numbers has tables at the top, only Keynote slides (measured on files of all three).
    private static func iWork(_ names: Set<String>) -> MediaType {
        if names.contains(where: { $0.hasPrefix("Index/Slide") || $0.hasPrefix("Index/MasterSlide") }) {
            return "application/vnd.apple.keynote"
        }
        if names.contains(where: { $0.hasPrefix("Index/Tables/") }), names.contains("Index/CalculationEngine.iwa"),
            names.contains(where: { $0.hasPrefix("Index/Tables/DataList") }), !names.contains("Index/Section.iwa")
        {
            return "application/vnd.apple.numbers"
        }
        return names.contains("Index/Document.iwa") ? "application/vnd.apple.pages" : "application/vnd.apple.iwork"
    }
}
