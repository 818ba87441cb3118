// BMP, all header versions ("Bitmap Storage", Windows GDI; OS/2 1.x and 2.x): header, masks, palette, pixels, colour profile, to the last byte.
// BMPRecognizerRuns walks run-length coded pixels; ImageChecks has the rules for tails and for the pixel budget.

import SluiceModel

enum BMPRecognizer: Recognizer {
    /// Two letters prove nothing (`BM` begins many a text), so the header's length must be one that exists.
    static func claims(_ content: Span<UInt8>) -> Bool {
        guard content.has("BM", at: 0), let length = content.littleEndian32(14) else { return false }
        switch length {
        case 12, 108, 124: return true
        case 16...64: return length % 4 == 0 || length == 42 || length == 46  // OS/2 2.x may be cut after any field
        default: return false
        }
    }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard claims(content) else { return nil }
        guard let header = BMPHeader(content) else {
            context.find(.imageTruncated, .text("the BMP header"), .number(content.count))
            return Recognition(RecognizedType(.bmp, .signature))
        }
        var basis = RecognizedType.Basis.signature
        if let wrong = header.firstFault {
            context.find(.imageBroken, .text(wrong), .number(14))
        } else {
            ImageChecks.checkPixels(width: header.width, height: header.height, &context)
            basis = walk(header, content, &context)
        }
        if !ImageChecks.checkSecondFormat(content, &context) { basis = .signature }
        return Recognition(RecognizedType(.bmp, basis, detail: header.detail))
    }

    private static func walk(
        _ header: BMPHeader, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> RecognizedType.Basis {
        var basis = RecognizedType.Basis.proven
        let pixels = header.pixelOffset
        guard pixels <= content.count else {
            context.find(.imageTruncated, .text("the BMP palette"), .number(content.count))
            return .signature
        }
        guard pixels >= header.headersEnd else {
            context.find(.imageBroken, .text("the pixels overlap the headers"), .number(10))
            return .signature
        }
        // A palette may be cut short by the pixels; then there is no gap.
        if pixels > header.paletteEnd {
            let gap = header.paletteEnd..<pixels
            if content.zeroRun(from: gap.lowerBound, before: gap.upperBound) < gap.count, header.profile != gap {
                if gap.count > mostGap {
                    context.find(.imageUnaccountedBytes, .size(ByteCount(gap.count)), .number(gap.lowerBound))
                    return .signature
                }
                basis = .structure
            }
        }
        guard var end = endOfPixels(header, content, &context) else { return .signature }
        if header.isOpaque { basis = .structure }
        if let profile = header.profile, profile.lowerBound >= end, profile.upperBound <= content.count,
            content.zeroRun(from: end, before: profile.lowerBound) == profile.lowerBound - end
        {
            end = profile.upperBound
        }
        if header.declaredSize != content.count {
            context.find(.imageSizeField, .size(ByteCount(header.declaredSize)), .size(ByteCount(content.count)))
        }
        return ImageChecks.checkTail(content, from: end, &context) ? basis : .signature
    }

    /// Bytes between palette and pixels that may be other than zero (chosen: a palette of 256 colours that the header counts too low).
    private static let mostGap = 1024

    /// - Returns: the offset behind the pixels, or `nil` with a finding.
    private static func endOfPixels(_ header: BMPHeader, _ content: Span<UInt8>, _ context: inout InspectionContext)
        -> Int?
    {
        if let unit = header.runUnit {
            guard let end = BMPRuns.end(content, from: header.pixelOffset, unit: unit, imageSize: header.imageSize)
            else {
                context.find(.imageTruncated, .text("the image data"), .number(content.count))
                return nil
            }
            return end
        }
        if header.isOpaque {
            let end = header.pixelOffset + header.imageSize
            guard header.imageSize > 0, end <= content.count else {
                context.find(.imageTruncated, .text("the image data"), .number(content.count))
                return nil
            }
            return end
        }
        let (size, overflow) = header.rowSize.multipliedReportingOverflow(by: header.height)
        // The last row's padding carries nothing, and some writers leave it out.
        guard !overflow, size - header.rowPadding <= content.count - header.pixelOffset else {
            context.find(.imageTruncated, .text("the image data"), .number(content.count))
            return nil
        }
        return min(header.pixelOffset + size, content.count)
    }
}
