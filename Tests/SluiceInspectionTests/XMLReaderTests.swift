// The reader of XML: what it refuses, what it resolves, and that nothing makes it slow or deep.

import Testing

@testable import SluiceInspection

/// Keeps what it is handed.
private final class Recorder: XMLHandler {
    var tags: [(prefix: String, name: String, depth: Int)] = []
    var values: [String] = []
    var text = ""
    var stopsAt: String?

    func start(_ tag: borrowing XMLTag) -> Bool {
        tags.append((tag.prefix, tag.name, tag.depth))
        if let value = tag.value("b") { values.append(value) }
        return tag.name != stopsAt
    }

    func text(_ bytes: Span<UInt8>) { text += String(decoding: bytes.copy(0..<bytes.count), as: UTF8.self) }
}

@Suite struct XMLReaderTests {
    @Test(arguments: [
        "<a", "<a b>", "<a b=c/>", "<a><b></a>", "<a/><b/>", "<a b='&x;'/>", "<a b='1' b='2'/>", "x<a/>", "<a/>x", "",
        "<a b='<'/>", "<?xml version='1.0' encoding='UTF-7'?><a/>", "<a>&#0;</a>", "<a>\u{1}</a>",
    ]) func `What is not well-formed is refused`(_ text: String) {
        #expect(XMLReader.read(Array(text.utf8).span, to: Recorder()) == .malformed)
    }

    @Test(arguments: [
        "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<!-- --><!DOCTYPE a SYSTEM 'x'><a/>",
    ])
    func `A document type is refused before it is read`(_ text: String) {
        let recorder = Recorder()
        #expect(XMLReader.read(Array(text.utf8).span, to: recorder) == .declaration)
        #expect(recorder.tags.isEmpty)
    }

    @Test func `Nesting has an end`() {
        let deep = String(repeating: "<b>", count: 100_000)
        #expect(XMLReader.read(Array(deep.utf8).span, to: Recorder()) == .tooDeep)
        let allowed = String(repeating: "<b>", count: 512) + String(repeating: "</b>", count: 512)
        #expect(XMLReader.read(Array(allowed.utf8).span, to: Recorder()) == nil)
    }

    @Test func `Attributes, references and every encoding of office documents are read`() {
        let text =
            "<?xml version='1.0'?><!-- c --><p:a xmlns:p=\"n\" q:b='&lt;&#65;&#x42;&amp;'> t<![CDATA[<u>]]>&#68; <c/></p:a>"
        func wide(_ isBig: Bool) -> [UInt8] {
            text.utf16.reduce(into: isBig ? [0xFE, 0xFF] : [0xFF, 0xFE]) {
                $0 += isBig ? [UInt8($1 >> 8), UInt8($1 & 255)] : [UInt8($1 & 255), UInt8($1 >> 8)]
            }
        }
        let named = Array("<?xml version='1.0' encoding='windows-1252'?>".utf8) + Array(text.utf8.dropFirst(21))
        let contents: [[UInt8]] = [
            Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), wide(true), wide(false), named,
        ]
        for content in contents {
            let recorder = Recorder()
            #expect(XMLReader.read(content.span, to: recorder) == nil)
            #expect(recorder.tags.map(\.name) == ["a", "c"])
            #expect(recorder.tags.map(\.prefix) == ["p", ""])
            #expect(recorder.tags.map(\.depth) == [1, 2])
            #expect(recorder.values == ["<AB&"])
            #expect(recorder.text == " t<u>D ")
        }
    }

    @Test func `A handler that has seen enough ends the reading`() {
        let recorder = Recorder()
        recorder.stopsAt = "b"
        #expect(XMLReader.read(Array("<a><b/><c/> broken".utf8).span, to: recorder) == nil)
        #expect(recorder.tags.map(\.name) == ["a", "b"])
    }

    @Test(
        arguments: [
            ("<?xml version='1.0'?>\n<!-- <x> --><w:document xmlns:w='n'>", "document"), ("<a/>", "a"), ("<a>", "a"),
            ("\u{FEFF}<p:b c='d'>", "b"), ("text", nil), ("<!-- never closed", nil), ("<!DOCTYPE a><a>", nil),
            ("<é/>", nil),
        ] as [(String, String?)]) func `The root is found at the beginning`(_ text: String, _ root: String?)
    {
        #expect(XMLRoot.name(Array(text.utf8).span) == root)
    }
}
