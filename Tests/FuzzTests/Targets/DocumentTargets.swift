// Documents and texts: Office in both forms, PDF, text, and the binary logs of a bundle.

import SluiceModel
import SluiceTestSupport

@testable import SluiceInspection

extension FuzzTarget {
    static let compoundFile = recognizing(
        "ole2", [CompoundFileRecognizer.self, OldExcelRecognizer.self, OldWordRecognizer.self], longest: 10_240
    ) {
        // A container of literals alone ([MS-OVBA] 2.4.1), holding a list of no modules.
        let listing: [UInt8] = [1, 0x0A, 0xB0, 0, 9, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]
        let globals =
            OfficeBuilder.name(Array("auto_open".utf8)) + OfficeBuilder.name([1], isBuiltIn: true)
            + OfficeBuilder.exchange(Array("cmd|x".utf8))
        return [
            OfficeBuilder.wordFile(template: "http://x/y.dot").build(),
            OfficeBuilder.excelFile(OfficeBuilder.workbook(globals: globals)).build(),
            OfficeBuilder.excelFile().stream("_VBA_PROJECT_CUR/VBA/dir", listing)
                .stream("_VBA_PROJECT_CUR/VBA/_VBA_PROJECT", [0xCC, 0x61]).build(),
            OfficeBuilder.excelFile(OfficeBuilder.workbook(version: 0x0500), stream: "Book").build(),
            OfficeBuilder.encryptedPackage().build(),
            CompoundFileBuilder().stream("WordDocument", [1]).storage("ObjectPool").with(\.trailing, [1, 2]).build(),
            OfficeBuilder.record(0x0409, [0, 0, 0x10, 0]) + OfficeBuilder.record(0x0042, [1, 0])
                + OfficeBuilder.record(0x000A),
        ]
    }

    /// Either a zip, or the texts of the parts behind one another, each ended by NUL and packed here: so mutations of the XML need no right checksum.
    static let openXML = FuzzTarget(
        name: "openxml", recognizers: [OpenXMLRecognizer.self], longest: 4096,
        seeds: {
            let word = OpenXMLBuilder.word().external("hyperlink", "https://example.org/")
            let macros = OpenXMLBuilder.word().part(
                "word/vbaProject.bin", "x", type: "application/vnd.ms-office.vbaProject")
            let parts = [word, OpenXMLBuilder.excel().external("externalLink", "file:///x")].map(StoredZip.parts)
            let entities = Array("<!DOCTYPE x [<!ENTITY a \"b\">]><Types>&a;&#x41;<![CDATA[x]]><!-- c --></Types>".utf8)
            return parts + [entities, word.build(), macros.build()]
        }
    ) { content, ground in
        if ZipRecognizer.claims(content) {
            if let mended = ChecksumMending.zip(content) { return ground.recognize(mended.span, [ZipRecognizer.self]) }
            return ground.recognize(content, [ZipRecognizer.self])
        }
        return ground.recognize(StoredZip.package(content).span, [ZipRecognizer.self])
    }

    static let pdf = recognizing("pdf", [PDFRecognizer.self], longest: 2048) {
        let streams = PDFBuilder {
            $0.crossReference = .stream
            $0.objectStream(["<< /S /GoTo >>", "[1 2 3]", "<< /S /J#61vaScript /JS (x) >>"])
            $0.stream("/DecodeParms << /Predictor 12 /Columns 5 >>", [1, 2, 3])
        }
        let active = PDFBuilder {
            $0.catalog = "/OpenAction << /S /Launch /F (x\\051) >> /AA << /O <3c3e> >> /AcroForm << /XFA 4 0 R >>"
            $0.object("<< /Type /Filespec /EF << /F 5 0 R >> >>")
            $0.stream("/Type /EmbeddedFile /Filter [/ASCIIHexDecode /FlateDecode]", Array("789c>".utf8))
        }
        let locked = PDFBuilder { ($0.trailer, $0.leading) = ("/Encrypt 9 0 R /Prev 0", [10, 10]) }
        let bare = PDFBuilder { ($0.crossReference, $0.trailing) = (.none, Array("%%EOF 1 0 obj".utf8)) }
        return [PDFBuilder(), streams, active, locked, bare].map(\.bytes)
    }

    /// The answer to a text must not depend on how its bytes are cut.
    static let text = FuzzTarget(
        name: "text", longest: 2048,
        seeds: {
            let words = "{\"a\": [1, 2.5e3, \"\\u00e9\", null]}\n"
            let rows = "a;b;\"c \"\"d\"\"\"\n=1+1;-2;@x\n\"x\ny\";;\n"
            return [
                TextBuilder.log(lines: 20), TextBuilder.utf16(rows), TextBuilder.utf16(words, bigEndian: true),
                TextBuilder.utf32("ab\nc\n"), TextBuilder.singleByte("Ошибка: файл\n", offset: 0x350),
                Array(words.utf8), Array(rows.utf8), Array("<?xml version='1.0'?><a b=\"c\">d</a>\n".utf8),
                Array("[part]\nkey = value\n# note\n-----BEGIN PRIVATE KEY-----\n".utf8),
                Array("a\0b\nü\u{FEFF}\n".utf8),
                Array("{\\rtf1 x}".utf8), Array("#!/bin/sh\nkey: value\n- item\n".utf8),
                [0xEF, 0xBB, 0xBF, 0x61, 0xFF],
            ]
        }
    ) { content, ground in
        guard !content.isEmpty else { return false }
        let declared: FileExtension = content[0] & 1 == 0 ? "csv" : "txt"
        var whole = TextScanner(declaredExtension: declared)
        whole.feed(content)
        var context = ground.context()
        let answer = whole.finish(declaredExtension: declared, &context)
        var cut = TextScanner(declaredExtension: declared)
        var at = 0
        var size = Int(content[content.count / 2] % 61) + 1
        while at < content.count {
            let end = min(content.count, at + size)
            cut.feed(content.extracting(at..<end))
            at = end
            size = size * 3 % 1031 + 1
        }
        var other = ground.context()
        let again = cut.finish(declaredExtension: declared, &other)
        precondition(answer?.type == again?.type && answer?.text == again?.text, "the answer depends on the cuts")
        precondition(context.log.findings == other.log.findings, "the findings depend on the cuts")
        return true
    }

    static let logBundle = recognizing(
        "bundle", [EventLogRecognizer.self, PacketCaptureRecognizer.self], longest: 2048
    ) {
        [
            LogBundleBuilder.capture(), LogBundleBuilder.capture(isLittle: false), LogBundleBuilder.captureNext(),
            LogBundleBuilder.captureNext(isLittle: false), LogBundleBuilder.capture(magic: 0xA1B2_CD34),
            Array(LogBundleBuilder.eventLog().prefix(2048)),
        ]
    }
}
