// A VBA project is empty only when its list, its sources and its compiled parts all say so.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

struct MacroProjectTests {
    static let emptyCode: [UInt8] = [
        0xFE, 0xCA, 0x01, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x01, 0x08, 0x00, 0x00, 0x00, 0xFF, 0xFF,
        0xFF, 0xFF,
        0x78, 0x00, 0x00, 0x00,
    ]

    /// A compressed container of literals alone ([MS-OVBA] 2.4.1).
    static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var body: [UInt8] = []
        for at in stride(from: 0, to: bytes.count, by: 8) { body += [0] + bytes[at..<min(at + 8, bytes.count)] }
        return [1] + (UInt16(body.count - 1) | 0xB000).lowestFirst + body
    }

    /// The project's list of modules, the source of each at byte 24.
    static func listing(_ modules: [String], offset: UInt32 = 24) -> [UInt8] {
        func record(_ id: UInt16, _ body: [UInt8]) -> [UInt8] { id.lowestFirst + UInt32(body.count).lowestFirst + body }
        var out = UInt16(9).lowestFirst + UInt32(4).lowestFirst + [0, 0, 0, 0, 0, 0]
        for module in modules {
            out += record(0x32, module.utf16.flatMap(\.lowestFirst)) + record(0x31, offset.lowestFirst)
        }
        return compressed(out)
    }

    static func file(
        source: String, code: [UInt8] = emptyCode, modules: [String] = ["A"], extra: String? = nil
    ) -> CompoundFileBuilder {
        var file = OfficeBuilder.excelFile().stream(
            "_VBA_PROJECT_CUR/VBA/dir", listing(modules, offset: UInt32(code.count))
        )
        .stream("_VBA_PROJECT_CUR/VBA/_VBA_PROJECT", [0xCC, 0x61])
        .stream("_VBA_PROJECT_CUR/VBA/A", code + compressed(Array(source.utf8)))
        if let extra { file = file.stream("_VBA_PROJECT_CUR/VBA/" + extra, [1]) }
        return file
    }

    @Test(arguments: [
        (
            "attributes alone", file(source: "Attribute VB_Name = \"A\"\r\nAttribute VB_Base = \"0\"\r\n"),
            "office.empty-macro-project"
        ),
        ("a procedure", file(source: "Attribute VB_Name = \"A\"\r\nSub X\r\nEnd Sub\r\n"), "office.macro"),
        (
            "compiled code under an empty source",
            file(source: "Attribute X", code: [0xFE, 0xCA, 1, 0, 3, 0] + emptyCode), "office.macro"
        ),
        (
            "no compiled part that is known", file(source: "Attribute X", code: [UInt8](repeating: 0, count: 24)),
            "office.macro"
        ),
        ("a module that is not listed", file(source: "Attribute X", extra: "B"), "office.macro"),
        ("a compiled cache", file(source: "Attribute X", extra: "__SRP_0"), "office.macro"),
        ("a module that is missing", file(source: "Attribute X", modules: ["C"]), "office.macro"),
        ("a storage without a list", OfficeBuilder.excelFile().storage("_VBA_PROJECT_CUR"), "office.macro"),
    ])
    func `Only an empty project passes`(_ name: String, _ file: CompoundFileBuilder, _ code: String) {
        #expect(inspectOffice(file.build()).codes == [code], "\(name)")
    }

    @Test func `Copies are expanded`() {
        // "abc", then a copy of 9 bytes from 3 back: offset bits 4, so the token is (3 - 1) << 12 | (9 - 3).
        let body: [UInt8] = [0b0000_1000] + Array("abc".utf8) + (UInt16(2) << 12 | 6).lowestFirst
        let container = [1] + (UInt16(body.count - 1) | 0xB000).lowestFirst + body
        #expect(MacroProject.decompress(container, from: 0) == Array("abcabcabcabc".utf8))
        #expect(MacroProject.decompress([1, 3, 0xB0, 1, 0, 0xF0, 0], from: 0) == nil)
        #expect(MacroProject.decompress([2], from: 0) == nil)
    }
}
