// What a desktop does with a file because of its name alone. The same list serves members of archives and files that a document carries.

/// What happens when a person opens a file of this name on a desktop.
public enum NameDanger: Sendable, Hashable {
    /// The desktop starts a program, loads something from elsewhere or changes settings: kept apart, whatever the content is.
    case startsByItself
    /// A script or page that administrators and log collectors carry honestly: taken, and told.
    case script

    /// - Parameter name: a path or a name, as bytes; only its last part counts. ASCII case and dots and blanks at the end, which Windows drops,
    ///   make no difference.
    public static func of(_ name: some BidirectionalCollection<UInt8>) -> NameDanger? {
        let last = name.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        var part = Array(last.map { name[name.index(after: $0)...] } ?? name[...])
        while let end = part.last, end == UInt8(ascii: ".") || end == UInt8(ascii: " ") { part.removeLast() }
        guard let dot = part.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let found = String(decoding: part[(dot + 1)...], as: UTF8.self).lowercased()
        if starting.contains(found) { return .startsByItself }
        return scripts.contains(found) ? .script : nil
    }

    /// Extensions that Windows, macOS or a Linux desktop starts or follows on a double click (chosen from the block lists of Outlook,
    /// learn.microsoft.com "Blocked attachments in Outlook", and of Gmail).
    private static let starting: Set<String> = [
        "appinstaller", "application", "appref-ms", "appx", "appxbundle", "chm", "com", "cpl",
        "crx", "desktop", "diagcab", "diagcfg", "diagpkg", "exe", "gadget", "hlp",
        "hta", "iqy", "jar", "jnlp", "js", "jse", "library-ms",
        "lnk", "msc", "msi", "msix", "msixbundle", "msp", "oqy", "pif", "printerexport", "pyc", "pyo", "pyz", "pyzw",
        "rdp", "rqy", "scf", "scr", "sct",
        "search-ms", "searchconnector-ms", "settingcontent-ms", "slk", "theme", "themepack", "url", "vbe", "vbs", "vhd",
        "vhdx", "vsmacros", "webloc", "website", "wpk", "ws",
        "wsb", "wsc", "wsf", "wsh", "xbap", "xll",
    ]

    private static let scripts: Set<String> = [
        "bat", "cmd", "ps1", "psm1", "psd1", "sh", "bash", "reg", "html", "htm", "xhtml", "svg", "mht", "mhtml", "php",
        "py", "rb",
    ]
}
