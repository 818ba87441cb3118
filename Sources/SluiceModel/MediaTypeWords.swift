// Media types in a customer's words: "a Word document", "a PNG picture". Sentences for people use these instead of a type's name.

extension MediaType {
    /// The words with their article; `nil` for a type without an everyday word.
    public var words: String? {
        if let words = Self.words[name] { return words }
        if let family = Self.families.first(where: { name.hasPrefix($0.prefix) }) { return family.words }
        return nil
    }

    /// The words, or the type's name where there are none.
    public var shown: String { words ?? name }

    private static let words: [String: String] = [
        "text/plain": "plain text", "text/csv": "a table in text (CSV)", "text/html": "a web page (HTML)",
        "text/rtf": "Rich Text (RTF)", "application/rtf": "Rich Text (RTF)", "application/json": "JSON",
        "application/xml": "XML", "text/xml": "XML", "application/xhtml+xml": "a web page (XHTML)",
        "image/svg+xml": "a drawing with program code in it (SVG)", "text/x-php": "PHP code",
        "text/x-script": "a script", "text/x-server-page": "a server page (ASP, JSP)",
        "application/xslt+xml": "XML that runs a style sheet (XSLT)", "message/rfc822": "an e-mail",
        "multipart/related": "a saved web page (MHTML)",
        "application/postscript": "PostScript", "text/vcard": "a business card (vCard)",
        "text/calendar": "a calendar entry", "application/x-sylk": "a spreadsheet in SYLK",
        "text/x-sylk": "a spreadsheet in SYLK",
        "application/pdf": "a PDF document",
        "application/msword": "a Word 97–2003 document", "application/vnd.ms-excel": "an Excel 97–2003 workbook",
        "application/vnd.ms-powerpoint": "a PowerPoint 97–2003 presentation",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "a Word document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template": "a Word template",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "an Excel workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template": "an Excel template",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "a PowerPoint presentation",
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow": "a PowerPoint show",
        "application/x-encrypted-office": "an Office document with a password",
        "application/x-ole-storage": "an Office file of a kind that could not be told",
        "application/vnd.ms-outlook": "an Outlook message", "application/vnd.ms-works": "a Works document",
        "application/vnd.visio": "a Visio drawing", "application/onenote": "a OneNote section",
        "application/epub+zip": "an e-book (EPUB)",
        "image/png": "a PNG picture", "image/jpeg": "a JPEG picture", "image/bmp": "a BMP picture",
        "image/gif": "a GIF picture", "image/webp": "a WebP picture", "image/tiff": "a TIFF picture",
        "image/heic": "a HEIC picture", "image/heif": "a HEIF picture", "image/avif": "an AVIF picture",
        "image/vnd.adobe.photoshop": "a Photoshop picture", "image/x-icon": "an icon",
        "image/vnd.microsoft.icon": "an icon",
        "application/x-tar": "a tar archive", "application/zip": "a zip archive",
        "application/gzip": "a file compressed with gzip", "application/x-xz": "a file compressed with xz",
        "application/zstd": "a file compressed with zstd", "application/x-bzip2": "a file compressed with bzip2",
        "application/x-lzma": "a file compressed with LZMA", "application/x-lz4": "a file compressed with LZ4",
        "application/x-compress": "a file compressed with compress",
        "application/x-lzip": "a file compressed with lzip",
        "application/vnd.rar": "a RAR archive", "application/x-rar": "a RAR archive",
        "application/x-7z-compressed": "a 7-Zip archive",
        "application/vnd.ms-cab-compressed": "a Windows cabinet (CAB)",
        "application/x-iso9660-image": "a disc image (ISO)", "application/x-vhd": "a disk image (VHD)",
        "application/x-vhdx": "a disk image (VHDX)", "application/x-vmdk": "a disk image (VMDK)",
        "application/vnd.ms-htmlhelp": "a Windows help file (CHM)", "application/x-ms-wim": "a Windows image (WIM)",
        "application/x-ace-compressed": "an ACE archive", "application/x-arj": "an ARJ archive",
        "application/x-lzh-compressed": "an LZH archive", "application/x-cpio": "a cpio archive",
        "application/x-archive": "an ar archive", "application/java-archive": "a Java program (JAR)",
        "application/java-vm": "a Java program (class)", "application/x-ms-shortcut": "a Windows shortcut",
        "application/x-msi": "a Windows installer", "application/x-elf": "a Linux program",
        "application/vnd.microsoft.portable-executable": "a Windows program",
        "application/x-dosexec": "a Windows program",
        "application/x-mach-binary": "a macOS program", "application/x-coredump": "a core dump",
        "application/x-ms-minidump": "a Windows crash dump",
        "application/x-ms-memory-dump": "a Windows crash dump", "application/x-java-heap-dump": "a Java heap dump",
        "application/x-ms-evtx": "a Windows event log",
        "application/vnd.tcpdump.pcap": "a packet capture", "application/x-pcapng": "a packet capture",
        "application/vnd.sqlite3": "a SQLite database", "application/x-sqlite3": "a SQLite database",
        "application/x-empty": "empty", "application/wasm": "a program (WebAssembly)",
        "application/vnd.android.package-archive": "an Android app",
        "application/vnd.debian.binary-package": "a Debian package", "application/x-rpm": "an RPM package",
    ]

    private static let families: [(prefix: String, words: String)] = [
        ("application/vnd.ms-word.", "a macro-enabled Word document"),
        ("application/vnd.ms-excel.", "a macro-enabled or binary Excel workbook"),
        ("application/vnd.ms-powerpoint.", "a macro-enabled PowerPoint file"),
        ("application/vnd.oasis.opendocument.text", "an OpenDocument text"),
        ("application/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet"),
        ("application/vnd.oasis.opendocument.presentation", "an OpenDocument presentation"),
        ("application/vnd.openxmlformats", "an Office document"), ("application/vnd.apple.", "an Apple iWork document"),
        ("audio/", "a sound recording"), ("video/", "a video"), ("font/", "a font"), ("image/", "a picture"),
    ]
}

extension RecognizedType {
    /// The words for the content. A type that only libmagic guessed is called a guess, and is left out where it has no everyday word.
    /// - Parameter guess: libmagic's answer, where it was asked.
    public func words(guess: MediaType?) -> String {
        switch basis {
        case .none:
            let guessed = mediaType == .unknown ? guess : mediaType
            guard let guessed, guessed != .plainText, let words = guessed.words else {
                return "of a kind that could not be recognized"
            }
            return "perhaps \(words)"
        case .signature, .structure, .proven: return mediaType.words ?? "of the type \(mediaType.name)"
        }
    }
}
