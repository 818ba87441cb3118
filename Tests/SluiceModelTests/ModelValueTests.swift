import SluiceModel
import Testing

@Suite struct ByteCountTests {
    @Test(arguments: [
        (0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (15_728_640, "15 MB (15 728 640 bytes)"),
        (1_536, "1.5 KB (1 536 bytes)"),
    ])
    func `A size is shown with the exact figure`(bytes: Int, shown: String) {
        #expect(ByteCount(bytes).description == shown)
    }

    /// The largest size that a file system, a header or a lying process can name.
    @Test(arguments: [
        (Int64.max, "7.9 EB"), (.max / 2, "3.9 EB"), (922_337_203_685_477_581, "819.1 PB"), (1 << 60, "1 EB"),
        (1 << 50, "1 PB"), (-1, "-1 bytes"), (.min, "-9223372036854775808 bytes"),
    ])
    func `Every size has a short form`(bytes: Int64, shown: String) {
        #expect(ByteCount(bytes).short == shown)
        #expect(!ByteCount(bytes).description.isEmpty)
    }

    private static let sums: [(Int64, Int64, Int64, Int64)] = [
        (Int64.max, Int64.max, Int64.max, 0),
        (Int64.max, 1, Int64.max, Int64.max - 1),
        (Int64.min, -1, Int64.min, Int64.min + 1),
        (Int64.min, Int64.min, Int64.min, 0),
        (Int64.max, Int64.min, -1, Int64.max),
        (-1, Int64.max, Int64.max - 1, Int64.min),
        (3, 4, 7, -1),
    ]

    @Test(arguments: sums.indices)
    func `Arithmetic ends at the bounds`(index: Int) {
        let (one, other, sum, difference) = Self.sums[index]
        #expect((ByteCount(one) + ByteCount(other)).bytes == sum)
        #expect((ByteCount(one) - ByteCount(other)).bytes == difference)
        var grown = ByteCount(one)
        grown += ByteCount(other)
        #expect(grown.bytes == sum)
    }

    private static let products: [(Int64, Int64, Int64)] = [
        (Int64.max, 10, Int64.max), (Int64.min, 10, Int64.min), (Int64.min, -1, Int64.max), (-5, Int64.max, Int64.min),
        (6, -7, -42), (0, Int64.min, 0),
    ]

    @Test(arguments: products.indices)
    func `Products end at the bounds`(index: Int) {
        let (one, other, product) = Self.products[index]
        #expect(one.saturatingTimes(other) == product)
        #expect(other.saturatingTimes(one) == product)
    }
}

@Suite struct SenderWordsTests {
    @Test(arguments: [
        ("Ann", true), (String(repeating: "x", count: 200), true), ("", false),
        (String(repeating: "x", count: 201), false), ("token-abc", false), ("Token-abc", false), ("tokens", true),
        ("a\nb", false), ("Jörg", false), ("a\u{0}", false), ("\u{7F}", false),
    ])
    func `A submitter's name is printable ASCII`(text: String, isOne: Bool) {
        #expect((SubmitterName(text)?.text == text) == isOne)
        #expect(SubmitterName.isOne(text) == isOne)
    }

    @Test(arguments: [
        ("", true), (String(repeating: "ü", count: 2000), true), (String(repeating: "x", count: 2001), false),
        ("two\nlines", true), ("a\u{0}b", false),
    ])
    func `A comment is a few sentences`(text: String, isOne: Bool) { #expect((Comment(text)?.text == text) == isOne) }
}

@Suite struct DigestTests {
    private let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test func `A digest reads and writes the same hexadecimal digits`() throws {
        let digest = try #require(Digest(hexadecimal: text))
        #expect(digest.hexadecimal == text)
        #expect(Digest(digest.bytes) == digest)
    }

    @Test(arguments: ["", "e3", String(repeating: "g", count: 64), String(repeating: "E", count: 64)])
    func `A digest is not read from other text`(text: String) {
        #expect(Digest(hexadecimal: text) == nil)
    }
}

@Suite struct DeclaredNameTests {
    @Test(arguments: [
        ("app.log", "log"), ("APP.TXT", "txt"), ("archive.tar.gz", "gz"), ("noextension", ""), (".profile", ""),
        ("trailing.", ""), ("shell.php ", "php "), ("a.b.C", "c"),
    ])
    func `The extension is what follows the last dot, folded to lower case`(name: String, expected: String) {
        #expect(DeclaredName(name).fileExtension.text == expected)
    }
}

@Suite struct TicketIDTests {
    @Test(arguments: ["T-17", "a", "A.b_c-9", String(repeating: "x", count: 64)])
    func `A ticket takes letters, digits and three signs`(text: String) { #expect(TicketID(text)?.text == text) }

    @Test(arguments: ["", ".hidden", "-x", "a/b", "a b", "ü", String(repeating: "x", count: 65), "a\n"])
    func `A ticket refuses the rest`(text: String) { #expect(TicketID(text) == nil) }
}

@Suite struct FindingTests {
    @Test func `Facts stand in their places`() {
        let finding = Finding(
            .typeMismatch, [.text(".png"), .text("image/png"), .text("text/html"), .text("text/html")])
        #expect(finding.message.hasPrefix("The extension .png stands for image/png, but the content is text/html."))
    }

    @Test func `Facts from content are escaped and do not fill further places`() {
        let finding = Finding(.typeMismatch, [.text("{1}\u{1B}"), .text("b"), .text("c"), .text("d")])
        #expect(finding.message.hasPrefix("The extension {1}\\u{1b} stands for b"))
    }

    @Test func `Codes are unique, dotted and complete`() {
        let all = FindingDefinition.all
        #expect(Set(all.map(\.code)).count == all.count)
        for definition in all {
            #expect(definition.code.wholeMatch(of: /[a-z]+(\.[a-z0-9-]+)+/) != nil, "\(definition.code)")
            for sentence in [definition.what, definition.why, definition.mend] {
                // A last fact may be a sentence of its own.
                #expect(
                    (sentence.hasSuffix(".") || sentence.hasSuffix("}")) && !sentence.contains("  "),
                    "\(definition.code): \(sentence)")
            }
            #expect(FindingDefinition.named(definition.code)?.what == definition.what)
        }
    }
}
