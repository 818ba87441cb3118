// What the active names of a document do. Scripts are read and attached files inspected; empty trees and forms do nothing. A name gets a
// finding of its own (PDFNames), unless everything that it leads to was understood here.

import SluiceModel

struct PDFActions {
    var names: PDFActiveNames
    /// The functions that scripts call which only format.
    private var functions: Set<String> = []
    /// Scripts that only format, and occurrences of `/JavaScript` beside them.
    private var scripts = 0
    private var scriptActions = 0
    private var targets: [[UInt8]] = []
    private var remote: [[UInt8]] = []
    var carried = PDFCarriedFiles()

    init(_ names: PDFActiveNames) { self.names = names }

    mutating func look(
        _ content: Span<UInt8>, _ interesting: [PDFOrigin], _ document: inout PDFDocument,
        _ context: inout InspectionContext
    ) {
        for origin in interesting {
            guard let value = document.value(content, at: origin) else { continue }
            walk(content, value, &document, &context)
            if case .place(let index) = origin, case .dictionary(let entries) = value,
                document.places[index].hasStream,
                entries.values(of: .type).contains(where: { $0.known == .embeddedFile })
            {
                carried.streams.append(index)
            }
        }
        carried.lookAtRest(content, &document, &names, &context)
        // A script that does more may call or replace the formatting ones. So either all scripts only format, or none counts as
        // harmless.
        if scripts == names.count(of: .js) {
            for _ in 0..<scripts { names.explain(.js) }
            for _ in 0..<scriptActions { names.explain(.javaScript) }
            if scripts > 0, names.count(of: .javaScript) == 0 {
                let list = functions.isEmpty ? "nothing" : functions.sorted().joined(separator: ", ")
                context.find(.pdfFormatting, .number(scripts), .text(list))
            }
        }
        report(&context)
    }

    private mutating func report(_ context: inout InspectionContext) {
        if !remote.isEmpty {
            context.find(.pdfRemoteFile, .text(remote.prefix(5).map { SafeText.display($0) }.joined(separator: ", ")))
        }
        if !targets.isEmpty, targets.count == names.count(of: .goToRemote) + names.count(of: .goToEmbedded) {
            for _ in 0..<names.count(of: .goToRemote) { names.explain(.goToRemote) }
            for _ in 0..<names.count(of: .goToEmbedded) { names.explain(.goToEmbedded) }
            var list: [String] = []
            for target in targets where list.count < 5 {
                let shown = target.isEmpty ? "one inside this PDF" : SafeText.display(target)
                if !list.contains(shown) { list.append(shown) }
            }
            context.find(.pdfOtherDocument, .text(list.joined(separator: ", ")))
        }
        names.report(&context)
    }

    // MARK: Dictionaries

    private mutating func walk(
        _ content: Span<UInt8>, _ value: PDFValue, _ document: inout PDFDocument, _ context: inout InspectionContext
    ) {
        switch value {
        case .array(let items): for item in items { walk(content, item, &document, &context) }
        case .dictionary(let entries):
            look(content, entries, &document, &context)
            for pair in entries.pairs { walk(content, pair.value, &document, &context) }
        default: break
        }
    }

    private mutating func look(
        _ content: Span<UInt8>, _ entries: PDFEntries, _ document: inout PDFDocument,
        _ context: inout InspectionContext
    ) {
        for pair in entries.pairs {
            switch PDFName.known(pair.key) {
            case .js: lookAtScript(content, pair.value, &document, &context)
            case .action: look(content, action: pair.value.known, entries, &document)
            case .javaScript: if isTree(content, pair.value, &document) { names.explain(.javaScript) }
            case .embeddedFiles: if isTree(content, pair.value, &document) { names.explain(.embeddedFiles) }
            case .xfa: if isNothing(content, pair.value, &document) { names.explain(.xfa) }
            case .carried:
                let name = fileName(content, entries, &document)
                carried.look(content, pair.value, named: name, &document, &names, &context)
            case .subtype where pair.value.known == .attachment:
                // The file itself stands under /EF, wherever that is.
                let file = document.value(content, of: .specification, in: entries)
                guard document.takeDoubt() == nil, case .dictionary(let specification) = file else { break }
                names.explain(.attachment)
                let name = fileName(content, specification, &document)
                if PDFRemote.isRemote(name) { remote.append(name) }
            default: break
            }
        }
    }

    private mutating func look(
        _ content: Span<UInt8>, action: PDFName?, _ entries: PDFEntries, _ document: inout PDFDocument
    ) {
        switch action {
        case .javaScript: if entries.values(of: .js).count == 1 { scriptActions += 1 }
        case .goToRemote, .goToEmbedded:
            var name: [UInt8] = []
            switch document.value(content, of: .file, in: entries) {
            case .string(let text): name = PDFText.utf8(text)
            case .dictionary(let file): name = fileName(content, file, &document)
            default: break
            }
            if document.takeDoubt() != nil || action == .goToRemote && name.isEmpty { return }
            targets.append(name)
            if PDFRemote.isRemote(name) { remote.append(name) }
        default: break
        }
    }

    /// The name that a file specification gives (§7.11.3), as UTF-8.
    private func fileName(_ content: Span<UInt8>, _ entries: PDFEntries, _ document: inout PDFDocument) -> [UInt8] {
        for key in [PDFName.unicodeFile, .file, .unixFile, .dosFile, .macFile] {
            for value in entries.values(of: key) {
                if case .string(let text) = document.resolve(content, value), !text.isEmpty {
                    return PDFText.utf8(text)
                }
            }
        }
        return []
    }

    /// A tree of names: what its leaves are is looked at where they stand.
    private func isTree(_ content: Span<UInt8>, _ value: PDFValue, _ document: inout PDFDocument) -> Bool {
        let found = document.resolve(content, value)
        guard document.takeDoubt() == nil else { return false }
        switch found {
        case .null: return true
        case .dictionary(let entries):
            return entries.pairs.allSatisfy {
                ["Names", "Kids", "Limits"].contains(String(decoding: $0.key, as: UTF8.self))
            }
        default: return false
        }
    }

    private func isNothing(_ content: Span<UInt8>, _ value: PDFValue, _ document: inout PDFDocument) -> Bool {
        let found = document.resolve(content, value)
        return document.takeDoubt() == nil && (found == .null || found == .array([]))
    }

    private mutating func lookAtScript(
        _ content: Span<UInt8>, _ value: PDFValue, _ document: inout PDFDocument, _ context: inout InspectionContext
    ) {
        var texts: [[UInt8]] = []
        if case .reference(let number) = value {
            let origins = document.allOrigins(of: number)
            if origins.count > 16 { return }
            for origin in origins {
                guard let text = text(content, origin, &document, &context) else { return }
                texts.append(text)
            }
            if texts.isEmpty { return }
        } else if case .string(let text) = value {
            texts = [text]
        } else {
            return
        }
        for text in texts {
            guard let called = PDFScripts.formattingCalls(text) else { return }
            functions.formUnion(called)
        }
        scripts += 1
    }

    private func text(
        _ content: Span<UInt8>, _ origin: PDFOrigin, _ document: inout PDFDocument, _ context: inout InspectionContext
    ) -> [UInt8]? {
        switch document.value(content, at: origin) {
        case .string(let text): return text
        case .dictionary(let entries):
            guard case .place(let index) = origin, document.places[index].hasStream,
                case .bytes(let text) = document.data(content, of: index, entries, &context)
            else { return nil }
            return text
        default: return nil
        }
    }
}
