// PDF (ISO 32000-1): header, end, cross-reference, every object, active names. PDFSweep finds the objects, PDFDocument keeps them by
// number, PDFObjectStreams reads those in streams, PDFHiddenObjects those that only viewers find, PDFSecurity decrypts, PDFActions
// follows the active names, PDFEnds looks before and behind. This file judges the results: lenient where all popular viewers agree,
// never silent.

import SluiceModel

enum PDFRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { PDFEnds.header(content) != nil }

    /// Bytes that may belong to no object (chosen: leftovers of careless writers are some dozens a document).
    private static let mostUnaccounted = 1024

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let header = PDFEnds.header(content) else { return nil }
        var table = PDFCrossReference()
        readTable(content, header, &table, &context)
        var document = PDFDocument(table)
        var sweep = PDFSweep()
        sweep.run(content, from: header, &document)
        var hidden = PDFHiddenObjects()
        hidden.check(content, document)
        document.isTableSound = table.fault == nil && hidden.wrong == 0 && table.root != nil
        hidden.search(content, from: header, document, &sweep.names)
        if sweep.isEncrypted { document.security = security(content, sweep, &document) }
        let isClosed = sweep.isEncrypted && document.security == nil
        var groups = PDFObjectStreams()
        if !isClosed { groups.read(content, sweep.pending, &document, &sweep, &context) }

        var basis = PDFEnds.checkBeginning(content, header, &context)
        let missing = missing(content, header, sweep, &document, isClosed: isClosed)
        if let missing {
            context.find(missing.isCut ? .pdfTruncated : .pdfBroken, .text(missing.what))
            basis = .signature
        } else if !sweep.hasCatalog, !isClosed {
            context.find(.pdfUnnamedCatalog)
        }
        basis = min(basis, PDFEnds.checkEnd(content, sweep, &context))
        if basis > .signature {
            basis = min(basis, checkTable(&document, hidden, sweep, &context))
            basis = min(basis, checkUnaccounted(sweep, &context))
        }
        if hidden.count > 0 { context.find(.pdfHiddenObjects, .number(hidden.count)) }
        if let second = SecondFormat.find(in: content, besidesPDF: false) {
            context.find(.pdfSecondFormat, .text(second.name), .number(second.offset))
            basis = .signature
        }
        if isClosed { context.find(.pdfEncrypted) }
        if let security = document.security {
            let restrictions = security.restrictions
            context.find(.pdfOwnerPassword, .text(restrictions.isEmpty ? "nothing" : restrictions))
        }
        if groups.unreadable > 0 {
            context.find(.pdfUnreadable, .number(groups.unreadable), .text(groups.whyUnreadable))
        }
        if !isClosed { PDFExpansion.look(content, sweep.suspects, &document, &context) }
        var actions = PDFActions(sweep.names)
        actions.look(content, isClosed ? [] : sweep.interesting, &document, &context)
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

    /// - Returns: `nil` when the document opens with a password only, or says in different places different things about it.
    private static func security(
        _ content: Span<UInt8>, _ sweep: PDFSweep, _ document: inout PDFDocument
    ) -> PDFSecurity? {
        var found: (encryption: PDFEntries, identifier: [UInt8])?
        for offset in sweep.encryptions.suffix(16) {
            guard case .dictionary(let trailer)? = document.value(content, at: offset),
                trailer.values(of: .encrypt).count == 1,
                case .dictionary(let encryption) = document.whole(content, trailer.values(of: .encrypt)[0])
            else { return nil }
            var identifier: [UInt8] = []
            if case .array(let both) = document.value(content, of: .identifier, in: trailer),
                case .string(let first)? = both.first.map({ document.resolve(content, $0) })
            {
                identifier = first
            }
            if document.takeDoubt() != nil { return nil }
            if let found, found != (encryption, identifier) { return nil }
            found = (encryption, identifier)
        }
        return found.flatMap { PDFSecurity($0.encryption, identifier: $0.identifier) }
    }

    /// - Returns: what a document cannot do without.
    private static func missing(
        _ content: Span<UInt8>, _ header: Int, _ sweep: PDFSweep, _ document: inout PDFDocument, isClosed: Bool
    ) -> (what: String, isCut: Bool)? {
        guard let digit = content.byte(header + 5), (0x30...0x39).contains(digit) else {
            return ("its header names no version", false)
        }
        if sweep.objects.isEmpty { return ("there are no objects", false) }
        if sweep.isCut { return ("the last object is not complete", true) }
        let end = max(sweep.lastStart ?? 0, sweep.lastEnd ?? 0)
        if end < sweep.lastObject { return ("its last objects are followed by no end mark", true) }
        if sweep.hasCatalog { return nil }
        // A misspelt type, or none: viewers go by the trailer and the pages.
        if let root = document.table.root ?? sweep.root {
            if case .dictionary(let catalog) = document.resolve(content, .reference(root)), catalog.has(.pages) {
                return nil
            }
            _ = document.takeDoubt()
            if isClosed, sweep.objects.contains(root) || document.table.container(of: root) != nil { return nil }
        }
        return ("there is no catalog of its pages", false)
    }

    /// Each entry must lead to the object that it names.
    private static func checkTable(
        _ document: inout PDFDocument, _ hidden: PDFHiddenObjects, _ sweep: PDFSweep,
        _ context: inout InspectionContext
    ) -> RecognizedType.Basis {
        if hidden.wrong > 0 {
            document.table.note("\(hidden.wrong) of \(document.table.offsets.count) entries lead to no object")
        }
        if document.table.root == nil { document.table.note("it names no catalog") }
        guard let fault = document.table.fault else { return sweep.wrongLengths == 0 ? .proven : .structure }
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
