// What a desktop does with a file because of its name alone. One list for members of archives, for files inside documents, and for
// attachments whose names no policy lists.

/// What happens when a person opens a file of this name on a desktop.
public enum NameDanger: Sendable, Hashable {
    /// The desktop starts a program, loads something from elsewhere or changes settings. Quarantined, whatever the content is.
    case startsByItself
    /// A script or page that administrators and log collectors send for honest reasons. Accepted, with a finding.
    case script

    /// - Parameters:
    ///   - name: a path or a name, as bytes; only its last part counts. ASCII case makes no difference, nor do dots and blanks at the
    ///     end, which Windows drops.
    ///   - isText: whether the content is known to be text. Then a name that needs machine code to start is harmless.
    ///   - inProject: whether the file lies among the files of a project or a saved page, which are full of JavaScript.
    public static func of(
        _ name: [UInt8], isText: Bool = false, inProject: Bool = false
    ) -> NameDanger? {
        var end = name.endIndex
        // Windows drops dots and blanks at the end.
        while end > 0, name[end - 1] == UInt8(ascii: ".") || name[end - 1] == 0x20 {
            end -= 1
        }
        let whole = name[..<end]
        let separator = whole.lastIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        let part = separator.map { whole[whole.index(after: $0)...] } ?? whole[...]
        // The name of an NTFS data stream: Windows opens `x.hta::$DATA` as `x.hta`. No honest file has such a name.
        if let dollar = part.lastIndex(of: UInt8(ascii: "$")), dollar > part.startIndex,
            part[part.index(before: dollar)] == UInt8(ascii: ":")
        {
            return .startsByItself
        }
        // Another stream of a file that a desktop starts. (In honest names a colon is followed by a time, for instance.)
        if let colon = part.firstIndex(of: UInt8(ascii: ":")), of(Array(part[..<colon])) == .startsByItself {
            return .startsByItself
        }
        guard let dot = part.lastIndex(of: UInt8(ascii: ".")), part.endIndex - dot <= longestExtension else {
            return nil
        }
        let ending = lowercased(part[part.index(after: dot)...])
        let stem = part[..<dot]
        if starting.contains(ending) || isClassIdentifier(ending) {
            let folders = separator.map { whole[..<$0] } ?? whole[..<whole.startIndex]
            return isHonest(ending, stem, folders, isText: isText) ? nil : .startsByItself
        }
        if ending == "js" { return inProject && !documents.contains(inner(stem)) ? .script : .startsByItself }
        if ending == "inf" { return lowercased(stem) == "autorun" ? .startsByItself : nil }
        return scripts.contains(ending) ? .script : nil
    }

    /// The longest extension in the lists, with its dot: a class identifier.
    private static let longestExtension = 40

    /// ASCII only, as the extensions of Windows are.
    private static func lowercased(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// The extension before the last one; empty where there is none.
    private static func inner(_ stem: ArraySlice<UInt8>) -> String {
        stem.lastIndex(of: UInt8(ascii: ".")).map { lowercased(stem[stem.index(after: $0)...]) } ?? ""
    }

    /// Names that end like a program's name and are something else in common use.
    private static func isHonest(
        _ ending: String, _ stem: ArraySlice<UInt8>, _ folders: ArraySlice<UInt8>,
        isText: Bool
    ) -> Bool {
        switch ending {
        // Files are named after hosts: `access.log-www.example.com`. Windows starts a .com file only where it is machine code.
        case "com":
            let inner = inner(stem)
            return !documents.contains(inner) && (isText || !inner.isEmpty)
        // Every icon theme has such a file; Windows' themes have other names.
        case "theme": return lowercased(stem) == "index"
        // The folders where Linux systems keep such files. Anywhere else such a file pretends to be a document.
        case "desktop":
            return folders.split(separator: UInt8(ascii: "/")).contains { desktopFolders.contains(lowercased($0)) }
        default: return false
        }
    }

    /// Windows hides `.{CLSID}` and opens the file with that class.
    private static func isClassIdentifier(_ ending: String) -> Bool {
        let characters = Array(ending.utf8)
        guard characters.count == 38, characters.first == UInt8(ascii: "{"), characters.last == UInt8(ascii: "}") else {
            return false
        }
        return characters[1..<37].allSatisfy {
            $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
        }
    }

    /// Extensions that Windows, macOS or a Linux desktop starts or follows on a double click (chosen from the block lists of Outlook,
    /// learn.microsoft.com "Blocked attachments in Outlook", and of Gmail).
    private static let starting: Set<String> = [
        // Programs, packages of programs and what stands for them
        "appinstaller", "application", "appref-ms", "appx", "appxbundle", "com", "cpl", "crx", "diagcab", "diagcfg",
        "diagpkg", "exe", "gadget", "jar", "jnlp", "lnk", "msc", "msi", "msix", "msixbundle", "msp", "mst", "msu",
        "pif", "ppkg", "pyc", "pyo", "pyw", "pyz", "pyzw", "scf", "scr", "shb", "shs", "wpk", "wsb", "xbap", "xll",
        // Scripts of the desktop's own hosts
        "hta", "jse", "sct", "vbe", "vbs", "vsmacros", "ws", "wsc", "wsf", "wsh", "msh", "msh1", "msh2", "mshxml",
        "psc1",
        "command", "scpt", "terminal",
        // What leads elsewhere or changes settings
        "chm", "contact", "deskthemepack", "desktop", "dqy", "fileloc", "hlp", "inetloc", "iqy", "library-ms",
        "mobileconfig", "oqy", "printerexport", "rdp", "rqy", "search-ms", "searchconnector-ms", "settingcontent-ms",
        "slk", "theme", "themepack", "udl", "url", "webloc", "website",
    ]

    private static let scripts: Set<String> = [
        "bat", "cmd", "ps1", "psm1", "psd1", "ps1xml", "sh", "bash", "zsh", "ksh", "csh", "reg", "html", "htm", "xhtml",
        "svg", "mht", "mhtml", "php", "py", "rb", "pl",
    ]

    /// Extensions with which a script pretends to be a document: `invoice.pdf.js`.
    private static let documents: Set<String> = [
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "rtf", "txt", "log", "jpg", "jpeg", "png", "gif", "zip",
    ]

    private static let desktopFolders: Set<String> = [
        "xdg", "autostart", "applications", "xsessions", "wayland-sessions", "desktop-directories", "kservices5",
        "services",
        "session",
    ]
}
