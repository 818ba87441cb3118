// Builds the streams of Word and Excel documents and whole files of them: the least that is valid, and every odd thing as a parameter.

/// Streams and files of binary Office documents.
public enum OfficeBuilder {
    // MARK: Word

    /// A `WordDocument` stream with its head, and the table stream that belongs to it.
    public static func word(
        text: String = "Hello", identifier: UInt16 = 0xA5EC, version: UInt16 = 0x00C1, flags: UInt16 = 0x0200,
        template: String? = nil, piecesSize: UInt32 = 5, used: UInt32? = nil, pieceWidth: Int? = nil
    ) -> (document: [UInt8], table: [UInt8]) {
        let size = 4096
        var associated =
            UInt16(0xFFFF).lowestFirst + UInt16(18).lowestFirst + UInt16(0).lowestFirst + UInt16(0).lowestFirst
        let path = Array((template ?? "").utf16)
        associated += UInt16(path.count).lowestFirst + path.flatMap(\.lowestFirst)
        associated += [UInt8](repeating: 0, count: 32)
        var table = [UInt8](repeating: 1, count: 16)  // styles
        let associatedStart = table.count
        table += associated
        let piecesStart = table.count
        // One piece that is all of the text, or a list of none.
        let bytes = pieceWidth == 2 ? text.utf16.flatMap(\.lowestFirst) : Array(text.utf8)
        var piecesSize = piecesSize
        if let pieceWidth {
            let place: UInt32 = pieceWidth == 2 ? 2048 : 4096 | 0x4000_0000
            table += [2] + UInt32(16).lowestFirst + UInt32(0).lowestFirst
            table += UInt32(bytes.count / pieceWidth).lowestFirst + [0, 0] + place.lowestFirst + [0, 0]
            piecesSize = 21
        } else {
            table += [2, 0, 0, 0, 0]
        }
        var head = identifier.lowestFirst + version.lowestFirst + [UInt8](repeating: 0, count: 6) + flags.lowestFirst
        head += [UInt8](repeating: 0, count: 12) + UInt32(2048).lowestFirst + UInt32(2048 + bytes.count).lowestFirst
        head += UInt16(14).lowestFirst + [UInt8](repeating: 0, count: 28) + UInt16(22).lowestFirst
        head += (used ?? UInt32(size)).lowestFirst + [UInt8](repeating: 0, count: 84) + UInt16(93).lowestFirst
        for part in 0..<93 {
            switch part {
            case 1: head += UInt32(0).lowestFirst + UInt32(16).lowestFirst
            case 32: head += UInt32(associatedStart).lowestFirst + UInt32(associated.count).lowestFirst
            case 33: head += UInt32(piecesStart).lowestFirst + piecesSize.lowestFirst
            default: head += UInt64(0).lowestFirst
            }
        }
        let document = head + [UInt8](repeating: 0, count: 2048 - head.count) + bytes
        return (document + [UInt8](repeating: 0, count: max(0, size - document.count)), table)
    }

    /// A whole `.doc`, to which more can be added.
    public static func wordFile(
        text: String = "Hello", identifier: UInt16 = 0xA5EC, version: UInt16 = 0x00C1, flags: UInt16 = 0x0200,
        template: String? = nil, piecesSize: UInt32 = 5, used: UInt32? = nil, tableName: String = "1Table",
        pieceWidth: Int? = nil
    ) -> CompoundFileBuilder {
        let (document, table) = word(
            text: text, identifier: identifier, version: version, flags: flags, template: template,
            piecesSize: piecesSize, used: used, pieceWidth: pieceWidth)
        return CompoundFileBuilder().stream("WordDocument", document).stream(tableName, table)
            .stream("\u{1}CompObj", [UInt8](repeating: 7, count: 106))
    }

    // MARK: Excel

    public static func record(_ number: UInt16, _ body: [UInt8] = []) -> [UInt8] {
        number.lowestFirst + UInt16(body.count).lowestFirst + body
    }

    /// A record stream of one sheet. Records in `globals` stand before the list of sheets.
    public static func workbook(
        version: UInt16 = 0x0600, globals: [UInt8] = [], sheetKind: UInt8 = 0, sheetState: UInt8 = 0,
        substream: UInt16 = 0x0010, sheetOffset: UInt32? = nil, between: [UInt8] = [], ending: [UInt8] = record(0x000A),
        behind: [UInt8] = []
    ) -> [UInt8] {
        func start(_ kind: UInt16) -> [UInt8] {
            record(
                0x0809,
                version.lowestFirst + kind.lowestFirst + [UInt8](repeating: 0, count: version == 0x0600 ? 12 : 4))
        }
        let name = version == 0x0600 ? [1, 0, UInt8(ascii: "A")] : [1, UInt8(ascii: "A")]
        let head = start(0x0005) + globals
        let end = head.count + 4 + 6 + name.count + 4 + between.count
        let list = record(0x0085, (sheetOffset ?? UInt32(end)).lowestFirst + [sheetState, sheetKind] + name)
        return head + list + record(0x000A) + between + start(substream) + ending + behind
    }

    /// A whole `.xls` around a record stream.
    public static func excelFile(_ workbook: [UInt8] = workbook(), stream: String = "Workbook") -> CompoundFileBuilder {
        CompoundFileBuilder().stream(stream, workbook)
    }

    /// A defined name, spelled out or built in by number ([MS-XLS] 2.4.150).
    public static func name(_ text: [UInt8], isBuiltIn: Bool = false) -> [UInt8] {
        let flags: UInt16 = isBuiltIn ? 0x20 : 0
        return record(
            0x0018, flags.lowestFirst + [0, UInt8(text.count)] + [UInt8](repeating: 0, count: 10) + [0] + text)
    }

    /// A link to another program ([MS-XLS] 2.4.271).
    public static func exchange(_ path: [UInt8]) -> [UInt8] {
        record(0x01AE, UInt16(0).lowestFirst + UInt16(path.count).lowestFirst + [0] + path)
    }

    // MARK: Objects

    /// What Windows' Packager writes: names of a file in the code page, the file, the names again in UTF-16.
    public static func packed(
        _ name: String, _ content: [UInt8], path: String? = nil, temporary: String? = nil, hasWideNames: Bool = false
    ) -> [UInt8] {
        func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }
        let copy = text(temporary ?? "C:\\Users\\a\\AppData\\Local\\Temp\\" + name)
        var out: [UInt8] = [2, 0] + text(name) + text(path ?? "C:\\files\\" + name) + [0, 0, 3, 0]
        out += UInt32(copy.count).lowestFirst + copy + UInt32(content.count).lowestFirst + content
        if hasWideNames {
            for wide in [copy.dropLast(), text(name).dropLast(), text(name).dropLast()] {
                let units = Array(String(decoding: wide, as: UTF8.self).utf16)
                out += UInt32(units.count).lowestFirst + units.flatMap(\.lowestFirst)
            }
        }
        return UInt32(out.count).lowestFirst + out
    }

    /// An embedded object as Office keeps it: a compound file with the packed file in a stream.
    public static func object(_ packed: [UInt8], stream: String = "\u{1}Ole10Native") -> CompoundFileBuilder {
        CompoundFileBuilder().stream(stream, packed).stream("\u{1}CompObj", [UInt8](repeating: 7, count: 106))
    }

    // MARK: Encrypted

    /// The wrapper around an encrypted OOXML package ([MS-OFFCRYPTO] 2.3.4).
    public static func encryptedPackage() -> CompoundFileBuilder {
        CompoundFileBuilder().stream("EncryptionInfo", [4, 0, 4, 0] + [UInt8](repeating: 9, count: 200))
            .stream("EncryptedPackage", [UInt8](repeating: 0xA7, count: 8192))
    }
}
