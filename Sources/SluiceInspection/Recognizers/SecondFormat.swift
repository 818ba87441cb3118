// Content that is two things at once: formats whose readers do not start at the first byte, and what stray bytes look like. Images and
// PDF use it; every other recognizer checks for itself.

/// A second format inside content that was recognized as something else.
struct SecondFormat: Equatable {
    /// With its article, as it stands in a sentence.
    var name: String
    var offset: Int

    /// Looks where the readers of those formats look. Each place has a check of its own, so that pixels and compressed data do not match by chance.
    static func find(in content: Span<UInt8>, besidesPDF: Bool = true) -> SecondFormat? {
        if let offset = zipEnd(in: content) { return SecondFormat(name: "a ZIP archive", offset: offset) }
        if isTarHeader(content) { return SecondFormat(name: "a tar archive", offset: 0) }
        if content.has("CD001", at: 0x8001) {  // ECMA-119 §6.2: the first volume descriptor, in sector 16
            return SecondFormat(name: "a disc image", offset: 0x8000)
        }
        if besidesPDF, let offset = pdfHeader(in: content) {
            return SecondFormat(name: "a PDF document", offset: offset)
        }
        return nil
    }

    /// APPNOTE §4.3.16: readers find the end record by searching backwards over a comment of at most 65 535 bytes.
    private static func zipEnd(in content: Span<UInt8>) -> Int? {
        let low = max(0, content.count - 65_557)
        var end = content.count
        while let offset = content.lastOffset(of: "PK\u{5}\u{6}", from: low, before: end) {
            if isZipEnd(content, offset) { return offset }
            end = offset + 3
        }
        return nil
    }

    private static func isZipEnd(_ content: Span<UInt8>, _ offset: Int) -> Bool {
        guard let size = content.littleEndian32(offset + 12), let start = content.littleEndian32(offset + 16) else {
            return false
        }
        if content.has("PK\u{6}\u{7}", at: offset - 20) { return true }
        if content.has("PK\u{1}\u{2}", at: offset - Int(size)) || content.has("PK\u{1}\u{2}", at: Int(start)) {
            return true
        }
        let comment = content.littleEndian16(offset + 20).map(Int.init) ?? -1
        return size == 0 && offset + 22 + comment == content.count  // an archive without entries
    }

    /// POSIX.1 pax, "ustar Interchange Format": the checksum at 148 adds up the header with itself as blanks.
    private static func isTarHeader(_ content: Span<UInt8>) -> Bool {
        guard content.count >= 512 else { return false }
        var declared = 0
        var digits = 0
        for offset in 148..<156 {
            let byte = content[offset]
            if (0x30...0x37).contains(byte) {
                declared = declared << 3 | Int(byte - 0x30)
                digits += 1
            } else if byte != 0x20 && byte != 0 {
                return false
            }
        }
        guard digits >= 3 else { return false }
        var sum = 0
        for offset in 0..<512 { sum += (148..<156).contains(offset) ? 0x20 : Int(content[offset]) }
        return sum == declared
    }

    /// PDF readers accept a header within the first 1024 bytes (ISO 32000-1 implementation note 13).
    private static func pdfHeader(in content: Span<UInt8>) -> Int? {
        guard let offset = content.firstOffset(of: "%PDF-", from: 0, before: 1029) else { return nil }
        let isDocument =
            content.firstOffset(of: "endobj", from: offset, before: content.count) != nil
            || content.firstOffset(of: "startxref", from: offset, before: content.count) != nil
        return isDocument ? offset : nil
    }

    /// What the bytes at `offset` begin like, in words for the middle of a sentence.
    static func likeness(of content: Span<UInt8>, at offset: Int) -> String {
        for (pattern, name) in signatures where content.has(pattern, at: offset) { return name }
        if videoStart(content, near: offset) != nil { return "a video" }
        if content.has("ustar", at: offset + 257) { return "a tar archive" }
        let end = min(content.count, offset + 256)
        var text = 0
        for index in offset..<max(offset, end)
        where content[index] >= 0x20 && content[index] < 0x7F || content[index] == 10 {
            text += 1
        }
        return text * 10 >= (end - offset) * 9 ? "text" : "binary data"
    }

    /// ISO/IEC 14496-12 §4.3. A box begins with its length, whose first bytes are zero and so look like padding before `offset`.
    static func videoStart(_ content: Span<UInt8>, near offset: Int) -> Int? {
        for start in [offset, offset - 1, offset - 2, offset - 3] where content.has("ftyp", at: start + 4) {
            return start
        }
        return nil
    }

    private static let signatures: [([UInt8], String)] = [
        (Array("PK".utf8), "a ZIP archive"), (Array("<?php".utf8), "a PHP program"),
        (Array("<?=".utf8), "a PHP program"),
        (Array("<".utf8), "HTML or XML"), (Array("%PDF-".utf8), "a PDF document"),
        (Array("#!".utf8), "a script"), (Array("MZ".utf8), "a Windows program"), (Array("BM".utf8), "a BMP image"),
        (Array("Rar!".utf8), "a RAR archive"), (Array("GIF8".utf8), "a GIF image"), (Array("RIFF".utf8), "a RIFF file"),
        (Array("{\\rtf".utf8), "an RTF document"), ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG image"), ([0x7F, 0x45, 0x4C, 0x46], "a Linux program"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive"), ([0xD0, 0xCF, 0x11, 0xE0], "an old Office document"),
        ([0x1F, 0x8B], "a gzip file"),
    ]
}
