// The rules that the image recognizers share: the pixel budget, the tail behind an image, the GPS position in EXIF data. Each format has
// a file of its own.

import SluiceModel

enum ImageChecks {
    /// Zero bytes that may follow a document (chosen: the largest storage cluster that cameras are known to fill up). Images may have any number.
    static let mostPadding = 65_536
    /// Bytes other than padding that may follow an image, where they begin like nothing (chosen: too few to be anything that opens or runs).
    private static let mostRest = 32
    /// The same where they are printable: words could follow.
    private static let mostPrintableRest = 16
    /// Blanks, line ends and fill bytes that may follow an image (chosen: what transfers in text mode append).
    static let mostBlanks = 16

    /// Notes an image over the budget. From headers only: nothing is decoded.
    static func checkPixels(width: Int, height: Int, _ context: inout InspectionContext) {
        let budget = context.order.images
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        if overflow || pixels > budget.pixels || width > budget.side || height > budget.side {
            context.find(
                .imageTooManyPixels, .number(width), .number(height), .number(budget.pixels), .number(budget.side))
        }
    }

    /// Accounts for what follows the end of an image.
    /// - Returns: whether it is nothing, or padding within the slack; otherwise a finding says what it looks like.
    static func checkTail(_ content: Span<UInt8>, from end: Int, _ context: inout InspectionContext) -> Bool {
        let length = content.count - end
        if length <= 0 { return true }
        if isPadding(content, from: end) {
            context.find(.imagePadding, .size(ByteCount(length)))
            return true
        }
        let shown = end + content.zeroRun(from: end, before: content.count - 1)
        let likeness = SecondFormat.likeness(of: content, at: shown)
        var last = content.count
        while last > shown, content[last - 1] == 0 { last -= 1 }
        if likeness == "binary data" && last - shown <= mostRest
            || likeness == "text" && last - shown <= mostPrintableRest
        {
            context.find(.imageFewBytes, .size(ByteCount(last - shown)), .number(shown))
            return true
        }
        if ImageRemains.stand(in: content, from: end) {
            context.find(.imageCroppedRemains, .number(end), .size(ByteCount(length)))
            return false
        }
        context.find(.imageTrailingBytes, .size(ByteCount(length)), .number(end), .text(likeness))
        return false
    }

    /// Whether all bytes from `start` to the end of the content are padding: zeros or the fill of flash memory in any number, or a few blanks.
    static func isPadding(_ content: Span<UInt8>, from start: Int) -> Bool {
        let length = content.count - start
        if content.zeroRun(from: start, before: content.count) == length { return true }
        if content[start] == 0xFF, isFilled(content, from: start) { return true }
        guard length <= mostBlanks else { return false }
        for offset in start..<content.count {
            switch content[offset] {
            case 0, 9, 10, 13, 0x1A, 0x20, 0xFF: continue  // 0xFF fills flash memory and JPEG alike
            default: return false
            }
        }
        return true
    }

    private static func isFilled(_ content: Span<UInt8>, from start: Int) -> Bool {
        for offset in start..<content.count where content[offset] != 0xFF { return false }
        return true
    }

    /// Notes what stands in a place of an image that no viewer shows.
    /// - Parameters:
    ///   - place: in words, as it stands in a sentence.
    ///   - namesData: whether data of no known format is a finding, too.
    static func noteHidden(
        _ content: Span<UInt8>, _ range: Range<Int>, in place: String, namesData: Bool,
        _ context: inout InspectionContext
    ) {
        // Less holds nothing (chosen).
        if range.count < 32 { return }
        switch HiddenBytes.likeness(of: content, range) {
        case .nothing: break
        case .file(let words):
            context.find(.imageHiddenFile, .size(ByteCount(range.count)), .text(place), .text(words))
        case .data(let words):
            if namesData {
                context.find(.imageHiddenData, .size(ByteCount(range.count)), .text(place), .text(words))
            }
        }
    }

    /// Notes that the content is a second format as well.
    static func checkSecondFormat(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Bool {
        guard let second = SecondFormat.find(in: content) else { return true }
        context.find(.imageSecondFormat, .text(second.name), .number(second.offset))
        return false
    }

    /// Whether TIFF-structured EXIF data at `range` holds a GPS latitude or longitude (Exif 2.3 §4.6.6).
    /// An empty GPS directory, as phones write with location switched off, is not one.
    static func holdsPosition(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let isLittle = content.has("II", at: range.lowerBound)
        guard isLittle || content.has("MM", at: range.lowerBound) else { return false }
        func number16(_ at: Int) -> Int? {
            guard at >= 0, range.lowerBound + at + 2 <= range.upperBound else { return nil }
            let offset = range.lowerBound + at
            return (isLittle ? content.littleEndian16(offset) : content.bigEndian16(offset)).map(Int.init)
        }
        func number32(_ at: Int) -> Int? {
            guard at >= 0, range.lowerBound + at + 4 <= range.upperBound else { return nil }
            let offset = range.lowerBound + at
            return (isLittle ? content.littleEndian32(offset) : content.bigEndian32(offset)).map(Int.init)
        }
        /// The value field of the first entry that has one of `tags`.
        func value(of tags: [Int], inDirectoryAt directory: Int) -> Int? {
            guard let entries = number16(directory) else { return nil }
            for index in 0..<entries {
                let entry = directory + 2 + index * 12
                guard let tag = number16(entry) else { return nil }
                if tags.contains(tag) { return number32(entry + 8) }
            }
            return nil
        }
        guard number16(2) == 42, let first = number32(4), let position = value(of: [0x8825], inDirectoryAt: first)
        else {
            return false
        }
        return value(of: [2, 4], inDirectoryAt: position) != nil
    }
}
