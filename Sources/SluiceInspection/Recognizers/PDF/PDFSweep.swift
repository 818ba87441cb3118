// One pass over a PDF from header to end: every object, table and comment in the order of the file. It finds what a cross-reference can
// hide: bytes that belong to nothing, and active names in objects that no viewer reaches.

import SluiceModel

struct PDFSweep {
    var names = PDFActiveNames()
    var objects: Set<Int> = []
    /// Objects with a name in them whose value tells more than the name.
    private(set) var interesting: [PDFOrigin] = []
    /// Places of streams that may hold objects, and of those that could expand far.
    private(set) var pending: [Int] = []
    private(set) var suspects: [PDFExpansion.Suspect] = []
    /// Where the dictionaries begin that say how the document is encrypted.
    private(set) var encryptions: [Int] = []
    private(set) var hasCatalog = false
    /// From the trailers; the last one decides.
    private(set) var root: Int?
    private(set) var isEncrypted = false
    private(set) var unaccounted = 0
    private(set) var firstUnaccounted = 0
    /// As of the last end mark.
    private(set) var unaccountedBeforeEnd = 0
    private(set) var wrongLengths = 0
    private(set) var lastObject = 0
    /// The offsets behind the last `startxref` number and behind the last `%%EOF`.
    private(set) var lastStart: Int?
    private(set) var lastEnd: Int?
    /// The header of another document inside.
    private(set) var secondHeader: Int?
    /// Whether the content ended within an object.
    private(set) var isCut = false

    /// The streams that hold objects, as the cross-reference says.
    private var containers: Set<Int> = []
    private var isInTable = false
    private var integers: [Int: Int] = [:]

    mutating func run(
        _ content: Span<UInt8>, from header: Int, _ document: inout PDFDocument
    ) {
        isEncrypted = document.table.isEncrypted
        containers = Set(document.table.compressed.values)
        var lexer = PDFLexer(header)
        lexer.skipLine(content)
        while lexer.offset < content.count {
            let byte = content[lexer.offset]
            if PDFLexer.isBlank(byte) {
                lexer.offset += 1
            } else if byte == UInt8(ascii: "%") {
                readComment(content, &lexer)
            } else if (0x30...0x39).contains(byte) {
                readNumber(content, &lexer, &document)
            } else {
                readWord(content, &lexer)
            }
        }
    }

    private mutating func readComment(_ content: Span<UInt8>, _ lexer: inout PDFLexer) {
        if content.has("%PDF-", at: lexer.offset), secondHeader == nil { secondHeader = lexer.offset }
        if content.has("%%EOF", at: lexer.offset) {
            let end = lexer.offset + 5
            lastEnd = end
            unaccountedBeforeEnd = unaccounted
            // Some programs append their update to the end mark without a new line.
            if PDFLexer.objectHeader(content, at: end) != nil {
                lexer.offset = end
                return
            }
        }
        lexer.skipLine(content)
    }

    private mutating func readWord(_ content: Span<UInt8>, _ lexer: inout PDFLexer) {
        let start = lexer.offset
        guard case .keyword(let word) = PDFLexer.isRegular(content[start]) ? lexer.next(content) : .junk else {
            return skipJunk(content, &lexer, from: start)
        }
        if isInTable, word.count == 1, content.has("n", at: start) || content.has("f", at: start) { return }
        if content.has("xref", at: start) {
            lexer.offset = start + 4
            isInTable = true
        } else if content.has("trailer", at: start) {
            lexer.offset = start + 7
            isInTable = false
            var reader = PDFObjectReader()
            if case .other(let offset) = reader.read(content, &lexer, &names, stopsAtDepthZero: true) {
                lexer.offset = max(offset, start + 7)
            }
            names.hasNews = false
            take(trailer: reader.dictionary, at: start + 7)
        } else if content.has("startxref", at: start) {
            lexer.offset = start + 9
            isInTable = false
            if let number = PDFLexer.integer(content, at: lexer.offset) { lexer.offset = number.end }
            lastStart = lexer.offset
            unaccountedBeforeEnd = unaccounted
        } else if content.has("endobj", at: start) {
            lexer.offset = start + 6
        } else {
            skipJunk(content, &lexer, from: start)
        }
    }

    private mutating func skipJunk(_ content: Span<UInt8>, _ lexer: inout PDFLexer, from start: Int) {
        var offset = start + 1
        while offset < content.count, !PDFLexer.isBlank(content[offset]) { offset += 1 }
        if unaccounted == 0 { firstUnaccounted = start }
        unaccounted += offset - start
        lexer.offset = offset
    }

    private mutating func readNumber(
        _ content: Span<UInt8>, _ lexer: inout PDFLexer, _ document: inout PDFDocument
    ) {
        let start = lexer.offset
        guard let (number, _, end) = PDFLexer.objectHeader(content, at: start) else {
            if case .integer = lexer.next(content), isInTable { return }
            return skipJunk(content, &lexer, from: start)
        }
        isInTable = false
        lexer.offset = end
        lastObject = start
        objects.insert(number)
        let place = document.add(
            PDFDocument.Place(
                number: UInt32(clamping: number), generation: generation(content, start),
                start: UInt32(clamping: start), body: UInt32(clamping: end)))
        var reader = PDFObjectReader()
        switch reader.read(content, &lexer, &names) {
        case .endobj: break
        case .other(let offset): lexer.offset = max(offset, end)
        case .content: isCut = true
        case .stream: readStream(content, &lexer, reader.dictionary, place, &document)
        }
        take(reader.dictionary, .place(place))
        if reader.dictionary.type == .crossReference { take(trailer: reader.dictionary, at: end) }
        if !reader.hasDictionary, let integer = reader.integer { integers[number] = integer }
    }

    private func generation(_ content: Span<UInt8>, _ start: Int) -> UInt32 {
        guard let number = PDFLexer.integer(content, at: start) else { return 0 }
        return UInt32(clamping: PDFLexer.integer(content, at: number.end)?.value ?? 0)
    }

    /// What an object's dictionary says about the document.
    mutating func take(_ dictionary: PDFDictionary, _ origin: PDFOrigin) {
        if dictionary.type == .catalog { hasCatalog = true }
        if names.hasNews { interesting.append(origin) }
        names.hasNews = false
    }

    private mutating func take(trailer dictionary: PDFDictionary, at offset: Int) {
        if let said = dictionary.root { root = said }
        guard dictionary.isEncrypted else { return }
        isEncrypted = true
        encryptions.append(offset)
    }

    private mutating func readStream(
        _ content: Span<UInt8>, _ lexer: inout PDFLexer, _ dictionary: PDFDictionary, _ place: Int,
        _ document: inout PDFDocument
    ) {
        var dictionary = dictionary
        if case .reference(let object) = dictionary.length, let known = integers[object] {
            dictionary.length = .direct(known)
        }
        guard let stream = Self.streamRange(content, lexer.offset, dictionary, document.table) else {
            isCut = true
            lexer.offset = content.count
            return
        }
        lexer.offset = stream.end
        if !stream.isExact { wrongLengths += 1 }
        document.setStream(place, stream.range, isExact: stream.isExact)
        // Viewers take a stream for an object stream because the cross-reference says so, whatever its type.
        if dictionary.mayHoldObjects || containers.contains(Int(document.places[place].number)) {
            pending.append(place)
        } else if let suspect = PDFExpansion.suspect(dictionary, stream.range.count, at: place) {
            suspects.append(suspect)
        }
    }

    /// The bytes between `stream` and `endstream`.
    /// - Parameter start: directly behind the word `stream`.
    /// - Returns: also the offset behind `endstream`, and whether the dictionary's length was right.
    static func streamRange(
        _ content: Span<UInt8>, _ start: Int, _ dictionary: PDFDictionary, _ table: PDFCrossReference
    ) -> (range: Range<Int>, end: Int, isExact: Bool)? {
        var data = start
        while content.byte(data) == 0x20 { data += 1 }
        if content.byte(data) == 13 { data += 1 }
        if content.byte(data) == 10 { data += 1 }
        guard data <= content.count else { return nil }
        if let length = length(content, dictionary.length, table), length <= content.count - data {
            var end = data + length
            while end < min(content.count, data + length + 4), PDFLexer.isBlank(content[end]) { end += 1 }
            if content.has("endstream", at: end) { return (data..<data + length, end + 9, true) }
        }
        guard let end = content.firstOffset(of: "endstream", from: data, before: content.count) else { return nil }
        return (data..<end, end + 9, false)
    }

    private static func length(_ content: Span<UInt8>, _ length: PDFDictionary.Length?, _ table: PDFCrossReference)
        -> Int?
    {
        switch length {
        case .direct(let value): return value
        case .reference(let object):
            guard let offset = table.offset(of: object), let header = PDFLexer.objectHeader(content, at: offset),
                header.number == object
            else { return nil }
            return PDFLexer.integer(content, at: header.end)?.value
        case nil: return nil
        }
    }
}
