// Which content each extension of the built-in policies may have.

import SluiceModel

/// The recognized types and the answers of libmagic that agree with an extension.
enum TypeTable {
    static let portal: [TypeRule] = [
        TypeRule(
            "doc", recognized: [.word, .encryptedOffice],
            secondOpinions: [
                "application/msword", "application/CDFV2*", "application/x-ole-storage", "application/encrypted",
            ]),
        TypeRule(
            "docx", recognized: [.wordOpenXML, .encryptedOffice], secondOpinions: officePackage("wordprocessingml")),
        TypeRule(
            "xls", recognized: [.excel, .encryptedOffice],
            secondOpinions: [
                "application/vnd.ms-excel", "application/CDFV2*", "application/x-ole-storage", "application/encrypted",
            ]),
        TypeRule(
            "xlsx", recognized: [.excelOpenXML, .encryptedOffice], secondOpinions: officePackage("spreadsheetml")),
        TypeRule("csv", recognized: [.csv] + text, setApart: markup, secondOpinions: textOpinions),
        TypeRule("txt", recognized: text + [.csv], setApart: markup, secondOpinions: textOpinions),
        TypeRule("pdf", recognized: [.pdf], secondOpinions: ["application/pdf"]),
        TypeRule("bmp", recognized: [.bmp], secondOpinions: ["image/bmp", "image/x-ms-bmp"]),
        TypeRule("jpg", recognized: [.jpeg], secondOpinions: ["image/jpeg"]),
        TypeRule("jpeg", recognized: [.jpeg], secondOpinions: ["image/jpeg"]),
        TypeRule("png", recognized: [.png], secondOpinions: ["image/png", "image/apng", "image/vnd.mozilla.apng"]),
        TypeRule(
            "tar", recognized: [.tar],
            secondOpinions: ["application/x-tar", "application/x-gtar", "application/x-ustar"]),
        // A .docx or .xlsx that was renamed .zip is a zip, and is judged as the document that it is.
        TypeRule(
            "zip", recognized: [.zip, .wordOpenXML, .excelOpenXML],
            secondOpinions: [
                "application/zip", "application/octet-stream", "application/vnd.openxmlformats-officedocument.*",
            ]),
    ]

    static let bundle: [TypeRule] =
        ["log", "yaml", "yml", "conf", "cfg", "ini"].map { name in
            TypeRule(FileExtension(name), recognized: text + [.csv, .xml], secondOpinions: textOpinions)
        } + [
            TypeRule("json", recognized: [.json] + text, secondOpinions: textOpinions),
            TypeRule("xml", recognized: [.xml] + text, secondOpinions: textOpinions),
            TypeRule("gz", recognized: [.gzip], secondOpinions: gzip),
            TypeRule("tgz", recognized: [.gzip], secondOpinions: gzip),
            TypeRule("tar.gz", recognized: [.gzip], secondOpinions: gzip),
            TypeRule("xz", recognized: [.xz], secondOpinions: xz),
            TypeRule("txz", recognized: [.xz], secondOpinions: xz),
            TypeRule("tar.xz", recognized: [.xz], secondOpinions: xz),
            TypeRule("zst", recognized: [.zstandard], secondOpinions: zstandard),
            TypeRule("tar.zst", recognized: [.zstandard], secondOpinions: zstandard),
            TypeRule("bz2", recognized: [.bzip2], secondOpinions: bzip2),
            TypeRule("tbz2", recognized: [.bzip2], secondOpinions: bzip2),
            TypeRule("tar.bz2", recognized: [.bzip2], secondOpinions: bzip2),
            TypeRule(
                "evtx", recognized: [.eventLog], secondOpinions: ["application/x-ms-evtx", "application/octet-stream"]),
            TypeRule(
                "pcap", recognized: [.packetCapture, "application/x-pcapng"],
                secondOpinions: ["application/vnd.tcpdump.pcap", "application/x-pcapng", "application/octet-stream"]),
        ]

    private static let gzip = ["application/gzip", "application/x-gzip"]
    private static let xz = ["application/x-xz"]
    private static let zstandard = ["application/zstd", "application/x-zstd"]
    private static let bzip2 = ["application/x-bzip2", "application/bzip2"]

    /// The rule for text whose name no policy lists (`unlistedText`).
    /// - Parameter page: the name says that the file is a page or a script. Then markup agrees with the name.
    static func unlisted(page: Bool) -> TypeRule {
        let acting = markup.filter { ![.xml, "message/rfc822", "text/vcard", "text/calendar"].contains($0) }
        let pages: [MediaType] = [.html, "image/svg+xml", "text/x-php"]
        let taken = page ? acting.filter { !pages.contains($0) } : acting
        return TypeRule(
            "", recognized: text + [.csv, .xml, "message/rfc822", "text/vcard", "text/calendar"] + (page ? pages : []),
            setApart: taken, secondOpinions: textOpinions)
    }

    /// Text that programs read and do not run. It passes under a text extension.
    private static let text: [MediaType] = [.plainText, .json, "text/x-script", .xml, "message/rfc822", .empty]

    /// Text that acts when it is opened as what it is, or that belongs to another format.
    private static let markup: [MediaType] = [
        .html, "text/x-php", "text/x-server-page", "image/svg+xml", "application/xhtml+xml", "application/xslt+xml",
        "multipart/related", "application/x-sylk", "text/rtf", "application/postscript", "text/vcard", "text/calendar",
    ]

    private static let textOpinions = [
        "text/*", "application/csv", "application/json", "application/x-ndjson", "application/octet-stream",
        "application/javascript", "application/x-wine-extension-ini", "application/x-setupscript", "message/*",
        "inode/x-empty",
    ]

    private static func officePackage(_ family: String) -> [String] {
        [
            "application/vnd.openxmlformats-officedocument.\(family).*", "application/zip", "application/octet-stream",
            "application/encrypted", "application/CDFV2*", "application/x-ole-storage",
        ]
    }
}
