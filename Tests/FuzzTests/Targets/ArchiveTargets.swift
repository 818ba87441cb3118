// Archives and what is in them: zip, tar, compressed streams, and the names of entries.

import SluiceModel
import SluiceTestSupport

@testable import SluiceInspection

extension FuzzTarget {
    private static let line = "2026-11-21 09:00:00 INFO started\n"

    static let zip = recognizing("zip", [ZipRecognizer.self], longest: 2048, mend: ChecksumMending.zip) {
        let nested = ZipBuilder().file("b.log", line).build()
        return [
            ZipBuilder().build(),
            ZipBuilder().file("a.log", line).directory("d/").stored("d/b", [1, 2, 3]).symlink("l", to: "../x").build(),
            ZipBuilder().file("a", "abc") { $0.descriptor = .signature32 }
                .file("b", "def") { $0.descriptor = .plain64 }.build(),
            ZipBuilder().file("a", "abc") { $0.isZip64 = true }
                .with { ($0.isZip64, $0.comment) = (true, Array("comment".utf8)) }.build(),
            ZipBuilder().stored("n.zip", nested).file("ü", "x") { $0.flags = 1 << 11 }.build(),
            ZipBuilder().stored("t.tar", TarBuilder().file("f", "x").build()).build(),
            ZipBuilder().stored("i.png", PNGBuilder.image().bytes).stored("d.pdf", PDFBuilder().bytes).build(),
            ZipBuilder().file("e", "x") { $0.extra = [0x55, 0x54, 5, 0, 1, 0, 0, 0, 0] }
                .stored("g", [1]) { $0.gapBefore = [1, 2, 3] }.build(),
            ZipBuilder().file("a", "abc").with { $0.suffix = [UInt8](repeating: 0, count: 512) }.build(),
            ZipBuilder().file("a", "abc") { $0.flags = 1 }.file("A", "abc").build(),
        ]
    }

    static let tar = recognizing("tar", [TarRecognizer.self], longest: 6144, mend: ChecksumMending.tar) {
        [
            TarBuilder().build(),
            TarBuilder().file("a.log", line).folder("d/").file("d/b", "x").build(),
            TarBuilder(.gnu).long(String(repeating: "n", count: 120)).file("short", "x").build(),
            TarBuilder(.gnu).long("target", type: "K").symlink("l", to: "t").hardLink("h", to: "l").build(),
            TarBuilder().pax(TarBuilder.record("path", "ü/long"), TarBuilder.record("mtime", "1.5"))
                .file("short", "x").build(),
            TarBuilder().pax(TarBuilder.record("size", "1")).pax(TarBuilder.record("comment", "c"), type: "g")
                .file("x", "x").build(),
            TarBuilder(.v7).file("old", "x").build(zeroBlocks: 1),
            TarBuilder().entry("p", [1, 2], prefix: "dir").entry("dev", type: "3").build(behind: [1]),
            TarBuilder().entry("z.zip", ZipBuilder().stored("a", [1]).build()).build(),
        ]
    }

    static let stream = recognizing("stream", [CompressedStream.self], longest: 2048) {
        [
            GzipBuilder(name: "a.log").stored(Array(line.utf8)),
            GzipBuilder(name: "a").stored(TarBuilder().file("d/a", "hello").build()),
            GzipBuilder().stored([1]) + GzipBuilder().stored([2]), GzipBuilder().run(of: 65, repeats: 300),
            GzipBuilder().stored(ZipBuilder().file("a", "b").build()), xz, zstandard,
        ] + StreamSample.all.flatMap { [$0.log, $0.program, $0.log + [0x0A]] }
    }

    /// Containers of other kinds, expanded as `bundle` wants them.
    static let foreign = recognizing("foreign", [ForeignArchive.self], longest: 4096) {
        let files: [(name: String, content: [UInt8])] = [
            ("A.LOG", Array(line.utf8)), ("d/B", [1, 2, 3]), ("Z.ZIP", ZipBuilder().stored("a", [1]).build()),
        ]
        let builder = ForeignBuilder(files)
        return [builder.cabinet(), builder.cabinet(flags: 1), builder.sevenZip(), builder.rar(), builder.discImage()]
    }

    /// "hi" as XZ Utils 5.4 and zstd 1.5 write it: no builder of ours makes either.
    private static let xz: [UInt8] = [
        0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x01, 0x69, 0x22, 0xDE, 0x36, 0x02, 0x00, 0x21, 0x01, 0x0C, 0x00,
        0x00, 0x00, 0x8F, 0x98, 0x41, 0x9C, 0x01, 0x00, 0x02, 0x68, 0x69, 0x0A, 0x00, 0x00, 0x7A, 0x7A, 0x6F, 0xED,
        0x00, 0x01, 0x17, 0x03, 0x07, 0x60, 0x0C, 0xBC, 0x90, 0x42, 0x99, 0x0D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01,
        0x59, 0x5A,
    ]
    private static let zstandard: [UInt8] = [
        0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58, 0x19, 0x00, 0x00, 0x68, 0x69, 0x0A, 0x34, 0x3D, 0x50, 0x92,
    ]

    /// Raw deflate through both libraries: where zlib comes to an end, ISA-L must come to the same one.
    static let deflate = FuzzTarget(
        name: "deflate", longest: 1024,
        seeds: {
            [
                Deflater.deflate(Array(line.utf8)), Deflater.deflate([UInt8](repeating: 7, count: 3000)),
                Deflater.storedBlock([1, 2, 3], isFinal: false) + Deflater.deflate(Array(line.utf8)),
                // One block with codes of its own (RFC 1951, 3.2.7), as zlib 1.2.13 writes a few letters at level 9.
                [
                    0x35, 0x8A, 0xC1, 0x0D, 0x00, 0x30, 0x10, 0x82, 0x66, 0x45, 0xED, 0xFE, 0x2B, 0x94, 0x34, 0xE9,
                    0x3D, 0x3C, 0x25, 0x10, 0x28, 0xC6, 0xF8, 0xED, 0x10, 0xCF, 0xD1, 0x0E, 0x52, 0x9A, 0x71, 0x42,
                    0x56, 0xA9, 0x86, 0x2F, 0x4C, 0xF7, 0x55, 0xB9, 0x8E, 0x9E, 0xEC, 0x02,
                ],
            ]
        }
    ) { content, ground in
        func expand(_ engine: Inflater.Engine) -> (ending: Inflater.Ending, length: Int, check: UInt32) {
            var length = 0
            var check = CyclicCheck()
            let ending = ground.inflater.inflate(content, with: engine) { piece in
                length += piece.count
                check.add(piece)
                return length < 1 << 20
            }
            return (ending, length, check.value)
        }
        let (strict, quick) = (expand(.zlib), expand(.isal))
        if case .finished = strict.ending {
            precondition(strict == quick, "the two libraries read one stream differently")
        }
        return true
    }

    /// Names of one archive, each ended by a line feed; a name with `>` in it is a link to what follows.
    static let path = FuzzTarget(
        name: "path", longest: 512,
        seeds: {
            [
                "a/b.log\na/B.log\n", "../x\n/etc/passwd\nC:\\x\n\\\\h\\s\n", "./a//b/./c\n", "l>../../x\nl/y\n",
                "l>m\nm>..\nl/../z\n", "CON\naux.txt\nx. \n", "\u{202E}gpj.exe\nu\u{308}\nü\n", "a\na/b\n",
            ].map { Array($0.utf8) }
        }
    ) { content, ground in
        var context = ground.context()
        var names = EntryNames()
        var name: [UInt8] = []
        var target: [UInt8]?
        for index in 0..<content.count {
            switch content[index] {
            case 0x0A:
                take(name, target, &names, &context)
                (name, target) = ([], nil)
            case UInt8(ascii: ">") where target == nil: target = []
            default:
                if target == nil { name.append(content[index]) } else { target?.append(content[index]) }
            }
        }
        take(name, target, &names, &context)
        names.finish(&context)
        return true
    }

    private static func take(
        _ name: [UInt8], _ target: [UInt8]?, _ names: inout EntryNames, _ context: inout InspectionContext
    ) {
        let path = EntryPath(name, limit: context.order.archives.nameLength)
        path.note(name, &context)
        let parts = path.normalized.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        precondition(path.normalized.isEmpty || parts.allSatisfy { !$0.isEmpty && $0 != [0x2E] }, "not normal")
        let again = EntryPath(path.normalized, limit: context.order.archives.nameLength)
        precondition(again.normalized == path.normalized, "normal in two ways")
        precondition(path.leaves || !EntryPath.climbs(path.normalized), "it climbs out unseen")
        let shown = SafeText.display(name, limit: 60)
        precondition(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "shown unsafely")
        if let target {
            names.addSymbolicLink(path, to: target, &context)
        } else {
            names.add(path, name.last == UInt8(ascii: "/") ? .directory : .file, &context)
        }
    }
}
