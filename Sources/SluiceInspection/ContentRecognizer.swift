// The table of all recognizers, and which of them reads a piece of content. The bytes alone decide: the declared name is a claim.

import SluiceModel

/// Asks each recognizer in turn. The first that keeps its claim is right: `TwoFormats` makes sure that no content is two things.
enum ContentRecognizer: RecognizerTable {
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

    /// More than any claim needs: a PDF's header may stand within the first 1 024 bytes.
    static let head = 4096

    static func isClaimed(_ beginning: Span<UInt8>) -> Bool {
        for recognizer in recognizers where recognizer.claims(beginning) { return true }
        return false
    }

    static func recognizePackage(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        OpenXMLRecognizer.recognize(content, &context)
    }

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
        return unclaimed(content, tail: [], isPlain: scanner.isPlain, &context) { scanner.recognition(&$0) }
    }

    static func unclaimed(
        _ beginning: Span<UInt8>, tail: [UInt8], isPlain: Bool, _ context: inout InspectionContext,
        text: (inout InspectionContext) -> Recognition?
    ) -> Recognition {
        var recognition = Recognition(.unrecognized)
        context.notText = nil
        // Plain text that begins with the letters of a signature is text.
        let known =
            isPlain
            ? nil : SignatureTable.mediaType(of: beginning) ?? SignatureTable.mediaType(ofTail: tail.span)
        if let known {
            recognition.type = RecognizedType(known, .signature)
        } else if let text = text(&context) {
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

extension InspectionContext {
    /// A context whose content is read by all recognizers.
    init(
        _ order: InspectionOrder, magic: MagicDatabase, buffers: BufferPool = BufferPool(),
        inflaters: InflaterPool = InflaterPool()
    ) {
        self.init(order, recognizers: ContentRecognizer.self, magic: magic, buffers: buffers, inflaters: inflaters)
    }
}
