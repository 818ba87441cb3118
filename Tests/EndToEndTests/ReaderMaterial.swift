// A folder with something for every reader of the inspector: honest, damaged, active and hostile, so that each library behind them does all
// that it can do. What becomes of each file is the recognizers' tests' matter.

import Foundation
import SluiceTestSupport
import Testing

enum ReaderMaterial {
    static let folder = "material"

    static func write(into place: Workplace) throws {
        let built = texts + images + documents + archives + containers + bundles + strangers
        for (name, bytes) in built {
            try place.write("\(folder)/whole/\(name)", bytes)
            // Where a reader gives up, it takes other ways.
            try place.write("\(folder)/cut/\(name)", Array(bytes.prefix(bytes.count * 2 / 3)))
            var flipped = bytes
            for index in stride(from: 40, to: flipped.count, by: 97) { flipped[index] ^= 0x55 }
            try place.write("\(folder)/flipped/\(name)", flipped)
        }
        try writeCompressed(place)
    }

    private static let log = TextBuilder.log(lines: 200)
    private static let words = String(decoding: log, as: UTF8.self)

    private static var texts: [(String, [UInt8])] {
        [
            ("empty.txt", []), ("utf8.txt", log), ("utf16.txt", TextBuilder.utf16(words)),
            ("utf16-bare.txt", TextBuilder.utf16(words, bigEndian: true, mark: false)),
            ("utf32.txt", TextBuilder.utf32(words)),
            ("latin.txt", TextBuilder.singleByte("Grüße aus Köln\n" + words)),
            (
                "cyrillic.txt",
                TextBuilder.singleByte(String(repeating: "Привет мир, ошибка\n", count: 50), offset: 0x350)
            ),
            ("table.csv", Array("a;b;c\n1;2;3\n=1+1;x;y\n".utf8)),
            ("object.json", Array("{\"a\": [1, 2, {\"b\": null}]}".utf8)),
            ("page.txt", Array("<!DOCTYPE html><html><script>1</script></html>".utf8)),
            ("tree.xml", Array("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".utf8)),
            ("script.txt", Array("#!/bin/sh\necho 1\n".utf8)), ("app.ini", Array("[main]\nlevel = info\n".utf8)),
            ("zeros-inside.log", log + [0, 0, 0] + log), ("large.log", Array(repeating: log, count: 80).flatMap { $0 }),
        ]
    }

    private static var images: [(String, [UInt8])] {
        [
            ("a.png", PNGBuilder.image().bytes), ("flood.png", PNGBuilder.image(width: 60_000, height: 60_000).bytes),
            ("behind.png", PNGBuilder.image().trailing(Array("<?php".utf8)).bytes),
            ("a.jpg", JPEGBuilder.image().bytes),
            ("place.jpg", JPEGBuilder.image { $0.jfif().exif(gpsTags: [1, 2]) }.bytes), ("a.bmp", BMPBuilder().bytes),
            (
                "runs.bmp",
                BMPBuilder {
                    $0.bits = 8; $0.compression = 1; $0.pixels = [3, 7, 0, 0, 3, 7, 0, 1]
                }.bytes
            ),
        ]
    }

    private static var documents: [(String, [UInt8])] {
        let excel = OfficeBuilder.excelFile()
        return [
            ("a.pdf", PDFBuilder().bytes), ("streams.pdf", PDFBuilder { $0.crossReference = .stream }.bytes),
            ("active.pdf", PDFBuilder { $0.object("<< /S /JavaScript /JS (app.alert(1)) >>") }.bytes),
            ("locked.pdf", PDFBuilder { $0.trailer = "/Encrypt 9 0 R" }.bytes),
            ("a.docx", OpenXMLBuilder.word().build()), ("a.xlsx", OpenXMLBuilder.excel().build()),
            ("remote.docx", OpenXMLBuilder.word().external("attachedTemplate", "http://example.org/a.dotm").build()),
            ("a.doc", OfficeBuilder.wordFile().build()), ("a.xls", excel.build()),
            ("macro.xls", excel.storage("_VBA_PROJECT_CUR").build()),
            ("locked.docx", OfficeBuilder.encryptedPackage().build()),
        ]
    }

    /// Streams and containers that libarchive reads, inside a zip, since most have no extension of their own.
    private static var containers: [(String, [UInt8])] {
        let foreign = ForeignBuilder([("APP.LOG", log), ("IN.ZIP", ZipBuilder().file("a.log", words).build())])
        let built: [(String, [UInt8])] =
            StreamSample.all.map { ("log.\($0.ending)", $0.log) } + [
                ("a.cab", foreign.cabinet()), ("a.7z", foreign.sevenZip()), ("a.rar", foreign.rar()),
                ("a.iso", foreign.discImage()),
            ]
        return built.map { ("\($0.0).zip", ZipBuilder().stored($0.0, $0.1).build()) }
    }

    private static var archives: [(String, [UInt8])] {
        let zip = ZipBuilder().file("app.log", words).directory("etc/").stored("a.png", PNGBuilder.image().bytes)
        let tar = TarBuilder().file("app.log", words).folder("etc").entry(
            "a.bin", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0])
        let nested = ZipBuilder().stored("in.zip", zip.build()).stored("in.tar", tar.build())
        return [
            ("a.zip", zip.build()), ("nested.zip", nested.build()),
            ("deep.zip", ZipBuilder().stored("a.zip", ZipBuilder().stored("b.zip", nested.build()).build()).build()),
            (
                "names.zip",
                ZipBuilder().file("../x", "a").file("con.txt", "b").file("Ä.txt", "c").symlink("l", to: "/etc/passwd")
                    .build()
            ),
            ("descriptors.zip", ZipBuilder().file("a.txt", words) { $0.descriptor = .allCases.first }.build()),
            ("large-records.zip", ZipBuilder().file("a.txt", words).with { $0.isZip64 = true }.build()),
            ("a.tar", tar.build()),
            ("pax.tar", TarBuilder().pax(TarBuilder.record("path", "ü.log")).file("x", words).build()),
            ("links.tar", TarBuilder().symlink("a", to: "/etc/passwd").hardLink("b", to: "a").build()),
            ("gnu.tar", TarBuilder(.gnu).long(String(repeating: "n", count: 300)).file("x", words).build()),
            ("old.tar", TarBuilder(.v7).file("x", words).build()),
            ("a.gz", GzipBuilder(name: "app.log").stored(log)), ("a.tar.gz", GzipBuilder().stored(tar.build())),
            ("wrong.gz", GzipBuilder(checkOffBy: 1).stored(log)),
            ("bomb.gz", GzipBuilder().run(of: 0, repeats: 200_000)),
        ]
    }

    private static var bundles: [(String, [UInt8])] {
        [
            ("a.evtx", LogBundleBuilder.eventLog()), ("a.pcap", LogBundleBuilder.capture()),
            ("next.pcap", LogBundleBuilder.captureNext()),
        ]
    }

    /// What nobody proves, so that libmagic is asked to name it: beginnings that lead into different parts of its database.
    private static var strangers: [(String, [UInt8])] {
        var random = SeededNumbers(seed: 7)
        let noise = (0..<3 << 19).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let beginnings: [(String, [UInt8])] = [
            ("gif", Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0]), ("elf", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]),
            ("exe", Array("MZ".utf8) + [0x90, 0, 3, 0, 0, 0]), ("class", [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 0x34]),
            ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), ("rar", Array("Rar!".utf8) + [0x1A, 7, 1, 0]),
            ("riff", Array("RIFF".utf8) + [0x24, 0, 0, 0] + Array("WAVEfmt ".utf8)),
            ("sqlite", Array("SQLite format 3\0".utf8)),
            ("mp4", [0, 0, 0, 0x18] + Array("ftypmp42".utf8)), ("bz2", Array("BZh91AY&SY".utf8)),
            ("ole", CompoundFileBuilder.signature),
            ("rtf", Array("{\\rtf1\\ansi text}".utf8)),
            ("mail", Array("From: a@example.org\nSubject: x\n\ntext\n".utf8)),
            ("tiff", Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0]), ("noise", []),
        ]
        return beginnings.map { ("stranger-\($0.0).txt", $0.1 + noise.prefix(3000)) } + [("large-noise.zip", noise)]
    }

    /// Streams of other programs, and a bomb of each kind.
    private static func writeCompressed(_ place: Workplace) throws {
        let script = """
            set -e
            head -c 30000000 /dev/zero > zeros.log
            bsdtar -a -cf a.tar.xz ../whole/utf8.txt ../whole/a.png
            bsdtar -a -cf a.tar.zst ../whole/utf8.txt ../whole/a.png
            bsdtar -a -cf bomb.tar.xz zeros.log
            bsdtar -a -cf bomb.tar.zst zeros.log
            zip -q bomb.zip zeros.log
            zip -q -P secret locked.zip ../whole/utf8.txt
            head -c 20000 a.tar.xz > cut.tar.xz
            head -c 200 a.tar.zst > cut.tar.zst
            cp "$(type -P true)" program.txt
            rm zeros.log
            """
        let compressed = place.folder.appending(path: "\(folder)/compressed")
        try FileManager.default.createDirectory(at: compressed, withIntermediateDirectories: true)
        let made = try place.run("bash", ["-c", "cd '\(compressed.path)'; " + script])
        #expect(made.status == 0, "\(made.errors)")
    }
}
