import SluiceModel
import Testing

@Suite struct ByteCountTests {
    @Test(arguments: [
        (0, "0 bytes"), (1, "1 byte"), (1023, "1023 bytes"), (15_728_640, "15 MB (15 728 640 bytes)"),
        (1_536, "1.5 KB (1 536 bytes)"),
    ])
    func isShownWithTheExactFigure(bytes: Int, shown: String) {
        #expect(ByteCount(bytes).description == shown)
    }
}

@Suite struct DigestTests {
    private let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test func readsAndWritesTheSameHexadecimalDigits() throws {
        let digest = try #require(Digest(hexadecimal: text))
        #expect(digest.hexadecimal == text)
        #expect(Digest(digest.bytes) == digest)
    }

    @Test(arguments: ["", "e3", String(repeating: "g", count: 64), String(repeating: "E", count: 64)])
    func refusesOtherText(text: String) {
        #expect(Digest(hexadecimal: text) == nil)
    }
}

@Suite struct DeclaredNameTests {
    @Test(arguments: [
        ("app.log", "log"), ("APP.TXT", "txt"), ("archive.tar.gz", "gz"), ("noextension", ""), (".profile", ""),
        ("trailing.", ""), ("shell.php ", "php "), ("a.b.C", "c"),
    ])
    func extensionIsWhatFollowsTheLastDotFoldedToLowerCase(name: String, expected: String) {
        #expect(DeclaredName(name).fileExtension.text == expected)
    }
}

@Suite struct TicketIDTests {
    @Test(arguments: ["T-17", "a", "A.b_c-9", String(repeating: "x", count: 64)])
    func takesLettersDigitsAndThreeSigns(text: String) { #expect(TicketID(text)?.text == text) }

    @Test(arguments: ["", ".hidden", "-x", "a/b", "a b", "ü", String(repeating: "x", count: 65), "a\n"])
    func refusesTheRest(text: String) { #expect(TicketID(text) == nil) }
}

@Suite struct FindingTests {
    @Test func factsStandInTheirPlaces() {
        let finding = Finding(
            .typeMismatch, [.text(".png"), .text("image/png"), .text("text/html"), .text("text/html")])
        #expect(finding.message.hasPrefix("The extension .png stands for image/png, but the content is text/html."))
    }

    @Test func factsFromContentAreEscapedAndDoNotFillFurtherPlaces() {
        let finding = Finding(.typeMismatch, [.text("{1}\u{1B}"), .text("b"), .text("c"), .text("d")])
        #expect(finding.message.hasPrefix("The extension {1}\\u{1b} stands for b"))
    }

    @Test func codesAreUniqueDottedAndComplete() {
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
