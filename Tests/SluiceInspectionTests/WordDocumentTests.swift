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
    func soundDocumentsAreProvenAndWhatIsActiveIsNamed(
        _ name: String, _ file: CompoundFileBuilder, _ type: MediaType, _ expected: [String]
    ) {
        let answer = inspectOffice(file.build())
        #expect(answer.type?.mediaType == type, "\(name)")
        #expect(answer.type?.basis == .proven, "\(name)")
        #expect(answer.codes == expected, "\(name)")
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
    func damageIsNamedAndNothingIsProven(_ name: String, _ file: CompoundFileBuilder) {
        let answer = inspectOffice(file.build())
        #expect(answer.codes.contains("office.broken-word-document"), "\(name)")
        #expect(answer.type?.basis == .signature, "\(name)")
    }
}
