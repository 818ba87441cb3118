// JPEG (ITU-T T.81): the recognizer itself. JPEGRecognizerWalk walks one picture from SOI to EOI; JPEGRecognizerTail accounts for what
// cameras and phones store behind it.

import SluiceModel

enum JPEGRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool {
        content.has([0xFF, 0xD8, 0xFF], at: 0)  // SOI and the first byte of the next marker, T.81 §B.1.1
    }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard claims(content) else { return nil }
        var walk = JPEGWalk(start: 0)
        let outcome = walk.run(content)
        let picture = walk.picture
        if picture.width > 0 { ImageChecks.checkPixels(width: picture.width, height: picture.height, &context) }
        if picture.holdsPosition { context.find(.imagePosition) }
        var intact = false
        switch outcome {
        case .complete(let end): intact = JPEGTail.check(content, from: end, of: picture, &context)
        case .truncated(let what): context.find(.imageTruncated, .text(what), .number(content.count))
        case .broken(let what, let offset): context.find(.imageBroken, .text(what), .number(offset))
        }
        if !ImageChecks.checkSecondFormat(content, &context) { intact = false }
        return Recognition(RecognizedType(.jpeg, intact ? .proven : .signature, detail: picture.detail))
    }
}

/// What the segments of one picture say.
struct JPEGPicture {
    var width = 0
    var height = 0
    var precision = 0
    var components = 0
    /// The low four bits of the frame's marker, T.81 table B.1.
    var process: UInt8 = 0
    var holdsPosition = false
    /// The TIFF-structured part of the EXIF segment.
    var exif: Range<Int>?
    /// Pictures in the file, as a multi-picture segment counts them (CIPA DC-007); 1 without one.
    var declaredPictures = 1
    /// Whether the XMP packet says that a video follows.
    var declaresVideo = false

    var detail: String {
        guard components > 0 else { return "" }
        let colors = [1: "gray", 3: "colour", 4: "CMYK"][components] ?? "\(components) components"
        let process =
            switch self.process & 3 {
            case 2: "progressive"
            case 3: "lossless"
            default: self.process == 0 ? "baseline" : "sequential"
            }
        return "\(precision)-bit \(colors), \(process), \(width.grouped) × \(height.grouped)"
    }
}
