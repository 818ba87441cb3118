// Short names for the arguments of tests. A test's output names each argument, and a builder or a file's bytes told in full are megabytes that
// nobody reads: here each says what it is and how large.

public import SluiceModel
public import Testing

extension Array: @retroactive CustomTestStringConvertible where Element == UInt8 {
    /// The first bytes tell which content it is.
    public var testDescription: String {
        let shown = prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }
        return "\(count) bytes [\(shown.joined(separator: " "))\(count > 8 ? " …" : "")]"
    }
}

extension CompoundFileBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a compound file" }
}

extension PNGBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a PNG picture" }
}

extension JPEGBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a JPEG picture" }
}

extension BMPBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a BMP picture" }
}

extension PDFBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a PDF document" }
}

extension OpenXMLBuilder: CustomTestStringConvertible {
    public var testDescription: String { "an Office package" }
}

extension ZipBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a zip" }
}

extension TarBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a tar" }
}

extension GzipBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a gzip" }
}

extension ForeignBuilder: CustomTestStringConvertible {
    public var testDescription: String { "a foreign archive" }
}

extension Inspection: CustomTestStringConvertible {
    public var testDescription: String { "\(recognized.mediaType), \(findings.count) findings" }
}

extension Submission: CustomTestStringConvertible {
    public var testDescription: String { "\(declaredName)" }
}

extension Policy: CustomTestStringConvertible {
    public var testDescription: String { "policy \(name)" }
}
