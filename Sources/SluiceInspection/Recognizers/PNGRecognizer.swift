// PNG (ISO/IEC 15948, "PNG specification, third edition"): every chunk, its checksum and its place, to the last byte. PNGPixels expands
// the compressed pixels, PNGChunkNames has the known chunks, ImageChecks the rules for tails and for the pixel budget.

import SluiceModel

enum PNGRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool {
        content.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0)  // §5.2
    }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard claims(content) else { return nil }
        var walk = PNGWalk()
        var intact = walk.run(content, &context)
        if walk.width > 0 { ImageChecks.checkPixels(width: walk.width, height: walk.height, &context) }
        if !ImageChecks.checkSecondFormat(content, &context) { intact = false }
        if walk.holdsPosition { context.find(.imagePosition) }
        return Recognition(RecognizedType(.png, intact ? .proven : .signature, detail: walk.detail))
    }
}

/// One pass over the chunks of a PNG.
private struct PNGWalk {
    var width = 0
    var height = 0
    var holdsPosition = false
    var detail = ""

    private var pixels = PNGPixels()
    private var ancillary = PNGAncillaryData()
    private var colorType: UInt8 = 0
    private var isPaletteSeen = false
    private var imageData = ImageData.none
    private var animation = Animation()
    /// The name of the current chunk.
    private var start = 0

    private enum ImageData { case none, open, closed }

    /// §11.3.6, animation information.
    private struct Animation {
        var frames: Int?
        var nextSequence: UInt32 = 0
        var isOdd = false
    }

    /// - Returns: whether all bytes are accounted for; otherwise findings say what is wrong.
    mutating func run(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Bool {
        var offset = 8
        var checksumsMatch = true
        while true {
            start = offset
            guard let length = content.bigEndian32(offset).map(Int.init), offset + 8 <= content.count else {
                if isWholeWithoutEnd(content, offset, &context) { return checksumsMatch }
                context.find(.imageTruncated, .text("a PNG chunk"), .number(content.count))
                return false
            }
            let type = content.copy(offset + 4..<offset + 8)
            guard type.allSatisfy({ ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }) else {  // §5.3: letters only
                if isWholeWithoutEnd(content, offset, &context) { return checksumsMatch }
                return broken("no chunk begins here", &context)
            }
            guard length <= 0x7FFF_FFFF, offset + 12 + length <= content.count else {
                if isWholeWithoutEnd(content, offset, &context) { return checksumsMatch }
                context.find(
                    .imageTruncated, .text("the PNG chunk " + String(decoding: type, as: UTF8.self)),
                    .number(content.count))
                return false
            }
            if Self.checksum(content, offset + 4..<offset + 8 + length) != content.bigEndian32(offset + 8 + length) {
                context.find(.imageChecksumWrong, .bytes(type), .number(offset))
                checksumsMatch = false
            }
            guard check(type, content, offset + 8..<offset + 8 + length, &context) else { return false }
            offset += 12 + length
            if type == Array("IEND".utf8) { break }
        }
        let isWhole = pixels.settle(content, &context)
        return ImageChecks.checkTail(content, from: offset, &context) && checksumsMatch && isWhole
    }

    /// Whether all pixels are there and only the end chunk is missing, wholly or in part; padding may stand in its place.
    private func isWholeWithoutEnd(_ content: Span<UInt8>, _ offset: Int, _ context: inout InspectionContext) -> Bool {
        guard pixels.areComplete else { return false }
        let rest = content.count - offset
        let isCutEnd = rest < 12 && content.has(Array(ImageRemains.lastChunk.prefix(rest)), at: offset)
        guard isCutEnd || ImageChecks.isPadding(content, from: offset) else { return false }
        context.find(.imageEndMissing, .number(offset))
        return true
    }

    private mutating func check(
        _ type: [UInt8], _ content: Span<UInt8>, _ data: Range<Int>, _ context: inout InspectionContext
    ) -> Bool {
        let name = String(decoding: type, as: UTF8.self)
        if (start == 8) != (name == "IHDR") { return broken("the header IHDR is not the first chunk, alone", &context) }
        if name != "IDAT", imageData == .open { imageData = .closed }
        switch name {
        case "IHDR": return checkHeader(content, data, &context)
        case "PLTE":
            guard !isPaletteSeen, imageData == .none, data.count % 3 == 0, (3...768).contains(data.count) else {
                return broken("the palette is out of place or has a wrong length", &context)
            }
            isPaletteSeen = true
        case "IDAT": return checkImageData(content, data, &context)
        case "IEND":
            if imageData == .none { return broken("there is no image data", &context) }
            if data.count != 0 { return broken("the end chunk is not empty", &context) }
            if animation.isOdd {
                context.find(.imageAnimationOdd, .text("frames are missing or out of order"), .number(start))
            }
        case "acTL": animation.frames = content.bigEndian32(data.lowerBound).map(Int.init)
        case "fcTL": animate(content, data, isRightLength: data.count == 26)
        case "fdAT": animate(content, data, isRightLength: data.count >= 4)
        case "eXIf": if ImageChecks.holdsPosition(content, data) { holdsPosition = true }
        default:
            // §5.4: a reader must not show an image with a critical chunk that it does not know.
            if type[0] & 0x20 == 0 {
                return broken("the critical chunk \(name) is not one of PNG's", &context)
            }
            return ancillary.check(name, content, data, &context)
        }
        return true
    }

    /// §11.2.1
    private mutating func checkHeader(_ content: Span<UInt8>, _ data: Range<Int>, _ context: inout InspectionContext)
        -> Bool
    {
        guard data.count == 13, let wide = content.bigEndian32(data.lowerBound),
            let high = content.bigEndian32(data.lowerBound + 4), (1...0x7FFF_FFFF).contains(wide),
            (1...0x7FFF_FFFF).contains(high)
        else { return broken("the header has a wrong length or no dimensions", &context) }
        width = Int(wide)
        height = Int(high)
        let depth = content[data.lowerBound + 8]
        colorType = content[data.lowerBound + 9]
        let kinds: [UInt8: (depths: [UInt8], name: String)] = [
            0: ([1, 2, 4, 8, 16], "gray"), 2: ([8, 16], "RGB"), 3: ([1, 2, 4, 8], "palette"),
            4: ([8, 16], "gray with alpha"), 6: ([8, 16], "RGBA"),
        ]
        guard let kind = kinds[colorType], kind.depths.contains(depth) else {
            return broken("colour type \(colorType) with \(depth) bits does not exist", &context)
        }
        guard content[data.lowerBound + 10] == 0, content[data.lowerBound + 11] == 0, content[data.lowerBound + 12] <= 1
        else {
            return broken("the compression, filter or interlace method does not exist", &context)
        }
        pixels.expect(
            width: width, height: height, bits: Self.samples[colorType]! * Int(depth),
            isInterlaced: content[data.lowerBound + 12] == 1, context)
        detail = "\(depth)-bit \(kind.name), \(width.grouped) × \(height.grouped)"
        return true
    }

    /// Samples of a pixel by color type, table 11.1.
    private static let samples: [UInt8: Int] = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4]

    private mutating func checkImageData(_ content: Span<UInt8>, _ data: Range<Int>, _ context: inout InspectionContext)
        -> Bool
    {
        if imageData == .closed { return broken("the image data is interrupted by other chunks", &context) }
        if colorType == 3, !isPaletteSeen { return broken("the palette is missing", &context) }
        if imageData == .none, data.count >= 2 {
            let method = content[data.lowerBound]
            let both = Int(method) << 8 | Int(content[data.lowerBound + 1])
            // RFC 1950 §2.2
            guard method & 0x0F == 8, both % 31 == 0 else {
                return broken("the image data is not compressed as PNG says", &context)
            }
        }
        imageData = .open
        pixels.take(content, data)
        return true
    }

    /// §11.3.6.2: sequence numbers count up over both kinds of chunk.
    private mutating func animate(_ content: Span<UInt8>, _ data: Range<Int>, isRightLength: Bool) {
        let sequence = content.bigEndian32(data.lowerBound)
        if !isRightLength || sequence != animation.nextSequence || animation.frames == nil { animation.isOdd = true }
        animation.nextSequence &+= 1
    }

    private func broken(_ what: String, _ context: inout InspectionContext) -> Bool {
        context.find(.imageBroken, .text(what), .number(start))
        return false
    }

    private static func checksum(_ content: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
        CyclicCheck.of(content.extracting(range))  // the same polynomial as zip's, annex D
    }
}
