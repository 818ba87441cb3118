// Files that are two things at once: a guest format at the place where its own readers look for it, inside a hole that the host's format leaves.
// Only zip (read from its end), tar (a checksum over the first block) and PDF (a header within the first 1 024 bytes) have such a place.

/// Builds a host around a guest.
public enum PolyglotBuilder {
    private static let log = TextBuilder.log(lines: 10)

    // MARK: A zip, read from its end

    /// The guest's end record gets a comment that covers what of the host follows it, so that the guest ends where the file ends.
    public static func zip(_ guest: [UInt8], in host: String) -> [UInt8]? {
        guard let plain = hole(host, guest) else { return nil }
        var tail = 0
        for start in plain.indices.dropLast(guest.count - 1) where plain[start] == guest[0] {
            if plain[start..<start + guest.count].elementsEqual(guest) { tail = plain.count - start - guest.count }
        }
        return hole(host, guest.dropLast(2) + littleEndian16(tail))
    }

    /// Any bytes in a place where the host's format allows any.
    private static func hole(_ host: String, _ bytes: [UInt8]) -> [UInt8]? {
        switch host {
        case "png": PNGBuilder.image().chunk("prVt", bytes).bytes
        case "jpg", "jpeg": JPEGBuilder.image { $0.jfif().segment(0xFE, bytes) }.bytes
        case "bmp": BMPBuilder { $0.gap = bytes }.bytes
        case "pdf": AllowedTypes.document.adding { $0.stream("/Type /Private", bytes) }.bytes
        case "tar": TarBuilder().entry("app.log", log).entry("core.bin", bytes).build()
        case "zip": ZipBuilder().file(Array("app.log".utf8), log).stored("core.bin", bytes).build()
        case "docx": OpenXMLBuilder.word().zip().stored("word/media/a.bin", bytes).build()
        case "xlsx": OpenXMLBuilder.excel().zip().stored("xl/media/a.bin", bytes).build()
        case "doc": OfficeBuilder.wordFile().stream("Data", bytes + padding).build()
        case "xls": OfficeBuilder.excelFile().stream("Data", bytes + padding).build()
        default: nil  // a zip is not text
        }
    }

    /// Streams of this size lie in sectors of their own, one behind the other.
    private static let padding = [UInt8](repeating: 0, count: 4096)

    // MARK: A PDF, its header near the beginning

    public static func pdf(in host: String) -> [UInt8]? {
        let guest = AllowedTypes.document.bytes
        switch host {
        case "png": return PNGBuilder.header().chunk("tEXt", Array("Comment\0".utf8) + guest).data().bytes
        case "jpg", "jpeg", "bmp": return hole(host, guest)
        case "tar": return TarBuilder().entry(bytes: Array("%PDF-1.7".utf8), Array(guest.dropFirst(8))).build()
        case "zip", "docx", "xlsx": return inExtraField(host, guest)
        case "doc":
            let (document, table) = OfficeBuilder.word()
            return CompoundFileBuilder().stream("Data", guest + padding).stream("WordDocument", document)
                .stream("1Table", table).build()
        case "xls":
            return CompoundFileBuilder().stream("Data", guest + padding).stream("Workbook", OfficeBuilder.workbook())
                .build()
        case "txt", "csv": return Array("host,errors\nalpha,3\n".utf8) + guest
        default: return nil
        }
    }

    /// A well-formed extra field that no program knows, in the first local header.
    private static func inExtraField(_ host: String, _ bytes: [UInt8]) -> [UInt8] {
        var zip =
            switch host {
            case "docx": OpenXMLBuilder.word().zip()
            case "xlsx": OpenXMLBuilder.excel().zip()
            default: ZipBuilder().file(Array("app.log".utf8), log)
            }
        zip.members[0].localExtra = littleEndian16(0xCAFE) + littleEndian16(bytes.count) + bytes
        return zip.build()
    }

    // MARK: A tar, its header over the host's own beginning

    public static func tar(in host: String) -> [UInt8]? {
        // Whatever the host has before its hole becomes part of the tar's first name.
        func block(behind start: some Collection<UInt8>, blank: UInt8 = 0) -> [UInt8] {
            var block = TarBuilder.header([], size: 0) { block in
                for index in block.indices where block[index] == 0 { block[index] = blank }
                block.replaceSubrange(0..<start.count, with: start)
            }
            if blank != 0 { block[154] = blank }  // behind the checksum's digits
            return block
        }
        func overlay(_ start: Int, _ build: ([UInt8]) -> [UInt8]) -> [UInt8] {
            let length = 512 - start
            let first = build([UInt8](repeating: 0, count: length))
            return build(Array(block(behind: first.prefix(start)).suffix(length)))
        }
        switch host {
        case "png": return overlay(8 + 25 + 8) { PNGBuilder.header().chunk("prVt", $0).data().bytes }
        case "jpg", "jpeg": return overlay(6) { filling in JPEGBuilder.image { $0.segment(0xFE, filling) }.bytes }
        case "bmp": return overlay(54) { filling in BMPBuilder { $0.gap = filling }.bytes }
        case "pdf":
            let start = Array("%PDF-1.7\n%".utf8)
            let header = (start + block(behind: start).dropFirst(start.count)).map { Unicode.Scalar($0) }
            return PDFBuilder { $0.header = String(String.UnicodeScalarView(header)) + "\n" }.bytes
        case "zip", "docx", "xlsx":
            let name = host == "zip" ? 7 : 19
            return overlay(30 + name + 4) { inExtraField(host, $0) }
        case "txt", "csv": return block(behind: Array("host,errors\n".utf8), blank: 0x20) + "\nalpha,3\n".utf8
        default: return nil  // a compound file's header has no hole at the checksum's place
        }
    }
}

extension PDFBuilder {
    func adding(_ change: (inout PDFBuilder) -> Void) -> PDFBuilder {
        var copy = self
        change(&copy)
        return copy
    }
}
