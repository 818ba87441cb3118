// Encrypted PDFs as qpdf writes them: what the empty password opens is read like any other document.

import Foundation
import SluiceTestSupport
import Testing

@Suite struct EncryptedPDFTests {
    private func encrypted(_ place: Workplace, _ source: PDFBuilder, user: String, bits: String, _ more: [String])
        throws -> String
    {
        let plain = try place.write("plain.pdf", source.bytes)
        let made = try place.run(
            "qpdf",
            ["--allow-weak-crypto", "--encrypt", user, "owner", bits] + more + ["--", plain, place.path("out.pdf")])
        #expect(made.status == 0 || made.status == 3, "\(made.errors)")
        return place.path("out.pdf")
    }

    private static let ways: [(bits: String, more: [String])] = [
        ("40", []), ("128", ["--use-aes=n"]), ("128", ["--use-aes=y"]), ("256", []), ("256", ["--force-R5"]),
        ("256", ["--cleartext-metadata"]),
    ]

    @Test(arguments: ways.indices)
    func `An owner's password keeps nobody from reading`(way: Int) throws {
        let place = try Workplace()
        let path = try encrypted(place, PDFBuilder(), user: "", bits: Self.ways[way].bits, Self.ways[way].more)
        let answer = try #require(try place.checking(path).answers().first)
        #expect(answer["outcome"] as? String == "accepted", "\(codes(answer))")
        #expect(codes(answer).contains("pdf.owner-password"))
    }

    @Test(arguments: ways.indices)
    func `What the empty password opens is inspected`(way: Int) throws {
        let place = try Workplace()
        let source = PDFBuilder { $0.catalog = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>" }
        let path = try encrypted(place, source, user: "", bits: Self.ways[way].bits, Self.ways[way].more)
        let answer = try #require(try place.checking(path).answers().first)
        #expect(answer["outcome"] as? String == "quarantined")
        #expect(codes(answer).contains("pdf.javascript"), "\(codes(answer))")
    }

    @Test(arguments: ways.indices)
    func `A password to open leaves it unchecked`(way: Int) throws {
        let place = try Workplace()
        let path = try encrypted(place, PDFBuilder(), user: "secret", bits: Self.ways[way].bits, Self.ways[way].more)
        let answer = try #require(try place.checking(path).answers().first)
        #expect(answer["outcome"] as? String == "quarantined")
        #expect(codes(answer).contains("pdf.encrypted"), "\(codes(answer))")
    }
}
