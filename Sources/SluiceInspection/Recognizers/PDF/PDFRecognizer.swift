// PDF (ISO 32000-1): header, end, cross-reference, every object, active names. The parts live beside this file: PDFLexer, PDFObjects,
// PDFStreams, PDFCrossReference, PDFSweep, PDFNames. Here they are weighed: lenient where all popular viewers agree, never silent.

import SluiceModel

enum PDFRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { header(content) != nil }

    /// Viewers look for the header within the first 1024 bytes; here only blanks, zeros and a byte order mark may stand before it.
    private static func header(_ content: Span<UInt8>) -> Int? {
        var offset = content.has([0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
        while offset < min(content.count, 1024), PDFLexer.isBlank(content[offset]) { offset += 1 }
        return content.has("%PDF-", at: offset) ? offset : nil
    }

    /// Bytes that may belong to no object (chosen: leftovers of careless writers are some dozens a document).
    private static let mostUnaccounted = 1024
    /// Comments that may follow the end mark (chosen: a producer's line or two).
    private static let mostComment = 256

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let header = header(content) else { return nil }
        var table = PDFCrossReference()
        readTable(content, header, &table, &context)
        var sweep = PDFSweep()
        sweep.run(content, from: header, table, &context)

        var basis = RecognizedType.Basis.proven
        if header > 0 { context.find(.pdfLeadingBytes, .size(ByteCount(header))) }
        if let fault = missing(content, header, sweep, table) {
            context.find(fault.isCut ? .pdfTruncated : .pdfBroken, .text(fault.what))
            basis = .signature
        }
        basis = min(basis, checkEnd(content, sweep, &context))
        if basis > .signature {
            basis = min(basis, checkTable(content, &table, sweep, &context))
            basis = min(basis, checkUnaccounted(sweep, &context))
        }
        if let second = SecondFormat.find(in: content, besidesPDF: false) {
            context.find(.pdfSecondFormat, .text(second.name), .number(second.offset))
            basis = .signature
        }
        if sweep.isEncrypted { context.find(.pdfEncrypted) }
        if sweep.unreadable > 0 {
            context.find(.pdfUnreadable, .number(sweep.unreadable), .text(sweep.whyUnreadable))
        }
        sweep.names.report(&context)
        let version = SafeText.display(content.copy(header + 5..<header + 8))
        return Recognition(
            RecognizedType(
                sweep.names.isIllustrator ? .illustrator : .pdf, basis,
                detail: "PDF \(version), \(sweep.objects.count.grouped) objects"))
    }

    private static func readTable(
        _ content: Span<UInt8>, _ header: Int, _ table: inout PDFCrossReference, _ context: inout InspectionContext
    ) {
        let low = max(0, content.count - ImageChecks.mostPadding - 4096)
        guard let mark = content.lastOffset(of: "startxref", from: low, before: content.count) else {
            return table.note("its place is not given")
        }
        guard let start = PDFLexer.integer(content, at: mark + 9) else { return table.note("its place is not given") }
        table.read(content, startingAt: start.value, header: header, &context)
    }

    /// - Returns: what a document cannot do without.
    private static func missing(
        _ content: Span<UInt8>, _ header: Int, _ sweep: PDFSweep, _ table: PDFCrossReference
    ) -> (what: String, isCut: Bool)? {
        guard let digit = content.byte(header + 5), (0x30...0x39).contains(digit) else {
            return ("its header names no version", false)
        }
        if sweep.objects.isEmpty { return ("there are no objects", false) }
        if sweep.isCut { return ("the last object is not complete", true) }
        let end = max(sweep.lastStart ?? 0, sweep.lastEnd ?? 0)
        if end < sweep.lastObject { return ("its last objects are followed by no end mark", true) }
        let isRootKnown = table.root.map { sweep.objects.contains($0) || table.compressed.contains($0) } ?? false
        if !sweep.hasCatalog, !(sweep.isEncrypted && isRootKnown) { return ("there is no catalog of its pages", false) }
        return nil
    }

    /// Blanks and zeros may follow the end mark, and a short comment on lines of its own.
    private static func checkEnd(
        _ content: Span<UInt8>, _ sweep: PDFSweep, _ context: inout InspectionContext
    ) -> RecognizedType.Basis {
        if let second = sweep.secondHeader {
            context.find(
                .pdfTrailingBytes, .size(ByteCount(content.count - second)), .number(second),
                .text("another PDF document"))
            return .signature
        }
        let end = max(sweep.lastStart ?? 0, sweep.lastEnd ?? 0)
        if end == 0 || end < sweep.lastObject { return .signature }
        var offset = end
        while offset < content.count, PDFLexer.isBlank(content[offset]) || content[offset] == 0x1A { offset += 1 }
        if offset == content.count { return .proven }
        if sweep.unaccounted == sweep.unaccountedBeforeEnd, offset > end, content.count - offset <= mostComment {
            return .structure
        }
        context.find(
            .pdfTrailingBytes, .size(ByteCount(content.count - end)), .number(end),
            .text(SecondFormat.likeness(of: content, at: offset)))
        return .signature
    }

    /// Each entry must lead to the object that it names.
    private static func checkTable(
        _ content: Span<UInt8>, _ table: inout PDFCrossReference, _ sweep: PDFSweep, _ context: inout InspectionContext
    ) -> RecognizedType.Basis {
        var wrong = 0
        var hidden = 0
        for (object, offset) in table.offsets {
            guard let header = PDFLexer.objectHeader(content, at: offset), header.number == object else {
                wrong += 1
                continue
            }
            if !sweep.starts.contains(header.start) { hidden += 1 }
        }
        if hidden > 0 { context.find(.pdfHiddenObjects, .number(hidden)) }
        if wrong > 0 { table.note("\(wrong) of \(table.offsets.count) entries lead to no object") }
        if table.root == nil { table.note("it names no catalog") }
        guard let fault = table.fault else { return sweep.wrongLengths == 0 ? .proven : .structure }
        context.find(.pdfCrossReference, .text(fault))
        return .structure
    }

    private static func checkUnaccounted(_ sweep: PDFSweep, _ context: inout InspectionContext) -> RecognizedType.Basis
    {
        guard sweep.unaccountedBeforeEnd > 0 else { return .proven }
        let isMuch = sweep.unaccountedBeforeEnd > mostUnaccounted
        context.find(
            isMuch ? .pdfForeignBytes : .pdfUnaccountedBytes, .size(ByteCount(sweep.unaccountedBeforeEnd)),
            .number(sweep.firstUnaccounted))
        return isMuch ? .signature : .structure
    }
}

extension MediaType {
    /// Adobe Illustrator's document: a PDF around its own private data.
    static let illustrator: MediaType = "application/illustrator"
}
