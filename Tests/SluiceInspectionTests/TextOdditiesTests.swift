// Honest text that is odd in some way: taken, with a note that says what is odd and where.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

private func log(_ lines: Int = 40, _ word: String = "done") -> String {
    (0..<lines).map { "2026-11-20 10:00:\($0 % 60) INFO web01 app[812]: job \($0) \(word)\n" }.joined()
}

private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
private func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

/// Docker's frames around lines, alternating between the two streams.
private func framed(_ lines: [String]) -> [UInt8] {
    lines.enumerated().flatMap { index, line -> [UInt8] in
        [UInt8(1 + index % 2), 0, 0, 0, 0, 0, UInt8(line.utf8.count >> 8), UInt8(line.utf8.count & 0xFF)] + bytes(line)
    }
}

private struct Odd: CustomTestStringConvertible, Sendable {
    let name: String
    let content: [UInt8]
    let code: String?
    var testDescription: String { name }

    init(_ name: String, _ content: [UInt8], _ code: String?) {
        self.name = name
        self.content = content
        self.code = code
    }
}

private let odd: [Odd] = [
    Odd("one control character", bytes(log()) + [0x02, 0x0A] + bytes(log()), "text.control-characters"),
    Odd("one in Latin-1", bytes(log()) + [0x47, 0xE4, 0x02, 0x0A] + bytes(log()), "text.control-characters"),
    Odd(
        "unit separators in Latin-1", bytes(log(5)) + [0x61, 0x1F, 0xFC, 0x62, 0x0A] + bytes(log(5)),
        "text.control-characters"),
    Odd("NUL and a control character", bytes(log()) + [0, 3, 0x0A] + bytes(log()), "text.nul-characters"),
    Odd("a hole of NUL at the head", [UInt8](repeating: 0, count: 100_000) + bytes(log()), "text.nul-characters"),
    Odd("UTF-16 behind ASCII", bytes(log()) + wide(log()), "text.encoding-changes"),
    Odd("ASCII behind UTF-16", [0xFF, 0xFE] + wide(log()) + bytes(log()), "text.encoding-changes"),
    Odd("UTF-16 with its mark behind ASCII", bytes(log()) + [0xFF, 0xFE] + wide(log()), "text.encoding-changes"),
    Odd("UTF-16 cut at an odd byte", [0xFF, 0xFE] + wide(log()).dropLast(), "text.cut-character"),
    Odd("UTF-8 cut in a character", bytes(log(9, "größer, größte, über")) + [0xC3], "text.cut-character"),
    Odd("Docker's frames", framed(log().split(separator: "\n").map { $0 + "\n" }), "text.docker-frames"),
    Odd(
        "an environment", bytes("PATH=/usr/bin\0HOME=/root\0LANG=C.UTF-8\0TERM=xterm\0A=b\0C=d\0"),
        "text.nul-characters"),
    Odd(
        "UTF-8 and a code page", bytes(log(20, "größer")) + log(20, "größer").unicodeScalars.map { UInt8($0.value) },
        "text.mixed-encoding"),
    Odd("a page is mentioned", bytes(log(3) + "GET /?q=<script>x</script> 404\n" + log(3)), "text.mentions-markup"),
    Odd("UTF-16 without a mark, Japanese", wide("エラーが発生しました。\nファイルが見つかりません。\n"), nil),
    Odd("UTF-16 without a mark, Korean", wide("오류: 파일을 열 수 없습니다.\n권한을 확인하십시오.\n"), nil),
    Odd("a euro sign alone", [0x31, 0x30, 0x20, 0x80, 0x0A], nil),
    Odd("bullets", [0x95, 0x20, 0x61, 0x0A, 0x95, 0x20, 0x62, 0x0A], nil),
    Odd("Größe in Windows 1252", [0x47, 0x72, 0xF6, 0xDF, 0x65, 0x3A, 0x20, 0x31, 0x32, 0x20, 0x4B, 0x42, 0x0A], nil),
    Odd(
        "frames of DOS",
        bytes("C:.\r\n") + [0xC3, 0xC4, 0xC4, 0xC4] + bytes("logs\r\n") + [0xC0, 0xC4, 0xC4, 0xC4] + bytes("old\r\n"),
        nil),
    Odd("a log that begins like cpio", bytes("070701 10:00:00 mysqld started\n" + log()), nil),
    Odd("a log that begins like RIFF", bytes("RIFF: loading\n" + log()), nil),
    Odd(
        "rare names in GBK",
        [
            0xD0, 0xD5, 0xC3, 0xFB, 0xBA, 0xC5, 0x0A, 0x86, 0xB4, 0x2C, 0x31, 0x0A, 0xC1, 0x88, 0x2C, 0x32, 0x0A, 0xB0,
            0xA1, 0x0A,
        ],
        nil),
    Odd(
        "half-width katakana",
        [0xB6, 0xC5, 0x2C, 0xCA, 0xDD, 0xB6, 0xB8, 0x0D, 0x0A, 0xB1, 0xB2, 0x2C, 0xB3, 0xB4, 0x0D, 0x0A], nil),
    Odd("GB 18030, four bytes", [0xC4, 0xE3, 0xBA, 0xC3, 0x81, 0x30, 0x81, 0x30, 0xCA, 0xC0, 0xBD, 0xE7, 0x0A], nil),
]

@Suite struct TextOdditiesTests {
    @Test(arguments: odd)
    fileprivate func `Odd text is taken, and a note says what is odd`(_ sample: Odd) throws {
        let recognized = recognize(sample.content)
        #expect(recognized.type.basis == .proven && recognized.text != nil, "\(recognized.type)")
        if let code = sample.code { #expect(findings(sample.content).map(\.code).contains(code)) }
    }

    /// The scanner is fed in pieces by archives: where they are cut must make no difference.
    @Test(arguments: odd)
    fileprivate func `The answer does not depend on how the bytes are cut`(_ sample: Odd) {
        let whole = scan(sample.content)
        for size in [1, 2, 3, 7, 16, 33, 1023, 1025] where sample.content.count < 20_000 || size > 30 {
            var scanner = TextScanner(declaredExtension: "")
            var at = 0
            while at < sample.content.count {
                let end = min(sample.content.count, at + size)
                scanner.feed(Array(sample.content[at..<end]).span)
                at = end
            }
            let pieces = scanner.finish(declaredExtension: "")
            #expect(pieces?.type == whole?.type && pieces?.text == whole?.text, "pieces of \(size)")
        }
    }

    @Test func `A note says where the first control character stands`() throws {
        let found = try #require(
            findings(bytes("one\ntwo\nth\u{2}ree and more words\n")).first { $0.code == "text.control-characters" })
        #expect(found.what.contains("0x02 in line 3, at byte 11"))
    }

    @Test func `A byte order mark alone is an empty file`() {
        for mark: [UInt8] in [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]] {
            #expect(recognize(mark).type.mediaType == .empty)
            #expect(findings(mark).map(\.code) == ["content.empty"])
        }
    }

    @Test func `A refusal says where the content ceased to be text`() {
        let content = bytes(log(3)) + (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 128) }
        #expect(recognize(content).type.detail.contains("from line 4 on"), "\(recognize(content).type)")
    }

    private func recognize(_ content: [UInt8]) -> Recognition {
        var context = InspectionContext(InspectionOrder(), magic: MagicDatabase())
        return ContentRecognizer.recognize(content.span, &context)
    }
}
