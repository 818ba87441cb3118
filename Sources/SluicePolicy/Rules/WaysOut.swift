// The cheapest way to have a refused attachment accepted, for each pair of a name and what the content is: in words for a person and as remedies
// for a program. Following it leads to `accepted`; where it does not, the words say that a person will look.

import SluiceModel

/// One way out: the sentence, and what a program can follow of it.
struct WayOut {
    var words: String
    var remedies: [Remedy]

    init(_ words: String, _ remedies: Remedy...) {
        self.words = words
        self.remedies = remedies
    }
}

/// Works out the way for one submission under one policy.
struct WaysOut {
    let policy: Policy
    let name: DeclaredName

    // MARK: The content is known

    /// - Parameter recognized: what the content is, which is not what the name says.
    func from(_ recognized: RecognizedType) -> WayOut {
        if recognized.basis >= .structure, let found = extensionFor(recognized.mediaType) {
            let renamed = renamed(to: found)
            return WayOut("Rename the file to \(show(renamed)) and send it again.", Remedy(.rename, to: renamed))
        }
        if recognized.basis == .none, recognized.mediaType == .unknown { return unknownContent(recognized) }
        return known(recognized.mediaType) ?? packed("Put the file, as it is, into a .zip and send that.")
    }

    /// What a type that no extension of the policy stands for can become.
    private func known(_ type: MediaType) -> WayOut? {
        let wasTable = ["xls", "xlsx", "csv"].contains(name.fileExtension.text)
        let wasDocument = ["doc", "docx"].contains(name.fileExtension.text)
        if type.isProgram { return program() }
        switch type.name {
        case "text/rtf", "application/rtf": return saved("docx", with: "Word")
        case "text/html", "application/xhtml+xml", "application/xml", "multipart/related", "message/rfc822",
            "application/x-ole-storage":
            if wasTable {
                let way = saved("xlsx", with: "Excel")
                return WayOut(
                    "\(way.words) Or save it as .csv.", way.remedies[0],
                    Remedy(.saveAs, to: renamed(to: "csv"), with: "Excel"))
            }
            if wasDocument { return saved("docx", with: "Word") }
            return type == .html ? saved("pdf", with: "a browser") : nil
        case "application/vnd.oasis.opendocument.text", "application/vnd.ms-word.document.macroenabled.12",
            "application/vnd.ms-word.document.macroEnabled.12", "application/vnd.ms-word.template.macroenabled.12",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template":
            return saved("docx", with: "Word")
        case "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.ms-excel.sheet.macroenabled.12",
            "application/vnd.ms-excel.sheet.macroEnabled.12", "application/vnd.ms-excel.sheet.binary.macroenabled.12",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.template":
            return saved("xlsx", with: "Excel")
        case "application/vnd.ms-powerpoint", "application/vnd.oasis.opendocument.presentation",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation":
            return saved("pdf", with: "PowerPoint")
        case "application/vnd.ms-outlook": return saved("pdf", with: "Outlook")
        case "application/gzip", "application/x-gzip": return unpacked("gunzip")
        case "application/x-xz": return unpacked("unxz")
        case "application/zstd": return unpacked("unzstd")
        case "application/x-bzip2": return unpacked("bunzip2")
        case "application/x-lz4", "application/x-lzma", "application/x-lzip", "application/x-compress":
            return unpacked("the program that made it")
        case _ where type.isUnreadableContainer:
            return packed("Unpack the file, put what was in it into a .zip, and send that.")
        case _ where type.name.hasPrefix("image/") && !["image/png", "image/jpeg", "image/bmp"].contains(type.name):
            return saved("png", with: "an image viewer")
        default: return nil
        }
    }

    private func unknownContent(_ recognized: RecognizedType) -> WayOut {
        let isText = ["txt", "csv", "log"].contains(name.fileExtension.text)
        return packed(
            isText
                ? "If it is text, open it in an editor, save it as UTF-8 and send that; if not, put it, as it is, into a .zip."
                : "Open the file to see whether it is whole, save it again with the program that made it, and send that; or put it, as it is, into a .zip."
        )
    }

    // MARK: Only the name is known

    /// For an extension that the policy does not allow.
    /// - Parameter recognized: `nil` where the content was not read.
    func fromExtension(_ recognized: RecognizedType?) -> WayOut {
        let given = name.fileExtension.text
        if NameDanger.of(name.bytes) == .startsByItself || recognized?.mediaType.isProgram == true { return program() }
        if let recognized, recognized.basis >= .structure, let found = extensionFor(recognized.mediaType) {
            let isText = found == "txt" || found == "csv"
            let renamed = isText ? appended(found) : renamed(to: found)
            return WayOut("Rename the file to \(show(renamed)) and send it again.", Remedy(.rename, to: renamed))
        }
        if let recognized, recognized.basis >= .structure, let way = known(recognized.mediaType) { return way }
        if let same = Self.spellings[given], allows(same) {
            let renamed = renamed(to: same)
            return WayOut("Rename the file to \(show(renamed)) and send it again.", Remedy(.rename, to: renamed))
        }
        for (extensions, wanted, program) in Self.savable where extensions.contains(given) {
            return saved(wanted, with: program)
        }
        if Self.compressed.contains(given) {
            return packed("Unpack the file, put what was in it into a .zip, and send that.")
        }
        if isTextName(given), allows("txt") {
            let renamed = appended("txt")
            return WayOut(
                "If it is text, rename the file to \(show(renamed)) and send it again; if not, put it, as it is, into a .zip.",
                Remedy(.rename, to: renamed), Remedy(.compress, to: archiveName))
        }
        return packed("Put the file, as it is, into a .zip and send that.")
    }

    /// Other spellings of allowed extensions.
    private static let spellings: [String: FileExtension] = [
        "jfif": "jpg", "jpe": "jpg", "jif": "jpg", "pjpeg": "jpg", "dib": "bmp", "apng": "png", "text": "txt",
    ]

    /// What another program can save as something that is allowed.
    private static let savable: [(Set<String>, FileExtension, String)] = [
        (
            ["gif", "tif", "tiff", "webp", "heic", "heif", "avif", "ico", "svg", "psd", "jp2", "jxl", "tga", "eps"],
            "png", "an image viewer"
        ),
        (["docm", "dotx", "dotm", "dot", "odt", "ott", "rtf", "wps", "wpd", "pages", "fodt"], "docx", "Word"),
        (["xlsm", "xlsb", "xltx", "xltm", "xlt", "ods", "ots", "numbers", "fods"], "xlsx", "Excel"),
        (["ppt", "pptx", "pptm", "pps", "ppsx", "odp", "key"], "pdf", "PowerPoint"),
        (["html", "htm", "xhtml", "mht", "mhtml"], "pdf", "a browser"),
        (["eml", "msg"], "pdf", "the mail program"),
    ]

    private static let compressed: Set<String> = [
        "7z", "rar", "cab", "iso", "img", "arj", "lzh", "lha", "ace", "vhd", "vhdx", "vmdk", "zipx", "dmg",
    ]

    /// Names of text that have no other meaning, numbers behind rotated logs among them.
    private func isTextName(_ given: String) -> Bool {
        given.isEmpty || given.allSatisfy { $0.isASCII && $0.isNumber } || Self.texts.contains(given)
    }

    private static let texts: Set<String> = [
        "log", "conf", "cfg", "config", "cnf", "ini", "inf", "properties", "json", "jsonl", "ndjson", "yaml", "yml",
        "toml", "env", "md", "rst", "out", "err", "trace", "stdout", "stderr", "sql", "tsv", "lst", "list", "diff",
        "patch", "old", "bak", "prev", "dump", "status", "audit", "messages", "syslog", "ans", "asc", "nfo", "me",
    ]

    // MARK: The kinds of ways

    private func saved(_ wanted: FileExtension, with program: String) -> WayOut {
        guard allows(wanted) else { return packed("Put the file, as it is, into a .zip and send that.") }
        return WayOut(
            "Open the file in \(program) and save it as \(wanted).",
            Remedy(.saveAs, to: renamed(to: wanted), with: program))
    }

    private func unpacked(_ program: String) -> WayOut {
        packed("Unpack the file once (\(program)) and send what was in it; or put it into a .zip.")
    }

    /// Under a policy without .zip nothing of it holds.
    private func packed(_ words: String) -> WayOut {
        guard allows("zip") else {
            return WayOut(
                "Save it as one of the allowed types (\(policy.types.map(\.fileExtension.description).joined(separator: " ")))."
            )
        }
        return WayOut(words, Remedy(.compress, to: archiveName))
    }

    private func program() -> WayOut {
        guard allows("zip") else {
            return WayOut("Programs are not taken here; send what support asked for without them.")
        }
        return WayOut(
            "Programs and what starts them are not taken here. If support asked for it, send it in a .zip: a person will look at it before it is handed on."
        )
    }

    // MARK: Names

    /// The extension that stands for a type first of all; none where the type is only set apart or could not be checked under it.
    private func extensionFor(_ type: MediaType) -> FileExtension? {
        if type == .encryptedOffice || type == .empty { return nil }
        let rule =
            policy.types.first { $0.recognized.first == type } ?? policy.types.first { $0.recognized.contains(type) }
        guard let rule, rule.fileExtension != name.fileExtension else { return nil }
        return rule.fileExtension
    }

    private func allows(_ wanted: FileExtension) -> Bool { policy.types.contains { $0.fileExtension == wanted } }

    /// The name with another last extension; a double one such as `.tar.gz` goes as a whole.
    private func renamed(to wanted: FileExtension) -> String {
        stem + wanted.description
    }

    private func appended(_ wanted: FileExtension) -> String { name.text + wanted.description }

    private var archiveName: String { stem + ".zip" }

    private var stem: String {
        let text = name.text
        guard let dot = text.lastIndex(of: "."), dot != text.startIndex else { return text }
        let once = text[..<dot]
        if once.lowercased().hasSuffix(".tar") { return String(once.dropLast(4)) }
        return String(once)
    }

    private func show(_ name: String) -> String { SafeText.display(name) }
}
