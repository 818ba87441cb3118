// Bytes in places that no program shows: extra fields and comments of a zip, a gzip's header, private chunks of a PNG, comments of a
// JPEG. What the bytes look like decides how grave they are. Each recognizer knows where such places are.

import SluiceModel

enum HiddenBytes {
    /// What such bytes look like.
    enum Likeness: Equatable {
        /// Nothing, or only zeros.
        case nothing
        /// In words, as it stands in a sentence: `text`, `binary data`.
        case data(String)
        /// A program, a script or a container of other files, in words.
        case file(String)
    }

    static func likeness(of content: Span<UInt8>, _ range: Range<Int>) -> Likeness {
        let bounded = range.clamped(to: 0..<content.count)
        let bytes = content.extracting(bounded)
        // Zeros before the content are no reason to overlook it.
        let start = bytes.zeroRun(from: 0, before: bytes.count)
        if start == bytes.count { return .nothing }
        for offset in start == 0 ? [0] : [0, start] {
            let rest = bytes.extracting(offset..<bytes.count)
            if let words = file(rest) { return .file(words) }
        }
        return .data(isText(bytes) ? "text" : "binary data")
    }

    /// The words for content that a person could start or unpack, if the bytes begin like it.
    private static func file(_ bytes: Span<UInt8>) -> String? {
        for (pattern, words) in beginnings where bytes.has(pattern, at: 0) { return words }
        // Two letters prove nothing; a DOS header has zeros among its counters, which text never has.
        if bytes.has("MZ", at: 0), bytes.count >= 64, bytes.firstOffset(of: 0, from: 2, before: 64) != nil {
            return MediaType("application/x-dosexec").words
        }
        guard let type = SignatureTable.mediaType(of: bytes), type.isProgram || type.isUnreadableContainer else {
            return nil
        }
        return type.words
    }

    /// Formats that the signature table leaves to recognizers; and scripts.
    private static let beginnings: [([UInt8], String)] = [
        (Array("PK\u{3}\u{4}".utf8), "a ZIP archive"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Office document"),
        (Array("%PDF-1".utf8), "a PDF document"), (Array("%PDF-2".utf8), "a PDF document"),
        (Array("<?php".utf8), "a PHP program"), (Array("<?=".utf8), "a PHP program"), (Array("#!/".utf8), "a script"),
        (Array("<script".utf8), "a script"), ([0x1F, 0x8B, 0x08, 0x00], "a gzip file"),
        ([0x1F, 0x8B, 0x08, 0x08], "a gzip file"), ([0x7F, 0x45, 0x4C, 0x46], "a Linux program"),
    ]

    /// Whether the bytes read as text in some encoding that keeps ASCII: hardly any control characters.
    static func isText(_ bytes: Span<UInt8>) -> Bool {
        var odd = 0
        for index in bytes.indices {
            switch bytes[index] {
            case 9, 10, 13, 0x20...0x7E, 0x80...0xFF: continue
            default: odd += 1
            }
        }
        return odd * 20 <= bytes.count
    }
}

extension InspectionContext {
    /// Notes what stands in a place of an archive that no program shows.
    /// - Parameters:
    ///   - place: in words, as it stands in a sentence.
    ///   - mayBeText: text is what the place is for.
    ///   - least: fewer bytes hold nothing.
    mutating func noteHidden(
        _ content: Span<UInt8>, _ range: Range<Int>, in place: String, mayBeText: Bool = false, least: Int = 32
    ) {
        if range.isEmpty { return }
        switch HiddenBytes.likeness(of: content, range) {
        case .nothing: break
        case .file(let words) where range.count >= 16:
            find(.hiddenFile, .size(ByteCount(range.count)), .text(place), .text(words))
        case .file(let words), .data(let words):
            if range.count < least || mayBeText && words == "text" { break }
            find(.hiddenBytes, .size(ByteCount(range.count)), .text(place), .text(words))
        }
    }
}
