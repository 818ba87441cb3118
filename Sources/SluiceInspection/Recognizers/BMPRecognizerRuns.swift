// Run-length coded pixels of a BMP ("Bitmap Compression", Windows GDI; RLE24 from OS/2 2.x): walked to their end mark, not decoded.

enum BMPRuns {
    /// The unit of a literal stretch's count.
    enum Unit { case nibble, byte, triple }

    /// - Returns: the offset behind the coded pixels; `nil` where the content ends within them.
    ///   Without an end mark they end where the header says.
    static func end(_ content: Span<UInt8>, from start: Int, unit: Unit, imageSize: Int) -> Int? {
        var offset = start
        while offset < content.count {
            if offset == start + imageSize, imageSize > 0 { return offset }
            guard let count = content.byte(offset), let second = content.byte(offset + 1) else { return nil }
            if count != 0 {
                offset += unit == .triple ? 4 : 2
                continue
            }
            switch second {
            case 0: offset += 2
            case 1: return offset + 2
            case 2: offset += 4
            default: offset += 2 + literalSize(Int(second), unit)
            }
        }
        return offset == content.count && offset == start + imageSize ? offset : nil
    }

    /// A literal stretch is filled up to an even number of bytes.
    private static func literalSize(_ pixels: Int, _ unit: Unit) -> Int {
        let bytes =
            switch unit {
            case .nibble: (pixels + 1) / 2
            case .byte: pixels
            case .triple: pixels * 3
            }
        return (bytes + 1) / 2 * 2
    }
}
