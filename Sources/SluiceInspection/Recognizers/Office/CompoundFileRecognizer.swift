// Which document a compound file holds: by the streams in its root, each proven by the reader of its own format.
// The container's structure is CompoundFile's; content that needs no container is OldOfficeRecognizers'.

import SluiceModel

/// Recognizes compound files (OLE2) and the documents in them.
enum CompoundFileRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { content.has(CompoundFileHeader.signature, at: 0) }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        guard let file = CompoundFile.read(content, &context) else {
            return Recognition(RecognizedType(.compoundFile, .signature, detail: "a damaged compound file"))
        }
        return recognize(file, content, &context)
    }

    /// An object in a package.
    /// - Returns: whether it is a macro project rather than an object.
    static func inspectObject(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Bool {
        let before = context.log
        guard let file = CompoundFile.read(content, &context), file.isSound else {
            context.log = before
            // Other readers may be less strict, so a damaged object that names a packed file could not be checked. Any other damaged
            // object is only noted.
            if hasPackedName(content) { context.find(.officeObjectUnread, .text("a damaged object")) }
            return false
        }
        if file.directory.inRoot("VBA", .storage) != nil, documents(file).isEmpty { return true }
        _ = recognize(file, content, &context)
        return false
    }

    /// `Ole10Native` in UTF-16, whatever the case of its letters.
    private static func hasPackedName(_ content: Span<UInt8>) -> Bool {
        var from = 0
        while let one = content.firstOffset(of: UInt8(ascii: "1"), from: from, before: content.count) {
            // The digits do not change with the case, so the search goes by them.
            if content.has("1\u{0}0\u{0}", at: one), one >= 6,
                content.byte(one - 6).map({ $0 | 0x20 }) == UInt8(ascii: "o")
            {
                return true
            }
            from = one + 1
        }
        return false
    }

    private static func recognize(
        _ file: CompoundFile, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> Recognition {
        var basis: RecognizedType.Basis = file.isSound ? (file.isComplete ? .proven : .structure) : .signature
        if let second = secondFormat(content) {
            context.find(.officeSecondFormat, .text(second))
            basis = .signature
        }
        var kinds = documents(file)
        if kinds.count > 1 {
            context.find(.officeTwoDocuments, .text(kinds[0].detail), .text(kinds[1].detail))
            basis = .signature
        }
        guard let kind = kinds.popLast() else {
            findActive(file, content, &context)
            return Recognition(
                RecognizedType(.compoundFile, basis, detail: "a compound file without a document known here"))
        }
        if kind.mediaType == .encryptedOffice {
            if let opened = OfficeEncryption.open(file, content, basis, &context) { return opened }
            context.find(.officeEncrypted, .text(kind.detail))
            return Recognition(RecognizedType(kind.mediaType, basis, detail: kind.detail))
        }
        findActive(file, content, &context)
        switch kind.mediaType {
        case .word: return word(file, content, basis, &context)
        case .excel: return excel(file, content, basis, &context)
        default: return Recognition(RecognizedType(kind.mediaType, basis, detail: kind.detail))
        }
    }

    // MARK: The documents that are allowed

    private static func word(
        _ file: CompoundFile, _ content: Span<UInt8>, _ basis: RecognizedType.Basis, _ context: inout InspectionContext
    ) -> Recognition {
        guard let entry = file.directory.inRoot("WordDocument", .stream) else { return Recognition(.unrecognized) }
        let document = WordDocument.read(file.bytes(of: entry, in: content), file, content, &context)
        if document.isEncrypted { context.find(.officeEncrypted, .text("Word 97–2003")) }
        let version = document.isWord97 ? "Word 97–2003" : "Word 6 or 95"
        let type: MediaType = document.isTemplate ? .wordTemplate : .word
        return Recognition(
            RecognizedType(
                type, document.isSound ? basis : .signature,
                detail: "\(version) \(document.isTemplate ? "template" : "document")"))
    }

    private static func excel(
        _ file: CompoundFile, _ content: Span<UInt8>, _ basis: RecognizedType.Basis, _ context: inout InspectionContext
    ) -> Recognition {
        var basis = basis
        var type = MediaType.excel
        var detail = ""
        // A file for both Excel 95 and 97 has one of each.
        for name in ["Book", "Workbook"] {
            guard let entry = file.directory.inRoot(name, .stream) else { continue }
            let book = WorkbookEncryption.read(file.bytes(of: entry, in: content), &context)
            if book.isEncrypted && !context.log.has(.officeEncrypted) {
                context.find(.officeEncrypted, .text(book.isExcel97 ? "Excel 97–2003" : "Excel 5 or 95"))
            }
            if !book.isSound { basis = .signature } else if !book.isComplete { basis = min(basis, .structure) }
            if book.isTemplate { type = .excelTemplate }
            if book.isAddIn { type = .excelAddIn }
            let sheets = book.sheets == 1 ? "1 sheet" : "\(book.sheets) sheets"
            detail = "\(book.isExcel97 ? "Excel 97–2003" : "Excel 5 or 95") workbook, \(sheets)"
        }
        return Recognition(RecognizedType(type, basis, detail: detail))
    }

    // MARK: What is active in any of them

    private static func findActive(_ file: CompoundFile, _ content: Span<UInt8>, _ context: inout InspectionContext) {
        let project = MacroProject.look(file, content)
        switch project.content {
        case .none: break
        case .empty: context.find(.officeEmptyMacroProject, .text(project.sign))
        case .code: context.find(.officeMacro, .text(project.sign))
        }
        let objects = file.directory.embeddedObjects
        if objects > 0 { context.find(.officeEmbeddedObject, .number(objects)) }
        PackedObject.inspect(file, content, &context)
        inspectEmbedded(file, content, &context)
    }

    /// Documents embedded as storages of their own (Word's pool, Excel's `MBD…`): only what acts in them tells; what is odd in a copy that another
    /// program keeps for itself does not.
    private static func inspectEmbedded(
        _ file: CompoundFile, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) {
        let acting: Set<FindingDefinition> = [
            .officeSheetMacro, .officeAutoName, .officeDynamicExchange, .officeFetchingField, .officeRemoteTemplate,
        ]
        for entry in file.directory.entries where entry.kind == .stream && entry.parent != 0 && entry.size > 0 {
            let before = context.log
            if AsciiText.isSame(entry.name, "Workbook") || AsciiText.isSame(entry.name, "Book") {
                _ = ExcelWorkbook.read(file.bytes(of: entry, in: content), &context)
            } else if AsciiText.isSame(entry.name, "WordDocument") {
                let stream = file.bytes(of: entry, in: content)
                _ = WordDocument.read(stream, file, content, &context, in: entry.parent)
            } else {
                continue
            }
            let found = context.log.kept.dropFirst(before.kept.count).filter { acting.contains($0.definition) }
            context.log = before
            for finding in found { context.find(finding.definition, finding.facts) }
        }
    }

    /// Readers of zip look for its end record at the end of a file, readers of PDF for its mark near the start: both work wherever the rest
    /// came from.
    private static func secondFormat(_ content: Span<UInt8>) -> String? {
        for index in 0..<min(1024, content.count)
        where content[index] == UInt8(ascii: "%") && content.has("%PDF-", at: index) {
            return "a PDF"
        }
        var at = content.count - 22
        while at >= max(0, content.count - 22 - 0xFFFF) {  // APPNOTE §4.3.16: 22 bytes and a comment of at most 65 535
            if content[at] == 0x50, content.has("PK\u{5}\u{6}", at: at), let comment = content.littleEndian16(at + 20),
                at + 22 + Int(comment) == content.count, let size = content.littleEndian32(at + 12),
                size == 0 || content.has("PK\u{1}\u{2}", at: at - Int(size))
            {
                return "a zip archive"
            }
            at -= 1
        }
        return nil
    }

    // MARK: Which document

    private struct Kind {
        var mediaType: MediaType
        var detail: String
    }

    /// Streams in the root that name the document; [MS-PPT] 2.1.2, [MS-VSD], [MS-OXMSG] 2.2, and as seen in files.
    private static let byStream: [(stream: String, kind: Kind)] = [
        ("WordDocument", Kind(mediaType: .word, detail: "a Word document")),
        ("PowerPoint Document", Kind(mediaType: "application/vnd.ms-powerpoint", detail: "a PowerPoint presentation")),
        ("VisioDocument", Kind(mediaType: "application/vnd.visio", detail: "a Visio drawing")),
        ("__properties_version1.0", Kind(mediaType: "application/vnd.ms-outlook", detail: "an Outlook message")),
        ("Catalog", Kind(mediaType: "application/x-thumbnail-cache", detail: "a thumbnail cache")),
        ("MatOST", Kind(mediaType: "application/vnd.ms-works", detail: "a Works document")),
        ("FileHeader", Kind(mediaType: "application/x-hwp", detail: "a Hangul document")),
    ]

    /// Classes of the root ([MS-CFB] 2.6.1, CLSID), as their bytes stand in the file.
    private static let byClass: [(start: [UInt8], kind: Kind)] = [
        ([0x84, 0x10, 0x0C, 0x00], Kind(mediaType: "application/x-msi", detail: "a Windows installer")),
        ([0x86, 0x10, 0x0C, 0x00], Kind(mediaType: "application/x-msi", detail: "a Windows installer patch")),
        ([0x82, 0x10, 0x0C, 0x00], Kind(mediaType: "application/x-msi", detail: "a Windows installer transform")),
        ([0x01, 0x12, 0x02, 0x00], Kind(mediaType: "application/x-mspublisher", detail: "a Publisher document")),
        ([0x3A, 0x8F, 0xB7, 0x74], Kind(mediaType: "application/vnd.ms-project", detail: "a Project plan")),
        ([0x0B, 0x0D, 0x02, 0x00], Kind(mediaType: "application/vnd.ms-outlook", detail: "an Outlook message")),
    ]

    /// All documents that the file could be opened as; an honest one has one.
    private static func documents(_ file: CompoundFile) -> [Kind] {
        let directory = file.directory
        if directory.inRoot("EncryptedPackage", .stream) != nil {
            // Word puts an empty WordDocument beside it that old versions open ([MS-OFFCRYPTO] 2.3.4).
            return [Kind(mediaType: .encryptedOffice, detail: "an encrypted Office 2007 or later document")]
        }
        if directory.inRoot("\u{9}DRMContent", .stream) != nil {
            return [Kind(mediaType: .encryptedOffice, detail: "a rights-protected Office document")]
        }
        var kinds: [Kind] = []
        if directory.inRoot("Workbook", .stream) != nil || directory.inRoot("Book", .stream) != nil {
            kinds.append(Kind(mediaType: .excel, detail: "an Excel workbook"))
        }
        kinds += byStream.filter { directory.inRoot($0.stream, .stream) != nil }.map(\.kind)
        if kinds.isEmpty, let root = directory.entries.first {
            kinds += byClass.filter { Array(root.classID.prefix(4)) == $0.start }.map(\.kind)
        }
        return kinds
    }
}

extension MediaType {
    static let wordTemplate: MediaType = "application/msword-template"
    static let excelTemplate: MediaType = "application/vnd.ms-excel-template"
    static let excelAddIn: MediaType = "application/vnd.ms-excel-addin"
}
