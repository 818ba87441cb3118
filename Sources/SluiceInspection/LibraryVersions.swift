// The versions of the C libraries of the inspection, for `sluice doctor`.

internal import CArchive
private import CExpat
internal import CZlib

/// The libraries in this program.
public enum LibraryVersions {
    /// Lines of name, version and purpose, separated by tabs; the version is `missing` where something cannot be used.
    public static var lines: [String] {
        let magic = MagicDatabase()
        magic.load()
        let database = magic.loadFailure.map { "missing\t\($0)" } ?? "loaded\t\(magic.loadedPath ?? "")"
        return [
            "libarchive\t\(String(cString: archive_version_details()))\tthe second reader of zip and tar",
            "libmagic\t\(MagicDatabase.libraryVersion)\tthe second witness for what is not proven",
            "magic database\t\(database)",
            "expat\t\(String(cString: XML_ExpatVersion()).replacing("expat_", with: ""))\tthe XML inside office documents",
            "zlib\t\(String(cString: zlibVersion()))\tcompressed parts of documents, beside ISA-L for archives",
        ]
    }
}
