// Looks for `<!DOCTYPE` and similar declarations in XML parts of any size, in pieces (Threats, T14). A part without one cannot define
// entities. XMLReader checks whether the decisive parts are well-formed.

private import Glibc

/// A streaming search for markup declarations outside comments and CDATA sections.
struct XMLDeclarationScan {
    enum Content: Equatable {
        case clean
        /// `<!DOCTYPE`, `<!ENTITY` or another markup declaration.
        case declaration
        /// Not XML in an encoding that ASCII patterns can be found in.
        case notXML
    }

    private enum Place { case start, markup, comment, section }

    private(set) var content = Content.clean
    private var place = Place.start
    private var isWide = false
    /// The end of the last piece, where a pattern may have begun.
    private var carried: [UInt8] = []

    /// The longest pattern, `<![CDATA[`.
    private static let longest = 9
    /// Enough of the beginning to see an XML declaration whole (chosen: ordinary ones are 40 to 60 bytes).
    private static let head = 256

    mutating func feed(_ piece: Span<UInt8>) {
        guard content == .clean else { return }
        var bytes = carried
        // Unsafe for one bulk copy: byte by byte it would cost more than the inflating.
        piece.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        if isWide { bytes.removeAll { $0 == 0 } }
        if place == .start {
            guard bytes.count >= Self.head else {
                carried = bytes
                return
            }
            start(&bytes)
        }
        if content == .clean { scan(bytes, isLast: false) }
    }

    mutating func finish() -> Content {
        if content == .clean, place == .start {
            var bytes = carried
            start(&bytes)
            if content == .clean { scan(bytes, isLast: true) }
        }
        return content
    }

    /// Settles the encoding from the first bytes.
    private mutating func start(_ bytes: inout [UInt8]) {
        place = .markup
        guard bytes.count >= 2 else {
            if !bytes.isEmpty { content = .notXML }
            return
        }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0xFF), (0xFF, 0xFE), (0x3C, 0), (0, 0x3C):
            isWide = true
            bytes.removeAll { $0 == 0 }
            if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { bytes.removeFirst(2) }
        default:
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        }
        guard let first = bytes.first(where: { $0 > 0x20 }) else { return }
        guard first == UInt8(ascii: "<"), Self.isASCIICompatible(bytes) else {
            content = .notXML
            return
        }
    }

    /// Whether the XML declaration, where there is one, names an encoding in which ASCII is ASCII. UTF-7 is not such a one.
    private static func isASCIICompatible(_ bytes: [UInt8]) -> Bool {
        let head = String(decoding: bytes.prefix(head), as: UTF8.self).lowercased()
        guard head.hasPrefix("<?xml"), let end = head.firstRange(of: "?>"),
            let label = head[..<end.lowerBound].firstRange(of: "encoding")
        else { return true }
        let value = head[label.upperBound..<end.lowerBound].drop { $0 == " " || $0 == "=" || $0 == "\"" || $0 == "'" }
        return isASCIICompatible(label: String(value))
    }

    /// Whether ASCII is ASCII in the encoding of that name; what XML readers take as UTF-16 by its mark is read as such.
    static func isASCIICompatible(label: String) -> Bool {
        let known = [
            "utf-8", "utf8", "utf-16", "unicode", "us-ascii", "ascii", "iso-8859-", "windows-", "cp125", "shift_jis",
            "euc-", "gb", "big5",
            "koi8-", "macintosh",
        ]
        let label = label.lowercased()
        return known.contains { label.hasPrefix($0) }
    }

    private mutating func scan(_ bytes: [UInt8], isLast: Bool) {
        let span = bytes.span
        var at = 0
        while at < bytes.count {
            switch place {
            case .comment, .section:
                guard let end = find(place == .comment ? "-->" : "]]>", in: bytes, from: at) else {
                    carried = Array(bytes.suffix(2))
                    return
                }
                at = end + 3
                place = .markup
            case .start, .markup:
                guard let open = find("<!", in: bytes, from: at) else {
                    carried = bytes.last == UInt8(ascii: "<") ? [UInt8(ascii: "<")] : []
                    return
                }
                if span.has("<!--", at: open) {
                    place = .comment
                    at = open + 4
                } else if span.has("<![CDATA[", at: open) {
                    place = .section
                    at = open + 9
                } else if bytes.count - open < Self.longest, !isLast, !span.has("<!D", at: open),
                    !span.has("<!E", at: open)
                {
                    carried = Array(bytes[open...])
                    return
                } else {
                    content = .declaration
                    return
                }
            }
        }
        carried = []
    }

    /// - Returns: where the pattern begins. Looks for its rarer byte with memchr, which is many times faster than a loop.
    private func find(_ pattern: StaticString, in bytes: [UInt8], from start: Int) -> Int? {
        // Unsafe for memchr; every offset stays within the buffer.
        bytes.withUnsafeBufferPointer { buffer in
            let last = pattern.utf8CodeUnitCount - 1
            let rare = CInt(pattern.utf8Start[last])
            var at = start + last
            while at < buffer.count, let hit = memchr(buffer.baseAddress! + at, rare, buffer.count - at) {
                at = UnsafeRawPointer(hit) - UnsafeRawPointer(buffer.baseAddress!)
                if buffer.span.has(pattern, at: at - last) { return at - last }
                at += 1
            }
            return nil
        }
    }
}

/// The kind of an XML part: the name of its root element, found without reading the part.
enum XMLRoot {
    /// - Parameter head: the beginning of a part.
    /// - Returns: the root's name without its prefix; `nil` where it does not stand in the beginning or is not plain ASCII there.
    static func name(_ head: Span<UInt8>) -> String? {
        var at = head.has([0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
        while let byte = head.byte(at) {
            if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                at += 1
            } else if head.has("<?", at: at) {
                guard let end = head.firstOffset(of: "?>", from: at + 2, before: head.count) else { return nil }
                at = end + 2
            } else if head.has("<!--", at: at) {
                guard let end = head.firstOffset(of: "-->", from: at + 4, before: head.count) else { return nil }
                at = end + 3
            } else {
                return byte == UInt8(ascii: "<") ? element(head, from: at + 1) : nil
            }
        }
        return nil
    }

    private static func element(_ head: Span<UInt8>, from start: Int) -> String? {
        var local = start
        var at = start
        while let byte = head.byte(at) {
            switch byte {
            case UInt8(ascii: ":"): local = at + 1
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "/"), UInt8(ascii: ">"):
                return at > local ? String(decoding: head.copy(local..<at), as: UTF8.self) : nil
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case _ where AsciiText.isLetter(byte): break
            default: return nil
            }
            at += 1
            if at - start > 200 { return nil }
        }
        return nil
    }
}
