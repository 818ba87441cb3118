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
        case .truncated(let what):
            if let end = JPEGCoverage.end(of: content, from: 0) {
                intact = checkWithoutEnd(content, end, picture, &context)
            } else {
                context.find(.imageTruncated, .text(what), .number(content.count))
            }
        case .broken(let what, let offset):
            // Bytes behind a picture without its end mark can look like a misplaced marker.
            if picture.components > 0, let end = JPEGCoverage.end(of: content, from: 0), end <= offset {
                intact = checkWithoutEnd(content, end, picture, &context)
            } else {
                context.find(.imageBroken, .text(what), .number(offset))
            }
        }
        for stray in picture.strays {
            context.find(.imageStraySegment, .size(ByteCount(stray.count)), .number(stray.lowerBound))
            ImageChecks.noteHidden(content, stray, in: "a segment that viewers skip", namesData: false, &context)
        }
        for note in picture.notes {
            ImageChecks.noteHidden(content, note, in: "a comment or a private segment", namesData: false, &context)
        }
        if !ImageChecks.checkSecondFormat(content, &context) { intact = false }
        return Recognition(RecognizedType(.jpeg, intact ? .proven : .signature, detail: picture.detail))
    }

    /// All pixels are there, and the end mark is not.
    private static func checkWithoutEnd(
        _ content: Span<UInt8>, _ end: Int, _ picture: JPEGPicture, _ context: inout InspectionContext
    ) -> Bool {
        context.find(.imageEndMissing, .number(end))
        return JPEGTail.check(content, from: end, of: picture, &context)
    }
}

/// The values of one picture's segments.
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
    /// Segments whose marker lacks its 0xFF; readers skip them.
    var strays: [Range<Int>] = []
    /// Comments, and segments of applications that do not begin with a name.
    var notes: [Range<Int>] = []

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
