// The bytes before the header of a PDF and behind its end mark.

import SluiceModel

enum PDFEnds {
    /// A banner or an error message may stand before the header up to here (chosen: more is a text with a document in it).
    private static let mostText = 65_536
    /// Comments that may follow the end mark (chosen: a producer's line or two).
    private static let mostComment = 256
    /// Characters that may follow the end mark: the length that a web program prints, a word (chosen).
    private static let mostCharacters = 32

    // MARK: Before

    /// Viewers look for the header within the first 1024 bytes. Blanks, zeros and a byte order mark before it are skipped; behind a text it counts
    /// when the file ends like a document as well.
    static func header(_ content: Span<UInt8>) -> Int? {
        var offset = content.has([0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
        while offset < min(content.count, 1024), PDFLexer.isBlank(content[offset]) { offset += 1 }
        return content.has("%PDF-", at: offset) ? offset : headerBehindText(content)
    }

    private static func headerBehindText(_ content: Span<UInt8>) -> Int? {
        let tail = content.count - 1024
        guard content.firstOffset(of: "%%EOF", from: tail, before: content.count) != nil,
            content.firstOffset(of: "startxref", from: tail, before: content.count) != nil,
            let header = content.firstOffset(of: "%PDF-", from: 0, before: mostText),
            header <= 1024 || content[header - 1] == 10 || content[header - 1] == 13,
            content.byte(header + 5).map({ (0x31...0x32).contains($0) }) == true
        else { return nil }
        for offset in 0..<header where content[offset] < 0x20 && !(7...13).contains(content[offset]) {
            return nil
        }
        return header
    }

    static func checkBeginning(
        _ content: Span<UInt8>, _ header: Int, _ context: inout InspectionContext
    ) -> RecognizedType.Basis {
        if header == 0 { return .proven }
        let text = content.has([0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
        guard let first = (text..<header).first(where: { !PDFLexer.isBlank(content[$0]) }) else {
            context.find(.pdfLeadingBytes, .size(ByteCount(header)))
            return .proven
        }
        let likeness = SecondFormat.likeness(of: content, at: first)
        context.find(
            .pdfBytesBefore, .size(ByteCount(header)), .text(likeness == "binary data" ? "text" : likeness))
        return .signature
    }

    // MARK: Behind

    /// Blanks and zeros may follow the end mark, a short comment on lines of its own, and a few characters.
    static func checkEnd(
        _ content: Span<UInt8>, _ sweep: PDFSweep, _ context: inout InspectionContext
    ) -> RecognizedType.Basis {
        if let second = sweep.secondHeader {
            context.find(
                .pdfTrailingBytes, .size(ByteCount(content.count - second)), .number(second),
                .text("another PDF document"))
            return .signature
        }
        let end = max(sweep.lastStart ?? 0, sweep.lastEnd ?? 0)
        if end == 0 || end < sweep.lastObject { return .signature }
        var offset = end
        while offset < content.count, isPadding(content[offset]) { offset += 1 }
        if offset == content.count { return .proven }
        if sweep.unaccounted == sweep.unaccountedBeforeEnd, offset > end, content.count - offset <= mostComment {
            return .structure
        }
        var last = content.count
        while last > offset, isPadding(content[last - 1]) { last -= 1 }
        if isHarmless(content, offset..<last) {
            context.find(.pdfCharactersBehind, .number(last - offset), .bytes(content.copy(offset..<last)))
            return .structure
        }
        context.find(
            .pdfTrailingBytes, .size(ByteCount(content.count - end)), .number(end),
            .text(SecondFormat.likeness(of: content, at: offset)))
        return .signature
    }

    private static func isPadding(_ byte: UInt8) -> Bool { PDFLexer.isBlank(byte) || byte == 0x1A }

    /// A number or a few words on one line, or one comment of HTML without any markup in it: what web programs print behind a file by accident.
    private static func isHarmless(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var inside = range
        if content.has("<!--", at: range.lowerBound), content.has("-->", at: range.upperBound - 3), range.count >= 7 {
            inside = range.lowerBound + 4..<range.upperBound - 3
            if inside.count > mostComment { return false }
        } else if range.count > mostCharacters || SecondFormat.likeness(of: content, at: range.lowerBound) != "text" {
            return false
        }
        for offset in inside {
            switch content[offset] {
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "%"):
                return false
            case 0x20..<0x7F: break
            default: return false
            }
        }
        return true
    }
}
