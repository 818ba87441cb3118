// How much the compressed data of a PNG expands to: its pixels compared with its dimensions, its texts and its color profile compared
// with the limits of readers. The data is expanded and thrown away. PNGRecognizer reads the chunks.

import SluiceModel

/// The compressed pixels, over all chunks of image data.
struct PNGPixels {
    /// Expanded bytes beyond the pixels that are only noted (chosen: a row or two that a writer counted too many).
    private static let slack = 64 << 10

    /// Bytes of all rows with their filter types (§7.2).
    private var needed = 0
    private var stream: ZlibStream?
    /// The bytes behind the stream's end, in the chunk where it ended or in the next one.
    private var behind: Range<Int>?
    private var start: Int?

    /// - Parameter bits: of a pixel.
    mutating func expect(width: Int, height: Int, bits: Int, isInterlaced: Bool, _ context: InspectionContext) {
        // §8.2, Adam7: where each pass begins and how far its pixels are apart.
        let passes =
            isInterlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)]
        var total = 0
        for (x, y, across, down) in passes where width > x && height > y {
            let columns = (width - x + across - 1) / across
            let rows = (height - y + down - 1) / down
            // At most 2^31 columns of 64 bits: no overflow but in the product.
            let (size, overflow) = ((columns * bits + 7) / 8 + 1).multipliedReportingOverflow(by: rows)
            let (sum, over) = total.addingReportingOverflow(size)
            if overflow || over { return }
            total = sum
        }
        needed = total
        if needed <= context.imageBytes { stream = ZlibStream(limit: needed + Self.slack) }
    }

    mutating func take(_ content: Span<UInt8>, _ data: Range<Int>) {
        if start == nil { start = data.lowerBound }
        guard let stream else { return }
        stream.take(content.extracting(data))
        let count = min(stream.bytesBehind, data.count)
        if behind == nil, count > 0 { behind = data.upperBound - count..<data.upperBound }
    }

    /// Whether every pixel came out, with the check at the end of the stream.
    var areComplete: Bool { stream?.state == .finished && stream?.expanded ?? 0 >= needed }

    /// Notes what is wrong with the whole.
    /// - Returns: whether the pixels are all there and right, as far as they were expanded.
    func settle(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Bool {
        guard let stream, let start else { return true }
        context.imageBytes -= stream.expanded
        switch stream.state {
        case .finished where stream.expanded >= needed:
            let more = stream.expanded - needed
            if more > 0 {
                context.find(
                    .imageHiddenData, .size(ByteCount(more)), .text("the image data behind the pixels"),
                    .text("binary data"))
            }
            if let behind {
                ImageChecks.noteHidden(
                    content, behind, in: "the image data behind the compressed pixels", namesData: true, &context)
            }
            return true
        case .open where stream.expanded == needed:
            // Only the checksum is missing.
            context.find(.imageEndMissing, .number(start))
            return true
        case .open, .finished: context.find(.imageTruncated, .text("the image data"), .number(content.count))
        case .checksumWrong: context.find(.imageChecksumWrong, .bytes(Array("IDAT".utf8)), .number(start))
        case .invalid: context.find(.imageBroken, .text("the image data cannot be unpacked"), .number(start))
        case .tooLong:
            context.find(.imageExpandsTooFar, .text("The image data"), .size(ByteCount(needed + Self.slack)))
        }
        return false
    }
}

/// Texts, color profiles and chunks that no list knows.
struct PNGAncillaryData {
    /// The limit for one chunk: libpng's own (PNG_USER_CHUNK_MALLOC_MAX), so that readers refuse more as well.
    private static let most = 8_000_000
    /// The limit for all chunks together (chosen: four times that of one).
    private static let mostTogether = 32_000_000
    /// deflate cannot expand further (zlib, "Maximum Compression Factor").
    private static let mostRatio = 1032

    /// How much the chunks so far could have expanded to, and how much the expanded ones did.
    private var possible = 0
    private var expanded = 0

    /// - Returns: false where a chunk expands too far; then there is a finding.
    mutating func check(_ name: String, _ content: Span<UInt8>, _ data: Range<Int>, _ context: inout InspectionContext)
        -> Bool
    {
        if let (value, isCompressed) = PNGChunkNames.value(of: name, content, data) {
            if isCompressed { return checkSize(name, content, value, &context) }
            ImageChecks.noteHidden(content, value, in: "the text chunk \(name)", namesData: false, &context)
        } else if PNGChunkNames.isPrivate(name) {
            ImageChecks.noteHidden(
                content, data, in: "the private chunk \(name)", namesData: PNGChunkNames.isUnknown(name), &context)
        }
        return true
    }

    private mutating func checkSize(
        _ name: String, _ content: Span<UInt8>, _ value: Range<Int>, _ context: inout InspectionContext
    ) -> Bool {
        possible += value.count * Self.mostRatio
        // Nearly all profiles and texts are too short to expand that far; only the others are expanded.
        if possible <= Self.most { return true }
        let limit = min(Self.most, Self.mostTogether - expanded)
        let stream = ZlibStream(limit: limit)
        stream.take(content.extracting(value))
        expanded += min(stream.expanded, limit)
        guard stream.state == .tooLong else { return true }
        context.find(.imageExpandsTooFar, .text("The chunk \(name)"), .size(ByteCount(limit)))
        return false
    }
}
