// The rows of the signature table: public facts about formats, with the format's name where the media type does not say it. The order
// matters only where one signature is the beginning of another: the longer one stands first.

import SluiceModel

extension SignatureTable {
    static let rows: [Signature] =
        programs + archives + diskImages + images + sound + video + fonts + data + logs + keys + guesses

    static let programs: [Signature] = [
        Signature("41 49 02", at: 8, "application/x-appimage") { $0.has("\u{7F}ELF", at: 0) },  // AppImage type 2
        Signature("41 49 01", at: 8, "application/x-appimage") { $0.has("\u{7F}ELF", at: 0) },
        Signature("7F 45 4C 46", "application/x-coredump") { SignatureChecks.elfType($0) == 4 },
        Signature("7F 45 4C 46", "application/x-elf"),
        Signature(
            text: "MZ", "application/vnd.microsoft.portable-executable", where: SignatureChecks.isPortableExecutable),
        Signature(text: "MZ", "application/x-dosexec", where: SignatureChecks.isDOSProgram),
        Signature("FE ED FA CE", "application/x-mach-binary"),
        Signature("FE ED FA CF", "application/x-mach-binary"),
        Signature("CE FA ED FE", "application/x-mach-binary"),
        Signature("CF FA ED FE", "application/x-mach-binary"),
        // A fat Mach-O and a Java class share their magic; a class says major version 45 or later where a fat one counts its parts.
        Signature("CA FE BA BE", "application/java-vm") { ($0.bigEndian32(4) ?? 0) & 0xFFFF >= 45 },
        Signature("CA FE BA BE", "application/x-mach-binary") { (1...44).contains($0.bigEndian32(4) ?? 0) },
        Signature("00 61 73 6D", "application/wasm") { ($0.littleEndian32(4) ?? 0) & 0xFFFF < 32 },
        Signature("64 65 78 0A 30", "application/vnd.android.dex"),
        Signature("ED AB EE DB", "application/x-rpm"),
        Signature(text: "!<arch>\ndebian-binary", "application/vnd.debian.binary-package"),
        Signature("4C 00 00 00 01 14 02 00", "application/x-ms-shortcut"),  // [MS-SHLLINK] 2.1
        Signature("0D 0A", at: 2, "application/x-python-code", where: SignatureChecks.isPythonCode),
        Signature("1B 4C 75 61", "application/x-lua-bytecode"),
        Signature("1B 4C 4A", "application/x-lua-bytecode"),  // LuaJIT
        Signature("42 43 C0 DE", "application/x-llvm-bitcode"),
        Signature(text: "Cr24", "application/x-chrome-extension") { (2...3).contains($0.littleEndian32(4) ?? 0) },
        Signature("64 86", "application/x-coff", where: SignatureChecks.isObjectFile),
        Signature("4C 01", "application/x-coff", where: SignatureChecks.isObjectFile),
    ]

    static let archives: [Signature] = [
        Signature("1F 8B 08", "application/gzip"),
        Signature("42 5A 68", "application/x-bzip2") {
            (0x31...0x39).contains($0.byte(3) ?? 0)
                && ($0.has([0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4)
                    || $0.has([0x17, 0x72, 0x45, 0x38, 0x50, 0x90], at: 4))
        },
        Signature("FD 37 7A 58 5A 00", "application/x-xz"),
        Signature("28 B5 2F FD", "application/zstd"),
        Signature("04 22 4D 18", "application/x-lz4"),
        Signature("02 21 4C 18", "application/x-lz4"),  // legacy frame
        Signature("5D 00 00", "application/x-lzma", where: SignatureChecks.isLZMA),
        Signature("4C 5A 49 50 01", "application/x-lzip"),
        Signature("89 4C 5A 4F 00 0D 0A 1A 0A", "application/x-lzop"),
        Signature("1F 9D", "application/x-compress"),
        Signature("1F A0", "application/x-pack"),  // compress of SCO
        Signature("1F 1E", "application/x-pack"),
        Signature("FF 06 00 00 73 4E 61 50 70 59", "application/x-snappy-framed"),
        Signature("37 7A BC AF 27 1C", "application/x-7z-compressed"),
        Signature("52 61 72 21 1A 07", "application/vnd.rar"),
        Signature("52 45 7E 5E", "application/vnd.rar"),  // version 1.4
        Signature(text: "**ACE**", at: 7, "application/x-ace-compressed"),
        Signature("60 EA", "application/x-arj") {
            (30...2600).contains($0.littleEndian16(2) ?? 0) && ($0.byte(4) ?? 0) >= 0x1E
        },
        Signature("4D 53 43 46 00 00 00 00", "application/vnd.ms-cab-compressed"),
        Signature(text: "ISc(", "application/x-installshield"),
        Signature(text: "-l", at: 2, "application/x-lzh-compressed") {
            ($0.byte(4) == UInt8(ascii: "h") || $0.byte(4) == UInt8(ascii: "z")) && $0.byte(6) == UInt8(ascii: "-")
        },
        Signature(text: "070701", "application/x-cpio"),
        Signature(text: "070702", "application/x-cpio"),
        Signature(text: "070707", "application/x-cpio") { $0.count >= 76 && SignatureChecks.isOctal($0, 6..<76) },
        Signature("C7 71", "application/x-cpio"),
        Signature("71 C7", "application/x-cpio"),
        Signature(text: "!<arch>\n", "application/x-archive"),
        Signature(text: "!<thin>\n", "application/x-archive"),
        Signature(text: "xar!", "application/x-xar"),
        Signature("5A 4F 4F 20", "application/x-zoo") { $0.has([0xDC, 0xA7, 0xC4, 0xFD], at: 20) },
        Signature(text: "PACK", "application/x-git-pack") { (2...3).contains($0.bigEndian32(4) ?? 0) },
        Signature(text: "ITSF", "application/vnd.ms-htmlhelp") { (2...4).contains($0.littleEndian32(4) ?? 0) },
        Signature(text: "MSWIM\0\0\0", "application/x-ms-wim"),
        Signature("4A 4D 01 00", "application/x-java-jmod"),
        Signature(text: "SIT!", "application/x-stuffit") { $0.has("rLau", at: 10) },
        Signature(text: "StuffIt (c)1997", "application/x-stuffit"),
        Signature("41 4C 5A 01", "application/x-alz"),
        Signature("45 47 47 41 00", "application/x-egg"),
        Signature("41 72 43 01", "application/x-freearc"),
        Signature(text: "7kSt", "application/x-zpaq"),
        Signature(text: "LRZI\0", "application/x-lrzip"),
        Signature(text: "pbzx\0", "application/x-apple-archive"),
        Signature("59 41 41 31", "application/x-apple-archive") { ($0.littleEndian16(4) ?? 0) >= 6 },
        Signature("41 41 30 31", "application/x-apple-archive") { ($0.byte(5) ?? 0xFF) < 0x10 },
        Signature("78 9F 3E 22", "application/vnd.ms-tnef"),  // [MS-OXTNEF] 2.1.3.1
        Signature("E4 52 5C 7B 8C D8 A7 4D AE B1 53 78 D0 29 96 D3", "application/onenote"),  // [MS-ONESTORE] 2.3.1
        Signature(text: "ustar", at: 257, .tar),
        // Only where nothing before has read it as a whole: a broken zip, or one with something before it.
        Signature("50 4B 03 04", .zip),
        Signature("50 4B 05 06", .zip),
        Signature("50 4B 07 08", .zip),
        Signature("D0 CF 11 E0 A1 B1 1A E1", .compoundFile),
    ]

    static let diskImages: [Signature] = [
        Signature(text: "koly", fromEnd: 512, "application/x-apple-diskimage"),
        Signature(text: "encrcdsa", "application/x-apple-diskimage"),
        Signature(text: "CD001", at: 32769, "application/x-iso9660-image"),
        Signature(text: "BEA01", at: 32769, "application/x-udf-image"),  // ECMA-167 2/9.2
        Signature(text: "NSR02", at: 34817, "application/x-udf-image"),
        Signature(text: "NSR03", at: 34817, "application/x-udf-image"),
        Signature("00 FF FF FF FF FF FF FF FF FF FF 00", "application/x-raw-disc-image"),  // ECMA-130 14.1
        Signature(text: "conectix", "application/x-vhd"),
        Signature(text: "conectix", fromEnd: 512, "application/x-vhd"),
        Signature(text: "vhdxfile", "application/x-vhdx"),
        Signature("4B 44 4D 56", "application/x-vmdk"),
        Signature("43 4F 57 44", "application/x-vmdk"),
        Signature("51 46 49 FB", "application/x-qemu-disk"),
        Signature(text: "<<< Oracle VM VirtualBox Disk Image >>>", "application/x-virtualbox-vdi"),
        Signature("4C 55 4B 53 BA BE", "application/x-luks"),
        Signature(text: "hsqs", "application/x-squashfs") { $0.littleEndian16(28) == 4 },
        Signature(text: "NTFS    ", at: 3, "application/x-disk-image") { $0.has([0x55, 0xAA], at: 510) },
        Signature(text: "EXFAT   ", at: 3, "application/x-disk-image") { $0.has([0x55, 0xAA], at: 510) },
        Signature(text: "FAT", at: 54, "application/x-disk-image") { $0.has([0x55, 0xAA], at: 510) },
        Signature(text: "FAT32   ", at: 82, "application/x-disk-image") { $0.has([0x55, 0xAA], at: 510) },
        Signature(text: "EFI PART", at: 512, "application/x-disk-image") { $0.has([0x55, 0xAA], at: 510) },
        Signature("55 AA", at: 510, "application/x-disk-image", where: SignatureChecks.isPartitioned),
        Signature("53 EF", at: 1080, "application/x-ext-filesystem") {
            ($0.littleEndian32(1024) ?? 0) > 0 && ($0.byte(1082) ?? 9) < 8
        },
    ]

    static let images: [Signature] = [
        Signature(text: "GIF87a", "image/gif"),
        Signature(text: "GIF89a", "image/gif"),
        Signature("49 49 2A 00", "image/tiff"),
        Signature("4D 4D 00 2A", "image/tiff"),
        Signature("49 49 2B 00 08 00", "image/tiff"),  // BigTIFF
        Signature("4D 4D 00 2B 00 08", "image/tiff"),
        Signature(text: "RIFF", "image/webp") { $0.has("WEBP", at: 8) },
        Signature("00 00 01 00", "image/vnd.microsoft.icon", where: SignatureChecks.isIcon),
        Signature("00 00 02 00", "image/vnd.microsoft.cursor", where: SignatureChecks.isIcon),
        Signature(text: "8BPS", "image/vnd.adobe.photoshop") { (1...2).contains($0.bigEndian16(4) ?? 0) },
        Signature("00 00 00 0C 6A 50 20 20 0D 0A 87 0A", "image/jp2"),
        Signature("FF 4F FF 51", "image/jp2"),
        Signature("00 00 00 0C 4A 58 4C 20 0D 0A 87 0A", "image/jxl"),
        Signature("FF 0A", "image/jxl") { !$0.has("\n", at: 2) && ($0.byte(2) ?? 0) >= 0x80 },
        Signature("76 2F 31 01", "image/x-exr"),
        Signature("0A", "image/vnd.zbrush.pcx", where: SignatureChecks.isPCX),
        Signature("D7 CD C6 9A", "image/wmf"),
        Signature("01 00 00 00", "image/emf") { $0.has(" EMF", at: 40) },
        Signature("C5 D0 D3 C6", "image/x-eps"),  // EPS with a DOS header
        Signature(text: "gimp xcf", "image/x-xcf"),
        Signature(text: "AT&TFORM", "image/vnd.djvu"),
        Signature(text: "AC10", "image/vnd.dwg") {
            ($0.byte(4).map { (0x31...0x33).contains($0) } ?? false) && $0.byte(6) == 0
        },
        Signature(text: "TRUEVISION-XFILE.", fromEnd: 18, "image/x-tga"),
        Signature("89 50 4E 47 0D 0A 1A 0A", .png),
        Signature("8A 4D 4E 47 0D 0A 1A 0A", "video/x-mng"),
        Signature("FF D8 FF", .jpeg),
        Signature(text: "BM", .bmp) {
            $0.littleEndian32(6) == 0 && [12, 40, 52, 56, 64, 108, 124].contains($0.littleEndian32(14) ?? 0)
        },
        Signature(text: "ftypheic", at: 4, "image/heic"),
        Signature(text: "ftypheix", at: 4, "image/heic"),
        Signature(text: "ftyphevc", at: 4, "image/heic-sequence"),
        Signature(text: "ftypmif1", at: 4, "image/heif"),
        Signature(text: "ftypmsf1", at: 4, "image/heif-sequence"),
        Signature(text: "ftypavif", at: 4, "image/avif"),
        Signature(text: "ftypavis", at: 4, "image/avif"),
    ]

    static let sound: [Signature] = [
        Signature(text: "RIFF", "audio/wav") { $0.has("WAVE", at: 8) },
        Signature(text: "RF64", "audio/wav") { $0.has("WAVE", at: 8) },
        Signature(text: "fLaC", "audio/flac"),
        Signature(text: "OggS\0", "audio/ogg"),
        Signature(text: "MThd\0\0\0", "audio/midi"),
        Signature(text: "FORM", "audio/aiff") { $0.has("AIFF", at: 8) || $0.has("AIFC", at: 8) },
        Signature("2E 73 6E 64 00 00 00", "audio/basic"),
        Signature(text: "#!AMR", "audio/amr"),
        Signature(text: "ftypM4A ", at: 4, "audio/mp4"),
        Signature(text: "ID3", "audio/mpeg") { (2...4).contains($0.byte(3) ?? 0) && ($0.byte(4) ?? 255) < 255 },
        Signature("FF", "audio/mpeg", where: SignatureChecks.isMPEGAudio),
        Signature("FF", "audio/aac", where: SignatureChecks.isADTS),
    ]

    static let video: [Signature] = [
        Signature(text: "RIFF", "video/x-msvideo") { $0.has("AVI ", at: 8) },
        Signature(text: "ftypqt  ", at: 4, "video/quicktime"),
        Signature(text: "ftyp3g", at: 4, "video/3gpp"),
        Signature(text: "ftyp", at: 4, "video/mp4") { ($0.bigEndian32(0) ?? 0) < 4096 },
        Signature(text: "moov", at: 4, "video/quicktime"),
        Signature(text: "mdat", at: 4, "video/quicktime"),
        Signature(text: "wide\0\0", at: 4, "video/quicktime"),
        Signature("1A 45 DF A3", "video/webm", where: SignatureChecks.isWebM),
        Signature("1A 45 DF A3", "video/x-matroska"),
        Signature("46 4C 56 01", "video/x-flv"),
        Signature("46 57 53", "application/vnd.adobe.flash.movie", where: SignatureChecks.isFlash),
        Signature("43 57 53", "application/vnd.adobe.flash.movie", where: SignatureChecks.isFlash),
        Signature("5A 57 53", "application/vnd.adobe.flash.movie", where: SignatureChecks.isFlash),
        Signature("30 26 B2 75 8E 66 CF 11 A6 D9 00 AA 00 62 CE 6C", "video/x-ms-asf"),
        Signature("00 00 01 BA", "video/mpeg"),
        Signature("00 00 01 B3", "video/mpeg"),
        Signature("47", "video/mp2t") {
            $0.byte(188) == 0x47 && $0.byte(376) == 0x47 && $0.byte(564) == 0x47 && ($0.byte(1) ?? 0x60) & 0x80 == 0
        },
        Signature(text: "RIFF", "application/x-riff") { ($0.littleEndian32(4) ?? 0) > 0 && $0.count > 12 },
    ]

    static let fonts: [Signature] = [
        Signature("00 01 00 00", "font/ttf", where: SignatureChecks.isFont),
        Signature(text: "true", "font/ttf", where: SignatureChecks.isFont),
        Signature(text: "OTTO", "font/otf", where: SignatureChecks.isFont),
        Signature(text: "ttcf\0", "font/collection"),
        Signature("77 4F 46 46 00 01 00 00", "font/woff"),
        Signature("77 4F 46 46 4F 54 54 4F", "font/woff"),
        Signature("77 4F 46 46", "font/woff") { $0.bigEndian32(8).map { $0 > 0 } ?? false },
        Signature("77 4F 46 32", "font/woff2"),
        Signature("4C 50", at: 34, "application/vnd.ms-fontobject") {
            [0x10000, 0x20001, 0x20002].contains($0.littleEndian32(8) ?? 0)
        },
        Signature("80 01", "application/x-font-type1") { $0.has("%!", at: 6) },
        Signature("01 66 63 70", "application/x-font-pcf"),
    ]

    static let data: [Signature] = [
        Signature(text: "SQLite format 3\0", "application/vnd.sqlite3"),
        Signature(text: "\0\u{01}\0\0Standard ", "application/x-msaccess"),
        Signature(text: "!BDN", "application/vnd.ms-outlook"),  // [MS-PST] 2.2.2.6
        Signature(text: "PAR1", "application/vnd.apache.parquet") { $0.has("PAR1", at: $0.count - 4) },
        Signature(text: "Obj\u{01}", "application/avro"),
        Signature(text: "ORC", "application/vnd.apache.orc") { $0.has("ORC", at: $0.count - 4) },
        Signature(text: "ARROW1\0\0", "application/vnd.apache.arrow.file"),
        Signature("89 48 44 46 0D 0A 1A 0A", "application/x-hdf5"),
        Signature(text: "CDF\u{01}", "application/x-netcdf"),
        Signature(text: "CDF\u{02}", "application/x-netcdf"),
        Signature(text: "MATLAB 5.0 MAT-file", "application/x-matlab-data"),
        Signature("93 4E 55 4D 50 59", "application/x-numpy"),
        Signature("62 31 05 00", at: 12, "application/x-berkeley-db"),  // btree, little endian, then hash, queue
        Signature("61 15 06 00", at: 12, "application/x-berkeley-db"),
        Signature("53 22 04 00", at: 12, "application/x-berkeley-db"),
        Signature("00 05 31 62", at: 12, "application/x-berkeley-db"),
        Signature("00 06 15 61", at: 12, "application/x-berkeley-db"),
        Signature("00 06 15 61 00", "application/x-berkeley-db"),  // 1.85
        Signature("61 15 06 00 00", "application/x-berkeley-db"),
        Signature("00 05 31 62 00", "application/x-berkeley-db"),
        Signature("CE 9A 57 13", "application/x-gdbm"),
        Signature("DE 12 04 95", "application/x-gettext-translation"),
        Signature("95 04 12 DE", "application/x-gettext-translation"),
        Signature(text: "bplist00", "application/x-bplist"),
        Signature("00 00 00 01 42 75 64 31", "application/x-ds-store"),
        Signature(text: "TZif", "application/x-tzif") {
            ($0.byte(4) ?? 1) == 0 || (0x32...0x34).contains($0.byte(4) ?? 0)
        },
        Signature("03", "application/x-dbf", where: SignatureChecks.isDBase),
        Signature("83", "application/x-dbf", where: SignatureChecks.isDBase),
        Signature("30", "application/x-dbf", where: SignatureChecks.isDBase),
        Signature("F5", "application/x-dbf", where: SignatureChecks.isDBase),
        Signature("80", "application/x-python-pickle") {
            (2...5).contains($0.byte(1) ?? 0) && $0.byte($0.count - 1) == 0x2E && $0.count > 4
        },
        Signature("1A 01", "application/x-terminfo") {
            ($0.littleEndian16(2) ?? 0) > 0 && ($0.littleEndian16(2) ?? 999) < 512
        },
        Signature("1E 02", "application/x-terminfo") {
            ($0.littleEndian16(2) ?? 0) > 0 && ($0.littleEndian16(2) ?? 999) < 512
        },
        Signature("1A", "application/x-terminfo") { $0.byte(1) == 1 },
        Signature(text: "DIRC\0\0\0", "application/x-git-index"),
        Signature(text: "glTF\u{02}\0\0\0", "model/gltf-binary"),
        Signature("AC ED 00 05", "application/x-java-serialized-object"),
        Signature(text: "JAVA PROFILE 1.0", "application/x-java-heap-dump") { $0.byte(18) == 0 || $0.byte(19) == 0 },
        Signature(text: "FLR\0", "application/x-java-flight-recording"),
    ]

    static let logs: [Signature] = [
        Signature(text: "ElfFile\0", .eventLog),
        Signature(text: "LfLe", at: 4, "application/x-ms-evt"),
        Signature("D4 C3 B2 A1", .packetCapture),
        Signature("A1 B2 C3 D4", .packetCapture),
        Signature("4D 3C B2 A1", .packetCapture),
        Signature("A1 B2 3C 4D", .packetCapture),
        Signature("0A 0D 0D 0A", "application/x-pcapng"),
        Signature(text: "snoop\0\0\0", "application/x-snoop"),
        Signature(text: "regf", "application/x-ms-registry-hive") { ($0.littleEndian32(20) ?? 0) == 1 },
        Signature("4D 44 4D 50 93 A7", "application/x-ms-minidump"),
        Signature(text: "PAGEDUMP", "application/x-ms-memory-dump"),
        Signature(text: "PAGEDU64", "application/x-ms-memory-dump"),
        Signature(text: "LPKSHHRH", "application/x-systemd-journal"),
        Signature("C0", at: 0x4B, "application/x-ms-etl", where: SignatureChecks.isEventTrace),
        Signature("53 43 43 41", at: 4, "application/x-ms-prefetch"),
        Signature("FE 62 69 6E", "application/x-mysql-binlog"),
    ]

    static let keys: [Signature] = [
        Signature("FE ED FE ED 00 00 00", "application/x-java-keystore"),
        Signature("CE CE CE CE 00 00 00", "application/x-java-jce-keystore"),
        Signature("30 82", "application/x-pkcs12") {
            SignatureChecks.isWholeDER($0) && $0.has([0x02, 0x01, 0x03, 0x30], at: 4)
        },
        Signature("30 82", "application/pkcs7-mime") {
            SignatureChecks.isWholeDER($0)
                && $0.has([0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07], at: 4)
        },
        Signature("30 82", "application/pkix-cert") { SignatureChecks.isWholeDER($0) && $0.has([0x30, 0x82], at: 4) },
        Signature("30", "application/x-der") { SignatureChecks.isWholeDER($0) },
        Signature("99 01", "application/pgp-keys") { ($0.byte(3) ?? 0) == 4 },
    ]

    /// Formats without a signature, known by the fields of their header alone; so they stand last.
    static let guesses: [Signature] = [
        Signature("", "image/x-tga", where: SignatureChecks.isTarga)
    ]
}
