import SluiceModel
import Testing

@Suite struct FactTextTests {
    @Test func factsAndWaysOutAreKeptTogetherAndToldApart() {
        let finding = Finding(
            .typeMismatch, [.number(3), .text("{\"remedies\":[")], mend: "Rename it.",
            remedies: [Remedy(.rename, to: "a\"b.png"), Remedy(.removeEntries, entries: ["x", "y"])])
        let (facts, remedies) = FactText.parts(of: FactText.stored(finding))
        #expect(facts == #"[{"number":3},{"text":"{\"remedies\":["}]"#)
        #expect(remedies == #"[{"kind":"rename","to":"a\"b.png"},{"kind":"remove-entries","entries":["x","y"]}]"#)
    }

    @Test(arguments: ["", "[]", #"[{"number":1}]"#])
    func whatEarlierVersionsKeptHasNoWaysOut(stored: String) {
        let (facts, remedies) = FactText.parts(of: stored)
        #expect(facts == (stored.isEmpty ? "[]" : stored))
        #expect(remedies == nil)
    }

    @Test func lineEndsAndDirectionMarksAreEscaped() {
        #expect(FactText.json([.text("a\n\u{202E}\u{85}\u{2028}é")]) == #"[{"text":"a\u000a\u202e\u0085\u2028é"}]"#)
    }

    @Test func aStandingWayOutComesFromTheCode() {
        let entry = EntryName(bytes: Array("bin/x".utf8))
        #expect(Finding(.memberExecutable, entry: entry).remedies == [Remedy(.removeEntries, entries: ["bin/x"])])
        #expect(Finding(.tooLarge).remedies == [Remedy(.split)])
        #expect(Finding(.imagePadding).remedies.isEmpty)
    }
}
