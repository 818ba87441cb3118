// Builds PNG, JPEG and BMP images for tests, right by default and wrong in any byte that a test asks for. PDFBuilder builds documents.

/// A PNG as a list of chunks.
public struct PNGBuilder: Sendable {
    private var body: [UInt8] = []
    private var tail: [UInt8] = []
    private var hasEnd = true
    /// Bytes that the pixels of the header take, each row with its filter type; what `data` fills in.
    private var pixelBytes = 39

    /// An empty list; `image` adds what an image needs.
    public init() {}

    public static func image(
        width: Int = 4, height: Int = 3, depth: UInt8 = 8, colorType: UInt8 = 2, compression: UInt8 = 0,
        filter: UInt8 = 0,
        interlace: UInt8 = 0
    ) -> PNGBuilder {
        header(
            width: width, height: height, depth: depth, colorType: colorType, compression: compression, filter: filter,
            interlace: interlace
        ).data()
    }

    /// Only the header chunk.
    public static func header(
        width: Int = 4, height: Int = 3, depth: UInt8 = 8, colorType: UInt8 = 2, compression: UInt8 = 0,
        filter: UInt8 = 0,
        interlace: UInt8 = 0
    ) -> PNGBuilder {
        var builder = PNGBuilder().chunk(
            "IHDR", bigEndian32(width) + bigEndian32(height) + [depth, colorType, compression, filter, interlace])
        let bits = Int(depth) * ([2: 3, 4: 2, 6: 4][colorType] ?? 1)
        // Adam7: where each pass begins and how far its pixels are apart.
        let passes =
            interlace == 1
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)]
        builder.pixelBytes = passes.reduce(0) { sum, pass in
            let columns = max(0, (width - pass.0 + pass.2 - 1) / pass.2)
            let rows = max(0, (height - pass.1 + pass.3 - 1) / pass.3)
            return columns == 0 ? sum : sum + rows * ((columns * bits + 7) / 8 + 1)
        }
        return builder
    }

    public func chunk(
        _ type: String, _ data: [UInt8] = [], claimingLength length: Int? = nil, checksumXor: UInt32 = 0
    ) -> PNGBuilder {
        var next = self
        let typed = Array(type.utf8) + data
        next.body += bigEndian32(length ?? data.count) + typed
        next.body += bigEndian32(Int(Checksums.crc32(typed) ^ checksumXor))
        return next
    }

    /// An image data chunk with a valid zlib stream: of all pixels, up to what tests can hold.
    public func data(_ raw: [UInt8]? = nil) -> PNGBuilder {
        chunk("IDAT", Checksums.zlibStored(raw ?? [UInt8](repeating: 0, count: min(pixelBytes, 100_000))))
    }

    public func withoutEnd() -> PNGBuilder {
        var next = self
        next.hasEnd = false
        return next
    }

    public func trailing(_ bytes: [UInt8]) -> PNGBuilder {
        var next = self
        next.tail += bytes
        return next
    }

    public var bytes: [UInt8] {
        let end: [UInt8] = hasEnd ? PNGBuilder().chunk("IEND").body : []
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + body + end + tail
    }
}

/// A JPEG as a list of segments.
public struct JPEGBuilder: Sendable {
    public private(set) var bytes: [UInt8] = [0xFF, 0xD8]

    public init() {}

    /// A whole picture. `before` are segments in front of the frame header.
    public static func image(
        width: Int = 16, height: Int = 16, process: UInt8 = 0xC0, components: Int = 3, coded: [UInt8]? = nil,
        before: (JPEGBuilder) -> JPEGBuilder = { $0.jfif() }
    ) -> JPEGBuilder {
        let coded = coded ?? [UInt8](repeating: 0x55, count: max(64, width * height * components / 128))
        return before(JPEGBuilder()).quantization()
            .frame(width: width, height: height, process: process, components: components)
            .huffman().scan(components: components, coded: coded).end()
    }

    public func segment(_ marker: UInt8, _ payload: [UInt8], claimingLength length: Int? = nil) -> JPEGBuilder {
        raw([0xFF, marker] + bigEndian16(length ?? payload.count + 2) + payload)
    }

    public func raw(_ added: [UInt8]) -> JPEGBuilder {
        var next = self
        next.bytes += added
        return next
    }

    public func jfif() -> JPEGBuilder { segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 72, 0, 72, 0, 0]) }
    public func quantization() -> JPEGBuilder { segment(0xDB, [0] + [UInt8](repeating: 1, count: 64)) }
    public func huffman() -> JPEGBuilder { segment(0xC4, [0, 0, 1] + [UInt8](repeating: 0, count: 14) + [5]) }
    public func end() -> JPEGBuilder { raw([0xFF, 0xD9]) }

    public func frame(
        width: Int, height: Int, process: UInt8 = 0xC0, precision: UInt8 = 8, components: Int = 3,
        sampling: UInt8 = 0x11
    ) -> JPEGBuilder {
        var payload = [precision] + bigEndian16(height) + bigEndian16(width) + [UInt8(components)]
        for index in 0..<components { payload += [UInt8(index + 1), sampling, 0] }
        return segment(process, payload)
    }

    public func scan(components: Int = 3, coded: [UInt8] = [UInt8](repeating: 0x55, count: 64)) -> JPEGBuilder {
        var payload = [UInt8(components)]
        for index in 0..<components { payload += [UInt8(index + 1), 0] }
        return segment(0xDA, payload + [0, 63, 0]).raw(coded)
    }

    /// EXIF data whose first directory points to a GPS directory with the given tags, with `rest` behind.
    public func exif(gpsTags: [UInt16] = [], rest: [UInt8] = []) -> JPEGBuilder {
        segment(0xE1, Array("Exif\0\0".utf8) + Self.exifData(gpsTags: gpsTags) + rest)
    }

    public static func exifData(gpsTags: [UInt16] = []) -> [UInt8] {
        var data = Array("MM".utf8) + bigEndian16(42) + bigEndian32(8)
        data +=
            bigEndian16(1) + bigEndian16(0x8825) + bigEndian16(4) + bigEndian32(1) + bigEndian32(26) + bigEndian32(0)
        data += bigEndian16(gpsTags.count)
        for tag in gpsTags { data += bigEndian16(Int(tag)) + bigEndian16(5) + bigEndian32(3) + bigEndian32(0) }
        return data + bigEndian32(0)
    }

    /// A multi-picture segment that counts `pictures`.
    public func multiPicture(_ pictures: Int) -> JPEGBuilder {
        var payload = Array("MPF\0MM".utf8) + bigEndian16(42) + bigEndian32(8) + bigEndian16(1)
        payload += bigEndian16(0xB001) + bigEndian16(4) + bigEndian32(1) + bigEndian32(pictures) + bigEndian32(0)
        return segment(0xE2, payload)
    }

    public func xmp(_ text: String) -> JPEGBuilder {
        segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0".utf8) + Array(text.utf8))
    }
}

/// A BMP as the numbers of its headers; `nil` where the right number is to be worked out.
public struct BMPBuilder: Sendable {
    public var headerLength = 40
    public var width = 3
    public var height = 2
    public var planes = 1
    public var bits = 24
    public var compression = 0
    public var imageSize = 0
    public var colorsUsed = 0
    public var declaredSize: Int?
    public var pixelOffset: Int?
    public var pixels: [UInt8]?
    public var palette: [UInt8]?
    public var gap: [UInt8] = []
    public var trailing: [UInt8] = []

    public init(_ change: (inout BMPBuilder) -> Void = { _ in }) { change(&self) }

    public var bytes: [UInt8] {
        var header = littleEndian32(headerLength)
        if headerLength == 12 {
            header += littleEndian16(width) + littleEndian16(height) + littleEndian16(planes) + littleEndian16(bits)
        } else {
            header += littleEndian32(width) + littleEndian32(height) + littleEndian16(planes) + littleEndian16(bits)
            header += littleEndian32(compression) + littleEndian32(imageSize) + littleEndian32(0) + littleEndian32(0)
            header += littleEndian32(colorsUsed) + littleEndian32(0)
            header = Array((header + [UInt8](repeating: 0, count: max(0, headerLength - 40))).prefix(headerLength))
        }
        if headerLength == 40, compression == 3 || compression == 6 {
            header += [UInt8](repeating: 0x0F, count: compression == 3 ? 12 : 16)
        }
        let colors = bits <= 8 ? (colorsUsed > 0 ? colorsUsed : 1 << bits) : colorsUsed
        header += palette ?? [UInt8](repeating: 0x7F, count: colors * (headerLength == 12 ? 3 : 4))
        header += gap
        let body = pixels ?? [UInt8](repeating: 0x33, count: (width * bits + 31) / 32 * 4 * abs(height))
        let size = 14 + header.count + body.count + trailing.count
        return Array("BM".utf8) + littleEndian32(declaredSize ?? size) + littleEndian32(0)
            + littleEndian32(pixelOffset ?? 14 + header.count) + header + body + trailing
    }
}

public func bigEndian16(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> (8 - 8 * $0)) } }
public func bigEndian32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
public func littleEndian16(_ value: Int) -> [UInt8] { bigEndian16(value).reversed() }
public func littleEndian32(_ value: Int) -> [UInt8] { bigEndian32(value).reversed() }

/// The checksums and the simplest zlib stream that test inputs need.
public enum Checksums {
    /// ISO 3309, as PNG and ZIP use it.
    public static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }

    /// A zlib stream (RFC 1950) of stored blocks.
    public static func zlibStored(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(block.count)
            out += [rest.isEmpty ? 1 : 0] + littleEndian16(block.count) + littleEndian16(~block.count) + block
        } while !rest.isEmpty
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return out + bigEndian32(Int(high << 16 | low))
    }
}
