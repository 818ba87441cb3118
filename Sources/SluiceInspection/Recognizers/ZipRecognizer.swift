// Recognizes zip archives, and passes the packages of products to the readers of packages.

import SluiceModel

enum ZipRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool {
        ZipStructure.beginsLikeZip(content)
    }

    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        // The first part of several has the mark of a split archive and no end.
        if ZipStructure.hasSplitMarker(content), !ZipEnd.isThere(content) {
            context.find(.zipSeveralDisks)
            return Recognition(RecognizedType(.zip, .signature))
        }
        guard let structure = ZipStructure.read(content, &context) else {
            return Recognition(RecognizedType(.zip, .signature))
        }
        if OpenXMLRecognizer.isPackage(structure) {
            return OpenXMLRecognizer.recognize(structure, in: content, &context)
        }
        // At most one entry more than the budget allows was read: then the walk says so.
        guard structure.isComplete || structure.entries.count > context.order.archives.entries,
            context.mayOpenContainer()
        else { return Recognition(RecognizedType(.zip, .signature)) }
        let kind = ZipPackageKind.of(structure, in: content, &context)
        let manifest = ArchiveWalk.zip(structure, content, &context)
        if structure.isComplete, context.budget.exhausted == nil { ArchiveWitness.check(structure, content, &context) }
        let count = structure.entries.count
        let detail = "zip archive, \(count.grouped) \(count == 1 ? "entry" : "entries")"
        return Recognition(
            RecognizedType(kind ?? .zip, structure.isComplete ? .proven : .signature, detail: detail),
            manifest: manifest)
    }
}
