// Dynamic data exchange in Word fields and Excel links (THREATS T5): the document starts a program that its author named.

/// Looks for DDE in parts held whole.
enum OpenXMLFields {
    /// Whether a field instruction of a Word part begins with DDE or DDEAUTO. Word cuts instructions into runs at will, so the pieces between
    /// a field's begin and its separator are put together first.
    static func hasDDE(word part: [UInt8]) -> Bool {
        var instruction: [UInt8] = []
        var at = 0
        while at < part.count {
            guard let open = part[at...].firstIndex(of: UInt8(ascii: "<")) else { break }
            let end = part[open...].firstIndex(of: UInt8(ascii: ">")) ?? part.endIndex
            let tag = part[open + 1..<max(end, open + 1)]
            switch localName(tag) {
            case "instrText":
                let text = part[min(end + 1, part.endIndex)...]
                let stop = text.firstIndex(of: UInt8(ascii: "<")) ?? part.endIndex
                instruction += text[..<stop]
                if isDDE(instruction) { return true }
                // Long enough to see its first word, however it is cut.
                if instruction.count > 4096 { instruction.removeAll(keepingCapacity: true) }
            case "fldSimple":
                if isDDE(attribute("instr", in: tag)) { return true }
            case "fldChar":
                instruction.removeAll(keepingCapacity: true)
            default: break
            }
            at = end + 1
        }
        return false
    }

    /// Whether a part of Excel's external links is a DDE link.
    static func hasDDE(externalLink part: [UInt8]) -> Bool {
        guard var scanner = XMLScanner(part) else { return false }
        while let element = try? scanner.next() {
            if element.name == "ddeLink" { return true }
        }
        return false
    }

    private static func isDDE(_ instruction: some Sequence<UInt8>) -> Bool {
        var start: [UInt8] = []
        for byte in instruction where byte > 0x20 && byte != UInt8(ascii: "\"") {
            start.append(byte & 0xDF)
            if start.count == 3 { break }
        }
        return start == Array("DDE".utf8)
    }

    private static func localName(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.prefix { $0 > 0x20 && $0 != UInt8(ascii: "/") }
        // No name of interest is longer; a text of ten thousand letters need not become a string.
        guard name.count < 40 else { return "" }
        return String(decoding: name.split(separator: UInt8(ascii: ":")).last ?? [], as: UTF8.self)
    }

    private static func attribute(_ name: String, in tag: ArraySlice<UInt8>) -> [UInt8] {
        let text = String(decoding: tag, as: UTF8.self)
        guard let label = text.firstRange(of: name + "=") else { return [] }
        let value = text[label.upperBound...].replacing("&quot;", with: "").dropFirst()
        return Array(value.utf8)
    }
}
