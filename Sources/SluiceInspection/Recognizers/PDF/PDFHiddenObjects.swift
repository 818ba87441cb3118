// Objects that only viewers find. When a cross-reference is wrong, viewers rebuild it by searching the whole file for `12 0 obj`, also in the data of
// streams, in strings and in comments, where the sweep does not look.

import SluiceModel

struct PDFHiddenObjects {
    /// Entries of the cross-reference that lead to no object.
    private(set) var wrong = 0
    /// Objects within other data.
    private(set) var count = 0
    /// Whether some viewers search the file although all entries are right.
    private var isOdd = false

    /// Hidden objects are read for their names up to so many times the content's length; more of them are counted.
    private static let mostReread = 2

    /// Holds the cross-reference against the objects.
    mutating func check(_ content: Span<UInt8>, _ document: PDFDocument) {
        for (object, offset) in document.table.offsets {
            guard let header = PDFLexer.objectHeader(content, at: offset), header.number == object else {
                wrong += 1
                continue
            }
            guard let place = document.place(at: header.start) else {
                count += 1
                continue
            }
            if Int(place.generation) != document.table.generations[object] ?? 0 { isOdd = true }
        }
    }

    /// Searches the whole file where a viewer may do so.
    mutating func search(
        _ content: Span<UInt8>, from header: Int, _ document: PDFDocument, _ names: inout PDFActiveNames
    ) {
        guard isOdd || header > 0 || !document.isTableSound else { return }
        count = 0
        var from = header
        var spent = 0
        while let word = content.firstOffset(of: "obj", from: from, before: content.count) {
            from = word + 3
            guard let start = start(content, before: word, lowest: header), document.place(at: start) == nil else {
                continue
            }
            count += 1
            guard spent <= Self.mostReread * content.count else { continue }
            var lexer = PDFLexer(from)
            var reader = PDFObjectReader()
            _ = reader.read(content, &lexer, &names)
            spent += lexer.offset - from
        }
        names.hasNews = false
    }

    /// Where `12 0 ` begins before the word `obj`.
    private func start(_ content: Span<UInt8>, before word: Int, lowest: Int) -> Int? {
        func skip(_ at: inout Int, most: Int, _ isWanted: (UInt8) -> Bool) -> Bool {
            let high = at
            while at > lowest, high - at < most, isWanted(content[at - 1]) { at -= 1 }
            return at < high
        }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        var at = word
        _ = skip(&at, most: 256, PDFLexer.isBlank)
        guard skip(&at, most: 15, isDigit), skip(&at, most: 256, PDFLexer.isBlank), skip(&at, most: 15, isDigit) else {
            return nil
        }
        return at
    }
}
