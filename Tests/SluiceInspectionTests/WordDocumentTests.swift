// Word documents: the head against its streams, and what is active or hidden in them.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

struct WordDocumentTests {
    @Test(arguments: [
        ("Word 97", OfficeBuilder.wordFile(), MediaType.word, [String]()),
        ("with the other table", OfficeBuilder.wordFile(flags: 0, tableName: "0Table"), .word, []),
        ("Word 95", OfficeBuilder.wordFile(identifier: 0xA5DC, version: 104), .word, []),
        ("a template", OfficeBuilder.wordFile(flags: 0x0201), .wordTemplate, []),
        ("encrypted", OfficeBuilder.wordFile(flags: 0x0300), .word, ["office.encrypted"]),
        ("with a macro project", OfficeBuilder.wordFile().stream("Macros/VBA/dir", [1]), .word, ["office.macro"]),
        (
            "with an object", OfficeBuilder.wordFile().stream("ObjectPool/_1/\u{1}Ole", [1]), .word,
            ["office.embedded-object"]
        ),
        ("with an empty pool", OfficeBuilder.wordFile().storage("ObjectPool"), .word, []),
        ("with a DDE field", OfficeBuilder.wordFile(text: "a \u{13} DDEAUTO c:\\x \u{14}"), .word, ["office.dde"]),
        ("with a DDE field in 16 bits", OfficeBuilder.wordFile(text: "\u{13}\0 \0d\0d\0e\0 \0"), .word, ["office.dde"]),
        ("with another field", OfficeBuilder.wordFile(text: "\u{13} DATE \u{14} DDE "), .word, []),
        (
            "with a remote template", OfficeBuilder.wordFile(template: "https://host/x.dotm"), .word,
            ["office.remote-template"]
        ),
        ("with a local template", OfficeBuilder.wordFile(template: "C:\\Normal.dot"), .word, []),
    ])
    func `Sound documents are proven and what is active is named`(
        _ name: String, _ file: CompoundFileBuilder, _ type: MediaType, _ expected: [String]
    ) {
        let answer = inspectOffice(file.build())
        #expect(answer.type?.mediaType == type, "\(name)")
        #expect(answer.type?.basis == .proven, "\(name)")
        #expect(answer.codes == expected, "\(name)")
    }

    static let instructions: [(text: String, code: String?)] = [
        ("\u{13} DDEAUTO cmd x\u{15}", "office.dde"),
        ("\u{13}\u{9}\u{B}\u{D}\u{1} ddeauto cmd\u{14}x\u{15}", "office.dde"),
        ("\u{13}" + String(repeating: " ", count: 1000) + "DDE cmd\u{15}", "office.dde"),
        ("\u{13}\"DDE\" cmd\u{15}", "office.dde"),
        ("\u{13} DD\u{13}QUOTE\u{15}E cmd\u{15}", "office.dde"),
        ("\u{13}\u{13}QUOTE 68 68 69\u{15} cmd\u{15}", "office.dde"),
        ("\u{13}IF 1 = 1 \u{13} DDE cmd\u{15}\u{15}", "office.dde"), ("\u{13}DDE without an end", "office.dde"),
        ("\u{13} INCLUDEPICTURE \"\\\\\\\\evil\\\\share\\\\a.png\" \\d\u{14}\u{15}", "office.fetching-field"),
        ("\u{13} INCLUDETEXT http://evil/a.doc \u{15}", "office.fetching-field"),
        ("\u{13} LINK Word.Document.8 \"file://evil/a.doc\" \"\" \\a\u{15}", "office.fetching-field"),
        ("\u{13} PAGE \u{14}DDE\u{15}", nil), ("DDE \u{13} DATE \u{15} DDEAUTO", nil), ("\u{13} = DDE\u{15}", nil),
        ("\u{13} INCLUDEPICTURE \"C:\\\\a.png\" \u{15}", nil), ("\u{13} HYPERLINK \"http://example.org/\" \u{15}", nil),
    ]

    @Test(arguments: instructions, [1, 2]) func `Fields are read through the list of pieces`(
        _ field: (text: String, code: String?), _ width: Int
    ) {
        let codes = inspectOffice(OfficeBuilder.wordFile(text: field.text, pieceWidth: width).build()).codes
        #expect(Set(codes) == Set(field.code.map { [$0] } ?? []))
        if width == 1 {
            let old = inspectOffice(OfficeBuilder.wordFile(text: field.text, identifier: 0xA5DC, version: 104).build())
                .codes
            #expect(Set(old) == Set(field.code.map { [$0] } ?? []))
        }
    }

    @Test func `A field may be spread over pieces`() {
        let text: [UInt8] = Array("DDE cmd\u{15}".utf8) + Array("\u{13} ".utf8)
        let pieces = [WordText.Piece(range: 8..<10, isWide: false), WordText.Piece(range: 0..<8, isWide: false)]
        #expect(WordText.dangers(text.span, pieces).count == 1)
    }

    @Test func `Pieces that lie over one another end`() {
        let text = [UInt8](repeating: 0x13, count: 4096)
        let pieces = Array(repeating: WordText.Piece(range: 0..<4096, isWide: false), count: 10_000)
        #expect(WordText.dangers(text.span, pieces).isEmpty)
    }

    @Test(arguments: ["\\\\host\\share\\t.dot", "http://host/t.dot", " file://host/t.dot", "\\??\\UNC\\host\\t.dot"])
    func `A template from elsewhere is named`(_ path: String) {
        #expect(inspectOffice(OfficeBuilder.wordFile(template: path).build()).codes == ["office.remote-template"])
    }

    @Test(arguments: [
        ("a head that is none", OfficeBuilder.wordFile(identifier: 0x1234)),
        ("a missing table", OfficeBuilder.wordFile(tableName: "0Table")),
        ("pieces that lie outside", OfficeBuilder.wordFile(piecesSize: 0xFFFF_FFFF)),
        ("no pieces", OfficeBuilder.wordFile(piecesSize: 0)),
        ("more in use than there is", OfficeBuilder.wordFile(used: 90_000)),
        ("no version known", OfficeBuilder.wordFile(identifier: 0xA5DC, version: 33)),
        ("an empty stream", CompoundFileBuilder().stream("WordDocument", [])),
        (
            "the head alone",
            CompoundFileBuilder().stream("WordDocument", [0xEC, 0xA5, 0xC1, 0, 0, 0, 0, 0, 0, 0, 0, 2]).stream(
                "1Table", [1])
        ),
    ])
    func `Damage is named and nothing is proven`(_ name: String, _ file: CompoundFileBuilder) {
        let answer = inspectOffice(file.build())
        #expect(answer.codes.contains("office.broken-word-document"), "\(name)")
        #expect(answer.type?.basis == .signature, "\(name)")
    }
}
