import Foundation
import Testing

@Suite struct ImportTests {
    @Test func `What is imported twice is there once`() throws {
        let place = try Workplace()
        let path = try place.write("app.txt", Data("2026-01-02 03:04:05 INFO started\n".utf8))
        let first = try #require(try place.importing(path).answers().first)
        let second = try place.importing(path)
        let again = try #require(try second.answers().first)
        #expect(first["outcome"] as? String == "accepted")
        #expect(again["outcome"] as? String == "duplicate")
        #expect(first["attachment"] as? String == again["attachment"] as? String)
        #expect(second.status == 0)
        #expect(try place.sluice("verify", "--store", place.store.path).status == 0)
    }

    @Test func `Answers have the contract's keys`() throws {
        let place = try Workplace()
        try place.write("in/a.txt", Data("one line\n".utf8))
        try place.run("tar", ["-cf", "b.tar", "in"])
        let ran = try place.importing(place.path("b.tar"))
        let answer = try #require(try ran.answers().first)
        let keys = [
            "path", "name", "outcome", "verdict", "category", "categoryBasis", "categoryConfidence", "mediaType",
            "extension",
            "size",
            "sha256", "ticket", "attachment", "entries", "expandedSize", "findings",
        ]
        #expect(Set(answer.keys) == Set(keys))
        #expect(answer["sha256"] as? String == (try place.run("sha256sum", ["b.tar"]).output.prefix(64)).description)
    }

    @Test(arguments: [(-1, "accepted"), (0, "accepted"), (1, "rejected")])
    func `The byte after the limit is refused`(difference: Int, outcome: String) throws {
        let place = try Workplace()
        let line = Data("2026-01-02 03:04:05 INFO a line of sixty-four characters in all..\n".utf8)
        var content = Data()
        while content.count < 15_728_640 + difference { content += line }
        let path = try place.write("big.txt", content.prefix(15_728_640 + difference))
        let answer = try #require(try place.importing(path).answers().first)
        #expect(answer["outcome"] as? String == outcome)
        #expect(codes(answer).contains("submission.too-large") == (difference > 0))
        let spool = try FileManager.default.contentsOfDirectory(atPath: place.store.appending(path: "spool").path)
        #expect(spool.isEmpty)
    }

    @Test func `Every file of a batch gets its own answer in order`() throws {
        let place = try Workplace()
        for index in 0..<300 { try place.write("in/\(1000 + index).txt", Data("line \(index)\n".utf8)) }
        try place.write("in/0-bad.png", Data("not a picture".utf8))
        try place.write("in/1-none.txt", Data())
        let ran = try place.importing(place.path("in"))
        let answers = try ran.answers()
        #expect(answers.count == 302)
        let names = answers.map { ($0["path"] as! NSString).lastPathComponent }
        #expect(names == names.sorted())
        #expect(answers[0]["outcome"] as? String == "rejected")
        #expect(answers.dropFirst(2).allSatisfy { $0["outcome"] as? String == "accepted" })
        #expect(ran.status == 1)
        #expect(try place.sluice("verify", "--store", place.store.path).status == 0)
    }

    @Test func `Links, folders and named pipes met in a walk are answered and not followed`() throws {
        let place = try Workplace()
        try place.write("secret.txt", Data("a secret\n".utf8))
        try place.write("in/a.txt", Data("fine\n".utf8))
        try FileManager.default.createSymbolicLink(
            atPath: place.path("in/link.txt"), withDestinationPath: place.path("secret.txt"))
        try FileManager.default.createSymbolicLink(atPath: place.path("in/folder.txt"), withDestinationPath: "/etc")
        #expect(mkfifo(place.path("in/pipe.txt"), 0o600) == 0)
        let answers = try place.checking(place.path("in")).answers()
        #expect(answers.map { $0["outcome"] as? String } == ["accepted", "rejected", "rejected", "rejected"])
        #expect(answers.dropFirst().allSatisfy { codes($0) == ["submission.not-a-file"] })
        // A link that a person names is followed.
        #expect(try place.checking(place.path("in/link.txt")).status == 0)
    }

    @Test func `A missing path is a mistake of the command line`() throws {
        let place = try Workplace()
        let ran = try place.importing(place.path("nowhere.txt"))
        let answer = try #require(try ran.answers().first)
        #expect(answer["outcome"] as? String == "failed")
        #expect((answer["error"] as? [String: Any])?["code"] as? String == "source.missing")
        #expect(ran.status == 2)
    }

    @Test func `Hostile names are stored and shown safely`() throws {
        let place = try Workplace()
        let names = [
            "new\nline.txt", "red\u{1B}[31m.txt", "txt\u{202E}gpj.txt", "'; DROP TABLE attachment; --.txt",
            "$(touch owned).txt", "%s%n.txt", "=cmd|'.txt", "<script>alert(1)<.txt", "\u{FEFF}bom.txt",
        ]
        for name in names { try place.write("in/" + name, Data("same bytes\n".utf8)) }
        let ran = try place.importing(place.path("in"))
        let answers = try ran.answers()
        #expect(answers.count == names.count)
        #expect(answers.allSatisfy { $0["outcome"] as? String == "accepted" })
        let table = try place.sluice("check", place.path("in"))
        #expect(!table.output.contains("\u{1B}[31m") && !table.output.contains("\u{202E}"))
        #expect(!FileManager.default.fileExists(atPath: place.path("owned")))
        let rows = try place.run(
            "sqlite3", [place.store.appending(path: "sluice.sqlite").path, "SELECT count(*) FROM attachment"])
        #expect(rows.output == "\(names.count)\n")
    }

    @Test func `A name that is no UTF-8 is taken`() throws {
        let place = try Workplace()
        let made = try place.run("sh", ["-c", "mkdir in && printf 'text\\n' > \"in/$(printf 'caf\\351').txt\""])
        #expect(made.status == 0)
        let answer = try #require(try place.importing(place.path("in")).answers().first)
        #expect(answer["outcome"] as? String == "accepted")
        #expect(codes(answer).contains("name.unprintable"))
    }

    @Test func `An interrupted import is run again and goes on`() throws {
        let place = try Workplace()
        for index in 0..<4_000 { try place.write("in/\(index).txt", Data("line \(index)\n".utf8)) }
        let program = Workplace.program("sluice").path
        let command = """
            \(program) import in --ticket T-1 --store store --format json >first.json 2>/dev/null & pid=$!
            while [ ! -s first.json ]; do sleep 0.01; done
            kill -INT $pid; wait $pid; echo $?
            """
        #expect(try place.run("bash", ["-c", command]).output.trimmingCharacters(in: .newlines) == "130")
        let first = try String(contentsOfFile: place.path("first.json"), encoding: .utf8).split(separator: "\n").count
        #expect(first > 0 && first < 4_000)
        let second = try place.importing(place.path("in"))
        #expect(second.status == 0)
        let duplicates = try second.answers().count { $0["outcome"] as? String == "duplicate" }
        #expect(duplicates == first)
        #expect(try place.sluice("verify", "--store", place.store.path).status == 0)
    }
}
