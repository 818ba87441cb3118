// Groups of file types that have the same cheapest remedy. Recognized content decides; the extension decides where the content was not
// recognized.

import SluiceModel

/// The kind of a file, as far as its remedy goes.
enum FileFamily {
    case text, page, wordProcessing, spreadsheet, presentation, picture, compressed, archive, program, other

    init(_ type: MediaType) {
        let name = type.name
        if let known = Self.types[name] {
            self = known
        } else if type.isProgram {
            self = .program
        } else if type.isUnreadableContainer {
            self = .archive
        } else if let family = Self.prefixes.first(where: { name.hasPrefix($0.prefix) }) {
            self = family.family
        } else {
            self = .other
        }
    }

    init(_ fileExtension: FileExtension) {
        self = Self.extensions.first { $0.value.contains(fileExtension.text) }?.key ?? .other
    }

    private static let types: [String: FileFamily] = [
        "text/html": .page, "application/xhtml+xml": .page, "image/svg+xml": .page, "multipart/related": .page,
        "application/xslt+xml": .page,
        "text/x-php": .other, "text/rtf": .wordProcessing, "application/rtf": .wordProcessing,
        "application/msword": .wordProcessing, "application/vnd.ms-works": .wordProcessing,
        "application/x-mswrite": .wordProcessing, "application/x-hwp": .wordProcessing,
        "application/vnd.apple.pages": .wordProcessing, "application/vnd.apple.numbers": .spreadsheet,
        "application/vnd.apple.keynote": .presentation, "application/vnd.ms-excel": .spreadsheet,
        "application/x-sylk": .spreadsheet, "text/x-sylk": .spreadsheet, "application/x-dbf": .spreadsheet,
        "application/vnd.ms-powerpoint": .presentation, "application/gzip": .compressed,
        "application/x-xz": .compressed,
        "application/zstd": .compressed, "application/x-bzip2": .compressed, "application/x-lzma": .compressed,
        "application/x-lz4": .compressed, "application/x-compress": .compressed, "application/x-lzip": .compressed,
        "application/x-cpio": .archive, "application/x-archive": .archive,
    ]

    private static let prefixes: [(prefix: String, family: FileFamily)] = [
        ("application/vnd.openxmlformats-officedocument.wordprocessingml", .wordProcessing),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml", .spreadsheet),
        ("application/vnd.openxmlformats-officedocument.presentationml", .presentation),
        ("application/vnd.ms-word", .wordProcessing), ("application/vnd.ms-excel", .spreadsheet),
        ("application/vnd.ms-powerpoint", .presentation), ("application/vnd.oasis.opendocument.text", .wordProcessing),
        ("application/vnd.oasis.opendocument.spreadsheet", .spreadsheet),
        ("application/vnd.oasis.opendocument.presentation", .presentation), ("image/", .picture), ("text/", .text),
    ]

    private static let extensions: [FileFamily: Set<String>] = [
        .text: [
            "log", "out", "err", "trc", "trace", "conf", "cfg", "cnf", "ini", "json", "jsonl", "ndjson", "yaml", "yml",
            "xml",
            "toml", "properties", "md", "rst", "sql", "env", "text", "tsv", "eml", "service", "rules", "old", "bak",
            "prn",
        ],
        .page: ["html", "htm", "xhtml", "mht", "mhtml", "svg"],
        .wordProcessing: [
            "docm", "dot", "dotx", "dotm", "rtf", "odt", "ott", "fodt", "pages", "wps", "wpd", "wri", "hwp",
        ],
        .spreadsheet: [
            "xlsm", "xlsb", "xlt", "xltx", "xltm", "ods", "ots", "fods", "numbers", "slk", "dif", "dbf", "xla", "xlam",
        ],
        .presentation: ["ppt", "pptx", "pptm", "pps", "ppsx", "odp", "key", "pot", "potx"],
        .picture: [
            "gif", "webp", "tif", "tiff", "heic", "heif", "avif", "ico", "psd", "jp2", "jxl", "jfif", "jpe", "tga",
            "pcx",
            "raw", "dib", "xcf",
        ],
        .compressed: ["gz", "tgz", "bz2", "tbz2", "xz", "txz", "zst", "lz4", "lzma", "z", "lz"],
        .archive: [
            "rar", "7z", "cab", "iso", "img", "arj", "ace", "lzh", "lha", "wim", "vhd", "vhdx", "vmdk", "dmg", "cpio",
        ],
        .program: [
            "exe", "com", "scr", "pif", "bat", "cmd", "msi", "dll", "cpl", "lnk", "hta", "vbs", "vbe", "js", "jse",
            "wsf", "wsh",
            "ps1", "jar", "sh", "apk", "app", "deb", "rpm", "sys", "so", "class", "chm", "reg", "url", "msix", "appx",
        ],
    ]
}
