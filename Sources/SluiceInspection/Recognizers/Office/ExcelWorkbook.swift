// The record stream of an Excel 5–2003 workbook, walked to its end ([MS-XLS] 2.1): substreams, sheets, and what in them is active.

import SluiceModel

/// The result of the walk over a `Workbook` or `Book` stream.
struct ExcelWorkbook {
    /// Record numbers ([MS-XLS] 2.3.1).
    private enum Record {
        static let endOfFile: UInt16 = 0x000A
        static let externalName: UInt16 = 0x0023
        static let name: UInt16 = 0x0018
        static let encryption: UInt16 = 0x002F
        static let template: UInt16 = 0x0060
        static let addIn: UInt16 = 0x0087
        static let sheet: UInt16 = 0x0085
        static let start: UInt16 = 0x0809
        static let supportingBook: UInt16 = 0x01AE
        /// BIFF5's supporting book.
        static let externalSheet: UInt16 = 0x0017
    }

    /// Kinds of substreams ([MS-XLS] 2.4.21, dt).
    private enum Substream { static let macroSheet: UInt16 = 0x0040, globals: UInt16 = 0x0005 }

    private(set) var isSound = true
    /// Every byte belongs to a record of a substream, or is padding.
    private(set) var isComplete = true
    private(set) var isTemplate = false
    private(set) var isAddIn = false
    /// BIFF8 (Excel 97–2003), else BIFF5 (Excel 5 and 95).
    private(set) var isExcel97 = false
    private(set) var sheets = 0
    private(set) var isEncrypted = false
    private var macroSheets = 0
    private var hiddenMacroSheets = 0
    private var starts: Set<Int> = []
    private var sheetOffsets: [Int] = []

    /// The records are in the clear although one of them says how they were encrypted.
    private var isDecrypted = false

    static func read(
        _ stream: [UInt8], _ context: inout InspectionContext, isDecrypted: Bool = false
    ) -> ExcelWorkbook {
        var book = ExcelWorkbook()
        book.isDecrypted = isDecrypted
        book.walk(stream, &context)
        return book
    }

    private mutating func fail(_ reason: String, _ context: inout InspectionContext) {
        guard isSound else { return }
        isSound = false
        context.find(.officeBrokenExcel, .text(reason))
    }

    private mutating func walk(_ stream: [UInt8], _ context: inout InspectionContext) {
        let bytes = stream.span
        guard bytes.littleEndian16(0) == Record.start, let version = bytes.littleEndian16(4),
            let kind = bytes.littleEndian16(6),
            version == 0x0500 || version == 0x0600, kind == Substream.globals
        else { return fail("it does not begin with a workbook's first record", &context) }
        isExcel97 = version == 0x0600
        var offset = 0
        var depth = 0
        var ended = 0
        var loose = 0
        var ahead: [Int]?
        while let number = bytes.littleEndian16(offset), let length = bytes.littleEndian16(offset + 2) {
            let body = offset + 4
            let next = body + Int(length)
            if depth == 0 && number != Record.start {
                // Between substreams, and behind the last one, readers look only where the sheets' offsets point.
                if ahead == nil { ahead = sheetOffsets.sorted(by: >) }
                while let sheet = ahead?.last, sheet <= offset { ahead?.removeLast() }
                guard let resumed = ahead?.last, resumed <= bytes.count - 4 else { break }
                loose += resumed - offset
                offset = resumed
                continue
            }
            guard next <= bytes.count else { return fail("a record runs over its end", &context) }
            switch number {
            case Record.start:
                depth += 1
                if depth == 1 { starts.insert(offset) }
                if bytes.littleEndian16(body + 2) == Substream.macroSheet { macroSheets += 1 }
            case Record.endOfFile:
                depth -= 1
                ended = next
            default:
                if starts.count == 1 && depth == 1 { readGlobal(number, body..<next, bytes, &context) }
            }
            offset = next
        }
        guard depth == 0 else { return fail("its last part has no end", &context) }
        finish(ended, loose, bytes, &context)
    }

    private mutating func finish(_ ended: Int, _ loose: Int, _ bytes: Span<UInt8>, _ context: inout InspectionContext) {
        for sheet in sheetOffsets where !starts.contains(sheet) {
            return fail("a sheet does not begin where the list of sheets says", &context)
        }
        if sheetOffsets.isEmpty { return fail("it lists no sheet", &context) }
        var loose = loose
        var hasRemains = false
        for index in ended..<max(ended, bytes.count) where bytes[index] != 0 { hasRemains = true }
        if hasRemains { loose += bytes.count - ended }
        if loose > 0 {
            isComplete = false
            context.find(.officeWorkbookRemains, .size(ByteCount(loose)))
        }
        if macroSheets > 0 {
            let hidden = hiddenMacroSheets > 0 ? "\(hiddenMacroSheets) of them hidden" : "none of them hidden"
            context.find(
                .officeSheetMacro, .text(macroSheets == 1 ? "a sheet" : "\(macroSheets) sheets"), .text(hidden))
        }
    }

    private mutating func readGlobal(
        _ number: UInt16, _ body: Range<Int>, _ bytes: Span<UInt8>, _ context: inout InspectionContext
    ) {
        switch number {
        case Record.encryption: isEncrypted = !isDecrypted
        case Record.template: isTemplate = true
        case Record.addIn: isAddIn = true
        case Record.sheet:
            sheets += 1
            // The offset alone stays in the clear in an encrypted workbook ([MS-OFFCRYPTO] 2.2.10).
            guard let offset = bytes.littleEndian32(body.lowerBound), body.count >= 6 else {
                return fail("an entry of the list of sheets is cut short", &context)
            }
            sheetOffsets.append(Int(offset))
            // Hidden state in the low bits, then the kind: 1 is a macro sheet ([MS-XLS] 2.4.28).
            if !isEncrypted, bytes.byte(body.lowerBound + 5) == 1, bytes[body.lowerBound + 4] & 3 != 0 {
                hiddenMacroSheets += 1
            }
        case Record.name where !isEncrypted: readName(body, bytes, &context)
        case Record.supportingBook where !isEncrypted: readSupportingBook(body, bytes, &context)
        case Record.externalSheet where !isEncrypted && !isExcel97: readExternalSheet(body, bytes, &context)
        default: break
        }
    }
}

// MARK: What is active

extension ExcelWorkbook {
    /// Defined names that run when the workbook opens or closes ([MS-XLS] 2.4.150): built-in ones by number, others by spelling.
    private func readName(_ body: Range<Int>, _ bytes: Span<UInt8>, _ context: inout InspectionContext) {
        guard let flags = bytes.littleEndian16(body.lowerBound), let length = bytes.byte(body.lowerBound + 3) else {
            return
        }
        // Behind 14 bytes of fields; BIFF8 puts a byte of string flags before the characters.
        let text = body.lowerBound + 14 + (isExcel97 ? 1 : 0)
        let isWide = isExcel97 && (bytes.byte(text - 1) ?? 0) & 1 == 1
        let characters = (text..<text + Int(length) * (isWide ? 2 : 1)).clamped(to: body)
        guard !characters.isEmpty else { return }
        let name: [UInt8] = bytes.copy(characters).filter { $0 != 0 || length == 1 }
        if flags & 0x20 != 0 {
            let builtIn: [UInt8: String] = [
                1: "Auto_Open", 2: "Auto_Close", 0x0A: "Auto_Activate", 0x0B: "Auto_Deactivate",
            ]
            if let run = name.first.flatMap({ builtIn[$0] }) { context.find(.officeAutoName, .text(run)) }
        } else if AsciiText.startsWith(name, ["AUTO_OPEN", "AUTO_CLOSE", "AUTO_ACTIVATE", "AUTO_DEACTIVATE"]) {
            context.find(.officeAutoName, .bytes(name))
        }
    }

    /// A link to another program: a virtual path of `program 03 topic` ([MS-XLS] 2.4.271, 2.5.277).
    private func readSupportingBook(_ body: Range<Int>, _ bytes: Span<UInt8>, _ context: inout InspectionContext) {
        guard let length = bytes.littleEndian16(body.lowerBound + 2), length > 0, length <= 0xFF,
            let flags = bytes.byte(body.lowerBound + 4)
        else { return }
        let text = body.lowerBound + 5
        let wide = flags & 1 == 1
        report(
            bytes.copy((text..<text + Int(length) * (wide ? 2 : 1)).clamped(to: body)).filter { $0 != 0 }, &context)
    }

    /// BIFF5 says the same in its external sheet record: length, then the encoded path.
    private func readExternalSheet(_ body: Range<Int>, _ bytes: Span<UInt8>, _ context: inout InspectionContext) {
        guard let length = bytes.byte(body.lowerBound) else { return }
        let text = body.lowerBound + 1
        report(bytes.copy((text..<text + Int(length)).clamped(to: body)), &context)
    }

    private func report(_ path: [UInt8], _ context: inout InspectionContext) {
        // Byte 1 begins an encoded file path, in which 3 divides folders; 2 and 3 in front mean this workbook. What has a divider
        // and is no file path names a program: DDE, or an OLE link.
        guard let first = path.first, first > 3, let divider = path.firstIndex(of: 3) else { return }
        context.find(.officeDynamicExchange, .bytes(Array(path[..<divider])))
    }
}
