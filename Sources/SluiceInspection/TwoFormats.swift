// Content that is two things at once: the signature of a second format, at the place where readers of that format look for it. Each
// format's own recognizer finds data behind its end, and images and PDF look for a second format themselves.

import Glibc
import SluiceModel

/// Looks for the three formats whose readers do not insist on the first byte: zip (end record at the end), tar (checksum over the first
/// block) and PDF (header within the first 1 024 bytes).
enum TwoFormats {
    static func look(_ content: Span<UInt8>, besides type: MediaType, _ context: inout InspectionContext) {
        if type.name.hasPrefix("image/") || type == .pdf { return }
        let isZip = ZipStructure.beginsLikeZip(content)
        let isTar = type == .tar || type.name == "application/x-gem" || type.name == "application/x-ova"
        let isText = type.name.hasPrefix("text/")
        // Neither of these holds a zip as a member: there a directory before the record is enough, whatever follows it.
        if !isZip, hasZipEnd(content, mayBeFollowed: isText || type == .unknown) {
            context.find(.secondFormat, .text(type.shown), .text(MediaType.zip.shown))
        }
        if !isTar, isTarHeader(content, at: 0) || isText && hasTarHeader(content) {
            context.find(.secondFormat, .text(type.shown), .text(MediaType.tar.shown))
        }
        if hasPDFHeader(content, besides: type, isZip: isZip, isTar: isTar) || isText && hasWholePDF(content) {
            context.find(.secondFormat, .text(type.shown), .text(MediaType.pdf.shown))
        }
    }

    private static func isTarHeader(_ content: Span<UInt8>, at offset: Int) -> Bool {
        TarHeader.hasMagic(content, at: offset) && TarHeader.checksumHolds(content, at: offset)
    }

    /// Text has no end that a tar could stand behind, so it may stand anywhere. Its header holds NULs, which text hardly ever does.
    private static func hasTarHeader(_ content: Span<UInt8>) -> Bool {
        let hasNUL = content.withUnsafeBytes { bytes in bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } }
        guard hasNUL == true else { return false }
        var start = 0
        while let found = content.firstOffset(of: "ustar", from: start, before: content.count) {
            if isTarHeader(content, at: found - 257) { return true }
            start = found + 5
        }
        return false
    }

    /// A document behind a text: it begins on a line of its own and ends where the text ends.
    private static func hasWholePDF(_ content: Span<UInt8>) -> Bool {
        endsLikePDF(content) && content.firstOffset(of: "\n%PDF-", from: 0, before: content.count) != nil
    }

    /// An end record whose comment ends at the content's end, with a central directory where it says (APPNOTE §4.3.16).
    /// - Parameter mayBeFollowed: whether other bytes may stand behind the comment; tolerant readers look past them.
    private static func hasZipEnd(_ content: Span<UInt8>, mayBeFollowed: Bool) -> Bool {
        let record = 22
        guard content.count >= record else { return false }
        let lowest = max(0, content.count - record - 0xFFFF)
        // The signature's last byte is rare in text, where this runs most, so the C library skips from one to the next.
        return content.withUnsafeBytes { bytes -> Bool in
            guard let base = bytes.baseAddress else { return false }
            var start = lowest + 3
            let end = content.count - record + 4
            while start < end, let hit = memchr(base + start, 0x06, end - start) {
                let last = base.distance(to: UnsafeRawPointer(hit))
                if isZipEnd(content, last - 3, mayBeFollowed) { return true }
                start = last + 1
            }
            return false
        }
    }

    private static func isZipEnd(_ content: Span<UInt8>, _ offset: Int, _ mayBeFollowed: Bool) -> Bool {
        guard content.has("PK\u{5}\u{6}", at: offset), let comment = content.littleEndian16(offset + 20),
            let size = content.littleEndian32(offset + 12)
        else { return false }
        let isLast = offset + 22 + Int(comment) == content.count
        if size == 0 { return isLast }
        guard isLast || mayBeFollowed else { return false }
        // A zip64 locator stands directly before the record (APPNOTE §4.3.15), and the directory further on.
        return content.has("PK\u{1}\u{2}", at: offset - Int(size)) || content.has("PK\u{6}\u{7}", at: offset - 20)
    }

    /// PDF readers look for the header in the first 1 024 bytes (ISO 32000-1, annex H.3, note 13).
    private static func hasPDFHeader(_ content: Span<UInt8>, besides type: MediaType, isZip: Bool, isTar: Bool) -> Bool
    {
        // Inside a member a PDF is honest: of an archive only its first header counts, which belongs to no member.
        var end = min(content.count, 1024)
        if isTar { end = min(end, TarHeader.blockSize) }
        if isZip {
            let name = Int(content.littleEndian16(26) ?? 0)
            let extra = Int(content.littleEndian16(28) ?? 0)
            end = min(end, 30 + name + extra)
        }
        var from = 0
        while let offset = content.firstOffset(of: "%PDF-", from: from, before: end - 3) {
            if (0x31...0x32).contains(content[offset + 5]) {
                // A text may well speak of PDFs; it is one only when it ends like one, too.
                return !(type.name.hasPrefix("text/") || type == .unknown) || endsLikePDF(content)
            }
            from = offset + 1
        }
        return false
    }

    private static func endsLikePDF(_ content: Span<UInt8>) -> Bool {
        let tail = content.count - 1024
        return content.firstOffset(of: "%%EOF", from: tail, before: content.count) != nil
            && content.firstOffset(of: "startxref", from: tail, before: content.count) != nil
    }
}
