// The names of PDF that the inspection knows, read with their `#xx` escapes resolved, and which of them are active (THREATS T6).

import SluiceModel

/// A name with a meaning here.
enum PDFName: String, CaseIterable {
    // Structure
    case type = "Type", length = "Length", filter = "Filter", shortFilter = "F", parameters = "DecodeParms", first =
        "First"
    case count = "N", size = "Size", index = "Index", widths = "W", previous = "Prev", root = "Root"
    case encrypt = "Encrypt", hybrid = "XRefStm", predictor = "Predictor", columns = "Columns", colors = "Colors"
    case sampleBits = "BitsPerComponent", crossReference = "XRef", objectStream = "ObjStm", catalog = "Catalog"
    case page = "Page", pages = "Pages", linearized = "Linearized", extends = "Extends"
    // Filters
    case flate = "FlateDecode", shortFlate = "Fl", hexadecimal = "ASCIIHexDecode", shortHexadecimal = "AHx"
    case base85 = "ASCII85Decode", shortBase85 = "A85"
    // Illustrator's private data in its own documents; in a PDF that it saved the name is AIPDFPrivateData1
    case illustrator = "AIPrivateData1"
    // Active
    case javaScript = "JavaScript", js = "JS", launch = "Launch", embeddedFile = "EmbeddedFile"
    case embeddedFiles = "EmbeddedFiles", attachment = "FileAttachment", richMedia = "RichMedia", movie = "Movie"
    case sound = "Sound", rendition = "Rendition", threeD = "3D", flash = "Flash", screen = "Screen", xfa = "XFA"
    case submit = "SubmitForm", importData = "ImportData", goToRemote = "GoToR", goToEmbedded = "GoToE"
    case openAction = "OpenAction", additional = "AA"

    private static let byLength: [[(bytes: [UInt8], name: PDFName)]] = {
        var table = [[(bytes: [UInt8], name: PDFName)]](repeating: [], count: 17)
        for name in allCases { table[name.rawValue.utf8.count].append((Array(name.rawValue.utf8), name)) }
        return table
    }()

    /// - Returns: `nil` for a name that means nothing here.
    static func known(_ content: Span<UInt8>, _ range: Range<Int>) -> PDFName? {
        if content.firstOffset(of: UInt8(ascii: "#"), from: range.lowerBound, before: range.upperBound) != nil {
            let plain = unescaped(content, range)
            return plain.count < byLength.count ? byLength[plain.count].first { $0.bytes == plain }?.name : nil
        }
        guard range.count < byLength.count else { return nil }
        for entry in byLength[range.count] where content.has(entry.bytes, at: range.lowerBound) { return entry.name }
        return nil
    }

    /// §7.3.5: `#4A` stands for `J`.
    private static func unescaped(_ content: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        func digit(_ offset: Int) -> UInt8? {
            guard offset < range.upperBound else { return nil }
            switch content[offset] {
            case let byte where (0x30...0x39).contains(byte): return byte - 0x30
            case let byte where (0x61...0x66).contains(byte | 0x20): return (byte | 0x20) - 0x61 + 10
            default: return nil
            }
        }
        var out: [UInt8] = []
        var offset = range.lowerBound
        while offset < range.upperBound {
            if content[offset] == UInt8(ascii: "#"), let high = digit(offset + 1), let low = digit(offset + 2) {
                out.append(high << 4 | low)
                offset += 3
            } else {
                out.append(content[offset])
                offset += 1
            }
        }
        return out
    }
}

/// How often each active name was found.
struct PDFActiveNames {
    private var counts: [PDFName: Int] = [:]
    /// Whether Illustrator's own document is inside.
    private(set) var isIllustrator = false

    /// Words that are also harmless names (a font may be called `/AA`) count only as the key of a dictionary.
    mutating func note(_ name: PDFName, isKey: Bool) {
        switch name {
        case .illustrator: if isKey { isIllustrator = true }
        case .js, .additional, .openAction, .xfa: if isKey { counts[name, default: 0] += 1 }
        case .movie, .sound, .threeD, .flash, .rendition: if !isKey { counts[name, default: 0] += 1 }
        case .javaScript, .launch, .embeddedFile, .embeddedFiles, .attachment, .richMedia, .submit, .importData,
            .goToRemote, .goToEmbedded:
            counts[name, default: 0] += 1
        default: break
        }
    }

    func report(_ context: inout InspectionContext) {
        let groups: [(FindingDefinition, [PDFName])] = [
            (.pdfJavaScript, [.javaScript, .js]), (.pdfLaunch, [.launch]),
            (.pdfEmbeddedFile, [.embeddedFile, .embeddedFiles, .attachment, .goToEmbedded]),
            (.pdfRichMedia, [.richMedia, .movie, .sound, .rendition, .threeD, .flash]), (.pdfForm, [.xfa]),
            (.pdfSends, [.submit, .importData, .goToRemote]), (.pdfAutomatic, [.openAction, .additional]),
        ]
        for (definition, names) in groups {
            let found = names.compactMap { name in counts[name].map { "/\(name.rawValue) \($0) ×" } }
            if !found.isEmpty { context.find(definition, .text(found.joined(separator: ", "))) }
        }
    }
}
