// Excel workbooks: the record stream to its end, and what is active or hidden in it; and the formats from before.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

struct ExcelWorkbookTests {
    typealias Build = OfficeBuilder

    @Test(arguments: [
        ("Excel 97", Build.excelFile(), MediaType.excel, [String]()),
        ("Excel 95", Build.excelFile(Build.workbook(version: 0x0500), stream: "Book"), .excel, []),
        ("for both", Build.excelFile().stream("Book", Build.workbook(version: 0x0500)), .excel, []),
        ("padded with zeros", Build.excelFile(Build.workbook(behind: [UInt8](repeating: 0, count: 90))), .excel, []),
        ("a template", Build.excelFile(Build.workbook(globals: Build.record(0x0060))), .excelTemplate, []),
        ("an add-in", Build.excelFile(Build.workbook(globals: Build.record(0x0087))), .excelAddIn, []),
        (
            "encrypted", Build.excelFile(Build.workbook(globals: Build.record(0x002F, [0, 0]))), .excel,
            ["office.encrypted"]
        ),
        (
            "a macro sheet", Build.excelFile(Build.workbook(sheetKind: 1, sheetState: 2, substream: 0x0040)), .excel,
            ["office.xlm-macro"]
        ),
        ("a VBA project", Build.excelFile().stream("_VBA_PROJECT_CUR/VBA/dir", [1]), .excel, ["office.macro"]),
        (
            "Auto_Open by number", Build.excelFile(Build.workbook(globals: Build.name([1], isBuiltIn: true))), .excel,
            ["office.auto-run"]
        ),
        (
            "auto_open by name", Build.excelFile(Build.workbook(globals: Build.name(Array("auto_open2".utf8)))), .excel,
            ["office.auto-run"]
        ),
        ("a print area", Build.excelFile(Build.workbook(globals: Build.name([6], isBuiltIn: true))), .excel, []),
        (
            "a DDE link", Build.excelFile(Build.workbook(globals: Build.exchange(Array("cmd\u{3}/c x".utf8)))), .excel,
            ["office.dde"]
        ),
        (
            "names and links cut short",
            Build.excelFile(
                Build.workbook(globals: Build.record(0x0018, [0, 0, 0, 9]) + Build.record(0x01AE, [0, 0, 9, 0, 0]))),
            .excel, []
        ),
        ("a link to a file", Build.excelFile(Build.workbook(globals: Build.exchange([1, 0x41, 3, 0x42]))), .excel, []),
    ])
    func soundWorkbooksAreProvenAndWhatIsActiveIsNamed(
        _ name: String, _ file: CompoundFileBuilder, _ type: MediaType, _ expected: [String]
    ) {
        let answer = inspectOffice(file.build())
        #expect(answer.type?.mediaType == type, "\(name)")
        #expect(answer.type?.basis == .proven, "\(name)")
        #expect(answer.codes == expected, "\(name)")
    }

    @Test(arguments: [
        ("no first record", [UInt8](repeating: 0, count: 50)),
        ("a record over the end", Build.workbook(ending: [0x0A, 0, 0xFF, 0xFF])),
        ("no end", Build.workbook(ending: [])),
        ("a sheet elsewhere", Build.workbook(sheetOffset: 4)),
        ("a sheet outside", Build.workbook(sheetOffset: 0xFFFF_FFFF)),
    ])
    func `Damage is named and nothing is proven`(_ name: String, _ workbook: [UInt8]) {
        let answer = inspectOffice(Build.excelFile(workbook).build())
        #expect(answer.codes == ["office.broken-workbook"], "\(name)")
        #expect(answer.type?.basis == .signature, "\(name)")
    }

    @Test(arguments: [Build.workbook(between: [9, 9, 9, 9]), Build.workbook(behind: [9, 9])])
    func `Remains are noted and not proven`(workbook: [UInt8]) {
        let answer = inspectOffice(Build.excelFile(workbook).build())
        #expect(answer.codes == ["office.workbook-remains"])
        #expect(answer.type?.basis == .structure)
    }

    // MARK: Before compound files

    private func old(_ bytes: [UInt8], _ recognizer: any Recognizer.Type) -> (type: RecognizedType?, codes: [String]) {
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        guard recognizer.claims(bytes.span) else { return (nil, []) }
        let type = recognizer.recognize(bytes.span, &context)?.type
        return (type, context.log.findings.map(\.code))
    }

    @Test(arguments: [UInt16(0x0009), 0x0209, 0x0409, 0x0809])
    func `Excel 2 to 4 is set apart`(number: UInt16) {
        let records =
            Build.record(number, [0, 0, 0x10, 0, 0, 0]) + Build.record(0x0042, [1, 0]) + Build.record(0x000A)
        let whole = old(records, OldExcelRecognizer.self)
        #expect(whole.type?.basis == .structure)
        #expect(whole.codes == ["office.excel-2-to-4"])
        #expect(old(records + [1], OldExcelRecognizer.self).type?.basis == .signature)
        #expect(old(Build.record(number, [0, 0, 0x33, 0]), OldExcelRecognizer.self).type == nil)
    }

    @Test(arguments: [
        ([0xDB, 0xA5, 0x2D, 0x00] + [UInt8](repeating: 0, count: 200), "office.word-2"),
        ([0x31, 0xBE, 0, 0, 0, 0xAB] + [UInt8](repeating: 0, count: 200), "office.word-dos"),
    ])
    func `Old Word is set apart`(_ bytes: [UInt8], _ code: String) {
        let answer = old(bytes, OldWordRecognizer.self)
        #expect(answer.codes == [code])
        #expect(answer.type?.basis == .signature)
    }
}
