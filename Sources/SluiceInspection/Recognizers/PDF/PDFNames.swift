// The names of PDF that the inspection knows, read with their `#xx` escapes resolved, and which of them are active (Threats, T6).

import SluiceModel

/// A name with a meaning here.
enum PDFName: String, CaseIterable {
    // Structure
    case type = "Type", subtype = "Subtype", length = "Length", filter = "Filter", file = "F", first = "First"
    case parameters = "DecodeParms", shortParameters = "DP"
    case count = "N", size = "Size", index = "Index", widths = "W", previous = "Prev", root = "Root"
    case encrypt = "Encrypt", hybrid = "XRefStm", predictor = "Predictor", columns = "Columns", colors = "Colors"
    case sampleBits = "BitsPerComponent", crossReference = "XRef", objectStream = "ObjStm", catalog = "Catalog"
    case page = "Page", pages = "Pages", linearized = "Linearized", extends = "Extends", image = "Image"
    case identifier = "ID", action = "S"
    // Filters
    case flate = "FlateDecode", shortFlate = "Fl", hexadecimal = "ASCIIHexDecode", shortHexadecimal = "AHx"
    case base85 = "ASCII85Decode", shortBase85 = "A85", lzw = "LZWDecode", shortLZW = "LZW"
    case runLength = "RunLengthDecode", shortRunLength = "RL", crypt = "Crypt", earlyChange = "EarlyChange"
    case name = "Name"
    // Illustrator's private data in its own documents; in a PDF that it saved the name is AIPDFPrivateData1
    case illustrator = "AIPrivateData1"
    // Encryption
    case standard = "Standard", version = "V", revision = "R", owner = "O", user = "U", permissions = "P"
    case ownerKey = "OE", userKey = "UE", cryptFilters = "CF", streamFilter = "StmF", stringFilter = "StrF"
    case fileFilter = "EFF", method = "CFM", identity = "Identity", none = "None", rc4 = "V2", aes128 = "AESV2"
    case aes256 = "AESV3"
    // Files that are referred to or carried
    case carried = "EF", unicodeFile = "UF", dosFile = "DOS", macFile = "Mac", unixFile = "Unix", specification = "FS"
    case address = "URI"
    // Active
    case javaScript = "JavaScript", js = "JS", launch = "Launch", embeddedFile = "EmbeddedFile"
    case embeddedFiles = "EmbeddedFiles", attachment = "FileAttachment", richMedia = "RichMedia", movie = "Movie"
    case sound = "Sound", rendition = "Rendition", threeD = "3D", flash = "Flash", screen = "Screen", xfa = "XFA"
    case submit = "SubmitForm", importData = "ImportData", goToRemote = "GoToR", goToEmbedded = "GoToE"
    case openAction = "OpenAction", additional = "AA"

    private static let longest = 16

    /// By length and first byte: nearly every name of a document means nothing here, and is done with after one look.
    private static let buckets: [[(bytes: [UInt8], name: PDFName)]] = {
        var table = [[(bytes: [UInt8], name: PDFName)]](repeating: [], count: (longest + 1) * 32)
        for name in allCases {
            let bytes = Array(name.rawValue.utf8)
            table[bytes.count * 32 + Int(bytes[0] & 31)].append((bytes, name))
        }
        return table
    }()

    /// - Returns: `nil` for a name that means nothing here.
    static func known(_ content: Span<UInt8>, _ range: Range<Int>) -> PDFName? {
        if content.firstOffset(of: UInt8(ascii: "#"), from: range.lowerBound, before: range.upperBound) != nil {
            return known(unescaped(content, range))
        }
        guard !range.isEmpty, range.count <= longest else { return nil }
        for entry in buckets[range.count * 32 + Int(content[range.lowerBound] & 31)]
        where content.has(entry.bytes, at: range.lowerBound) {
            return entry.name
        }
        return nil
    }

    /// - Parameter plain: without the slash, escapes resolved.
    static func known(_ plain: [UInt8]) -> PDFName? {
        guard let initial = plain.first, plain.count <= longest else { return nil }
        return buckets[plain.count * 32 + Int(initial & 31)].first { $0.bytes == plain }?.name
    }

    /// §7.3.5: `#4A` means `J`.
    static func unescaped(_ content: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
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

/// How often each active name was found, and how often it was checked and does nothing.
struct PDFActiveNames {
    private var counts: [PDFName: Int] = [:]
    /// Whether Illustrator's own document is inside.
    private(set) var isIllustrator = false
    /// Whether a name was counted since this was last set to false whose value tells more than the name does.
    var hasNews = false

    /// Words that are also harmless names (a font may be called `/AA`) count only as the key of a dictionary.
    mutating func note(_ name: PDFName, isKey: Bool) {
        switch name {
        case .illustrator: if isKey { isIllustrator = true }
        case .js, .xfa, .carried: if isKey { add(name, isNews: true) }
        case .additional, .openAction: if isKey { add(name) }
        case .movie, .sound, .threeD, .flash, .rendition: if !isKey { add(name) }
        case .javaScript, .embeddedFile, .embeddedFiles, .attachment, .goToRemote, .goToEmbedded:
            add(name, isNews: true)
        case .launch, .richMedia, .submit, .importData: add(name)
        default: break
        }
    }

    private mutating func add(_ name: PDFName, isNews: Bool = false) {
        counts[name, default: 0] += 1
        if isNews { hasNews = true }
    }

    /// One occurrence of the name was checked and needs no finding.
    mutating func explain(_ name: PDFName) { counts[name, default: 0] -= 1 }

    func count(of name: PDFName) -> Int { counts[name] ?? 0 }

    func report(_ context: inout InspectionContext) {
        let groups: [(FindingDefinition, [PDFName])] = [
            (.pdfJavaScript, [.javaScript, .js]), (.pdfLaunch, [.launch]),
            (.pdfEmbeddedFile, [.embeddedFile, .embeddedFiles, .attachment, .carried]),
            (.pdfRichMedia, [.richMedia, .movie, .sound, .rendition, .threeD, .flash]), (.pdfForm, [.xfa]),
            (.pdfSends, [.submit, .importData]), (.pdfOtherDocument, [.goToRemote, .goToEmbedded]),
            (.pdfAutomatic, [.openAction, .additional]),
        ]
        for (definition, names) in groups {
            let found = names.compactMap { name in
                count(of: name) > 0 ? "/\(name.rawValue) \(count(of: name)) ×" : nil
            }
            if !found.isEmpty { context.find(definition, .text(found.joined(separator: ", "))) }
        }
    }
}
