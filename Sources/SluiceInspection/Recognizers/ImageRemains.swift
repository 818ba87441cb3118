// The rest of an older, larger picture behind a newer one: programs for screenshots wrote a cut-out over its picture without shortening
// the file (CVE-2023-28303 and CVE-2023-21036). The cropped part can be recovered from it, so the finding says what it is, not just
// binary data.

enum ImageRemains {
    /// A shorter rest tells nothing, and few bytes match by chance (chosen).
    private static let least = 64

    /// Whether everything from `start` on can only be the rest of a PNG or of a JPEG whose beginning was written over.
    static func stand(in content: Span<UInt8>, from start: Int) -> Bool {
        let end = endWithoutPadding(content, from: start)
        guard end - start >= least else { return false }
        // A whole second picture is a second file, not a rest.
        if content.has([0xFF, 0xD8, 0xFF], at: start) || content.has([0x89, 0x50, 0x4E, 0x47], at: start) {
            return false
        }
        return isRestOfPNG(content, start..<end) || isRestOfJPEG(content, start..<end)
    }

    private static func endWithoutPadding(_ content: Span<UInt8>, from start: Int) -> Int {
        var end = content.count
        while end > start, content[end - 1] == 0 { end -= 1 }
        return end
    }

    /// The end chunk as it always is (ISO/IEC 15948 §11.2.5): no data, so one checksum.
    static let lastChunk: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

    /// Compressed data from the middle of a chunk, then perhaps whole chunks, then the end chunk.
    private static func isRestOfPNG(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard content.has(lastChunk, at: range.upperBound - lastChunk.count) else { return false }
        return isDense(content, range.lowerBound..<range.upperBound - lastChunk.count)
    }

    /// Entropy-coded data from the middle of a scan, perhaps further segments and scans, then the end mark; after two cut-outs, several of these.
    private static func isRestOfJPEG(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard content.has([0xFF, 0xD9], at: range.upperBound - 2) else { return false }
        var at = range.lowerBound
        while let hit = content.firstOffset(of: 0xFF, from: at, before: range.upperBound - 1) {
            switch content[hit + 1] {
            case 0x00, 0xD0...0xD7: at = hit + 2
            case 0xFF: at = hit + 1
            case 0xD9: at = hit + 2
            case 0xC4, 0xDA, 0xDB, 0xDD, 0xFE:  // what stands between the scans of a progressive picture
                guard let length = content.bigEndian16(hit + 2).map(Int.init), length >= 2,
                    hit + 2 + length <= range.upperBound
                else { return false }
                at = hit + 2 + length
            default: return false
            }
        }
        return isDense(content, range)
    }

    /// Whether bytes look compressed: of a sample, more than half of all values occur or few repeat, as neither text nor a program's code does.
    private static func isDense(_ content: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let sample = range.clamped(to: range.lowerBound..<range.lowerBound + 4096)
        guard sample.count >= 32 else { return true }
        var seen = [Bool](repeating: false, count: 256)
        for index in sample { seen[Int(content[index])] = true }
        let values = seen.count { $0 }
        return values >= min(150, sample.count / 2)
    }
}
