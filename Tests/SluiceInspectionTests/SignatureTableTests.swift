// Every row of the signature table earns its name, and loses it when its bytes are broken.

import SluiceModel
import Testing

@testable import SluiceInspection

/// Bytes with pieces at places; zeros between.
private func content(_ size: Int, _ pieces: [(Int, [UInt8])], fill: UInt8 = 0) -> [UInt8] {
    var out = [UInt8](repeating: fill, count: size)
    for (at, piece) in pieces { out.replaceSubrange(at..<at + piece.count, with: piece) }
    return out
}

// Spans stay outside of #expect, which cannot hold them.
private func name(_ bytes: [UInt8]) -> MediaType? { SignatureTable.mediaType(of: bytes.span) }
private func matches(_ row: Signature, _ bytes: [UInt8]) -> Bool { row.matches(bytes.span) }

private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What the checks of short signatures want, by type.
private let examples: [(MediaType, [UInt8])] = [
    ("application/x-appimage", content(32, [(0, [0x7F, 0x45, 0x4C, 0x46]), (8, [0x41, 0x49, 2])])),
    ("application/x-elf", content(64, [(0, [0x7F, 0x45, 0x4C, 0x46, 2, 1]), (16, [2])])),
    ("application/x-coredump", content(64, [(0, [0x7F, 0x45, 0x4C, 0x46, 2, 1]), (16, [4])])),
    (
        "application/vnd.microsoft.portable-executable",
        content(256, [(0, ascii("MZ")), (0x3C, [0x80]), (0x80, ascii("PE\0\0"))])
    ),
    ("application/x-dosexec", content(256, [(0, ascii("MZ")), (2, [0x50, 0, 2, 0]), (8, [4, 0])])),
    ("application/x-mach-binary", content(32, [(0, [0xCF, 0xFA, 0xED, 0xFE])])),
    ("application/x-mach-binary", content(32, [(0, [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 2])])),
    ("application/java-vm", content(32, [(0, [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 61])])),
    ("application/x-python-code", content(32, [(0, [0xCB, 0x0D, 0x0D, 0x0A])])),
    ("application/x-coff", content(64, [(0, [0x64, 0x86, 2, 0]), (8, [40, 0, 0, 0])])),
    ("application/x-bzip2", content(32, [(0, ascii("BZh9")), (4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])])),
    ("application/x-lzma", content(32, [(0, [0x5D, 0, 0, 0x80, 0]), (5, Array(repeating: 0xFF, count: 8))])),
    ("application/x-cpio", ascii("070707") + ascii(String(repeating: "0", count: 70))),
    ("application/x-lzh-compressed", content(32, [(0, [30, 0x55]), (2, ascii("-lh5-"))])),
    ("application/x-iso9660-image", content(32800, [(32769, ascii("CD001"))])),
    ("application/x-apple-diskimage", content(1024, [(512, ascii("koly"))])),
    ("application/x-vhd", content(1024, [(512, ascii("conectix"))])),
    ("application/x-squashfs", content(64, [(0, ascii("hsqs")), (28, [4])])),
    ("image/webp", content(32, [(0, ascii("RIFF")), (4, [24, 0, 0, 0]), (8, ascii("WEBP"))])),
    ("audio/wav", content(32, [(0, ascii("RIFF")), (4, [24, 0, 0, 0]), (8, ascii("WAVE"))])),
    ("video/x-msvideo", content(32, [(0, ascii("RIFF")), (4, [24, 0, 0, 0]), (8, ascii("AVI "))])),
    ("image/vnd.microsoft.icon", content(64, [(2, [1, 0, 1, 0, 16, 16]), (14, [20]), (18, [22])])),
    ("image/vnd.microsoft.cursor", content(64, [(2, [2, 0, 1, 0, 16, 16]), (14, [20]), (18, [22])])),
    ("image/vnd.dwg", ascii("AC1015") + content(32, [])),
    ("image/x-tga", content(64, [(46, ascii("TRUEVISION-XFILE.\0"))])),
    ("image/x-tga", content(18 + 12, [(2, [2]), (12, [2, 0, 2, 0, 24, 0])])),
    ("image/vnd.zbrush.pcx", content(200, [(0, [10, 5, 1, 8]), (8, [9, 0, 9, 0])])),
    ("image/emf", content(64, [(0, [1, 0, 0, 0]), (40, ascii(" EMF"))])),
    ("video/mp4", content(32, [(3, [24]), (4, ascii("ftypisom"))])),
    ("video/webm", content(64, [(0, [0x1A, 0x45, 0xDF, 0xA3]), (8, [0x42, 0x82, 0x84]), (11, ascii("webm"))])),
    (
        "video/x-matroska",
        content(64, [(0, [0x1A, 0x45, 0xDF, 0xA3]), (8, [0x42, 0x82, 0x88]), (11, ascii("matroska"))])
    ),
    // MPEG-1 layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes
    ("audio/mpeg", content(900, [(0, [0xFF, 0xFB, 0x90, 0]), (417, [0xFF, 0xFB, 0x90, 0])])),
    ("audio/mpeg", ascii("ID3") + content(32, [(0, [4, 0])])),
    (
        "audio/aac",
        content(
            64, [(0, [0xFF, 0xF1, 0x50, 0x80, 0x02, 0x1F, 0xFC]), (16, [0xFF, 0xF1, 0x50, 0x80, 0x02, 0x1F, 0xFC])])
    ),
    ("video/mp2t", content(800, [(0, [0x47]), (188, [0x47]), (376, [0x47]), (564, [0x47])])),
    ("application/vnd.adobe.flash.movie", content(32, [(0, ascii("CWS")), (3, [8, 0, 1, 0, 0])])),
    ("font/ttf", content(64, [(0, [0, 1, 0, 0, 0, 1]), (12, ascii("cmap"))])),
    ("font/otf", content(64, [(0, ascii("OTTO")), (4, [0, 1]), (12, ascii("CFF "))])),
    ("application/vnd.ms-fontobject", content(64, [(8, [2, 0, 2, 0]), (34, [0x4C, 0x50])])),
    ("application/x-msaccess", content(32, [(0, [0, 1, 0, 0]), (4, ascii("Standard Jet DB"))])),
    ("application/vnd.apache.parquet", ascii("PAR1") + content(20, []) + ascii("PAR1")),
    ("application/x-dbf", content(98, [(0, [3, 124, 3, 4, 1, 0, 0, 0, 65, 0, 11, 0]), (64, [13])])),
    ("application/x-python-pickle", [0x80, 4, 0x95, 1, 0, 0, 0x2E]),
    ("application/x-berkeley-db", content(64, [(12, [0x62, 0x31, 5, 0])])),
    ("application/x-ms-registry-hive", ascii("regf") + content(64, [(16, [1])])),
    ("application/x-ms-etl", content(256, [(0, [0, 0, 1, 0]), (0x48, [2, 0, 2, 0xC0])])),
    ("application/x-pkcs12", [0x30, 0x82, 0, 5, 2, 1, 3, 0x30, 0]),
    ("application/pkix-cert", [0x30, 0x82, 0, 5, 0x30, 0x82, 0, 1, 0]),
    ("application/x-git-pack", ascii("PACK") + [0, 0, 0, 2, 0, 0, 0, 0]),
]

@Suite struct SignatureTableTests {
    @Test(arguments: SignatureTable.rows.indices.filter { SignatureTable.rows[$0].check == nil })
    func `A plain row is found by its bytes`(_ index: Int) throws {
        let row = SignatureTable.rows[index]
        var bytes = [UInt8](repeating: 0, count: 40_000)
        let at =
            switch row.place {
            case .start(let offset): offset
            case .end(let distance): bytes.count - distance
            }
        bytes.replaceSubrange(at..<at + row.pattern.count, with: row.pattern)
        #expect(matches(row, bytes))
        // An earlier row may be more particular, but only for the same family of bytes.
        #expect(name(bytes) != nil)
        bytes[at] ^= 0x20
        #expect(!matches(row, bytes))
        #expect(!matches(row, Array(bytes.prefix(2))))
    }

    @Test(arguments: examples.indices)
    func `A row with a check earns its name`(_ index: Int) {
        let (type, bytes) = examples[index]
        #expect(name(bytes) == type)
    }

    @Test(arguments: [
        "MZ is a country code\n", "BMW prices rose\n", "true story\n", "ID3 tags are small\n", "PACK your things\n",
        "CDR file\n", "FWSomething\n",
        "wOFF we go", "RIFF raff of text\n", "0 degrees", "plain text\n", "ORC and elf\n", "",
    ])
    func `Text that begins like a format is not named`(_ text: String) {
        let bytes = Array(text.utf8)
        let named = name(bytes)
        #expect(named == nil || text.hasPrefix("wOFF") || text.hasPrefix("RIFF"))
        if !text.isEmpty { #expect(scan(bytes) != nil) }
    }

    @Test func `Programs are told from other types`() {
        for type: MediaType in [
            "application/x-elf", "application/vnd.microsoft.portable-executable", "application/x-mach-binary",
            "application/java-vm",
            "application/java-archive", "application/vnd.android.package-archive", "application/x-msi",
            "application/x-rpm",
            "application/vnd.debian.binary-package", "application/x-apple-diskimage", "application/x-appimage",
        ] { #expect(type.isProgram, "\(type)") }
        for type: MediaType in [.plainText, .png, .zip, "text/x-script", "image/gif"] {
            #expect(!type.isProgram, "\(type)")
        }
    }
}
