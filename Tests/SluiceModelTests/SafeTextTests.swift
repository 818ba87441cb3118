import SluiceModel
import Testing

@Suite struct SafeTextTests {
    @Test(arguments: [
        ("app.log", "app.log"),
        ("zażółć 日本.log", "zażółć 日本.log"),
        ("two\nlines\r", "two\\nlines\\r"),
        ("red\u{1B}[31m", "red\\u{1b}[31m"),
        ("txt\u{202E}gpj.exe", "txt\\u{202e}gpj.exe"),
        ("a\u{200B}b", "a\\u{200b}b"),
        ("back\\slash", "back\\\\slash"),
        ("nul\u{0}", "nul\\u{0}"),
    ])
    func `What cannot be shown is spelled out`(text: String, shown: String) {
        #expect(SafeText.display(text) == shown)
    }

    @Test func `Bytes that are not UTF-8 are spelled out`() {
        #expect(SafeText.display([0x61, 0xFF, 0xC3, 0x62, 0xE2, 0x82]) == "a\\xff\\xc3b\\xe2\\x82")
    }

    @Test func `No control or format character is ever shown, whatever the bytes`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let bytes = (0..<24).map { _ in UInt8.random(in: 0...255, using: &random) }
            for scalar in SafeText.display(bytes).unicodeScalars {
                #expect(![.control, .format, .lineSeparator].contains(scalar.properties.generalCategory), "\(bytes)")
            }
        }
    }

    @Test(arguments: [
        (".txt", ".txt"), (".TAR.gz", ".TAR.gz"), (".log.2", ".2"), ("", ""), (".ünï", ".ünï"),
        (".a\u{202E}b", ".a\\u{202e}b"),
    ])
    func `A long name is cut before its extension`(ending: String, shown: String) {
        for stem in [250, 197, 5000] {
            let name = SafeText.name(Array((String(repeating: "x", count: stem) + ".y" + ending).utf8))
            let isShort = stem + 2 + shown.unicodeScalars.count <= SafeText.longest
            #expect(isShort || name.hasPrefix("xxx") && name.contains("…") && name.hasSuffix(shown), "\(name)")
            #expect(name.unicodeScalars.count <= SafeText.longest + 1)
        }
        let short = "app" + ending
        #expect(SafeText.name(Array(short.utf8)) == SafeText.display(short))
        // An ending that would leave nothing else is no extension to keep.
        let odd = "x." + String(repeating: "y", count: 300)
        #expect(SafeText.name(Array(odd.utf8)) == SafeText.display(odd))
    }

    @Test func `A name for programs is never shortened`() {
        let long = String(repeating: "ü", count: 900) + "\n.txt"
        #expect(DeclaredName(long).whole == String(repeating: "ü", count: 900) + "\\n.txt")
        #expect(EntryName(long).whole == DeclaredName(long).whole)
        #expect(DeclaredName(long).description.hasSuffix("….txt"))
    }

    @Test func `A long text is cut with an ellipsis`() {
        #expect(SafeText.display(String(repeating: "x", count: 500), limit: 10) == "xxxxxxxxxx…")
    }
}
