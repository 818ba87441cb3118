// The data that phones of Vivo, OnePlus, Oppo and realme store behind a photo, as published readers describe it (Image::ExifTool,
// Trailer.pm). Each block is accounted for from its first byte to the content's end. A program or an archive in it is not camera data.

enum JPEGPhoneData {
    /// Bytes that belong to no field of a trailer (chosen: some hold a table of a few hundred bytes; more would be a file of its own).
    private static let mostUnexplained = 1024
    private static let mostPrintable = 1 << 20

    /// - Returns: the maker, where its data fills the content from `start` to its end.
    static func maker(_ content: Span<UInt8>, from start: Int) -> String? {
        if isVivo(content, from: start + content.zeroRun(from: start, before: content.count)) { return "Vivo" }
        if isOnePlus(content, from: start) { return "OnePlus, Oppo or realme" }
        return nil
    }

    // MARK: Vivo

    private static let vivoFoot: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0x1B, 0x2A, 0x39, 0x48, 0x57, 0x66, 0x75, 0x84, 0x93, 0xA2, 0xB1,
    ]

    /// Perhaps `streamdata` with a picture of the highlights and notes about it, then `vivo` and JSON, then the foot.
    private static func isVivo(_ content: Span<UInt8>, from start: Int) -> Bool {
        var end = content.count
        while end > start, content[end - 1] == 0 { end -= 1 }
        let foot = end - vivoFoot.count
        guard foot >= start, content.has(vivoFoot, at: foot) else { return false }
        var at = start
        var unexplained = 0
        if content.has("streamdata", at: at) {
            at += 10
            if content.has([0xFF, 0xD8, 0xFF], at: at) {
                var walk = JPEGWalk(start: at)
                guard case .complete(let next) = walk.run(content), next <= foot else { return false }
                at = next
            }
            guard let json = content.firstOffset(of: "vivo{\"", from: at, before: foot) else { return false }
            unexplained += json - at
            if isSuspicious(content, at..<json) { return false }
            at = json
        }
        guard content.has("vivo{\"", at: at), let close = endOfText(content, from: at + 4, before: foot) else {
            return false
        }
        unexplained += foot - close
        return unexplained <= mostUnexplained && !isSuspicious(content, close..<foot)
    }

    /// Behind a JSON value: nothing but printable characters up to the last brace or bracket.
    private static func endOfText(_ content: Span<UInt8>, from start: Int, before end: Int) -> Int? {
        var at = start
        while at < end, content[at] >= 0x20 || (9...13).contains(content[at]) {
            // The foot begins with four bytes that are no UTF-8.
            if content[at] == 0xFF { break }
            at += 1
        }
        guard at > start, at - start <= mostPrintable,
            content[at - 1] == UInt8(ascii: "}") || content[at - 1] == UInt8(ascii: "]")
        else { return nil }
        return at
    }

    // MARK: OnePlus, Oppo, realme

    /// Blobs, a JSON list that counts back to each of them, `jxrs`, the list's length with this foot.
    private static func isOnePlus(_ content: Span<UInt8>, from start: Int) -> Bool {
        var end = content.count
        // The length's last byte is zero, so that only whole padding can be told from it.
        while end > start + 8, !content.has("jxrs", at: end - 8), content[end - 1] == 0 { end -= 1 }
        guard content.has("jxrs", at: end - 8), let length = content.littleEndian32(end - 4).map(Int.init), length > 10,
            end - length >= start
        else { return false }
        let list = end - length
        var textEnd = end - 8
        while textEnd > list, content[textEnd - 1] == 0 { textEnd -= 1 }
        guard content.byte(list) == UInt8(ascii: "["), endOfText(content, from: list, before: textEnd) == textEnd,
            let blobs = blobs(content, list..<textEnd, from: start)
        else { return false }
        var covered = start
        var unexplained = 0
        for blob in blobs.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if blob.lowerBound > covered { unexplained += unknownBytes(content, covered..<blob.lowerBound) }
            if isSuspicious(content, blob) { return false }
            covered = max(covered, blob.upperBound)
        }
        if covered < list { unexplained += unknownBytes(content, covered..<list) }
        return unexplained <= mostUnexplained
    }

    private static func unknownBytes(_ content: Span<UInt8>, _ range: Range<Int>) -> Int {
        if isSuspicious(content, range) { return mostUnexplained + 1 }
        return range.count - content.zeroRun(from: range.lowerBound, before: range.upperBound)
    }

    /// The objects of the list are flat: each has an `offset`, counted back from the list, and a `length`.
    private static func blobs(_ content: Span<UInt8>, _ list: Range<Int>, from start: Int) -> [Range<Int>]? {
        var blobs: [Range<Int>] = []
        var at = list.lowerBound
        while let open = content.firstOffset(of: UInt8(ascii: "{"), from: at, before: list.upperBound) {
            guard let close = content.firstOffset(of: UInt8(ascii: "}"), from: open, before: list.upperBound) else {
                return nil
            }
            at = close + 1
            guard let back = number("\"offset\"", content, open..<close),
                let length = number("\"length\"", content, open..<close)
            else { continue }
            guard back <= list.lowerBound - start, length <= back, blobs.count < 1000 else { return nil }
            blobs.append(list.lowerBound - back..<list.lowerBound - back + length)
        }
        return blobs.isEmpty ? nil : blobs
    }

    /// The decimal number that follows a key.
    private static func number(_ key: StaticString, _ content: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard var at = content.firstOffset(of: key, from: range.lowerBound, before: range.upperBound) else {
            return nil
        }
        at += key.utf8CodeUnitCount
        while at < range.upperBound, [UInt8(ascii: ":"), 0x20].contains(content[at]) { at += 1 }
        var value = 0
        var digits = 0
        while at < range.upperBound, (0x30...0x39).contains(content[at]), digits < 10 {
            value = value * 10 + Int(content[at] - 0x30)
            digits += 1
            at += 1
        }
        return digits > 0 ? value : nil
    }

    private static func isSuspicious(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if case .file = HiddenBytes.likeness(of: content, range) { return true }
        return false
    }
}
