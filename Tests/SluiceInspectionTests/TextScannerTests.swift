// How text is proven and what is not text; forms and tables have files of their own.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

/// Reads `bytes` in pieces that end at `cuts`.
func scan(_ bytes: [UInt8], as declared: FileExtension = "txt", cuts: [Int] = []) -> Recognition? {
    var scanner = TextScanner(declaredExtension: declared)
    var from = 0
    for cut in cuts + [bytes.count] {
        scanner.feed(bytes.span.extracting(from..<cut))
        from = cut
    }
    return scanner.finish(declaredExtension: declared)
}

func findings(_ bytes: [UInt8], as declared: FileExtension = "txt") -> [Finding] {
    var context = InspectionContext(InspectionOrder(declaredExtension: declared), magic: MagicDatabase())
    var scanner = TextScanner(declaredExtension: declared)
    scanner.feed(bytes.span)
    _ = scanner.finish(declaredExtension: declared, &context)
    return context.log.findings
}

struct TextSample: Sendable, CustomStringConvertible {
    var description: String
    var bytes: [UInt8]
    var encoding: TextFeatures.Encoding?
    init(_ description: String, _ bytes: [UInt8], _ encoding: TextFeatures.Encoding? = nil) {
        self.description = description
        self.bytes = bytes
        self.encoding = encoding
    }
}

private let russian = "Сервер запущен, порт открыт\nОшибка чтения файла настроек\n"
private let german = "Größe der Datei geändert: für Müller\nÜbertragung läuft\n"

private let honest: [TextSample] = [
    TextSample("ASCII", Array("one line\n".utf8), .ascii),
    TextSample("one letter", Array("x".utf8), .ascii),
    TextSample("UTF-8", Array("Größe 12 €, 日本語\n".utf8), .utf8),
    TextSample("UTF-8 with mark", [0xEF, 0xBB, 0xBF] + Array("plain\n".utf8), .utf8WithMark),
    TextSample("UTF-16 LE", TextBuilder.utf16("a 😀 line\r\n"), .utf16LittleEndian),
    TextSample("UTF-16 BE", TextBuilder.utf16("a 😀 line\r\n", bigEndian: true), .utf16BigEndian),
    TextSample("UTF-16 LE without mark", TextBuilder.utf16("This is a test\r\n", mark: false), .utf16LittleEndian),
    TextSample(
        "UTF-16 BE without mark", TextBuilder.utf16("This is a test\r\n", bigEndian: true, mark: false), .utf16BigEndian
    ),
    TextSample("UTF-16 LE Cyrillic without mark", TextBuilder.utf16(russian, mark: false), .utf16LittleEndian),
    TextSample("UTF-32 LE", TextBuilder.utf32("four bytes 😀\n"), .utf32LittleEndian),
    TextSample("UTF-32 BE", TextBuilder.utf32("four bytes 😀\n", bigEndian: true), .utf32BigEndian),
    TextSample("Latin-1", TextBuilder.singleByte(german), .singleByte),
    TextSample(
        "one degree sign",
        Array("temperature 25 ".utf8) + [0xB0] + Array("C, fan at 40 %, everything in order here\n".utf8), .singleByte),
    TextSample(
        "Windows quotes",
        Array("he said ".utf8) + [0x93] + Array("it works".utf8) + [0x94]
            + Array(
                " and left the room, and so on and on; it was a very long day, they say, for all of the people\n".utf8),
        .singleByte),
    TextSample("Windows 1251", TextBuilder.singleByte(russian, offset: 0x350), .singleByte),
    TextSample(
        "DOS 850", Array("Verbindung f".utf8) + [0x81] + Array("r Adapter ge".utf8) + [0x84] + Array("ndert\r\n".utf8),
        .singleByte),
    // 名前,年齢 and a row, as a Japanese spreadsheet writes them
    TextSample("Shift JIS, short", [0x96, 0xBC, 0x91, 0x4F, 0x2C, 0x94, 0x4E, 0x97, 0xEE, 0x0D, 0x0A], .shiftJIS),
    TextSample("Shift JIS, half-width", [0x83, 0x65, 0xC3, 0xBD, 0xC4, 0x20, 0x83, 0x58, 0x83, 0x67, 0x0A], .shiftJIS),
    TextSample("GBK", [0xC4, 0xE3, 0xBA, 0xC3, 0xCA, 0xC0, 0xBD, 0xE7, 0x0A, 0xB2, 0xE2, 0xCA, 0xD4, 0x0A]),
    TextSample("EUC-JP", [0xA4, 0xB3, 0xA4, 0xF3, 0xA4, 0xCB, 0xA4, 0xC1, 0xA4, 0xCF, 0x0A], .multiByte),
    TextSample("colours", Array("\u{1B}[32mok\u{1B}[0m done\u{07}\n\u{0C}next page\n".utf8), .ascii),
    TextSample("overstruck", Array("N\u{08}NA\u{08}AM\u{08}ME\u{08}E\n".utf8), .ascii),
    TextSample("one stray NUL", TextBuilder.log(lines: 20) + [0] + TextBuilder.log(lines: 20), .ascii),
    TextSample(
        "NULs from a crash", TextBuilder.log(lines: 5) + Array(repeating: 0, count: 9000) + TextBuilder.log(lines: 5),
        .ascii),
    TextSample("rotated by truncation", Array(repeating: 0, count: 5000) + TextBuilder.log(lines: 5), .ascii),
    TextSample("DOS end mark", Array("the end\r\n\u{1A}".utf8), .ascii),
    TextSample(
        "FIX message", Array("8=FIX.4.2\u{1}9=65\u{1}35=A\u{1}49=SERVER\u{1}56=CLIENT\u{1}34=177\u{1}\n".utf8), .ascii),
    TextSample("old Macintosh", Array("one\rtwo\rthree".utf8), .ascii),
]

private let binary: [TextSample] = [
    TextSample("nothing", []),
    TextSample("only NULs", Array(repeating: 0, count: 7000)),
    TextSample("overlong UTF-8 with a control", [0xC0, 0x80, 0x01, 0x41]),
    TextSample("ELF", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0]),
    TextSample("numbers of 32 bits", (0..<64).flatMap { [UInt8($0), 0, 0, 0] }),
    TextSample("string table", Array("alpha\0beta\0gamma\0delta\0epsilon\0zeta\0".utf8)),
    TextSample("UTF-16 with a lone surrogate", TextBuilder.utf16("abcd") + [0x00, 0xD8, 0x41, 0x00]),
    TextSample("UTF-32 beyond Unicode", TextBuilder.utf32("ab") + [0, 0, 0x11, 0]),
    TextSample("ar of text", Array("!<arch>\nfile.txt/       0           0     0     644     4         `\ntext".utf8)),
    TextSample("dBase", [3, 24, 3, 4, 1, 0, 0, 0, 65, 0, 11, 0] + Array(repeating: 0, count: 20) + Array("NAME".utf8)),
    TextSample("tar header without magic", tarHeader()),
    TextSample("a PDF of ASCII", Array(" %PDF-1.4\n1 0 obj\nendobj\n".utf8)),
    TextSample("filler", Array(repeating: 0xFF, count: 300)),
    TextSample("a pattern", (0..<300).map { $0 % 3 == 0 ? 0xE0 : 0xFF }),
]

private func tarHeader() -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ at: Int) { for (index, byte) in text.utf8.enumerated() { block[at + index] = byte } }
    put("notes.txt", 0)
    put("0000644\0", 100)
    put("00000000017\0", 124)
    put("        ", 148)
    put("0", 156)
    let sum = block.reduce(0) { $0 + Int($1) }
    let digits = String(sum, radix: 8)
    put(String(repeating: "0", count: 6 - digits.count) + digits + "\0 ", 148)
    return block + Array("text of a file\nmore\nmore\nmore\nmore\nmore\nmore\nmore\nmore\n".utf8)
}

@Suite struct TextScannerTests {
    @Test(arguments: honest)
    func `Honest text is proven, with its encoding`(_ sample: TextSample) throws {
        let recognition = try #require(scan(sample.bytes))
        #expect(recognition.type.basis == .proven)
        #expect(recognition.type.mediaType == .plainText)
        if let encoding = sample.encoding { #expect(recognition.text?.encoding == encoding) }
    }

    @Test(arguments: binary)
    func `What is not text is not called text`(_ sample: TextSample) {
        #expect(scan(sample.bytes) == nil)
    }

    @Test(arguments: [16, 40, 100, 1000, 70_000])
    func `Random bytes are not text`(_ size: Int) {
        var numbers = SeededNumbers(seed: UInt64(size))
        var passed = 0
        for _ in 0..<200 where scan((0..<size).map { _ in UInt8.random(in: 0...255, using: &numbers) }) != nil {
            passed += 1
        }
        #expect(passed <= (size <= 16 ? 8 : 0))
    }

    @Test func `A log that is UTF-8 but for a broken character is proven, and says so`() throws {
        let bytes = Array("größer, größte, Größe, über\n".utf8) + [0xC3, 0x0A]
        #expect(try #require(scan(bytes)).type.basis == .proven)
        #expect(findings(bytes).map(\.code) == ["text.mixed-encoding"])
    }

    @Test(arguments: honest + binary)
    func `The answer does not depend on how the bytes are cut`(_ sample: TextSample) {
        var numbers = SeededNumbers(seed: 7)
        let whole = scan(sample.bytes)
        for _ in 0..<20 {
            let cuts = (0..<Int.random(in: 1...6, using: &numbers)).map { _ in
                Int.random(in: 0...sample.bytes.count, using: &numbers)
            }.sorted()
            let cut = scan(sample.bytes, cuts: cuts)
            #expect(cut?.type == whole?.type, "cuts \(cuts)")
            #expect(cut?.text == whole?.text, "cuts \(cuts)")
        }
    }

    @Test func `A large log is cut anywhere and sampled alike`() {
        let bytes = TextBuilder.log(lines: 12_000)
        let whole = scan(bytes)
        #expect(whole?.text?[.lines] == 12_000)
        #expect((whole?.text?[.sampledLines] ?? 0) < 3000)
        #expect(whole?.text?[.timestampLines] == whole?.text?[.sampledLines])
        #expect(whole?.text?[.severityLines] == whole?.text?[.sampledLines])
        var numbers = SeededNumbers(seed: 11)
        for _ in 0..<10 {
            let cuts = (0..<30).map { _ in Int.random(in: 0...bytes.count, using: &numbers) }.sorted()
            #expect(scan(bytes, cuts: cuts)?.text == whole?.text, "cuts \(cuts)")
        }
    }

    @Test func `Changed bytes never crash the reader`() {
        let seeds = (honest + binary).map(\.bytes)
        var numbers = SeededNumbers(seed: 99)
        for round in 0..<4000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &numbers) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + 5))
                default: bytes.insert(UInt8.random(in: 0...255, using: &numbers), at: at)
                }
            }
            _ = scan(bytes, as: round % 2 == 0 ? "csv" : "txt")
            _ = SignatureTable.mediaType(of: bytes.span)
        }
    }

    @Test func `The reader gives up early on what cannot be text`() {
        var scanner = TextScanner()
        let bytes = [UInt8](repeating: 0x02, count: 2048)
        scanner.feed(bytes.span)
        #expect(!scanner.mayBeText)
    }

    @Test func `NUL characters and private keys are told`() {
        #expect(findings(Array("a log line\0\nand another\n".utf8)).map(\.code) == ["text.nul-characters"])
        let key = Array("first\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n".utf8)
        let found = findings(key)
        #expect(found.map(\.code) == ["text.private-key"])
        #expect(found.first?.message.hasPrefix("Line 2 begins") == true)
        #expect(findings(Array("-----BEGIN CERTIFICATE-----\nMIIE\n".utf8)).isEmpty)
    }
}
