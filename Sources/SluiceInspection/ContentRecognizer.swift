// Which recognizer looks at which content. By the bytes alone: the declared name is a claim.

import SluiceModel

/// What recognizing one piece of content gave.
struct Recognition {
    var type: RecognizedType
    /// Present for text.
    var text: TextFeatures?
    /// Present for archives.
    var manifest: Manifest?

    init(_ type: RecognizedType, text: TextFeatures? = nil, manifest: Manifest? = nil) {
        self.type = type
        self.text = text
        self.manifest = manifest
    }
}

/// A reader of one format, in a file of its own. It looks only where its signature stands at its legal place.
protocol Recognizer: SendableMetatype {
    /// Cheap: whether the content begins like this format.
    static func claims(_ content: Span<UInt8>) -> Bool

    /// Walks the structure to its end and notes what is wrong with it.
    /// - Returns: the type with the basis that the walk has earned (`.signature` when the structure is broken; a finding says where), or `nil`
    ///   when it is not this format after all and another recognizer may look.
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition?
}

/// Asks each recognizer in turn. The first that keeps its claim is right: no content is two things, and `TwoFormats` sees to that.
enum ContentRecognizer {
    /// In this order, from the strictest signature to the loosest. Tar and zip stand before PDF, whose header may begin anywhere in the first
    /// 1 024 bytes and so in an archive's first member.
    static let recognizers: [any Recognizer.Type] = [
        PNGRecognizer.self,
        JPEGRecognizer.self,
        CompoundFileRecognizer.self,
        EventLogRecognizer.self,
        PacketCaptureRecognizer.self,
        ZipRecognizer.self,
        CompressedStream.self,
        ForeignArchive.self,
        TarRecognizer.self,
        PDFRecognizer.self,
        BMPRecognizer.self,
        OldExcelRecognizer.self,
        OldWordRecognizer.self,
    ]

    /// How much of the beginning a claim rests on: a PDF's header may stand within the first 1 024 bytes.
    static let head = 4096

    /// Whether a recognizer of a structured format wants to see the content; `beginning` is its first `head` bytes or all of it.
    static func isClaimed(_ beginning: Span<UInt8>) -> Bool {
        for recognizer in recognizers where recognizer.claims(beginning) { return true }
        return false
    }

    /// Recognizes the attachment or one member. What nobody recognizes is `.unrecognized`.
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition {
        guard !content.isEmpty else {
            if context.depth == 0 { context.find(.contentEmpty) }
            return Recognition(RecognizedType(.empty, .proven, detail: "empty"))
        }
        for recognizer in recognizers where recognizer.claims(content) {
            guard let found = recognizer.recognize(content, &context) else { continue }
            TwoFormats.look(content, besides: found.type.mediaType, &context)
            return found
        }
        var scanner = context.newScanner()
        // A beginning that reads like a format's is all there is of that format where the content is plain text.
        if SignatureTable.mediaType(of: content) == nil || TextScanner.mayBePlain(content) { scanner.feed(content) }
        return unclaimed(content, scanner, &context)
    }

    /// What no structured recognizer claims: known by its first bytes, text, or unknown.
    /// - Parameters:
    ///   - beginning: of the content; at least what a signature or libmagic looks at.
    ///   - tail: the last bytes, where `beginning` is not all of it.
    ///   - scanner: has read all of it, unless a signature names it.
    static func unclaimed(
        _ beginning: Span<UInt8>, tail: [UInt8] = [], _ scanner: consuming TextScanner,
        _ context: inout InspectionContext
    ) -> Recognition {
        var recognition = Recognition(.unrecognized)
        context.notText = nil
        // Plain text that begins with the letters of a signature is text.
        let known =
            scanner.isPlain
            ? nil : SignatureTable.mediaType(of: beginning) ?? SignatureTable.mediaType(ofTail: tail.span)
        if let known {
            recognition.type = RecognizedType(known, .signature)
        } else if scanner.mayBeText, let text = scanner.finish(declaredExtension: context.declaredExtension, &context) {
            recognition = text
        } else if context.depth > 0, context.mayAskMagic(), let named = context.magic.mediaType(of: beginning) {
            // Only a name for the manifest: the basis says that nothing of ours stands behind it.
            recognition.type = RecognizedType(named, .none)
        }
        if recognition.text == nil, recognition.type.basis == .none, ZipEnd.isLastPart(beginning) {
            context.find(.zipSeveralDisks)
            return Recognition(RecognizedType(.zip, .signature))
        }
        if recognition.type == .unrecognized, let reason = context.notText { recognition.type.detail = reason }
        TwoFormats.look(beginning, besides: recognition.type.mediaType, &context)
        return recognition
    }
}
