// The drop folder as an operator meets it: the built program, real files, kills. The long forms are Scripts/faults-drop-folder's.

import Foundation
import Testing

@Suite struct DropFolderTests {
    private static let line = Data("2026-01-02 03:04:05 INFO started\n".utf8)

    @Test func `Every file lands with its verdict where it belongs`() throws {
        let place = try Workplace()
        try place.write("box/in/T-1/deep/app.txt", Self.line)
        try place.write("box/in/T-1/bad.png", Data("no picture".utf8))
        try place.write("box/in/scan.txt", Data("hello\n".utf8))
        try place.write("box/in/scan.txt.sluice.json", Data(#"{"ticket":"T-9"}"#.utf8))
        try place.write("box/in/lost.txt", Data("whose?\n".utf8))
        try place.write("box/in/T-1/late.txt.part", Data("half".utf8))
        let ran = try place.drained()
        #expect(ran.status == 3, "\(ran.errors)")
        for name in ["done/T-1/deep/app.txt", "rejected/T-1/bad.png", "done/scan.txt", "failed/lost.txt"] {
            #expect(place.isPlaced(name), "\(name)")
        }
        #expect(place.isThere("done/scan.txt.sluice.json") && place.isThere("in/T-1/late.txt.part"))
        let tickets = try ran.answers().compactMap { $0["ticket"] as? String }
        #expect(tickets.sorted() == ["T-1", "T-1", "T-9"])
        try place.expectReconciled()
        // A default ticket now, and another try.
        #expect(try place.drained("--ticket", "T-2", "--retry-failed").status == 0)
        #expect(place.isThere("done/lost.txt") && !place.isThere("failed/lost.txt.verdict.json"))
    }

    @Test func `A name that exists is numbered, and the same bytes are a duplicate`() throws {
        let place = try Workplace()
        for (content, outcome) in [
            (Self.line, "accepted"), (Self.line, "duplicate"), (Data("other\n".utf8), "accepted"),
        ] {
            try place.write("box/in/T-1/app.txt", content)
            #expect(try place.drained().answers().map { $0["outcome"] as? String } == [outcome])
        }
        for name in ["app.txt", "app.2.txt", "app.3.txt"] { #expect(place.isThere("done/T-1/\(name).verdict.json")) }
        #expect(try Data(contentsOf: URL(filePath: place.path("box/done/T-1/app.txt"))) == Self.line)
        try place.expectReconciled()
    }

    @Test(arguments: ["renameat2", "openat", "mkdirat", "unlinkat", "fdatasync", "syncfs", "linkat"])
    func `Killed at a durable call, each file is there once`(call: String) throws {
        for number in stride(from: 1, through: 200, by: call == "openat" ? 17 : 3) {
            let place = try Workplace()
            for index in 0..<3 { try place.write("box/in/T-1/\(index).txt", Data("line \(index)\n".utf8)) }
            let command = [
                "-f", "-o", place.path("trace"), "-e", "trace=\(call)", "-e",
                "inject=\(call):signal=SIGKILL:when=\(number)",
                Workplace.program("sluice").path, "watch", place.path("box"), "--once", "--settle", "0s", "--store",
                place.store.path, "--format", "json",
            ]
            _ = try place.run("strace", command)
            let trace = try String(contentsOfFile: place.path("trace"), encoding: .utf8)
            if !trace.contains("SIGKILL") { break }
            #expect(try place.drained().status == 0, "\(call) \(number)")
            for index in 0..<3 {
                #expect(place.isThere("done/T-1/\(index).txt.verdict.json"), "\(call) \(number)")
                #expect(!place.isThere("done/T-1/\(index).2.txt"), "\(call) \(number)")
            }
            let rows = try place.run(
                "sqlite3", [place.store.appending(path: "sluice.sqlite").path, "SELECT count(*) FROM attachment"])
            #expect(rows.output == "3\n", "\(call) \(number)")
            try place.expectReconciled()
        }
    }

    @Test func `A running watcher hears of files, waits for writers and stops in order`() throws {
        let place = try Workplace()
        try place.write("box/in/T-1/first.txt", Self.line)
        let command = """
            \(Workplace.program("sluice").path) watch box --store store --settle 300ms --rescan 1h --event-queue 4 >answers 2>errors & pid=$!
            until [ -e box/done/T-1/first.txt ]; do sleep 0.05; done
            mkdir made; for i in $(seq 40); do echo "line $i" > made/$i.txt; done; mv made box/in/T-2
            exec 3>box/in/T-1/slow.txt; echo half >&3; sleep 1; [ -e box/in/T-1/slow.txt ] && echo waited; echo whole >&3; exec 3>&-
            until [ -e box/done/T-1/slow.txt ] && [ $(ls box/done/T-2/*.verdict.json | wc -l) = 40 ]; do sleep 0.05; done
            cat box/done/T-1/slow.txt; kill -TERM $pid; wait $pid; echo $?; ls box/.sluice/claims
            """
        let ran = try place.run("timeout", ["60", "bash", "-c", command])
        #expect(ran.output == "waited\nhalf\nwhole\n130\n", "\(ran.output)\(ran.errors)")
        try place.expectReconciled()
    }

    @Test func `Reconcile finds and mends what does not agree`() throws {
        let place = try Workplace()
        try place.write("box/in/T-1/a.txt", Self.line)
        try place.write("box/in/T-1/b.txt", Data("other\n".utf8))
        #expect(try place.drained().status == 0)
        try FileManager.default.removeItem(atPath: place.path("box/done/T-1/a.txt.verdict.json"))
        try place.write("box/.sluice/claims/1-1-1/T-1/c.txt", Data("claimed\n".utf8))
        let words = ["reconcile", place.path("box"), "--store", place.store.path, "--format", "json"]
        let told = try place.sluice(words + ["--dry-run"])
        #expect(told.status == 1)
        #expect(Set(try told.answers().compactMap { $0["problem"] as? String }) == ["left-claim", "no-verdict"])
        #expect(try place.sluice(words).status == 0)
        #expect(place.isThere("in/T-1/a.txt") && place.isThere("in/T-1/c.txt"))
        try place.write("box/done/T-1/b.txt", Data("changed\n".utf8))
        #expect(try place.sluice(words).answers().compactMap { $0["problem"] as? String } == ["other-bytes"])
    }

    @Test func `What is done is removed after its time`() throws {
        let place = try Workplace()
        try place.write("box/in/T-1/a.txt", Self.line)
        #expect(try place.drained().status == 0)
        #expect(try place.drained("--keep-done", "1h").status == 0)
        #expect(place.isThere("done/T-1/a.txt"))
        try place.run("touch", ["-d", "2 hours ago", place.path("box/done/T-1/a.txt.verdict.json")])
        #expect(try place.drained("--keep-done", "1h").status == 0)
        #expect(!place.isThere("done/T-1/a.txt") && !place.isThere("done/T-1/a.txt.verdict.txt"))
        // What a person has still to look at stays.
        try place.write("box/in/T-1/bad.png", Data("no picture".utf8))
        try place.write("box/in/lost.txt", Data("whose?".utf8))
        #expect(try place.drained().status == 3)
        for name in ["rejected/T-1/bad.png", "failed/lost.txt"] {
            try place.run("touch", ["-d", "2 years ago", place.path("box/\(name).verdict.json")])
        }
        #expect(try place.drained("--keep-done", "1h").status == 0)
        #expect(place.isPlaced("rejected/T-1/bad.png") && place.isPlaced("failed/lost.txt"))
    }
}
