// No content is two things, and nothing is what nobody has proven; the door for descriptors answers like the one for bytes.

import Glibc
import SluiceModel
import SluiceTestSupport
import Testing

@testable import SluiceInspection

@Suite struct ContentRecognizerTests {
    private typealias Tar = TarBuilder
    private static let endRecord: [UInt8] = [0x50, 0x4B, 5, 6] + .init(repeating: 0, count: 18)
    private static let document = Array("%PDF-1.7\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n".utf8)

    private static let double: [TarCase] = [
        TarCase("an empty zip behind a text", Array("hello\n".utf8) + endRecord),
        TarCase(
            "a zip's end with a comment", Array("hello\n".utf8) + endRecord.dropLast(2) + [3, 0] + Array("abc".utf8)),
        TarCase("a PDF header in a tar's first name", Tar().file("%PDF-1.7", "x").build()),
        TarCase("a tar behind a text", TextBuilder.log(lines: 50) + Tar().file("a", "x").build()),
        TarCase("a document far behind a text's beginning", TextBuilder.log(lines: 50) + document),
        TarCase("a zip's end behind a stream", GzipBuilder().stored([0x61]) + endRecord),
    ]

    @Test(arguments: double) func `The second format is found`(_ it: TarCase) {
        #expect(!Set(codes(it.bytes)).isDisjoint(with: ["content.second-format", "pdf.bytes-before"]))
    }

    private static let single: [TarCase] = [
        TarCase("a PDF in a tar", Tar().entry("a.pdf", document).build()),
        TarCase("a text about PDFs", Array("The header is %PDF-1.7, then objects follow.\n".utf8)),
        TarCase("a text that ends like a document", TextBuilder.log(lines: 50) + document.dropFirst(9)),
        TarCase("a text with NULs about tars", TextBuilder.log(lines: 50) + Array("\0\0 ustar\0\n".utf8)),
        TarCase("an end record further in", Array("x".utf8) + endRecord + Array("behind".utf8)),
        TarCase("a tar in a tar", Tar().entry("a.tar", Tar().file("a", "x").build()).build()),
    ]

    @Test(arguments: single) func `Honest content is left alone`(_ it: TarCase) {
        #expect(!codes(it.bytes).contains("content.second-format"))
    }

    @Test func `An archive that begins with a document is an archive`() {
        let bytes = Tar().entry("a.pdf", Self.document).build()
        #expect(AttachmentInspection().inspect(bytes.span, InspectionOrder()).recognized.mediaType == .tar)
    }

    @Test func `Empty content is empty`() {
        let inspection = AttachmentInspection().inspect([UInt8]().span, InspectionOrder())
        #expect(inspection.recognized.mediaType == .empty)
        #expect(inspection.findings.map(\.code) == ["content.empty"])
        // Inside an archive it is ordinary.
        #expect(codes(Tar().file("a.log", "").build()).isEmpty)
    }

    @Test func `What nobody recognizes has no basis`() {
        let inspection = AttachmentInspection().inspect([1, 2, 3, 0, 255, 254].span, InspectionOrder())
        #expect(inspection.recognized.basis == .none)
    }

    @Test(arguments: [0, 1, 5000, 1 << 20, 1 << 20 + 1, 3 << 20]) func `A descriptor answers like its bytes`(
        _ size: Int
    )
        throws
    {
        let bytes = Tar().entry("a", [UInt8](repeating: 0xC3, count: size)).build()
        let descriptor = unnamedFile()
        defer { close(descriptor) }
        #expect(bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == bytes.count)
        let inspection = AttachmentInspection()
        for _ in 0..<2 {
            let answer = try inspection.inspect(descriptor: descriptor, size: ByteCount(bytes.count), InspectionOrder())
            #expect(answer == AttachmentInspection().inspect(bytes.span, InspectionOrder()))
        }
    }

    @Test func `A descriptor that ends too early is our error`() {
        let descriptor = unnamedFile()
        defer { close(descriptor) }
        #expect(throws: SluiceError.self) {
            try AttachmentInspection().inspect(descriptor: descriptor, size: ByteCount(10), InspectionOrder())
        }
    }
}

/// A file of its own that vanishes with its descriptor.
private func unnamedFile() -> CInt {
    var template = Array("/tmp/sluice-test-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    unlink(template)
    return descriptor
}
