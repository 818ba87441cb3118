// Packages in the sense of OPC: which product's a package is, and the walk over its parts, the same for all of them. Word documents and Excel workbooks are
// proven to the last byte. The zip around a package is ZipStructure's; the walk is OpenXMLWalk's, what a part holds OpenXMLPartRules'.

import SluiceModel

enum OpenXMLRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { content.has(ZipSignature.localHeader, at: 0) }

    /// - Returns: `nil`, without findings, for a zip that is no OPC package.
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? {
        let before = context.log
        guard let structure = ZipStructure.read(content, &context), isPackage(structure) else {
            context.log = before
            return nil
        }
        return recognize(structure, in: content, &context)
    }

    /// Whether a zip is an OPC package: it has a `[Content_Types].xml` at its top.
    static func isPackage(_ structure: ZipStructure) -> Bool {
        structure.entries.contains {
            OpenXMLPart.normalize(String(decoding: $0.name, as: UTF8.self)) == OpenXMLContentTypes.partName
        }
    }

    /// Recognizes a package whose zip has been read already.
    static func recognize(
        _ structure: ZipStructure, in content: Span<UInt8>, _ context: inout InspectionContext
    ) -> Recognition {
        // The remedy for a document is not the one for an archive.
        context.log.restate(.zipBytesAfter, as: .openXMLBytesOutside, at: context.entry) {
            Array($0.prefix(1)) + [.text("behind")]
        }
        var package = OpenXMLWalk(structure, size: content.count)
        let container = context.entry
        defer { context.entry = container }
        let type = package.identify(content, &context)
        context.entry = container
        package.walk(content, as: type, &context)
        context.entry = container
        let isSound = package.isSound && structure.isComplete
        let count = "\(package.parts.count) parts"
        switch type {
        case .wordOpenXML:
            return Recognition(RecognizedType(type, isSound ? .proven : .signature, detail: "Word document, \(count)"))
        case .excelOpenXML:
            return Recognition(RecognizedType(type, isSound ? .proven : .signature, detail: "Excel workbook, \(count)"))
        default: return Recognition(RecognizedType(type, isSound ? .structure : .signature))
        }
    }
}
