// The small rules: which names are ignored, what a sidecar says, how names are numbered, when something is tried again.

import SluiceModel
import SluicePipeline
import Testing

@testable import SluiceDropFolder

@Suite struct RulesTests {
    @Test(arguments: [
        ("app.log", false), ("app.log.part", true), ("A.TMP", true), ("x.filepart", true), ("x.crdownload", true),
        ("~$report.docx", true), (".hidden", true), ("Thumbs.db", true), ("thumbs.DB", true), (".DS_Store", true),
        ("partial.txt", false), ("tmp", false), ("[a].txt", false), ("note.bak", true),
    ])
    func namesOfUnfinishedFilesAreIgnored(name: String, ignored: Bool) {
        #expect(LeftoverNames([".*", "*.bak"]).match(Array(name.utf8)) == ignored)
    }

    @Test func aSidecarSaysFourThings() throws {
        let text = #"{"ticket":"T-17","category":"log file","comment":"c","submitter":"s"}"#
        let sidecar = try Sidecar(Array(text.utf8))
        #expect(sidecar.ticket?.text == "T-17" && sidecar.category == .logFile)
        #expect(sidecar.comment == "c" && sidecar.submitter == "s")
        #expect(try Sidecar(Array("{}".utf8)) == Sidecar())
    }

    @Test(arguments: [
        "", "[]", "{", #"{"ticket":17}"#, #"{"ticket":"../x"}"#, #"{"category":"Logs"}"#, #"{"tiket":"T-1"}"#, "\u{0}",
    ])
    func aSidecarThatCannotBeUsedSaysSo(text: String) {
        let error = #expect(throws: SluiceError.self) { try Sidecar(Array(text.utf8)) }
        #expect(error?.code == "drop.bad-sidecar")
    }

    @Test(arguments: [
        ("app.log", 1, "app.log"), ("app.log", 2, "app.2.log"), ("app", 3, "app.3"), (".env", 2, ".env.2"),
        ("a.tar.gz", 12, "a.tar.12.gz"),
    ])
    func aNameThatExistsIsNumbered(name: String, number: Int, expected: String) {
        #expect(OutcomeName(Array(name.utf8), number: number).file == Array(expected.utf8))
    }

    @Test func numberedNamesAndVerdictsOfLongNamesFitTheFileSystem() {
        let long = Array(String(repeating: "x", count: 251).utf8) + Array(".log".utf8)
        for number in [1, 2, 99_999] {
            let name = OutcomeName(long, number: number)
            for bytes in [name.file, name.json, name.text, name.sidecar] { #expect(bytes.count <= 255) }
        }
        #expect(OutcomeName(long, number: 2).file != OutcomeName(long, number: 3).file)
    }

    private static func error(_ code: String) -> SluiceError { SluiceError(code, what: "", why: "", mend: "") }

    @Test func whatCanPassIsTriedAgainWithGrowingPausesUntilPatienceEnds() {
        let retry = RetrySchedule(patience: .seconds(10))
        let busy = Self.error("store.busy")
        var moments: [Duration] = []
        var (now, attempts) = (Duration.zero, 1)
        while let next = retry.next(after: attempts, firstFailure: .zero, now: now, busy) {
            moments.append(next)
            (now, attempts) = (next, attempts + 1)
        }
        #expect(moments == [0.5, 1.5, 3.5, 7.5, 10].map { .seconds($0) })
    }

    @Test(arguments: [
        ("store.no-space", true), ("store.busy", true), ("inspector.unavailable", true), ("drop.no-space", true),
        ("source.denied", false), ("drop.no-ticket", false), ("drop.bad-sidecar", false),
    ])
    func whatCannotPassGoesToFailedAtOnce(code: String, passes: Bool) {
        let retry = RetrySchedule(patience: .seconds(10))
        #expect((retry.next(after: 1, firstFailure: .zero, now: .zero, Self.error(code)) != nil) == passes)
    }

    @Test func pathsComeApartAtTheirSlashes() {
        let path = TreePath("T-1/a/b.txt")
        #expect(path.name == Array("b.txt".utf8) && path.parent == TreePath("T-1/a"))
        #expect(path.firstFolder == Array("T-1".utf8) && TreePath("x").firstFolder == nil)
        #expect(path.isBelow(TreePath("T-1")) && !TreePath("T-10/x").isBelow(TreePath("T-1")))
        #expect(TreePath("x").parent == TreePath() && TreePath().appending(Array("x".utf8)) == TreePath("x"))
    }
}
