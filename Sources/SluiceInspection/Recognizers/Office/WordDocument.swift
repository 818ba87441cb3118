// The head of a Word 6–2003 document (the FIB, [MS-DOC] 2.5.1) against the streams it speaks of, and what in the document is active.

import SluiceModel

/// The values at the head of a `WordDocument` stream.
struct WordDocument {
    private(set) var isSound = true
    /// A template (`.dot`), which can hold macros of its own even without a project.
    private(set) var isTemplate = false
    private(set) var isEncrypted = false
    /// Word 97 and later; else Word 6 or 95.
    private(set) var isWord97 = false
    /// The storage that holds the document: the root's, or an embedded object's.
    private let storage: Int

    private init(storage: Int) { self.storage = storage }

    private enum Identifier { static let word97: UInt16 = 0xA5EC, word6: UInt16 = 0xA5DC }

    /// Flags of the head ([MS-DOC] 2.5.2).
    private enum Flag { static let template: UInt16 = 0x0001, encrypted: UInt16 = 0x0100, secondTable: UInt16 = 0x0200 }

    /// Places in the list of the table stream's parts ([MS-DOC] 2.5.6).
    private enum Part { static let styles = 1, associated = 32, pieces = 33, least = 93 }

    static func read(
        _ stream: [UInt8], _ file: CompoundFile, _ content: Span<UInt8>, _ context: inout InspectionContext,
        in storage: Int = 0
    ) -> WordDocument {
        var document = WordDocument(storage: storage)
        document.readHead(stream, file, content, &context)
        return document
    }

    private mutating func fail(_ reason: String, _ context: inout InspectionContext) {
        guard isSound else { return }
        isSound = false
        context.find(.officeBrokenWord, .text(reason))
    }

    private mutating func readHead(
        _ stream: [UInt8], _ file: CompoundFile, _ content: Span<UInt8>, _ context: inout InspectionContext
    ) {
        let bytes = stream.span
        guard let identifier = bytes.littleEndian16(0), let version = bytes.littleEndian16(2),
            let flags = bytes.littleEndian16(10)
        else { return fail("it is too short", &context) }
        isTemplate = flags & Flag.template != 0
        isEncrypted = flags & Flag.encrypted != 0
        // Word 6 and 95 wrote versions 101 to 105; later ones 0x00C1 and up, and some writers of Word 97 files their own below that.
        switch identifier {
        case Identifier.word97 where version > 105:
            isWord97 = true
            readWord97(bytes, flags, file, content, &context)
        case Identifier.word97, Identifier.word6: readWord6(bytes, version, &context)
        default: fail("it does not begin like one", &context)
        }
        if isSound && !isEncrypted { findExchange(bytes, &context) }
    }

    private mutating func readWord6(_ bytes: Span<UInt8>, _ version: UInt16, _ context: inout InspectionContext) {
        guard (100...105).contains(version) else { return fail("its version \(version) is unknown", &context) }
        if isEncrypted { return }
        guard let first = bytes.littleEndian32(24), let end = bytes.littleEndian32(28), first <= end,
            Int(end) <= bytes.count
        else {
            return fail("its text lies outside", &context)
        }
        findFields(bytes, [WordText.Piece(range: Int(first)..<Int(end), isWide: false)], &context)
    }

    private mutating func readWord97(
        _ bytes: Span<UInt8>, _ flags: UInt16, _ file: CompoundFile, _ content: Span<UInt8>,
        _ context: inout InspectionContext
    ) {
        let name = flags & Flag.secondTable != 0 ? "1Table" : "0Table"
        guard let entry = file.directory.child(of: storage, name, .stream) else {
            return fail("its part \(name) is missing", &context)
        }
        if isEncrypted { return }  // only the first 68 bytes are in the clear ([MS-OFFCRYPTO] 2.2.6)
        guard let words = bytes.littleEndian16(32), words >= 14 else { return fail("its head is cut short", &context) }
        let longs = 34 + Int(words) * 2
        guard let longCount = bytes.littleEndian16(longs), longCount >= 22 else {
            return fail("its head is cut short", &context)
        }
        let parts = longs + 2 + Int(longCount) * 4
        guard let partCount = bytes.littleEndian16(parts), partCount >= Part.least,
            parts + 2 + Int(partCount) * 8 <= bytes.count
        else { return fail("its head is cut short", &context) }
        guard let used = bytes.littleEndian32(longs + 2), Int(used) <= bytes.count else {
            return fail("it is shorter than it says", &context)
        }
        let table = file.bytes(of: entry, in: content)
        func part(_ index: Int) -> Range<Int>? {
            guard let start = bytes.littleEndian32(parts + 2 + index * 8),
                let size = bytes.littleEndian32(parts + 6 + index * 8)
            else { return nil }
            let end = Int(start) + Int(size)
            return end <= table.count ? Int(start)..<end : nil
        }
        // Without styles and the list of its pieces of text no program can show a document.
        guard let styles = part(Part.styles), !styles.isEmpty else { return fail("its styles lie outside", &context) }
        guard let pieces = part(Part.pieces), !pieces.isEmpty, table[pieces.lowerBound] <= 2 else {
            return fail("the list of its pieces of text lies outside", &context)
        }
        if let associated = part(Part.associated) { findTemplate(table.span, associated, &context) }
        findFields(bytes, WordText.pieces(table.span, pieces, bytes), &context)
    }
}

// MARK: What is active

extension WordDocument {
    /// The template that the document names: the second of the associated strings ([MS-DOC] 2.9.273).
    private func findTemplate(_ table: Span<UInt8>, _ range: Range<Int>, _ context: inout InspectionContext) {
        guard table.littleEndian16(range.lowerBound) == 0xFFFF, let skipped = table.littleEndian16(range.lowerBound + 6)
        else { return }
        let second = range.lowerBound + 8 + Int(skipped) * 2
        guard let length = table.littleEndian16(second) else { return }
        let text = (second + 2..<second + 2 + Int(length) * 2).clamped(to: range)
        guard !text.isEmpty else { return }
        let units = stride(from: text.lowerBound, to: text.upperBound - 1, by: 2).compactMap {
            table.littleEndian16($0)
        }
        let path = String(decoding: units, as: UTF16.self)
        if RemoteTarget.isRemote(path) { context.find(.officeRemoteTemplate, .text(path)) }
    }

    private func findFields(_ bytes: Span<UInt8>, _ pieces: [WordText.Piece], _ context: inout InspectionContext) {
        for danger in WordText.dangers(bytes, pieces) {
            switch danger {
            case .exchange(let instruction): context.find(.officeDynamicExchange, .bytes(instruction))
            case .fetch(let field, let target): context.find(.officeFetchingField, .text(field), .bytes(target))
            }
        }
    }

    /// Looks for the instruction of a DDE field anywhere in the stream, so that nothing depends on the list of pieces: the mark 0x13, blanks or
    /// marks or quotes, then `DDE` ([MS-DOC] 2.8.25), in 8-bit and 16-bit text.
    private func findExchange(_ bytes: Span<UInt8>, _ context: inout InspectionContext) {
        if context.log.has(.officeDynamicExchange) { return }
        var from = 0
        while let mark = bytes.firstOffset(of: 0x13, from: from, before: bytes.count) {
            for width in 1...2 {
                guard let word = field(at: mark, width: width, bytes) else { continue }
                context.find(.officeDynamicExchange, .bytes(word))
                return
            }
            from = mark + 1
        }
    }

    private func field(at mark: Int, width: Int, _ bytes: Span<UInt8>) -> [UInt8]? {
        // In 16-bit text every second byte is zero.
        func character(_ index: Int) -> UInt8? {
            let at = mark + index * width
            guard let value = bytes.byte(at), width == 1 || bytes.byte(at + 1) == 0 else { return nil }
            return value
        }
        guard character(0) != nil else { return nil }
        // A further mark begins a field of its own, which is looked at when its turn comes.
        var start = 1
        while start <= 4096, let blank = character(start), blank > 0, blank <= 0x22 || blank == 0xA0, blank != 0x13,
            blank != 0x21
        {
            start += 1
        }
        var word: [UInt8] = []
        for index in start..<start + 8 {
            guard let value = character(index), AsciiText.isLetter(value) else { break }
            word.append(value)
        }
        return AsciiText.startsWith(word, ["DDE"]) ? word : nil
    }
}
