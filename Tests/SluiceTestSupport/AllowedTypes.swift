// One honest file of every type that the portal's policy allows, for tests that go over all of them.

/// The thirteen allowed extensions and a built file for each.
public enum AllowedTypes {
    public static let extensions = [
        "doc", "docx", "xls", "xlsx", "csv", "txt", "pdf", "bmp", "jpg", "jpeg", "png", "tar", "zip",
    ]
    /// Any bytes that are text are honest text: two of these behind each other are one thing.
    public static let text: Set<String> = ["csv", "txt"]

    public static func file(_ fileExtension: String) -> [UInt8] {
        switch fileExtension {
        case "doc": OfficeBuilder.wordFile().build()
        case "docx": OpenXMLBuilder.word().build()
        case "xls": OfficeBuilder.excelFile().build()
        case "xlsx": OpenXMLBuilder.excel().build()
        case "csv": Array("host,errors,checked\nalpha,3,2026-01-02\nbeta,0,2026-01-02\ngamma,12,2026-01-03\n".utf8)
        case "txt": TextBuilder.log(lines: 40)
        case "pdf": document.bytes
        case "bmp": BMPBuilder().bytes
        case "jpg", "jpeg": JPEGBuilder.image().bytes
        case "png": PNGBuilder.image().bytes
        case "tar": TarBuilder().entry("app.log", TextBuilder.log(lines: 40)).build()
        case "zip": ZipBuilder().file(Array("app.log".utf8), TextBuilder.log(lines: 40)).build()
        default: preconditionFailure("no allowed extension: \(fileExtension)")
        }
    }

    /// A document of ASCII only.
    public static var document: PDFBuilder { PDFBuilder { $0.header = "%PDF-1.7\n" } }
}
