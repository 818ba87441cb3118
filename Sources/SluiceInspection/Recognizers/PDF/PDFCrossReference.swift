// The cross-reference of a PDF (ISO 32000-1 §7.5.4, §7.5.8): tables and streams, newest first, along /Prev. PDFSweep checks it against the objects.

import SluiceModel

/// Where the objects are, as the file itself says.
struct PDFCrossReference {
    /// By object number; the newest section's answer.
    private(set) var offsets: [Int: Int] = [:]
    /// By the number of an object that lies in an object stream, that stream's number.
    private(set) var compressed: [Int: Int] = [:]
    private(set) var root: Int?
    private(set) var isEncrypted = false
    /// What is wrong with it; `nil` when it is sound.
    private(set) var fault: String?

    /// By object number, where it is not 0.
    private(set) var generations: [Int: Int] = [:]
    private var freed: Set<Int> = []
    /// Added to all offsets: blanks before the header, where a writer did not count them.
    private var base = 0
    private var entries = 0
    /// Bytes read in all, and strings that did not end: sections may overlap, and many long ones would take forever.
    private var spent = 0
    private var openStrings = 0

    /// Sections followed (chosen: each save of a document adds one).
    private static let mostSections = 4096

    mutating func read(
        _ content: Span<UInt8>, startingAt start: Int, header: Int, _ context: inout InspectionContext
    ) {
        var visited: Set<Int> = []
        var next = [start]
        while let offset = next.popLast() {
            if !visited.insert(offset).inserted { continue }
            if visited.count > Self.mostSections || spent > 8 * content.count {
                return note("it has too many sections")
            }
            if readSection(content, offset, &next, &context) { continue }
            if header > 0, visited.count == 1 {
                base = header
                if readSection(content, offset, &next, &context) { continue }
            }
            note("no section stands at byte \(offset)")
        }
    }

    mutating func note(_ what: String) {
        if fault == nil { fault = what }
    }

    /// The offset of an object's number, with `base` added.
    func offset(of object: Int) -> Int? { offsets[object] }

    /// The number of the stream that holds an object.
    func container(of object: Int) -> Int? { compressed[object] }

    private mutating func readSection(
        _ content: Span<UInt8>, _ offset: Int, _ next: inout [Int], _ context: inout InspectionContext
    ) -> Bool {
        let (at, overflow) = offset.addingReportingOverflow(base)
        guard !overflow, at >= 0, at < content.count else { return false }
        var lexer = PDFLexer(at)
        lexer.openStrings = openStrings
        defer {
            spent += max(lexer.offset - at, 256)
            openStrings = lexer.openStrings
        }
        var names = PDFActiveNames()  // counted by the sweep, not here
        lexer.skipBlanks(content)
        if content.has("xref", at: lexer.offset) {
            lexer.offset += 4
            guard readTable(content, &lexer) else { return false }
            var reader = PDFObjectReader()
            _ = reader.read(content, &lexer, &names, stopsAtDepthZero: true)
            guard reader.hasDictionary else { return false }
            take(reader.dictionary, &next)
            return true
        }
        guard let header = PDFLexer.objectHeader(content, at: lexer.offset) else { return false }
        lexer.offset = header.end
        var reader = PDFObjectReader()
        guard reader.read(content, &lexer, &names) == .stream, reader.dictionary.widths.count >= 3,
            let data = PDFSweep.streamRange(content, lexer.offset, reader.dictionary, self)?.range
        else { return false }
        // Only what stands here itself: an object elsewhere cannot be found before this table is read.
        var alone = PDFDocument(PDFCrossReference())
        guard case .dictionary(let entries)? = alone.value(content, at: header.end),
            let steps = alone.steps(content, entries), alone.takeDoubt() == nil,
            case .bytes(let bytes) = PDFStreams.decode(content.copy(data), steps, isExact: true, &context)
        else { return false }
        readStream(bytes, reader.dictionary)
        take(reader.dictionary, &next)
        return true
    }

    private mutating func take(_ dictionary: PDFDictionary, _ next: inout [Int]) {
        if root == nil { root = dictionary.root }
        if dictionary.isEncrypted { isEncrypted = true }
        if let previous = dictionary.previous { next.append(previous) }
        if let hybrid = dictionary.hybrid { next.append(hybrid) }  // §7.5.8.4: looked up before /Prev
    }

    /// Subsections of a first number and a count, then as many entries, up to `trailer`.
    private mutating func readTable(_ content: Span<UInt8>, _ lexer: inout PDFLexer) -> Bool {
        while true {
            guard case .integer(var object) = lexer.next(content) else { return isTrailer(content, lexer) }
            guard case .integer(let count) = lexer.next(content), count <= content.count else { return false }
            for index in 0..<count {
                let before = lexer.offset
                guard case .integer(let offset) = lexer.next(content),
                    case .integer(let generation) = lexer.next(content),
                    case .keyword(let kind) = lexer.next(content), kind.count == 1
                else {
                    // Fewer entries than announced: viewers go on with what is there.
                    note("a section has fewer entries than it says")
                    lexer.offset = before
                    break
                }
                // A common slip: numbering from 1 although the first entry is object 0.
                if index == 0, object == 1, offset == 0, generation == 65_535 { object = 0 }
                add(object, content[kind.lowerBound] == UInt8(ascii: "n") ? offset : nil, generation)
                object += 1
                if entries > content.count { return false }
            }
        }
    }

    /// The word `trailer` has just been read; the lexer stands behind it.
    private func isTrailer(_ content: Span<UInt8>, _ lexer: PDFLexer) -> Bool {
        content.has("trailer", at: lexer.offset - 7)
    }

    /// - Parameter offset: `nil` for a free entry.
    private mutating func add(_ object: Int, _ offset: Int?, _ generation: Int) {
        entries += 1
        guard offsets[object] == nil, compressed[object] == nil, !freed.contains(object) else { return }
        if let offset, offset > 0 {
            offsets[object] = offset.addingReportingOverflow(base).partialValue
            if generation != 0 { generations[object] = generation }
        } else {
            freed.insert(object)
        }
    }

    /// §7.5.8.3: three fields an entry: kind, offset or stream, generation or index.
    private mutating func readStream(_ bytes: [UInt8], _ dictionary: PDFDictionary) {
        let widths = dictionary.widths.prefix(3)
        guard widths.allSatisfy({ (0...8).contains($0) }), widths.reduce(0, +) > 0 else {
            return note("a section has no widths")
        }
        let size = widths.reduce(0, +)
        var index = dictionary.index
        if index.count < 2 { index = [0, dictionary.size ?? bytes.count / size] }
        var at = 0
        var pair = 0
        while pair + 1 < index.count {
            var object = index[pair]
            var left = index[pair + 1]
            while left > 0, at + size <= bytes.count {
                func field(_ skip: Int, _ width: Int) -> Int {
                    var value: UInt64 = 0
                    for offset in 0..<width { value = value << 8 | UInt64(bytes[at + skip + offset]) }
                    return Int(truncatingIfNeeded: value & 0x7FFF_FFFF_FFFF_FFFF)
                }
                let kind = widths[0] == 0 ? 1 : field(0, widths[0])
                let second = field(widths[0], widths[1])
                if kind == 2 {
                    entries += 1
                    if offsets[object] == nil, compressed[object] == nil, !freed.contains(object) {
                        compressed[object] = second
                    }
                } else {
                    add(object, kind == 1 ? second : nil, field(widths[0] + widths[1], widths[2]))
                }
                at += size
                object &+= 1
                left -= 1
            }
            if left > 0 { note("a section has fewer entries than it says") }
            pair += 2
        }
    }
}
