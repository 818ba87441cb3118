// The tar rules of the article Threats, each broken and kept. Names' own rules are in EntryPathTests.

import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

private typealias Tar = TarBuilder
private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What inspecting some bytes found, by code.
func codes(_ bytes: [UInt8], _ order: InspectionOrder = InspectionOrder()) -> [String] {
    AttachmentInspection().inspect(bytes.span, order).findings.map(\.code)
}

struct TarCase: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]
    var code: String

    init(_ name: String, _ bytes: [UInt8], _ code: String = "") {
        testDescription = name
        self.bytes = bytes
        self.code = code
    }
}

private let hello = Tar().file("hello.txt", "hello")
private let longName = String(repeating: "n", count: 130)

/// Fits into prefix and name together.
private let splitName = String(repeating: "a", count: 50) + "/" + String(repeating: "b", count: 80)

/// GNU's long name in a header with all that POSIX' has, device numbers included.
private func wholeLong(_ name: String) -> Tar {
    Tar().entry("././@LongLink", text(name) + [0], type: "L") {
        $0.replaceSubrange(329..<336, with: text("0000000"))
        $0.replaceSubrange(337..<344, with: text("0000000"))
    }
}

private let broken: [TarCase] = [
    TarCase(
        "TR5 a size in the extended header only, although the old field could hold it",
        Tar().pax(Tar.record("size", "5")).entry("a", text("hello"), claimingSize: 0).build(), "tar.pax-size-only"),
    TarCase(
        "TR5 the same with a whole archive as content, which readers of the old field list instead",
        Tar().pax(Tar.record("size", "\(hello.build().count)")).entry("a", hello.build(), claimingSize: 0).build(),
        "tar.pax-size-only"),
    TarCase("TR10 a lone header", Array(Tar().entry("a", claimingSize: 99).bytes), "tar.header-only"),
    TarCase("TR9 other bytes behind line breaks", hello.build(behind: [0x0A, 7]), "tar.data-after-end"),
    TarCase("TR1 a wrong checksum", Tar().entry("a", checksumOffBy: 1).build(), "tar.checksum"),
    TarCase("TR1 a wrong checksum further on", hello.entry("a", checksumOffBy: 1).build(), "tar.checksum"),
    TarCase("TR2 a contiguous file", Tar().entry("a", text("x"), type: "7").build(), "tar.entry-type"),
    TarCase("TR2 a volume label", hello.entry("label", type: "V").build(), "tar.entry-type"),
    TarCase("TR2 a vendor's type", hello.entry("a", text("x"), type: "A").build(), "tar.entry-type"),
    TarCase("TR2 a device", Tar().entry("d", type: "3").build(), "archive.special-file"),
    TarCase("TR2 a pipe", Tar().entry("p", type: "6").build(), "archive.special-file"),
    TarCase("TR2 a file with holes, GNU", Tar(.gnu).entry("s", text("x"), type: "S").build(), "tar.sparse"),
    TarCase(
        "TR2 a file with holes, pax",
        Tar().pax(Tar.record("GNU.sparse.major", "1")).entry("s", text("x")).build(), "tar.sparse"),
    TarCase(
        "TR3 a global header that renames",
        Tar().pax(Tar.record("path", "b"), type: "g").file("a", "x").build(), "tar.global-header"),
    TarCase(
        "TR3 a global header that resizes",
        Tar().pax(Tar.record("size", "0"), type: "g").file("a", "x").build(), "tar.global-header"),
    TarCase(
        "TR3 two extended headers in a row",
        Tar().pax(Tar.record("path", "b")).pax(Tar.record("mtime", "0")).file("a", "x").build(), "tar.header-order"),
    TarCase(
        "TR3 a global header behind an extended one",
        Tar().pax(Tar.record("path", "b")).pax(Tar.record("mtime", "0"), type: "g").file("a", "x").build(),
        "tar.header-order"),
    TarCase("TR3 an extended header for nothing", hello.pax(Tar.record("path", "b")).build(), "tar.header-order"),
    TarCase(
        "TR4 a key given twice",
        Tar().pax(Tar.record("path", "b"), Tar.record("path", "c")).file("a", "x").build(), "tar.pax-duplicate"),
    TarCase("TR4 no newline", Tar().pax(text("10 path=bb ")).file("a", "x").build(), "tar.pax-record"),
    TarCase("TR4 no equals sign", Tar().pax(text("7 path\n")).file("a", "x").build(), "tar.pax-record"),
    TarCase(
        "TR4 a length with a leading zero", Tar().pax(text("010 path=b\n")).file("a", "x").build(), "tar.pax-record"),
    TarCase("TR4 a length too large", Tar().pax(text("99 path=b\n")).file("a", "x").build(), "tar.pax-record"),
    TarCase("TR4 a NUL in a name", Tar().pax(Tar.record("path", "b\0c")).file("a", "x").build(), "tar.pax-record"),
    TarCase("TR4 a NUL in a key", Tar().pax(Tar.record("path\0", "b")).file("a", "x").build(), "tar.pax-record"),
    TarCase("TR4 an empty name", Tar().pax(Tar.record("path", "")).file("a", "x").build(), "tar.pax-record"),
    TarCase("TR4 a size with a sign", Tar().pax(Tar.record("size", "+1")).file("a", "x").build(), "tar.pax-record"),
    TarCase(
        "TR4 a name in another encoding",
        Tar().pax(Tar.record("path", [0x63, 0xE9])).file("a", "x").build(), "tar.pax-charset"),
    TarCase(
        "TR4 a declared other encoding",
        Tar().pax(Tar.record("hdrcharset", "ISO-IR 8859 1 1998"), Tar.record("path", "b")).file("a", "x").build(),
        "tar.pax-charset"
    ),
    TarCase(
        "TR4 bytes as they are that are no UTF-8",
        Tar().pax(Tar.record("hdrcharset", "BINARY"), Tar.record("path", [0x63, 0xE9])).file("a", "x").build(),
        "tar.pax-charset"),
    TarCase("TR5 two sizes", Tar().pax(Tar.record("size", "3")).file("a", "hello").build(), "tar.pax-size"),
    TarCase(
        "TR5 a harmless long name over a prefix that climbs",
        Tar().pax(Tar.record("path", "safe")).entry("evil", text("x"), prefix: "../..").build(), "tar.names-disagree"),
    TarCase(
        "TR5 a harmless long link over one that climbs",
        Tar().pax(Tar.record("linkpath", "safe")).symlink("l", to: "../evil").build(), "tar.names-disagree"),
    TarCase(
        "TR6 letters in the size",
        Tar().entry("a", change: { $0.replaceSubrange(124..<130, with: text("abcdef")) }).build(), "tar.number"),
    TarCase(
        "TR6 a small size in base 256",
        Tar().entry(
            "a", text("x"),
            change: { $0.replaceSubrange(124..<136, with: [0x80] + .init(repeating: 0, count: 10) + [1]) }
        )
        .build(), "tar.number"),
    TarCase(
        "TR6 a negative size in base 256",
        Tar().entry("a", change: { $0.replaceSubrange(124..<136, with: [UInt8](repeating: 0xFF, count: 12)) }).build(),
        "tar.number"),
    TarCase("TR6 an owner that is no number", Tar().entry("a", change: { $0[108] = 0x41 }).build(), "tar.number"),
    TarCase("TR10 a last block that is not filled up", Array(hello.bytes.prefix(512 + 5)), "tar.truncated"),
    TarCase("TR7 a folder with data", Tar().entry("d/", text("x"), type: "5").build(), "tar.data-without-file"),
    TarCase("TR7 a link with data", Tar().entry("l", text("x"), type: "2", link: "m").build(), "tar.data-without-file"),
    TarCase("TR7 a device with data", Tar().entry("d", text("x"), type: "4").build(), "tar.data-without-file"),
    TarCase("TR8 no name", Tar().entry("", text("x")).build(), "archive.name-empty"),
    TarCase("TR8 a prefix without a name", Tar().entry("", text("x"), prefix: "dir").build(), "archive.name-empty"),
    TarCase("TR8 a prefix that climbs", Tar().entry("a", text("x"), prefix: "..").build(), "archive.path-escapes"),
    TarCase("TR8 two long names", Tar(.gnu).long(longName).long(longName).file("a", "x").build(), "tar.long-name"),
    TarCase(
        "TR8 a long name that goes on behind its end", Tar(.gnu).long(longName + "\0x").file("a", "x").build(),
        "tar.long-name"),
    TarCase(
        "TR8 a long name both ways", Tar().long(longName).pax(Tar.record("path", "b")).file("a", "x").build(),
        "tar.long-name"),
    TarCase(
        "TR9 an entry behind a zero block", hello.raw(.init(repeating: 0, count: 512)).file("b", "x").build(),
        "tar.data-after-end"),
    TarCase("TR9 text behind the end", hello.build(behind: text("#!/bin/sh")), "tar.data-after-end"),
    TarCase(
        "TR10 half a member", Array(Tar().file("a", String(repeating: "x", count: 600)).build().prefix(900)),
        "tar.truncated"),
    TarCase("TR10 half a header", Array(hello.file("b", "x").bytes.prefix(1024 + 100)), "tar.truncated"),
    TarCase("TR10 a size beyond the end", hello.entry("b", claimingSize: 5000).build(), "tar.truncated"),
    TarCase("TR10 an enormous size", hello.entry("b", claimingSize: 0o77_777_777_777).build(), "tar.truncated"),
    // These are well-formed, and no program writes them (TarHabits says what honest ones do instead, `kept` below shows it).
    TarCase("TR8 a file at the root", Tar().entry(".", text("x")).build(), "tar.root-entry"),
    TarCase("TR8 a root that none may enter", Tar().entry(".", type: "5", mode: 0o644).build(), "tar.root-entry"),
    TarCase("TR8 a dot split off a short name", Tar().entry("foo", text("x"), prefix: ".").build(), "tar.dot-prefix"),
    TarCase("TR8 the same of a folder", Tar().entry("foo", type: "5", prefix: "./").build(), "tar.dot-prefix"),
    TarCase(
        "TR5 a short name with a dot over another one",
        Tar().pax(Tar.record("path", "./hello.txt")).file("ignored", "x").build(), "tar.pax-path"),
    TarCase(
        "TR8 a GNU name in a POSIX header that had room", wholeLong(splitName).file("nnn", "x").build(),
        "tar.long-name-needless"),
    TarCase("TR11 a slash on a file", Tar().file("a/", "x").build(), "tar.slash-on-file"),
]

private let kept: [TarCase] = [
    TarCase("an ordinary one", hello.build()),
    TarCase("GNU's", Tar(.gnu).file("a", "x").build()),
    TarCase("no magic", Tar(.v7).file("a", "x").build(), "tar.no-magic"),
    TarCase("a folder of the oldest kind", Tar(.v7).entry("d/").file("d/a", "x").build(), "tar.no-magic"),
    TarCase("NUL as the type of a file", Tar().entry("a", text("x"), type: "\0").build()),
    TarCase("git's global comment", Tar().pax(Tar.record("comment", "0123abc"), type: "g").file("a", "x").build()),
    TarCase(
        "times in an extended header",
        Tar().pax(Tar.record("mtime", "1.5"), Tar.record("atime", "1")).file("a", "x").build()),
    TarCase(
        "a binary attribute of a vendor",
        Tar().pax(Tar.record("SCHILY.xattr.user.x", [0, 10, 61, 255])).file("a", "x").build()),
    TarCase(
        "bytes as they are that are UTF-8, as bsdtar writes them without a locale",
        Tar().pax(Tar.record("hdrcharset", "BINARY"), Tar.record("path", "gr\u{F6}\u{DF}e")).file("gr__e", "x").build()),
    TarCase("an unknown key", Tar().pax(Tar.record("wibble", "1")).file("a", "x").build(), "tar.pax-key"),
    TarCase("a long name in an extended header", Tar().pax(Tar.record("path", longName)).file("nnn", "x").build()),
    TarCase("a size in both headers", Tar().pax(Tar.record("size", "5")).file("a", "hello").build()),
    TarCase("GNU's long name", Tar(.gnu).long(longName).file("nnn", "x").build()),
    TarCase(
        "a long name with the other magic and no NUL", Tar().long(longName, terminated: false).file("nnn", "x").build()),
    TarCase(
        "GNU's long link", Tar(.gnu).long("dir/" + longName, type: "K").symlink("l", to: "dir/nn").build(),
        "archive.link"),
    TarCase("a prefix", Tar().entry("a", text("x"), prefix: "some/folder").build()),
    TarCase(
        "an owner in base 256",
        Tar().entry("a", change: { $0.replaceSubrange(108..<116, with: [0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF]) })
            .build()),
    TarCase(
        "numbers behind spaces",
        Tar().entry("a", text("x"), change: { $0.replaceSubrange(124..<136, with: text("          1 ")) }).build()),
    TarCase("a record of twenty blocks", hello.build(zeroBlocks: 18)),
    TarCase("one zero block", hello.build(zeroBlocks: 1), "tar.no-end-mark"),
    TarCase("no zero block", hello.build(zeroBlocks: 0), "tar.no-end-mark"),
    TarCase("a line break behind the end", hello.build(behind: [0x0A]), "content.padding"),
    TarCase("line breaks and zeros behind the end", hello.build(behind: [0, 0, 0x0D, 0x0A, 0]), "content.padding"),
    TarCase("a filling that is not empty", Tar().entry("a", text("x"), filling: 7).build(), "tar.padding"),
    TarCase("no entries", Tar().build(zeroBlocks: 20), "tar.empty"),
    TarCase("setuid", Tar().entry("a", text("x"), mode: 0o4755).build(), "archive.setuid"),
    TarCase("a folder twice", Tar().folder("d/").file("d/a", "x").folder("d/").build()),
    TarCase("the root without a slash, as cpio and Perl write it", Tar().entry(".", type: "5", mode: 0o755).build()),
    TarCase(
        "a dot split off a name that fills the field, as GNU tar does",
        Tar().entry(String(repeating: "n", count: 100), text("x"), prefix: ".").build()),
    TarCase("a folder split off a short name, as Perl does", Tar().entry("f", text("x"), prefix: "d/e").build()),
    TarCase(
        "a dotted name that is too long for the header",
        Tar().pax(Tar.record("path", "./" + longName)).file("nnn", "x").build()),
    TarCase("a dotted name beyond ASCII", Tar().pax(Tar.record("path", "./pr\u{FC}f")).file("pr_f", "x").build()),
    TarCase("the header's own dotted name again", Tar().pax(Tar.record("path", "./a")).file("./a", "x").build()),
    // Only one name is in force for all that read extended headers, and it is plain: known to be written by hand-made packers.
    TarCase("a plain name over another one", Tar().pax(Tar.record("path", "a.txt")).file("ignored", "x").build()),
    TarCase(
        "a GNU name in a POSIX header without device numbers, as 7-Zip once wrote it",
        Tar().long(splitName).file("nnn", "x").build()),
    TarCase("a GNU name that no POSIX header has room for", wholeLong(longName).file("nnn", "x").build()),
    TarCase("the root itself", Tar().folder("./").file("./a", "x").build()),
]

@Suite struct TarTests {
    @Test(arguments: broken) func `What breaks a rule is refused`(_ it: TarCase) throws {
        let inspection = AttachmentInspection().inspect(it.bytes.span, InspectionOrder())
        let finding = try #require(
            inspection.findings.first { $0.code == it.code }, "\(inspection.findings.map(\.code))")
        #expect(finding.definition.severity >= .quarantine)
    }

    @Test(arguments: kept) func `What honest programs write is kept`(_ it: TarCase) {
        let inspection = AttachmentInspection().inspect(it.bytes.span, InspectionOrder())
        #expect(inspection.recognized.mediaType == .tar)
        #expect(inspection.recognized.basis == .proven)
        #expect(inspection.findings.map(\.code) == (it.code.isEmpty ? [] : [it.code]))
        #expect(inspection.findings.allSatisfy { $0.definition.severity <= .warning })
    }

    /// Beyond 8 GB writers leave the old field empty; nothing that large is ever whole here.
    @Test func `A size that no old field holds is no lie`() {
        let huge = Tar().pax(Tar.record("size", "8589934592")).entry("a", text("x"), claimingSize: 0).build()
        #expect(codes(huge) == ["tar.truncated"])
        let below = Tar().pax(Tar.record("size", "8589934591")).entry("a", text("x"), claimingSize: 0).build()
        #expect(codes(below) == ["tar.pax-size-only"])
    }

    @Test func `Members are listed with their real sizes`() throws {
        let bytes = Tar().folder("d/").file("d/a", "hello").symlink("d/l", to: "a").hardLink("h", to: "d/a").build()
        let manifest = try #require(AttachmentInspection().inspect(bytes.span, InspectionOrder()).manifest)
        #expect(manifest.entries.map(\.name) == [EntryName("d/"), EntryName("d/a"), EntryName("d/l"), EntryName("h")])
        #expect(manifest.entries.map(\.kind) == [.directory, .file, .link, .link])
        #expect(manifest.entries.map(\.size.bytes) == [0, 5, 0, 0])
        #expect(manifest.expandedSize == ByteCount(5))
    }

    @Test func `A text with the mark at its place is no tar`() {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 700)
        bytes.replaceSubrange(257..<262, with: Array("ustar".utf8))
        #expect(!codes(bytes).contains { $0.hasPrefix("tar.") })
    }

    @Test(arguments: [
        ("metadata.gz", "data.tar.gz", "application/x-gem"), ("box.ovf", "box.vmdk", "application/x-ova"),
    ])
    func `Products that are tars are named`(_ first: String, _ second: String, _ type: String) {
        let bytes = Tar().file(first, "x").file(second, "y").build()
        #expect(AttachmentInspection().inspect(bytes.span, InspectionOrder()).recognized.mediaType.name == type)
    }

    @Test func `Damage neither crashes nor hangs a reader`() {
        let sources = kept.map(\.bytes) + broken.map(\.bytes)
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SeededRandom(seed)
        let inspection = AttachmentInspection()
        for _ in 0..<3000 {
            var bytes = sources.randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...600, using: &random)))
                case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 512)], at: 0)
                default: bytes.removeLast(Int.random(in: 0...min(600, bytes.count), using: &random))
                }
            }
            // Right checksums, so that the damage gets past the first door.
            for block in stride(from: 0, to: bytes.count - 511, by: 512) where bytes[block + 257] == UInt8(ascii: "u") {
                for index in 148..<156 { bytes[block + index] = 0x20 }
                let sum = bytes[block..<block + 512].reduce(0) { $0 + Int($1) }
                bytes.replaceSubrange(block + 148..<block + 155, with: TarBuilder.octal(sum, 6) + [0])
            }
            _ = inspection.inspect(bytes.span, InspectionOrder())
        }
    }
}

/// Repeatable random numbers (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
