// Media types in a customer's words: "a Word document", "a PNG picture". One table for every sentence that a customer reads; programs go on
// reading the media type itself.

extension MediaType {
    /// With its article, as it stands in a sentence. A type without words of its own is told by its family, with the type in brackets.
    public var words: String {
        ownWords ?? "\(family) (\(name))"
    }

    /// `nil` where the type has no words of its own.
    fileprivate var ownWords: String? { Self.wordTable[name] }

    private var family: String {
        if isProgram { return "a program" }
        if isUnreadableContainer { return "a container of other files" }
        switch name.prefix(while: { $0 != "/" }) {
        case "text": return "text"
        case "image": return "a picture"
        case "audio": return "a sound recording"
        case "video": return "a video"
        case "font": return "a font"
        case "message": return "a mail message"
        default: return "a file of a special type"
        }
    }

    private static let wordTable: [String: String] = [
        "text/plain": "plain text", "text/csv": "a CSV table", "text/html": "an HTML page",
        "text/rtf": "Rich Text (RTF)",
        "application/rtf": "Rich Text (RTF)", "text/x-php": "a PHP program", "text/x-script": "a script",
        "text/vcard": "a contact card", "text/calendar": "a calendar entry", "text/xml": "an XML file",
        "text/x-shellscript": "a shell script", "text/x-python": "a Python program",
        "text/javascript": "a JavaScript file",
        "application/javascript": "a JavaScript file", "application/postscript": "a PostScript document",
        "application/pdf": "a PDF document", "application/json": "a JSON file", "application/x-ndjson": "a JSON file",
        "application/xml": "an XML file", "application/xhtml+xml": "an HTML page",
        "multipart/related": "a saved web page",
        "message/rfc822": "a mail message", "application/vnd.ms-outlook": "an Outlook message",
        "application/x-empty": "empty", "inode/x-empty": "empty", "application/octet-stream": "binary data",

        "image/png": "a PNG picture", "image/jpeg": "a JPEG picture", "image/bmp": "a BMP picture",
        "image/x-ms-bmp": "a BMP picture", "image/gif": "a GIF picture", "image/tiff": "a TIFF picture",
        "image/webp": "a WebP picture", "image/heic": "a HEIC picture", "image/heif": "a HEIF picture",
        "image/avif": "an AVIF picture", "image/svg+xml": "an SVG drawing", "image/jp2": "a JPEG 2000 picture",
        "image/jxl": "a JPEG XL picture", "image/vnd.adobe.photoshop": "a Photoshop picture",
        "image/x-tga": "a TGA picture",
        "image/vnd.microsoft.icon": "an icon", "image/x-eps": "an EPS drawing",

        "application/msword": "a Word document of the old kind (.doc)",
        "application/vnd.ms-excel": "an Excel workbook of the old kind (.xls)",
        "application/vnd.ms-powerpoint": "a PowerPoint presentation of the old kind (.ppt)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "a Word document (.docx)",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template": "a Word template (.dotx)",
        "application/vnd.ms-word.document.macroEnabled.12": "a Word document with macros (.docm)",
        "application/vnd.ms-word.document.macroenabled.12": "a Word document with macros (.docm)",
        "application/vnd.ms-word.template.macroenabled.12": "a Word template with macros (.dotm)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "an Excel workbook (.xlsx)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template": "an Excel template (.xltx)",
        "application/vnd.ms-excel.sheet.macroEnabled.12": "an Excel workbook with macros (.xlsm)",
        "application/vnd.ms-excel.sheet.macroenabled.12": "an Excel workbook with macros (.xlsm)",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12": "a binary Excel workbook (.xlsb)",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation":
            "a PowerPoint presentation (.pptx)",
        "application/vnd.oasis.opendocument.text": "an OpenDocument text (.odt)",
        "application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument table (.ods)",
        "application/vnd.oasis.opendocument.presentation": "an OpenDocument presentation (.odp)",
        "application/x-ole-storage": "an old Office file of no kind that is known here",
        "application/x-encrypted-office": "an encrypted Office document",
        "application/encrypted": "an encrypted Office document",
        "application/CDFV2": "an old Office file", "application/epub+zip": "an e-book (EPUB)",

        "application/zip": "a ZIP archive", "application/x-tar": "a tar archive", "application/gzip": "a gzip file",
        "application/x-gzip": "a gzip file", "application/x-xz": "an xz file", "application/zstd": "a Zstandard file",
        "application/x-bzip2": "a bzip2 file", "application/x-lz4": "an lz4 file", "application/x-lzma": "an lzma file",
        "application/x-lzip": "an lzip file", "application/x-compress": "a compressed file (.Z)",
        "application/vnd.rar": "a RAR archive", "application/x-rar": "a RAR archive",
        "application/x-7z-compressed": "a 7-Zip archive",
        "application/vnd.ms-cab-compressed": "a Windows cabinet (.cab)",
        "application/x-iso9660-image": "a disc image (.iso)", "application/x-vhd": "a disk image (.vhd)",
        "application/x-vhdx": "a disk image (.vhdx)", "application/x-vmdk": "a disk image (.vmdk)",
        "application/x-qemu-disk": "a disk image (.qcow2)", "application/x-cpio": "a cpio archive",
        "application/vnd.ms-htmlhelp": "a Windows help file (.chm)", "application/x-archive": "a Unix ar archive",

        "application/vnd.microsoft.portable-executable": "a Windows program",
        "application/x-dosexec": "a Windows program",
        "application/x-elf": "a Linux program", "application/x-executable": "a Linux program",
        "application/x-sharedlib": "a Linux program library", "application/x-mach-binary": "a macOS program",
        "application/java-vm": "a compiled Java class", "application/java-archive": "a Java program (.jar)",
        "application/x-java-archive": "a Java program (.jar)",
        "application/vnd.android.package-archive": "an Android app",
        "application/x-ms-shortcut": "a Windows shortcut (.lnk)", "application/x-msi": "a Windows installer (.msi)",
        "application/x-coredump": "a core dump", "application/x-ms-minidump": "a Windows crash dump",
        "application/x-ms-memory-dump": "a Windows memory dump", "application/x-java-heap-dump": "a Java heap dump",
        "application/x-ms-evtx": "a Windows event log", "application/x-ms-evt": "an old Windows event log (.evt)",
        "application/x-ms-etl": "a Windows trace log (.etl)", "application/vnd.tcpdump.pcap": "a network capture",
        "application/x-pcapng": "a network capture", "application/vnd.sqlite3": "a SQLite database",
        "application/x-systemd-journal": "a systemd journal",
        "application/x-ms-registry-hive": "a Windows registry hive",
        "application/x-bplist": "a property list of macOS",
    ]
}

extension RecognizedType {
    /// What the content is, in words. A name that only a guess from the first bytes stands behind is told as "perhaps", and only where it says
    /// something to a customer.
    public var words: String {
        guard basis == .none else { return mediaType.words }
        guard mediaType != .unknown, let words = mediaType.ownWords else { return "of no type that is known here" }
        return "perhaps \(words)"
    }
}
