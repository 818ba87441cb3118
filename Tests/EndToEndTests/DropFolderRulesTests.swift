// What an operator relies on besides: when a file counts as complete, what its verdict says, what is told where, how a run ends, what a
// reconciliation proves.

import Foundation
import Testing

@Suite struct DropFolderRulesTests {
    private static let line = Data("2026-01-02 03:04:05 INFO started\n".utf8)

    @Test func `A verdict is the object that import prints and tells people the same`() throws {
        let place = try Workplace()
        try place.write("box/in/T-1/good.txt", Self.line)
        try place.write("box/in/T-1/bad.png", Data("no picture".utf8))
        try place.write("box/in/T-1/run.exe", Data("MZ".utf8))
        try FileManager.default.copyItem(atPath: place.path("box/in/T-1"), toPath: place.path("copies"))
        let ran = try place.drained()
        let imported = try place.sluice(
            "import", "copies", "--ticket", "T-1", "--store", place.path("other"), "--format", "json"
        ).answers()
        #expect(imported.count == 3)
        for (name, folder) in [("good.txt", "done"), ("bad.png", "rejected"), ("run.exe", "rejected")] {
            let file = place.path("box/\(folder)/T-1/\(name)")
            let json = try String(contentsOfFile: file + ".verdict.json", encoding: .utf8)
            #expect(ran.output.contains(json) && json.hasSuffix("}\n"), "it is the line that was printed")
            let verdict = try #require(
                try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            let expected = try #require(imported.first { ($0["path"] as? String)?.hasSuffix(name) == true })
            #expect(Set(verdict.keys) == Set(expected.keys))
            #expect(verdict["path"] as? String == "in/T-1/\(name)")
            for key in expected.keys where key != "path" && key != "attachment" {
                #expect([verdict[key]!] as NSArray == [expected[key]!] as NSArray, "\(name): \(key)")
            }
            let text = try String(contentsOfFile: file + ".verdict.txt", encoding: .utf8)
            for finding in verdict["findings"] as? [[String: Any]] ?? [] where finding["severity"] as? String != "note"
            {
                for key in ["code", "message", "remedy"] {
                    #expect(text.contains(try #require(finding[key] as? String)), "\(name): \(key)")
                }
            }
            #expect(text.contains(folder == "done" ? "on ticket T-1" : "What to do: "))
        }
    }

    @Test(arguments: [
        (["portal--log-file.txt"], "T-1", Int32(0)), (["portal--log-file.txt", "setup--submission.exe"], "T-1", 1),
        (["salaries--zip.encrypted.zip"], "T-1", 1), (["portal--log-file.txt", "salaries--zip.encrypted.zip"], nil, 3),
        ([], "T-1", 0),
    ])
    func `--once ends with the status of import`(samples: [String], ticket: String?, status: Int32) throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("box/in/T-1"), withIntermediateDirectories: true)
        let folders = ["accepted", "quarantined", "rejected"].map { Workplace.project.appending(path: "Samples/\($0)") }
        for name in samples {
            let known = folders.map { $0.appending(path: name) }.first {
                FileManager.default.fileExists(atPath: $0.path)
            }
            let content = try known.map { try Data(contentsOf: $0) } ?? Data("MZ\u{0}".utf8)
            try place.write(ticket == nil ? "box/in/\(name)" : "box/in/T-1/\(name)", content)
        }
        let ran = try place.drained()
        #expect(ran.status == status, "\(ran.output)\(ran.errors)")
        #expect(try ran.answers().count == samples.count)
        #expect(place.files(in: "in").isEmpty)
    }

    /// At a terminal of its own, which script(1) makes.
    @Test func `A terminal gets a table and a status line, everything else JSON Lines`() throws {
        let place = try Workplace()
        try place.write("box/in/T-1/a.txt", Self.line)
        let words = "\(Workplace.program("sluice").path) watch box --once --settle 100ms --store store"
        let shown = try place.run("timeout", ["60", "script", "-qec", words, "/dev/null"])
        #expect(shown.status == 0, "\(shown.output)\(shown.errors)")
        #expect(shown.output.contains("\r\u{1B}[K1 pending"), "\(shown.output.debugDescription)")
        #expect(shown.output.contains("0 pending; 1 accepted.") && !shown.output.contains("{\""))
        try place.write("box/in/T-1/b.txt", Data("another\n".utf8))
        let piped = try place.run("timeout", ["60", "bash", "-c", words])
        #expect(try piped.answers().map { $0["path"] as? String } == ["in/T-1/b.txt"])
        #expect(piped.errors == "")
    }

    @Test func `Files found at the start have to settle like all others`() throws {
        let place = try Workplace()
        let open = try place.write("box/in/T-1/open.txt", Data())
        let growing = try place.write("box/in/T-1/growing.txt", Data())
        try place.write("box/in/T-1/quiet.txt", Self.line)
        // Quiet for longer than it takes to settle, and still being written.
        let writer = try #require(FileHandle(forWritingAtPath: open))
        try writer.write(contentsOf: Data("half of it\n".utf8))
        let watcher = try RunningWatcher(place, "--rescan", "200ms", settle: "1500ms")
        var (whole, pieces) = ("", 0)
        while pieces < 20 || !place.isPlaced("done/T-1/quiet.txt") {
            try #require(pieces < 300, "nothing is taken: \(watcher.errors)")
            // Opened anew each time: nobody holds it open in between.
            let handle = try #require(FileHandle(forWritingAtPath: growing), "it was taken after \(pieces) pieces")
            try handle.seekToEnd()
            whole += "2026-01-02 03:04:05 INFO piece \(pieces)\n"
            try handle.write(contentsOf: Data("2026-01-02 03:04:05 INFO piece \(pieces)\n".utf8))
            try handle.close()
            pieces += 1
            usleep(200_000)
        }
        #expect(place.isThere("in/T-1/open.txt") && place.isThere("in/T-1/growing.txt"))
        try writer.write(contentsOf: Data("and the other half\n".utf8))
        try writer.close()
        #expect(eventually { place.isPlaced("done/T-1/open.txt") && place.isPlaced("done/T-1/growing.txt") })
        _ = try watcher.stop()
        let done = place.path("box/done/T-1")
        #expect(try String(contentsOfFile: done + "/open.txt", encoding: .utf8) == "half of it\nand the other half\n")
        #expect(try String(contentsOfFile: done + "/growing.txt", encoding: .utf8) == whole)
        #expect(try place.query("SELECT count(*) FROM attachment") == "3")
        try place.expectReconciled()
    }

    @Test func `A sidecar that comes after its file is waited for`() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("box/in"), withIntermediateDirectories: true)
        let watcher = try RunningWatcher(place, settle: "2s")
        try place.write("box/in/scan.txt", Self.line)
        usleep(1_300_000)
        try place.write("box/in/scan.txt.sluice.json", Data(#"{"ticket":"#.utf8))
        usleep(1_300_000)
        // The file has been quiet for longer than it takes to settle, its sidecar has not.
        let handle = try #require(FileHandle(forWritingAtPath: place.path("box/in/scan.txt.sluice.json")))
        try handle.write(contentsOf: Data(#"{"ticket":"T-9"}"#.utf8))
        try handle.close()
        #expect(eventually { place.isPlaced("done/scan.txt") }, "\(watcher.errors)")
        _ = try watcher.stop()
        #expect(try place.query("SELECT ticket FROM attachment") == "T-9")
        try place.expectReconciled()
    }

    @Test func `Unfinished names stay until they get their own`() throws {
        let place = try Workplace()
        let names = [
            ".hidden", "a.txt.part", "A.TMP", "x.txt.filepart", "x.txt.crdownload", "~$report.docx", "Thumbs.db",
            ".DS_Store", "note.bak", ".git/config.txt", "half.part/inner.txt",
        ]
        func drop(_ names: ArraySlice<String>) throws {
            for name in names { try place.write("box/in/T-1/\(name)", Data("\(name)\n".utf8)) }
        }
        // Some are found at the start, of the others events tell.
        try drop(names[..<6])
        let watcher = try RunningWatcher(place, "--rescan", "200ms", "--ignore", "*.bak,*.swp", settle: "50ms")
        try place.write("box/in/T-1/first.txt", Self.line)
        #expect(eventually { place.isPlaced("done/T-1/first.txt") })
        try drop(names[6...])
        try place.write("box/in/T-1/second.txt", Data("second\n".utf8))
        #expect(eventually { place.isPlaced("done/T-1/second.txt") })
        // Each further file that gets through has taken a turn of the watcher, in which it could have taken the others.
        for number in 0..<5 {
            try place.write("box/in/T-1/later-\(number).txt", Data("later \(number)\n".utf8))
            #expect(eventually { place.isPlaced("done/T-1/later-\(number).txt") })
        }
        for name in names { #expect(place.isThere("in/T-1/\(name)"), "\(name)") }
        #expect(place.files(in: "done").count == 7)
        try FileManager.default.moveItem(
            atPath: place.path("box/in/T-1/a.txt.part"), toPath: place.path("box/in/T-1/a.txt"))
        try FileManager.default.moveItem(
            atPath: place.path("box/in/T-1/half.part"), toPath: place.path("box/in/T-1/half"))
        #expect(eventually { place.isPlaced("done/T-1/a.txt") && place.isPlaced("done/T-1/half/inner.txt") })
        #expect(try watcher.stop().answers().count == 9)
        try place.expectReconciled()
    }

    /// What is done to a drop folder with `done/T-1/a.txt` and `failed/lost.txt`, how it is named, and whether it can be mended.
    @Test(arguments: [
        ("rm box/done/T-1/a.txt.verdict.json", "no-verdict", true),
        (": >box/done/T-1/a.txt.verdict.json", "no-verdict", true),
        (
            #"sed -i 's/"attachment":"[^"]*"/"attachment":"none"/' box/done/T-1/a.txt.verdict.json"#, "not-in-store",
            true
        ),
        (#"sed -i 's/"ticket":"T-1"/"ticket":"T-2"/' box/done/T-1/a.txt.verdict.json"#, "not-in-store", true),
        ("echo more >>box/done/T-1/a.txt", "other-bytes", false),
        ("mkdir box/rejected/T-1; mv box/done/T-1/a.txt* box/rejected/T-1", "wrong-folder", false),
        ("rm box/failed/lost.txt", "left-verdict", true),
        (
            "mkdir -p box/.sluice/claims/1-1-1/T-1; mv box/failed/lost.txt box/.sluice/claims/1-1-1/T-1/", "left-claim",
            true
        ),
    ])
    func `Reconcile names whatever does not agree`(harm: String, problem: String, isMended: Bool) throws {
        let place = try Workplace()
        try place.write("box/in/T-1/a.txt", Self.line)
        try place.write("box/in/lost.txt", Data("whose?\n".utf8))
        #expect(try place.drained().status == 3)
        try place.expectReconciled()
        let harmed = try place.run("bash", ["-c", harm])
        #expect(harmed.status == 0, "\(harmed.errors)")
        let words = ["reconcile", place.path("box"), "--store", place.store.path, "--format", "json"]
        func problems(_ ran: Ran) throws -> [String] { try ran.answers().compactMap { $0["problem"] as? String } }
        let told = try place.sluice(words + ["--dry-run"])
        #expect(told.status == 1)
        #expect(try problems(told).contains(problem), "\(told.output)")
        // Beside a watcher it only tells.
        if problem == "no-verdict" {
            let watcher = try RunningWatcher(place, "--rescan", "1h", settle: "1h")
            let sessions = place.path("box/.sluice/claims")
            #expect(eventually { (try? FileManager.default.contentsOfDirectory(atPath: sessions))?.isEmpty == false })
            #expect(try place.sluice(words).status == 1)
            #expect(place.isThere("done/T-1/a.txt"))
            _ = try watcher.stop()
        }
        let mended = try place.sluice(words)
        #expect(
            mended.status == (isMended ? 0 : 1) && mended.output.contains(#""mended":\#(isMended)"#), "\(mended.output)"
        )
        guard isMended else { return }
        let ran = try place.drained("--ticket", "T-1", "--retry-failed")
        #expect(ran.status == 0, "\(ran.output)\(ran.errors)")
        #expect(place.isPlaced("done/T-1/a.txt"))
        try place.expectReconciled()
    }
}
