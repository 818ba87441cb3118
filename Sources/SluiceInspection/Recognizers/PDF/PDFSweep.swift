// One pass over a PDF from header to end: every object, table and comment in the order in which it stands. It finds what a cross-reference
// can hide: bytes that belong to nothing, and active names in objects that no viewer reaches.

import SluiceModel

struct PDFSweep {
    private(set) var names = PDFActiveNames()
    private(set) var objects: Set<Int> = []
    /// Where the objects begin that the sweep came by.
    private(set) var starts: Set<Int> = []
    private(set) var hasCatalog = false
    private(set) var isEncrypted = false
    private(set) var unaccounted = 0
    private(set) var firstUnaccounted = 0
    /// As of the last end mark.
    private(set) var unaccountedBeforeEnd = 0
    private(set) var wrongLengths = 0
    private(set) var unreadable = 0
    private(set) var whyUnreadable = ""
    private(set) var lastObject = 0
    /// Behind the last `startxref` number and behind the last `%%EOF`.
    private(set) var lastStart: Int?
    private(set) var lastEnd: Int?
    /// The header of another document inside.
    private(set) var secondHeader: Int?
    /// Whether the content ended within an object.
    private(set) var isCut = false

    private var isInTable = false
    private var integers: [Int: Int] = [:]

    mutating func run(
        _ content: Span<UInt8>, from header: Int, _ table: PDFCrossReference, _ context: inout InspectionContext
    ) {
        isEncrypted = table.isEncrypted
        var lexer = PDFLexer(header)
        lexer.skipLine(content)
        while lexer.offset < content.count {
            let byte = content[lexer.offset]
            if PDFLexer.isBlank(byte) {
                lexer.offset += 1
            } else if byte == UInt8(ascii: "%") {
                readComment(content, &lexer)
            } else if (0x30...0x39).contains(byte) {
                readNumber(content, &lexer, table, &context)
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
            if reader.dictionary.isEncrypted { isEncrypted = true }
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
        _ content: Span<UInt8>, _ lexer: inout PDFLexer, _ table: PDFCrossReference, _ context: inout InspectionContext
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
        starts.insert(start)
        var reader = PDFObjectReader()
        switch reader.read(content, &lexer, &names) {
        case .endobj: break
        case .other(let offset): lexer.offset = max(offset, end)
        case .content: isCut = true
        case .stream: readStream(content, &lexer, reader.dictionary, table, &context)
        }
        take(reader.dictionary)
        if !reader.hasDictionary, let integer = reader.integer { integers[number] = integer }
    }

    private mutating func take(_ dictionary: PDFDictionary) {
        if dictionary.type == .catalog { hasCatalog = true }
        if dictionary.type == .crossReference, dictionary.isEncrypted { isEncrypted = true }
    }

    private mutating func readStream(
        _ content: Span<UInt8>, _ lexer: inout PDFLexer, _ dictionary: PDFDictionary, _ table: PDFCrossReference,
        _ context: inout InspectionContext
    ) {
        var dictionary = dictionary
        if case .reference(let object) = dictionary.length, let known = integers[object] {
            dictionary.length = .direct(known)
        }
        guard let stream = Self.streamRange(content, lexer.offset, dictionary, table) else {
            isCut = true
            lexer.offset = content.count
            return
        }
        lexer.offset = stream.end
        if !stream.isExact { wrongLengths += 1 }
        // Viewers take a stream for an object stream because the cross-reference says so, whatever its type.
        let isObjectStream = dictionary.type == .objectStream || dictionary.first != nil && dictionary.count != nil
        if isObjectStream, !isEncrypted { scan(content, stream.range, dictionary, &context) }
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

    /// §7.5.7: pairs of number and offset, then the objects themselves, without `obj` and `endobj`.
    private mutating func scan(
        _ content: Span<UInt8>, _ range: Range<Int>, _ dictionary: PDFDictionary, _ context: inout InspectionContext
    ) {
        switch PDFStreams.decode(content, range, dictionary, &context) {
        case .unreadable(let why):
            unreadable += 1
            whyUnreadable = why
        case .bytes(let bytes):
            let inside = bytes.span
            let first = min(dictionary.first ?? 0, inside.count)
            var lexer = PDFLexer(0)
            for _ in 0..<min(dictionary.count ?? 0, inside.count) {
                guard lexer.offset < first, case .integer(let number) = lexer.next(inside),
                    case .integer = lexer.next(inside)
                else { break }
                objects.insert(number)
            }
            lexer = PDFLexer(first)
            while lexer.offset < inside.count {
                let before = lexer.offset
                var reader = PDFObjectReader()
                _ = reader.read(inside, &lexer, &names, stopsAtDepthZero: true)
                take(reader.dictionary)
                lexer.offset = max(lexer.offset, before + 1)
            }
        }
    }
}
