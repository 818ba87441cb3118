// Further checks of header fields, for formats whose signature is too short to decide.

import SluiceModel

/// Each answers whether the content is that format as far as its header shows. None walks the format.
enum SignatureChecks {
    /// The `e_type` of an ELF header (System V ABI): 4 is a core dump.
    static func elfType(_ content: Span<UInt8>) -> UInt16? {
        content.byte(5) == 2 ? content.bigEndian16(16) : content.littleEndian16(16)
    }

    /// `MZ` whose `e_lfanew` at 0x3C leads to `PE\0\0` (PE format specification, "MS-DOS stub").
    static func isPortableExecutable(_ content: Span<UInt8>) -> Bool {
        guard let offset = content.littleEndian32(0x3C) else { return false }
        return content.has("PE\0\0", at: Int(offset))
    }

    /// An MZ header that counts its pages and paragraphs plausibly, so that text that begins with "MZ" is not one.
    static func isDOSProgram(_ content: Span<UInt8>) -> Bool {
        guard let lastPage = content.littleEndian16(2), let pages = content.littleEndian16(4),
            let paragraphs = content.littleEndian16(8)
        else { return false }
        return lastPage <= 512 && pages > 0 && pages < 0x2000 && paragraphs >= 2 && paragraphs < 0x1000
    }

    /// A `.pyc`: the version word before CR LF, then flags 0 to 3 (3.7 and later, PEP 552) or a time stamp (before).
    static func isPythonCode(_ content: Span<UInt8>) -> Bool {
        guard let version = content.littleEndian16(0), content.count >= 16 else { return false }
        if (3390...3700).contains(version) { return (content.littleEndian32(4) ?? 9) <= 3 }
        return (3000...3389).contains(version) || (62011...62219).contains(version)
    }

    /// A COFF object: few sections, and a symbol table that lies inside the file.
    static func isObjectFile(_ content: Span<UInt8>) -> Bool {
        guard let sections = content.littleEndian16(2), let symbols = content.littleEndian32(8),
            let optional = content.littleEndian16(16)
        else { return false }
        return (1...200).contains(sections) && optional == 0 && symbols >= 20 && Int(symbols) <= content.count
    }

    /// The 13 bytes before an LZMA stream: properties, a dictionary size with few bits, a size that is known or all ones.
    static func isLZMA(_ content: Span<UInt8>) -> Bool {
        guard let dictionary = content.littleEndian32(1), let size = content.littleEndian64(5) else { return false }
        let fewBits = dictionary.nonzeroBitCount <= 2 && dictionary >= 4096
        return fewBits && (size == .max || size < 1 << 40) && content.byte(13) == 0
    }

    /// A master boot record: four entries whose first byte says active or not, the first of them with a type and a length.
    static func isPartitioned(_ content: Span<UInt8>) -> Bool {
        for entry in 0..<4 where content.byte(446 + 16 * entry).map({ $0 & 0x7F != 0 }) ?? true { return false }
        return (content.byte(450) ?? 0) != 0 && (content.littleEndian32(454) ?? 0) > 0
            && (content.littleEndian32(458) ?? 0) > 0
    }

    static func isOctal(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            guard let byte = content.byte(index), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else {
                return false
            }
        }
        return true
    }

    /// ICONDIR: a count, then entries of 16 bytes whose images lie behind the directory and inside the file.
    static func isIcon(_ content: Span<UInt8>) -> Bool {
        guard let count = content.littleEndian16(4), (1...512).contains(count), content.byte(9) == 0,
            let size = content.littleEndian32(14), let offset = content.littleEndian32(18)
        else { return false }
        return Int(offset) >= 6 + 16 * Int(count) && size > 0 && Int(offset) < content.count
    }

    /// ZSoft PCX: a known version, run-length encoding, a bit depth and a window that is not empty.
    static func isPCX(_ content: Span<UInt8>) -> Bool {
        guard let version = content.byte(1), [0, 2, 3, 4, 5].contains(version), content.byte(2) == 1,
            let depth = content.byte(3), [1, 2, 4, 8].contains(depth), let left = content.littleEndian16(4),
            let right = content.littleEndian16(8)
        else { return false }
        return right >= left && content.count > 128
    }

    /// A Truevision header: type of image and map, depth and a size that is not empty, and enough bytes where it is not packed.
    static func isTarga(_ content: Span<UInt8>) -> Bool {
        guard content.count > 18, let map = content.byte(1), map <= 1, let kind = content.byte(2),
            [1, 2, 3, 9, 10, 11].contains(kind), let width = content.littleEndian16(12),
            let height = content.littleEndian16(14),
            let depth = content.byte(16), [8, 15, 16, 24, 32].contains(depth), let descriptor = content.byte(17),
            descriptor < 64,
            width > 0, height > 0, width < 16384, height < 16384
        else { return false }
        if (kind & 7 == 1) != (map == 1) { return false }
        if kind & 7 == 3 && depth > 16 { return false }
        let pixels = Int(width) * Int(height) * ((Int(depth) + 7) / 8)
        return kind > 8 || content.count >= pixels
    }

    /// Two MPEG audio frame headers, the second where the first one's length says (ISO/IEC 11172-3 2.4.1.3).
    static func isMPEGAudio(_ content: Span<UInt8>) -> Bool {
        guard let length = mpegFrameLength(content, 0), let next = mpegFrameLength(content, length) else {
            return false
        }
        return next > 0
    }

    private static func mpegFrameLength(_ content: Span<UInt8>, _ offset: Int) -> Int? {
        guard let header = content.bigEndian32(offset), header >> 21 == 0x7FF else { return nil }
        let version = header >> 19 & 3
        let layer = header >> 17 & 3
        let bitrate = Int(header >> 12 & 15)
        let rate = Int(header >> 10 & 3)
        guard version != 1, layer == 1 || layer == 2, bitrate > 0, bitrate < 15, rate < 3 else { return nil }
        let first = version == 3
        let kilobits: [Int] =
            switch (first, layer) {
            case (true, 1): [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
            case (true, _): [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384]
            default: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
            }
        let hertz = [44100, 48000, 32000][rate] / (version == 3 ? 1 : version == 2 ? 2 : 4)
        let samples = layer == 1 && !first ? 72 : 144
        return samples * kilobits[bitrate] * 1000 / hertz + Int(header >> 9 & 1)
    }

    /// Two ADTS headers in a row (ISO/IEC 13818-7 6.2).
    static func isADTS(_ content: Span<UInt8>) -> Bool {
        func length(_ offset: Int) -> Int? {
            guard let sync = content.bigEndian16(offset), sync & 0xFFF6 == 0xFFF0,
                let size = content.bigEndian32(offset + 2)
            else { return nil }
            let bytes = Int(size >> 5 & 0x1FFF)
            return bytes > 7 ? bytes : nil
        }
        guard let first = length(0) else { return false }
        return length(first) != nil
    }

    /// EBML whose DocType, somewhere in the first bytes, is `webm` (RFC 8794).
    static func isWebM(_ content: Span<UInt8>) -> Bool {
        for offset in 4..<64 where content.has([0x42, 0x82, 0x84, 0x77, 0x65, 0x62, 0x6D], at: offset) { return true }
        return false
    }

    /// A version that exists and a length that is not text.
    static func isFlash(_ content: Span<UInt8>) -> Bool {
        guard let version = content.byte(3), (1...60).contains(version), version != 9, version != 10, version != 13,
            let size = content.littleEndian32(4)
        else { return false }
        return version < 32 ? size > 8 : Int(size) < 1 << 30
    }

    /// An sfnt table directory: its search range follows from its number of tables (OpenType, "Table directory").
    static func isFont(_ content: Span<UInt8>) -> Bool {
        guard let tables = content.bigEndian16(4), (1...256).contains(tables), content.count >= 12 + 16 * Int(tables)
        else {
            return false
        }
        for offset in 12..<16 {
            guard let byte = content.byte(offset), (0x20...0x7E).contains(byte) else { return false }
        }
        return true
    }

    /// dBase: a date that exists and a header whose length fits 32-byte field descriptors up to the 0x0D behind them.
    static func isDBase(_ content: Span<UInt8>) -> Bool {
        guard let month = content.byte(2), (1...12).contains(month), let day = content.byte(3), (1...31).contains(day),
            let header = content.littleEndian16(8), header >= 65, let record = content.littleEndian16(10), record > 1
        else { return false }
        let length = Int(header)
        return content.byte(length - 1) == 0x0D || content.byte(length - 2) == 0x0D
            || content.byte(length - 264) == 0x0D
    }

    /// The header event of an event trace log: WMI_BUFFER_HEADER is 72 bytes, then a system trace header of kind 1 or 2, flags 0xC0.
    static func isEventTrace(_ content: Span<UInt8>) -> Bool {
        guard let size = content.littleEndian32(0), size >= 1024, size % 1024 == 0, let kind = content.byte(0x4A) else {
            return false
        }
        return (1...2).contains(kind) && (content.littleEndian16(0x48) ?? 99) <= 4
    }

    /// A DER SEQUENCE that is exactly as long as the content (X.690 8.1.3).
    static func isWholeDER(_ content: Span<UInt8>) -> Bool {
        if content.byte(1) == 0x82, let length = content.bigEndian16(2) { return Int(length) + 4 == content.count }
        if content.byte(1) == 0x81, let length = content.byte(2) { return Int(length) + 3 == content.count }
        return false
    }
}
