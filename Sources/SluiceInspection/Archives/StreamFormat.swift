// Formats of one compressed file: how each begins, which of libarchive's filters reads it, and where it ends when something follows.

import CArchive
import SluiceModel

enum StreamFormat {
    case gzip, xz, zstandard, bzip2, lzma, lz4, lzip, compress

    init?(_ content: Span<UInt8>) {
        // This is called for every member, and hardly any begins with one of these.
        switch content.byte(0) {
        case 0x1F, 0xFD, 0x28, 0x42, 0x04, 0x02, 0x4C, 0x5D: break
        default: return nil
        }
        if content.has([0x1F, 0x8B, 0x08], at: 0) {
            self = .gzip  // RFC 1952 §2.3.1
        } else if content.has([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], at: 0) {
            self = .xz  // the .xz file format, 2.1.1.1
        } else if content.has([0x28, 0xB5, 0x2F, 0xFD], at: 0) {
            self = .zstandard  // RFC 8878 §3.1.1
        } else if content.has([0x42, 0x5A, 0x68], at: 0) {
            // The level, then a block or the end of the stream.
            guard (0x31...0x39).contains(content.byte(3) ?? 0),
                content.has([0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4)
                    || content.has([0x17, 0x72, 0x45, 0x38, 0x50, 0x90], at: 4)
            else { return nil }
            self = .bzip2
        } else if content.has([0x04, 0x22, 0x4D, 0x18], at: 0) || content.has([0x02, 0x21, 0x4C, 0x18], at: 0) {
            self = .lz4  // the frame format and the legacy one (lz4_Frame_format.md)
        } else if content.has([0x4C, 0x5A, 0x49, 0x50, 0x01], at: 0) {
            self = .lzip
        } else if content.has([0x5D, 0x00, 0x00], at: 0), SignatureChecks.isLZMA(content) {
            self = .lzma
        } else if content.has([0x1F, 0x9D], at: 0), let flags = content.byte(2), flags & 0x60 == 0,
            (9...16).contains(flags & 0x1F), content.count > 3
        {
            self = .compress  // two bits are reserved, the rest is the longest code (compress(1), "maxbits")
        } else {
            return nil
        }
    }

    var mediaType: MediaType {
        switch self {
        case .gzip: .gzip
        case .xz: .xz
        case .zstandard: .zstandard
        case .bzip2: .bzip2
        case .lzma: .lzma
        case .lz4: .lz4
        case .lzip: .lzip
        case .compress: .compress
        }
    }

    /// Known by so few bytes that content which does not expand at all is probably something else.
    var isGuess: Bool { self == .lzma || self == .compress }

    /// Enables the one filter of libarchive that reads it; zlib reads gzip.
    func enable(_ reader: OpaquePointer) -> CInt {
        switch self {
        case .gzip: archive_read_support_filter_gzip(reader)
        case .xz: archive_read_support_filter_xz(reader)
        case .zstandard: archive_read_support_filter_zstd(reader)
        case .bzip2: archive_read_support_filter_bzip2(reader)
        case .lzma: archive_read_support_filter_lzma(reader)
        case .lz4: archive_read_support_filter_lz4(reader)
        case .lzip: archive_read_support_filter_lzip(reader)
        case .compress: archive_read_support_filter_compress(reader)
        }
    }

    /// Where the stream ends, if that is known without expanding it. For readers that fail on the bytes that follow, or take them unseen.
    func end(_ content: Span<UInt8>) -> Int? {
        switch self {
        case .xz:
            // Every stream ends in these two letters (the .xz file format, 2.1.2.4).
            let end = content.count - content.paddingAtEnd
            return content.has("YZ", at: end - 2) ? end : nil
        case .zstandard: return Self.endOfFrames(content)
        case .lz4: return Self.endOfBlocks(content)
        default: return nil
        }
    }

    /// lz4_Frame_format.md: frames and skippable frames. The legacy format has no end of its own.
    private static func endOfBlocks(_ content: Span<UInt8>) -> Int? {
        var at = 0
        while let magic = content.littleEndian32(at) {
            if magic & 0xFFFF_FFF0 == 0x184D_2A50, let size = content.littleEndian32(at + 4) {
                at += 8 + Int(size)
                continue
            }
            if magic == 0x184C_2102 { return nil }
            guard magic == 0x184D_2204, let flags = content.byte(at + 4) else { break }
            var block = at + 7 + (flags & 0x08 != 0 ? 8 : 0) + (flags & 0x01 != 0 ? 4 : 0)
            while let size = content.littleEndian32(block), size != 0 {
                block += 4 + Int(size & 0x7FFF_FFFF) + (flags & 0x10 != 0 ? 4 : 0)
            }
            guard content.littleEndian32(block) == 0 else { return nil }
            at = block + 4 + (flags & 0x04 != 0 ? 4 : 0)
        }
        return min(at, content.count)
    }

    /// RFC 8878 §3.1: frames and skippable frames, one behind the other.
    private static func endOfFrames(_ content: Span<UInt8>) -> Int {
        var at = 0
        while let magic = content.littleEndian32(at) {
            if magic & 0xFFFF_FFF0 == 0x184D_2A50, let size = content.littleEndian32(at + 4) {
                at += 8 + Int(size)
            } else if magic == 0xFD2F_B528, let end = endOfFrame(content, at + 4) {
                at = end
            } else {
                break
            }
        }
        return min(at, content.count)
    }

    private static func endOfFrame(_ content: Span<UInt8>, _ start: Int) -> Int? {
        guard let descriptor = content.byte(start) else { return nil }
        let isSingle = descriptor & 0x20 != 0
        let sizes = [isSingle ? 1 : 0, 2, 4, 8]
        var at = start + 1 + (isSingle ? 0 : 1) + [0, 1, 2, 4][Int(descriptor & 3)] + sizes[Int(descriptor >> 6)]
        while let low = content.littleEndian16(at), let high = content.byte(at + 2) {
            let header = Int(low) | Int(high) << 16
            // A run is stored as the one byte that it repeats.
            at += 3 + (header >> 1 & 3 == 1 ? 1 : header >> 3)
            if header & 1 == 1 { return at + (descriptor & 4 != 0 ? 4 : 0) }
        }
        return nil
    }
}

extension Span<UInt8> {
    /// Bytes that programs add behind the end of a file and that mean nothing.
    private static func isPadding(_ byte: UInt8) -> Bool { byte == 0 || byte == 0x0A || byte == 0x0D }

    /// Whether there is nothing but line breaks and zeros in the range, which is cut at the end of the content.
    func isPadding(_ range: Range<Int>) -> Bool {
        let bounded = range.clamped(to: 0..<count)
        var from = bounded.lowerBound
        while from < bounded.upperBound, let next = firstNonZero(from..<bounded.upperBound) {
            guard Self.isPadding(self[next]) else { return false }
            from = next + 1
        }
        return true
    }

    /// How many line breaks and zeros the content ends with.
    var paddingAtEnd: Int {
        var end = count
        while end > 0, Self.isPadding(self[end - 1]) { end -= 1 }
        return count - end
    }
}
