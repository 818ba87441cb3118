// Files inside a PDF (ISO 32000-1 §7.11.4): each /EF, wherever it stands, and each stream that is called an embedded file. They are
// taken out and inspected like members of an archive.

import SluiceModel

struct PDFCarriedFiles {
    /// Places of streams that call themselves embedded files.
    var streams: [Int] = []
    /// By place: whether what is in it could be taken out and looked at.
    private var seen: [Int: Bool] = [:]

    private static let keys: [PDFName] = [.unicodeFile, .file, .unixFile, .macFile, .dosFile]

    /// Looks at the files of one /EF.
    mutating func look(
        _ content: Span<UInt8>, _ value: PDFValue, named name: [UInt8], _ document: inout PDFDocument,
        _ names: inout PDFActiveNames, _ context: inout InspectionContext
    ) {
        let resolved = document.resolve(content, value)
        guard document.takeDoubt() == nil else { return }
        guard case .dictionary(let files) = resolved else {
            if resolved == .null { names.explain(.carried) }
            return
        }
        var isUnderstood = true
        for key in Self.keys {
            for file in files.values(of: key) {
                if case .reference(let number) = file {
                    if !look(content, number, named: name, &document, &context) { isUnderstood = false }
                } else if file != .null {
                    isUnderstood = false
                }
            }
        }
        if isUnderstood { names.explain(.carried) }
    }

    /// Every stream of that number, also of earlier revisions: which of them a viewer shows does not matter then.
    private mutating func look(
        _ content: Span<UInt8>, _ number: Int, named name: [UInt8], _ document: inout PDFDocument,
        _ context: inout InspectionContext
    ) -> Bool {
        let origins = document.allOrigins(of: number)
        if origins.count > 16 { return false }
        var isUnderstood = true
        for origin in origins {
            guard case .place(let index) = origin, document.places[index].hasStream else {
                if document.value(content, at: origin) != .null { isUnderstood = false }
                continue
            }
            if !look(content, at: index, named: name, &document, &context) { isUnderstood = false }
        }
        return isUnderstood
    }

    private mutating func look(
        _ content: Span<UInt8>, at index: Int, named name: [UInt8], _ document: inout PDFDocument,
        _ context: inout InspectionContext
    ) -> Bool {
        if let before = seen[index] { return before }
        seen[index] = false
        guard let entries = document.entries(content, index),
            case .bytes(let bytes) = document.data(content, of: index, entries, isFile: true, &context)
        else { return false }
        context.inspectCarried(bytes.span, named: name.isEmpty ? Array("attachment".utf8) : name)
        seen[index] = true
        return true
    }

    /// Streams that call themselves embedded files, whether or not anything leads to them.
    mutating func lookAtRest(
        _ content: Span<UInt8>, _ document: inout PDFDocument, _ names: inout PDFActiveNames,
        _ context: inout InspectionContext
    ) {
        for index in streams where look(content, at: index, named: [], &document, &context) {
            names.explain(.embeddedFile)
        }
    }
}
