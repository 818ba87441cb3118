// Stand-ins for recognizers that are written elsewhere; this file goes when they arrive.

import SluiceModel

enum PNGRecognizer: Recognizer {
    static func claims(_ content: Span<UInt8>) -> Bool { false }
    static func recognize(_ content: Span<UInt8>, _ context: inout InspectionContext) -> Recognition? { nil }
}
typealias JPEGRecognizer = PNGRecognizer
typealias BMPRecognizer = PNGRecognizer
typealias PDFRecognizer = PNGRecognizer
typealias CompoundFileRecognizer = PNGRecognizer

enum OpenXMLRecognizer {
    static func isPackage(_ structure: ZipStructure) -> Bool { false }
    static func recognize(
        _ structure: ZipStructure, in content: Span<UInt8>, _ context: inout InspectionContext
    ) -> Recognition { Recognition(RecognizedType(.zip, .signature)) }
}

enum ZipPackageKind {
    static func of(_ structure: ZipStructure, in content: Span<UInt8>, _ context: inout InspectionContext) -> MediaType?
    { nil }
}

enum SignatureTable {
    static func mediaType(of content: Span<UInt8>) -> MediaType? {
        content.has("\u{7F}ELF", at: 0) ? "application/x-executable" : nil
    }
}
