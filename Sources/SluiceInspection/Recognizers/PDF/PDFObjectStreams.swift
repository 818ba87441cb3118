// The streams that hold objects (ISO 32000-1 §7.5.7): a list of numbers and offsets, then the objects, without `obj` and `endobj`.

import SluiceModel

struct PDFObjectStreams {
    private(set) var unreadable = 0
    private(set) var whyUnreadable = ""

    /// Undoes and reads the streams at `pending`, and adds to the document what they hold.
    /// - Parameter found: takes each object's beginning, dictionary and whether a name in it wants to be looked at.
    mutating func read(
        _ content: Span<UInt8>, _ pending: [Int], _ document: inout PDFDocument, _ sweep: inout PDFSweep,
        _ context: inout InspectionContext
    ) {
        var pending = pending
        while !pending.isEmpty {
            // A value that decodes one stream may stand in another: first come the streams that need no such value.
            var later: [Int] = []
            for index in pending {
                let entries = document.entries(content, index)
                guard let entries, isComplete(entries, &document) else {
                    later.append(index)
                    continue
                }
                read(content, index, entries, &document, &sweep, &context)
            }
            if later.count == pending.count {  // what is nowhere is nothing
                for index in later {
                    guard let entries = document.entries(content, index) else {
                        fail("its description cannot be read")
                        continue
                    }
                    read(content, index, entries, &document, &sweep, &context)
                }
                return
            }
            pending = later
        }
    }

    private mutating func fail(_ why: String) {
        unreadable += 1
        whyUnreadable = why
    }

    /// Whether all objects are known that its filters and length refer to.
    private func isComplete(_ entries: PDFEntries, _ document: inout PDFDocument) -> Bool {
        var left = 64
        for name in [PDFName.filter, .parameters, .length, .first, .count] {
            for value in entries.values(of: name) where !isComplete(value, &document, &left) { return false }
        }
        return true
    }

    private func isComplete(_ value: PDFValue, _ document: inout PDFDocument, _ left: inout Int) -> Bool {
        left -= 1
        if left < 0 { return true }
        switch value {
        case .reference(let number): return !document.allOrigins(of: number).isEmpty
        case .array(let items): return items.allSatisfy { isComplete($0, &document, &left) }
        case .dictionary(let entries): return entries.pairs.allSatisfy { isComplete($0.value, &document, &left) }
        default: return true
        }
    }

    private mutating func read(
        _ content: Span<UInt8>, _ index: Int, _ entries: PDFEntries, _ document: inout PDFDocument,
        _ sweep: inout PDFSweep, _ context: inout InspectionContext
    ) {
        switch document.data(content, of: index, entries, &context) {
        case .unreadable(let why): fail(why)
        case .bytes(let bytes):
            var first = 0
            var count = 0
            if case .integer(let value) = document.value(content, of: .first, in: entries) { first = value }
            if case .integer(let value) = document.value(content, of: .count, in: entries) { count = value }
            if let doubt = document.takeDoubt() { return fail(doubt) }
            guard let container = document.addContainer(Int(document.places[index].number), bytes) else {
                return fail("over the inspection budget")
            }
            scan(bytes, container, first: first, count: count, &document, &sweep)
        }
    }

    private mutating func scan(
        _ bytes: [UInt8], _ container: Int, first: Int, count: Int, _ document: inout PDFDocument,
        _ sweep: inout PDFSweep
    ) {
        let inside = bytes.span
        let first = min(max(first, 0), inside.count)
        var listed: [Int] = []
        var lexer = PDFLexer(0)
        for _ in 0..<min(max(count, 0), inside.count) {
            guard case .integer(let number) = lexer.next(inside), case .integer(let offset) = lexer.next(inside) else {
                break
            }
            let low = first + min(offset, inside.count)
            var start = low
            while start < inside.count, start < low + 16, PDFLexer.isBlank(inside[start]) { start += 1 }
            document.add(number, inside: container, at: start)
            sweep.objects.insert(number)
            listed.append(start)
        }
        if count > 0 && listed.isEmpty { fail("its list of objects cannot be read") }
        // From the beginning to the end, so that nothing stays unread; then those that the list puts elsewhere.
        let starts = readAll(inside, from: first, container, &sweep)
        var left = 4 * inside.count + 65_536
        for start in listed where start < inside.count && !Self.holds(starts, start) {
            left -= readOne(inside, at: start, container, &sweep)
            if left < 0 { return fail("its objects overlap") }
        }
    }

    /// - Returns: where the objects begin, in their order.
    private func readAll(
        _ inside: Span<UInt8>, from first: Int, _ container: Int, _ sweep: inout PDFSweep
    ) -> [Int] {
        var starts: [Int] = []
        var lexer = PDFLexer(first)
        while lexer.offset < inside.count {
            lexer.skipBlanks(inside)
            let start = lexer.offset
            starts.append(start)
            lexer.offset = max(start + readOne(inside, at: start, container, &sweep), start + 1)
        }
        return starts
    }

    /// - Returns: how long the object is.
    private func readOne(_ inside: Span<UInt8>, at start: Int, _ container: Int, _ sweep: inout PDFSweep) -> Int {
        var lexer = PDFLexer(start)
        var reader = PDFObjectReader()
        _ = reader.read(inside, &lexer, &sweep.names, stopsAfterValue: true)
        sweep.take(reader.dictionary, .inside(container: container, offset: start))
        return lexer.offset - start
    }

    private static func holds(_ sorted: [Int], _ wanted: Int) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == wanted
    }
}
