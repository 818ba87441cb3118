// Builds PDF documents for tests: right by default, with any active name, and wrong where a test asks for it.

/// A PDF of one page and whatever objects are added.
public struct PDFBuilder: Sendable {
    public enum CrossReference: Sendable { case table, stream, none }

    public var leading: [UInt8] = []
    public var header = "%PDF-1.7\n%\u{E2}\u{E3}\n"
    public var crossReference = CrossReference.table
    /// Added to what the catalog says.
    public var catalog = ""
    /// Added to what the trailer says: `/Encrypt 9 0 R`.
    public var trailer = ""
    /// Added to every offset in the cross-reference, and to its own.
    public var shift = 0
    public var startShift = 0
    public var endMark = "%%EOF\n"
    public var trailing: [UInt8] = []
    /// The trailer's `/Root`.
    public var root = 1
    /// Bytes between the objects and the cross-reference.
    public var stray: [UInt8] = []

    private var added: [(number: Int, bytes: [UInt8])] = []
    private var inStreams: [Int] = []

    public init(_ change: (inout PDFBuilder) -> Void = { _ in }) { change(&self) }

    /// Adds an object; its number is one above the last.
    public mutating func object(_ body: String) { added.append((nextNumber, Array(body.utf8))) }

    /// - Parameter claimingLength: what `/Length` says, if not the truth; any text, such as a reference.
    public mutating func stream(_ dictionary: String, _ data: [UInt8], claimingLength: String? = nil) {
        let head = "<< \(dictionary) /Length \(claimingLength ?? String(data.count)) >>\nstream\n"
        added.append((nextNumber, Array(head.utf8) + data + Array("\nendstream".utf8)))
    }

    /// Adds an object stream that holds `bodies`. Their numbers begin at 100.
    public mutating func objectStream(
        _ bodies: [String], filter: String = "/FlateDecode", data: (([UInt8]) -> [UInt8])? = nil
    ) {
        var index = ""
        var text = ""
        for body in bodies {
            let number = 100 + inStreams.count
            inStreams.append(number)
            index += "\(number) \(text.utf8.count) "
            text += body + "\n"
        }
        let plain = Array((index + text).utf8)
        stream(
            "/Type /ObjStm /N \(bodies.count) /First \(index.utf8.count) /Filter \(filter)",
            data?(plain) ?? Checksums.zlibStored(plain))
    }

    /// Of the object added next.
    public var nextNumber: Int { 4 + added.count }

    public var bytes: [UInt8] {
        var out = leading + header.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        var offsets: [(number: Int, offset: Int)] = []
        let fixed = [
            (1, Array("<< /Type /Catalog /Pages 2 0 R \(catalog) >>".utf8)),
            (2, Array("<< /Type /Pages /Kids [3 0 R] /Count 1 >>".utf8)),
            (3, Array("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>".utf8)),
        ]
        for (number, body) in fixed + added {
            offsets.append((number, out.count))
            out += Array("\(number) 0 obj\n".utf8) + body + Array("\nendobj\n".utf8)
        }
        out += stray
        let start = out.count
        switch crossReference {
        case .none: break
        case .table:
            var text = "xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n"
            for entry in offsets { text += padded(entry.offset + shift) + " 00000 n \n" }
            text += "trailer\n<< /Size \(offsets.count + 1) /Root \(root) 0 R \(trailer) >>\n"
            out += Array(text.utf8)
        case .stream:
            var entries: [UInt8] = []
            for entry in offsets { entries += [1] + bigEndian32(entry.offset + shift) + [0] }
            let dictionary =
                "<< /Type /XRef /Size \(nextNumber + 1) /W [1 4 1] /Index [1 \(offsets.count)] /Root \(root) 0 R \(trailer)"
                + " /Filter /FlateDecode"
            let data = Checksums.zlibStored(entries)
            out += Array("\(nextNumber) 0 obj\n\(dictionary) /Length \(data.count) >>\nstream\n".utf8) + data
            out += Array("\nendstream\nendobj\n".utf8)
        }
        if crossReference != .none { out += Array("startxref\n\(start + startShift)\n".utf8) }
        return out + Array(endMark.utf8) + trailing
    }

    private func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    }
}
