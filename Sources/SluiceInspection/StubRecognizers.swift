// Stand-ins for recognizers that are written elsewhere; this file goes when they arrive.

import SluiceModel

enum PDFRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { false }
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? { nil }
}

enum OpenXMLRecognizer {
    static func recognize(
        _ structure: ZipStructure, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) -> Recognition? { nil }
}

enum ZipPackageKind {
    static func mediaType(of structure: ZipStructure, in content: Span<UInt8>) -> MediaType? { nil }
}

enum SignatureTable {
    static func mediaType(of content: Span<UInt8>) -> MediaType? {
        content.has("\u{7F}ELF", at: 0) ? "application/x-executable" : nil
    }
}
