// One PDF object after the other: what its dictionary says about its stream, and which active names it has. No tree is built; nesting is
// counted.

/// What the outermost dictionary of an object says.
struct PDFDictionary {
    enum Length: Equatable { case direct(Int), reference(Int) }

    var type: PDFName?
    var subtype: PDFName?
    var length: Length?
    /// How many filters that expand, or that are not known by name, undo the stream; a bomb needs two of them, or much data.
    var expandingFilters = 0
    var usesLZW = false
    var size: Int?
    var widths: [Int] = []
    var index: [Int] = []
    var previous: Int?
    var hybrid: Int?
    /// The number of the catalog's object.
    var root: Int?
    var isEncrypted = false
    var isLinearized = false
    /// Whether it says anywhere, at any depth, what an object stream says: its type, or both of its counts.
    var mayHoldObjects: Bool { namesObjectStream || namesFirst && namesCount }
    fileprivate var namesObjectStream = false
    fileprivate var namesFirst = false
    fileprivate var namesCount = false
}

/// Reads one object's tokens, with the nesting on a stack of its own.
struct PDFObjectReader {
    /// What ended the object.
    enum End: Equatable {
        case endobj, stream, other(Int), content
    }

    /// Containers within each other (chosen: more than any real document has; deeper ones are counted but not looked into for keys).
    private static let deepest = 256

    var dictionary = PDFDictionary()
    private(set) var hasDictionary = false
    /// The object's own value where it is a plain integer: lengths are often objects of their own.
    private(set) var integer: Int?

    private struct Level {
        var isDictionary: Bool
        var awaitsValue = false
    }
    private var levels: [Level] = []
    private var overflow = 0
    /// The key of the outermost dictionary whose value is being read, and the integers of that value so far.
    private var key: PDFName?
    private var numbers: [Int] = []
    /// Where the last two tokens began, if they were integers: before `obj` they are the next object's number and generation.
    private var integerStarts: (Int?, Int?) = (nil, nil)

    /// Reads to `endobj`, `stream` or what else ends an object.
    /// - Parameters:
    ///   - stopsAtDepthZero: at the end of the first dictionary or array.
    ///   - stopsAfterValue: at the end of the first value of any kind.
    mutating func read(
        _ content: Span<UInt8>, _ lexer: inout PDFLexer, _ names: inout PDFActiveNames, stopsAtDepthZero: Bool = false,
        stopsAfterValue: Bool = false
    ) -> End {
        while true {
            let before = lexer.offset
            let token = lexer.next(content)
            switch token {
            case .integer: integerStarts = (integerStarts.1, before)
            case .keyword: break  // looked at below
            default: integerStarts = (nil, nil)
            }
            switch token {
            case .end:
                close()
                return .content
            case .integer(let value): take(value)
            case .number, .string: settle()
            case .junk: break
            case .name(let range): take(content, range, &names)
            case .dictionaryOpen: open(isDictionary: true)
            case .arrayOpen: open(isDictionary: false)
            case .dictionaryClose, .arrayClose:
                pop(isDictionary: token == .dictionaryClose)
                if stopsAtDepthZero, levels.isEmpty { return .other(lexer.offset) }
            case .keyword(let range):
                if content.has("R", at: range.lowerBound), range.count == 1 {
                    integerStarts = (nil, nil)
                    continue
                }
                if content.has("endobj", at: range.lowerBound) {
                    lexer.offset = range.lowerBound + 6
                    close()
                    return .endobj
                }
                // A bracket that was never closed hides no stream: the word at the end of its line begins one.
                if content.has("stream", at: range.lowerBound),
                    levels.isEmpty || range.count == 6 && isLineEnd(content.byte(range.upperBound))
                {
                    lexer.offset = range.lowerBound + 6
                    close()
                    return .stream
                }
                // An object without its end: another begins, or the cross-reference does.
                let header = integerStarts.0
                integerStarts = (nil, nil)
                if range.count == 3, content.has("obj", at: range.lowerBound), let header {
                    close()
                    return .other(header)
                }
                for word in ["xref", "startxref", "trailer"] as [StaticString]
                where range.count == word.utf8CodeUnitCount && content.has(word, at: range.lowerBound) {
                    close()
                    return .other(before)
                }
                settle()
            }
            if stopsAfterValue, levels.isEmpty {
                close()
                return .other(lexer.offset)
            }
        }
    }

    private mutating func open(isDictionary: Bool) {
        if levels.isEmpty, isDictionary { hasDictionary = true }
        guard levels.count < Self.deepest else {
            overflow += 1
            return
        }
        settle()
        levels.append(Level(isDictionary: isDictionary))
    }

    /// A bracket closes its own kind; a stray one closes nothing, as in viewers.
    private mutating func pop(isDictionary: Bool) {
        if overflow > 0 {
            overflow -= 1
            return
        }
        guard let last = levels.last, last.isDictionary == isDictionary else { return settle() }
        if levels.count == 1 { close() }
        _ = levels.popLast()
    }

    private func isLineEnd(_ byte: UInt8?) -> Bool { byte == 10 || byte == 13 }

    /// A value that is not a name: the key before it has its value.
    private mutating func settle() {
        if let last = levels.indices.last { levels[last].awaitsValue = false }
    }

    private mutating func take(_ value: Int) {
        if levels.isEmpty, integer == nil { integer = value }
        if key != nil, numbers.count < 65_536, levels.count <= 2 {
            numbers.append(value)
        }
        settle()
    }

    private mutating func take(_ content: Span<UInt8>, _ range: Range<Int>, _ names: inout PDFActiveNames) {
        let name = PDFName.known(content, range)
        var isKey = false
        if let last = levels.indices.last, levels[last].isDictionary {
            isKey = !levels[last].awaitsValue
            levels[last].awaitsValue = isKey
        }
        if let name { note(name, isKey: isKey || overflow > 0, &names) }
        if levels.count == 1, isKey {
            close()
            key = name
        } else if !isKey, levels.count >= 1 {
            if key == .type, levels.count == 1 { dictionary.type = name }
            if key == .subtype, levels.count == 1 { dictionary.subtype = name }
            if key == .filter, levels.count <= 2 { note(filter: name) }
        }
    }

    private mutating func note(_ name: PDFName, isKey: Bool, _ names: inout PDFActiveNames) {
        names.note(name, isKey: isKey)
        switch name {
        case .objectStream: dictionary.namesObjectStream = true
        case .first: dictionary.namesFirst = true
        case .count: dictionary.namesCount = true
        default: break
        }
    }

    private mutating func note(filter: PDFName?) {
        switch filter {
        case .flate, .shortFlate, .runLength, .shortRunLength: dictionary.expandingFilters += 1
        case .lzw, .shortLZW:
            dictionary.expandingFilters += 1
            dictionary.usesLZW = true
        default: break  // digits as text, or an image's own compression
        }
    }

    /// The value of the outermost dictionary's current key is complete.
    private mutating func close() {
        defer {
            key = nil
            numbers.removeAll(keepingCapacity: true)
        }
        switch key {
        case .encrypt: dictionary.isEncrypted = true
        case .linearized: dictionary.isLinearized = true
        default: break
        }
        guard let key, let number = numbers.first else { return }
        switch key {
        case .length: dictionary.length = numbers.count == 1 ? .direct(number) : .reference(number)
        case .filter: dictionary.expandingFilters = 2  // a reference: whatever it leads to
        case .size: dictionary.size = number
        case .widths: dictionary.widths = numbers
        case .index: dictionary.index = numbers
        case .previous: dictionary.previous = number
        case .hybrid: dictionary.hybrid = number
        case .root: dictionary.root = number
        default: break
        }
    }
}
