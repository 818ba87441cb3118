// One JPEG picture, marker by marker, from SOI to EOI (T.81 annex B). Entropy-coded data is walked for its markers and not decoded.

/// A pass over one picture. It stops at the picture's end; what follows is not its matter.
struct JPEGWalk {
    enum Outcome: Equatable {
        /// The offset behind EOI.
        case complete(Int)
        case truncated(String)
        case broken(String, Int)
    }

    private(set) var picture = JPEGPicture()
    private let start: Int
    private var offset: Int
    private var isHierarchical = false
    private var isFrameSeen = false
    private var scans = 0
    /// Bytes that the entropy-coded data of all scans has.
    private var codedBytes = 0
    /// Blocks of 8 × 8 in the frame, at the least; 0 where that is not known.
    private var blocks = 0
    private var componentIdentifiers: [UInt8] = []

    init(start: Int) {
        self.start = start
        offset = start + 2
    }

    mutating func run(_ content: Span<UInt8>) -> Outcome {
        while true {
            guard let byte = content.byte(offset) else { return .truncated("the list of JPEG segments") }
            guard byte == 0xFF else {
                if let next = endOfStray(content) {
                    picture.strays.append(offset..<next)
                    offset = next
                    continue
                }
                return .broken("no marker stands here", offset)
            }
            while content.byte(offset) == 0xFF { offset += 1 }  // §B.1.1.2: fill bytes
            guard let marker = content.byte(offset) else { return .truncated("a JPEG marker") }
            offset += 1
            switch marker {
            case 0xD9: return end()
            case 0x01: continue  // TEM has no parameters
            case 0xC0...0xDF, 0xE0...0xEF, 0xF0...0xFE:
                if (0xD0...0xD8).contains(marker) {
                    return .broken("a restart or start marker is out of place", offset)
                }
            default: return .broken("the marker \(marker) does not exist", offset)
            }
            guard let length = content.bigEndian16(offset).map(Int.init) else { return .truncated("a JPEG segment") }
            guard length >= 2 else { return .broken("a segment has no length", offset) }
            guard offset + length <= content.count else { return .truncated("a JPEG segment") }
            let body = offset + 2..<offset + length
            if let wrong = check(marker, content, body) { return .broken(wrong, body.lowerBound) }
            offset = body.upperBound
            if marker == 0xDA {
                guard let next = Self.endOfScan(content, from: offset) else { return .truncated("the image data") }
                codedBytes += next - offset
                offset = next
            }
        }
    }

    /// Segments without their 0xFF that one picture may have (chosen: phones write one).
    private static let mostStrays = 4

    /// A segment of an application or a comment in front of the first scan, whose marker begins with another byte than 0xFF, seen from Google's Pixel
    /// (`00 E1`). Readers skip ahead to the next 0xFF; its length has to lead there as well.
    private func endOfStray(_ content: Span<UInt8>) -> Int? {
        guard scans == 0, picture.strays.count < Self.mostStrays, let marker = content.byte(offset + 1),
            (0xE0...0xEF).contains(marker) || marker == 0xFE,
            let length = content.bigEndian16(offset + 2).map(Int.init), length >= 2
        else { return nil }
        let next = offset + 2 + length
        guard content.byte(next) == 0xFF, let following = content.byte(next + 1), following >= 0xC0 else { return nil }
        // A reader that looks for the next marker must find none inside.
        var at = offset + 2
        while let hit = content.firstOffset(of: 0xFF, from: at, before: next) {
            if content[hit + 1] != 0, content[hit + 1] != 0xFF { return nil }
            at = hit + 1
        }
        return next
    }

    private func end() -> Outcome {
        if !isFrameSeen { return .broken("there is no frame header", offset) }
        if scans == 0 { return .broken("there is no image data", offset) }
        // A baseline block takes at least two bits, a code for its mean and one for its end (§F.1.2); less means that data is missing.
        if picture.process <= 1, codedBytes < blocks / 4 { return .truncated("the image data") }
        return .complete(offset)
    }

    /// - Returns: what is wrong with the segment, or `nil`.
    private mutating func check(_ marker: UInt8, _ content: Span<UInt8>, _ body: Range<Int>) -> String? {
        switch marker {
        case 0xC4: return checkHuffmanTables(content, body)
        case 0xCC: return body.count % 2 == 0 ? nil : "the arithmetic conditioning has a wrong length"
        case 0xC8: return "the reserved marker JPG is used"
        case 0xC0...0xCF: return checkFrame(marker, content, body)
        case 0xDA: return checkScan(content, body)
        case 0xDB: return checkQuantization(content, body)
        case 0xDC: return checkLineCount(content, body)
        case 0xDD: return body.count == 2 ? nil : "the restart interval has a wrong length"
        case 0xDE: isHierarchical = true
        case 0xE1: readApplication1(content, body)
        case 0xE2: readMultiPicture(content, body)
        case 0xE0, 0xE3...0xEF: if !beginsWithName(content, body) { noteComment(body) }
        case 0xFE: noteComment(body)
        default: break
        }
        return nil
    }

    /// Comments and nameless segments that are looked at (chosen; the rest is left to readers that count as well).
    private static let mostNotes = 64

    private mutating func noteComment(_ body: Range<Int>) {
        if picture.notes.count < Self.mostNotes { picture.notes.append(body) }
    }

    /// Applications begin their segments with a name that a zero ends (§B.2.4.6 leaves it to them; all known ones do).
    private func beginsWithName(_ content: Span<UInt8>, _ body: Range<Int>) -> Bool {
        guard
            let end = content.firstOffset(
                of: 0, from: body.lowerBound, before: min(body.upperBound, body.lowerBound + 64)),
            end >= body.lowerBound + 3
        else { return false }
        for offset in body.lowerBound..<end where !(0x20...0x7E).contains(content[offset]) { return false }
        return content[body.lowerBound] != UInt8(ascii: "<") && content[body.lowerBound] != UInt8(ascii: "#")
    }

    /// §B.2.2
    private mutating func checkFrame(_ marker: UInt8, _ content: Span<UInt8>, _ body: Range<Int>) -> String? {
        if isFrameSeen && !isHierarchical { return "there is a second frame header" }
        let at = body.lowerBound
        guard body.count >= 9, body.count == 6 + 3 * Int(content[at + 5]) else {
            return "the frame header has a wrong length"
        }
        isFrameSeen = true
        picture.process = marker & 0x0F
        picture.precision = Int(content[at])
        picture.height = Int(content.bigEndian16(at + 1) ?? 0)
        picture.width = Int(content.bigEndian16(at + 3) ?? 0)
        picture.components = Int(content[at + 5])
        if !(2...16).contains(picture.precision) { return "the sample precision does not exist" }
        if picture.width == 0 { return "the image has no width" }
        var factors: [(Int, Int)] = []
        componentIdentifiers = []
        for index in 0..<picture.components {
            let sampling = content[at + 7 + 3 * index]
            factors.append((Int(sampling >> 4), Int(sampling & 15)))
            componentIdentifiers.append(content[at + 6 + 3 * index])
        }
        guard factors.allSatisfy({ (1...4).contains($0.0) && (1...4).contains($0.1) }) else {
            return "a sampling factor does not exist"
        }
        let most = (factors.map(\.0).max() ?? 1, factors.map(\.1).max() ?? 1)
        blocks = 0
        for factor in factors {
            blocks += (picture.width * factor.0 / most.0 / 8) * (picture.height * factor.1 / most.1 / 8)
        }
        return nil
    }

    /// §B.2.3
    private mutating func checkScan(_ content: Span<UInt8>, _ body: Range<Int>) -> String? {
        guard isFrameSeen else { return "image data begins before the frame header" }
        let components = Int(content.byte(body.lowerBound) ?? 0)
        guard (1...4).contains(components), body.count == 4 + 2 * components else {
            return "the scan header has a wrong length"
        }
        for index in 0..<components {
            guard componentIdentifiers.contains(content[body.lowerBound + 1 + 2 * index]) else {
                return "a scan names a component that the frame has not"
            }
        }
        scans += 1
        return nil
    }

    /// §B.2.4.2: a class and number, sixteen counts, then as many values.
    private func checkHuffmanTables(_ content: Span<UInt8>, _ body: Range<Int>) -> String? {
        var at = body.lowerBound
        while at < body.upperBound {
            guard at + 17 <= body.upperBound, content[at] & 0xEC == 0 else { return "a Huffman table is malformed" }
            var values = 0
            for index in 1...16 { values += Int(content[at + index]) }
            at += 17 + values
        }
        return at == body.upperBound ? nil : "a Huffman table has a wrong length"
    }

    /// §B.2.4.1
    private func checkQuantization(_ content: Span<UInt8>, _ body: Range<Int>) -> String? {
        var at = body.lowerBound
        while at < body.upperBound {
            guard content[at] >> 4 <= 1, content[at] & 15 <= 3 else { return "a quantization table is malformed" }
            at += content[at] >> 4 == 0 ? 65 : 129
        }
        return at == body.upperBound ? nil : "a quantization table has a wrong length"
    }

    /// §B.2.5: the number of lines, given after the first scan where the frame header says 0.
    private mutating func checkLineCount(_ content: Span<UInt8>, _ body: Range<Int>) -> String? {
        guard body.count == 2, let lines = content.bigEndian16(body.lowerBound) else {
            return "the number of lines has a wrong length"
        }
        picture.height = Int(lines)
        return nil
    }

    /// EXIF (Exif 2.3 §4.7.2) and XMP (XMP part 3 §1.1.3) share this segment.
    private mutating func readApplication1(_ content: Span<UInt8>, _ body: Range<Int>) {
        if content.has("Exif\0", at: body.lowerBound), body.count > 6 {
            let data = body.lowerBound + 6..<body.upperBound
            if picture.exif == nil { picture.exif = data }
            if ImageChecks.holdsPosition(content, data) { picture.holdsPosition = true }
        } else if content.has("http://ns.adobe.com/x", at: body.lowerBound) {
            for word in ["MotionPhoto", "MicroVideo"] as [StaticString]
            where content.firstOffset(of: word, from: body.lowerBound, before: body.upperBound) != nil {
                picture.declaresVideo = true
            }
        }
    }

    /// CIPA DC-007 §5.2.3.2: the tag 0xB001 counts the pictures.
    private mutating func readMultiPicture(_ content: Span<UInt8>, _ body: Range<Int>) {
        guard content.has("MPF\0", at: body.lowerBound), body.count >= 4 + 10 else { return }
        let base = body.lowerBound + 4
        let isLittle = content.has("II", at: base)
        func number16(_ at: Int) -> Int { Int((isLittle ? content.littleEndian16(at) : content.bigEndian16(at)) ?? 0) }
        func number32(_ at: Int) -> Int { Int((isLittle ? content.littleEndian32(at) : content.bigEndian32(at)) ?? 0) }
        let directory = base + number32(base + 4)
        for index in 0..<number16(directory) {
            let entry = directory + 2 + 12 * index
            guard entry + 12 <= body.upperBound else { return }
            if number16(entry) == 0xB001 { picture.declaredPictures = number32(entry + 8) }
        }
    }

    /// §B.1.1.5: a 0xFF in coded data is followed by a zero or by a restart marker; any other marker ends the scan.
    private static func endOfScan(_ content: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while let hit = content.firstOffset(of: 0xFF, from: at, before: content.count - 1) {
            switch content[hit + 1] {
            case 0x00, 0xD0...0xD7: at = hit + 2
            case 0xFF: at = hit + 1
            default: return hit
            }
        }
        return nil
    }
}
