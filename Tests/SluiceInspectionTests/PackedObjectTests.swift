// Files packed as objects into documents of every kind: taken out, judged by their own bytes and names (Threats, T15).

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct PackedObjectTests {
    private static let log = Array("2026-11-20 10:00:00 INFO service started\n".utf8)
    private static let program =
        Array("MZ".utf8) + [UInt8](repeating: 0, count: 58) + [0x40, 0, 0, 0] + Array("PE\0\0".utf8)
        + [UInt8](repeating: 0, count: 300)

    /// The same stream in each kind of document.
    static func carriers(_ stream: [UInt8]) -> [(String, [UInt8])] {
        let object = OfficeBuilder.object(stream).build()
        return [
            ("doc", OfficeBuilder.wordFile().stream("ObjectPool/_1/\u{1}Ole10Native", stream).build()),
            ("xls", OfficeBuilder.excelFile().stream("MBD0001/\u{1}Ole10Native", stream).build()),
            ("other case", OfficeBuilder.excelFile().stream("MBD0001/\u{1}OLE10NATIVE", stream).build()),
            ("docx", OpenXMLBuilder.word().related("oleObject", "word/embeddings/oleObject1.bin", object).build()),
            ("xlsx", OpenXMLBuilder.excel().related("oleObject", "xl/embeddings/oleObject1.bin", object).build()),
            ("docx elsewhere", OpenXMLBuilder.word().related("image", "word/media/a.png", object).build()),
            (
                "docx in a zip",
                ZipBuilder().file(
                    Array("a.docx".utf8),
                    OpenXMLBuilder.word().related("oleObject", "word/embeddings/o.bin", object).build()
                ).build()
            ),
        ]
    }

    @Test(arguments: ["invoice.exe", "run.bat", "x.ps1", "a.js", "a.lnk", "a.hta", "INVOICE.EXE ", "a.url"])
    func `A program, script or shortcut is set apart and named`(_ name: String) {
        for (kind, document) in Self.carriers(OfficeBuilder.packed(name, Self.log)) {
            let reading = WholeReading(document)
            #expect(reading.codes.contains("carried.program"), "\(kind)")
            #expect(reading.gravest == .quarantine, "\(kind)")
            #expect(reading.words.contains(name.filter { $0 != " " }), "\(kind)")
        }
    }

    @Test func `A program is one by its bytes`() {
        for (kind, document) in Self.carriers(OfficeBuilder.packed("readme.txt", Self.program)) {
            #expect(WholeReading(document).codes.contains("carried.program"), "\(kind)")
        }
    }

    @Test func `A script is one by its bytes`() {
        for (kind, document) in Self.carriers(OfficeBuilder.packed("readme.txt", Array("#!/bin/sh\nrm -r x\n".utf8))) {
            #expect(WholeReading(document).codes.contains("carried.program"), "\(kind)")
        }
    }

    @Test func `A log is fine, and named`() {
        for (kind, document) in Self.carriers(OfficeBuilder.packed("app.log", Self.log, hasWideNames: true)) {
            let reading = WholeReading(document)
            #expect(reading.codes.contains("carried.object"), "\(kind)")
            #expect(reading.gravest == .warning, "\(kind)")
            #expect(reading.words.contains("app.log"), "\(kind)")
        }
    }

    @Test func `A program in an archive in an object is found`() {
        for (name, content, code) in [
            ("run.bin", Self.program, "carried.program"), ("a.hta", Self.log, "carried.program"),
            ("a.rar", Array("Rar!\u{1A}\u{7}\u{1}\u{0}".utf8) + Self.log, "carried.unchecked"),
        ] {
            let zip = ZipBuilder().file(Array(name.utf8), content).build()
            let stream = OfficeBuilder.packed("logs.zip", zip)
            let object = OfficeBuilder.object(stream).build()
            for document in [
                OfficeBuilder.wordFile().stream("ObjectPool/_1/\u{1}Ole10Native", stream).build(),
                OpenXMLBuilder.word().related("oleObject", "word/embeddings/o.bin", object).build(),
            ] {
                let reading = WholeReading(document)
                #expect(reading.codes.contains(code), "\(name)")
                #expect(reading.words.contains(name))
            }
        }
    }

    @Test func `The most dangerous of its names counts`() {
        for stream in [
            OfficeBuilder.packed("readme.txt", Self.log, path: "C:\\x\\run.exe"),
            OfficeBuilder.packed("readme.txt", Self.log, temporary: "C:\\x\\run.exe", hasWideNames: true),
        ] {
            for (kind, document) in Self.carriers(stream) {
                #expect(WholeReading(document).codes.contains("carried.program"), "\(kind)")
            }
        }
    }

    @Test func `An object that cannot be taken out could not be checked`() {
        let whole = OfficeBuilder.packed("a.exe", Self.program)
        for cut in [8, 20, 60, whole.count - 40] {
            let reading = WholeReading(
                OfficeBuilder.excelFile().stream("MBD1/\u{1}Ole10Native", Array(whole.prefix(cut))).build())
            #expect(reading.gravest == .quarantine, "cut at \(cut)")
        }
    }

    @Test func `A damaged object that names a packed file could not be checked`() {
        let object = OfficeBuilder.object(OfficeBuilder.packed("a.exe", Self.program)).with(\.cut, 512).build()
        let reading = WholeReading(OpenXMLBuilder.word().related("oleObject", "word/o.bin", object).build())
        #expect(reading.gravest == .quarantine)
        let other = CompoundFileBuilder().stream("x", [1]).with(\.cut, 512).build()
        #expect(
            WholeReading(OpenXMLBuilder.word().related("oleObject", "word/o.bin", other).build()).gravest == .warning)
    }

    @Test func `A package in an object is inspected like a document`() {
        let macros = OpenXMLBuilder.excel().part("xl/vbaProject.bin", "x", type: "application/vnd.ms-office.vbaProject")
            .build()
        let file = OfficeBuilder.wordFile().stream("ObjectPool/_1/Package", macros).build()
        #expect(WholeReading(file).codes.contains("openxml.macro"))
    }

    @Test func `An embedded workbook's links are found`() {
        let book = OfficeBuilder.workbook(globals: OfficeBuilder.exchange(Array("cmd".utf8) + [3] + Array("x".utf8)))
        #expect(
            WholeReading(OfficeBuilder.wordFile().stream("ObjectPool/_1/Workbook", book).build()).codes.contains(
                "office.dde"))
    }

    @Test func `No cut of an object traps`() {
        let whole = OfficeBuilder.packed("a.exe", Self.log, hasWideNames: true)
        mutate(whole, rounds: 2000, seed: 13) { bytes in
            var context = InspectionContext(InspectionOrder(), magic: MagicDatabase(paths: []))
            PackedObject.inspectNative(bytes, &context)
        }
    }
}
