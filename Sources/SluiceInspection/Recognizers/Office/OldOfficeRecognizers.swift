// Office formats from before compound files: Excel 2–4, Word 1–2, Word for DOS and Write. Known, named and set apart, not proven.

import SluiceModel

/// A bare stream of Excel 2, 3, 4 or 5 records without a container: one worksheet, chart or macro sheet, or an Excel 4 workbook.
enum OldExcelRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { version(content) != nil }

    /// The first record is BOF: its number tells the version, its length is 4 to 8, and its kind one of five
    /// (OpenOffice's "Excel File Format" §5.8).
    private static func version(_ content: Span<UInt8>) -> Int? {
        guard let number = content.littleEndian16(0), let length = content.littleEndian16(2), (4...8).contains(length),
            let kind = content.littleEndian16(6), [0x0010, 0x0020, 0x0040, 0x0100].contains(kind)
        else { return nil }
        switch number {
        case 0x0009: return 2
        case 0x0209: return 3
        case 0x0409: return 4
        case 0x0809: return 5  // scripts that write tables without a container begin so
        default: return nil
        }
    }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let version = version(content) else { return nil }
        var offset = 0
        var last: UInt16 = 0
        while let number = content.littleEndian16(offset), let length = content.littleEndian16(offset + 2) {
            guard offset + 4 + Int(length) <= content.count else { break }
            last = number
            offset += 4 + Int(length)
        }
        if offset < 16 { return nil }  // one record is a coincidence
        context.find(.officeOldExcel, .text("\(version)"))
        // The records fill the file and the last one is EOF (0x000A).
        let isWhole = offset == content.count && last == 0x000A
        return Recognition(
            RecognizedType(.excel, isWhole ? .structure : .signature, detail: "Excel \(version) worksheet"))
    }
}

/// Word 1 and 2 for Windows, Word for DOS and Windows Write, by their first bytes.
enum OldWordRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { name(content) != nil }

    private static func name(_ content: Span<UInt8>) -> String? {
        if content.has([0xDB, 0xA5, 0x2D, 0x00], at: 0) || content.has([0x9B, 0xA5, 0x21, 0x00], at: 0) {
            return "Word 1 or 2"
        }
        // wIdent 0xBE31 or 0xBE32, then dty 0 and the tool 0xAB00 (Write's file format, "The header").
        guard content.count >= 128, content.has([0xBE, 0x00, 0x00, 0x00, 0xAB], at: 1), let first = content.byte(0)
        else { return nil }
        if first == 0x31 { return content.littleEndian16(96) == 0 ? "Word for DOS" : "Windows Write" }
        return first == 0x32 ? "Windows Write" : nil
    }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let name = name(content) else { return nil }
        if name == "Word 1 or 2" {
            context.find(.officeWord2)
            return Recognition(RecognizedType(.word, .signature, detail: "Word 1 or 2 document"))
        }
        context.find(.officeWordDOS, .text(name))
        return Recognition(
            RecognizedType(
                name == "Windows Write" ? "application/x-mswrite" : .word, .signature, detail: "\(name) document"))
    }
}
