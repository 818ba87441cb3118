// What strangers put into a drop folder: names of every sort, links, devices, files that grow, names that are taken already (Threats, H8, T10).

import Foundation
import Glibc
import Testing

@Suite struct DropFolderStrangersTests {
    private static let line = Data("2026-01-02 03:04:05 INFO started\n".utf8)

    /// By bytes, since Foundation's paths are text.
    private static func write(_ folder: String, _ name: [UInt8], _ content: String) throws {
        let file = (Array("\(folder)/".utf8) + name).map { CChar(bitPattern: $0) } + [0]
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        try #require(descriptor >= 0, "\(String(decoding: name, as: UTF8.self)): \(String(cString: strerror(errno)))")
        defer { close(descriptor) }
        #expect(Glibc.write(descriptor, content, content.utf8.count) == content.utf8.count)
    }

    private static func exists(_ folder: String, _ name: [UInt8]) -> Bool {
        var status = stat()
        return lstat((Array("\(folder)/".utf8) + name).map { CChar(bitPattern: $0) } + [0], &status) == 0
    }

    private static let long = String(repeating: "n", count: 246)
    private static let names: [[UInt8]] =
        [
            "a\u{202E}gpj.txt", "zero\u{200B}width.txt", "line\nbreak.txt", "carriage\rreturn.txt", "\u{1B}[31mred.txt",
            "bell\u{07}.txt", "tab\there.txt", "del\u{7F}.txt", "c1\u{85}.txt", "sep\u{2028}.txt", "-rf.txt",
            "--help.txt",
            "CON.txt", "LPT9.txt", "nul.txt", "\u{E9}.txt", "e\u{301}.txt", "'quote\".txt", "$(touch pwned).txt",
            "`touch pwned`.txt", "; touch pwned.txt", "<script>alert(1)</script>.txt".replacing("/", with: "\\"),
            "1' OR '1'='1.txt", "%00.txt", "%s%n.txt", "back\\slash.txt", "*?.txt", " .txt", "🗎.txt",
            long + "a.txt", long + "b.txt", "trailing.txt ", "trailing.txt.", "a.txt::$DATA",
        ].map { Array($0.utf8) } + [[0xFF, 0xFE] + Array(".txt".utf8), [0xC0, 0xAE] + Array(".txt".utf8)]

    @Test func `Every name comes through as it is and is shown harmless`() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(
            atPath: place.path("box/in/T-1"), withIntermediateDirectories: true)
        for (number, name) in Self.names.enumerated() {
            try Self.write(place.path("box/in/T-1"), name, "2026-01-02 03:04:05 INFO file \(number)\n")
        }
        let ran = try place.drained()
        #expect(ran.status == 1, "\(ran.errors)")
        // One line an answer, and nothing in it that a terminal or a reader of logs would obey.
        #expect(try ran.answers().count == Self.names.count)
        expectHarmless(ran.output)
        for name in Self.names {
            let places = ["done", "quarantined", "rejected"].filter { Self.exists(place.path("box/\($0)/T-1"), name) }
            #expect(places.count == 1, "\(String(decoding: name, as: UTF8.self).debugDescription) is in \(places)")
        }
        for folder in ["done", "quarantined", "rejected"] {
            let told = try place.run("find", ["box/" + folder, "-name", "*.verdict.txt", "-exec", "cat", "{}", "+"])
            expectHarmless(told.output)
        }
        #expect(place.files(in: "failed").isEmpty && !FileManager.default.fileExists(atPath: place.path("pwned")))
        try place.expectReconciled()
        let table = try place.sluice(
            "watch", place.path("box"), "--once", "--settle", "0s", "--store", place.store.path, "--format", "table")
        expectHarmless(table.output + table.errors)
    }

    private func expectHarmless(_ text: String, _ location: SourceLocation = #_sourceLocation) {
        let odd = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n"
            case .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        #expect(odd.isEmpty, "\(text.debugDescription)", sourceLocation: location)
    }

    @Test func `What is no file is refused unread`() throws {
        let place = try Workplace()
        let secret = try place.write("secret.txt", Data("a secret\n".utf8))
        try place.write("box/in/T-1/a.txt", Self.line)
        let inside = place.path("box/in/T-1")
        try FileManager.default.createSymbolicLink(atPath: inside + "/link.txt", withDestinationPath: secret)
        try FileManager.default.createSymbolicLink(atPath: inside + "/self.txt", withDestinationPath: "self.txt")
        try FileManager.default.linkItem(atPath: secret, toPath: inside + "/hard.txt")
        #expect(mkfifo(inside + "/pipe.txt", 0o600) == 0)
        try place.run("python3", ["-c", "import socket; socket.socket(socket.AF_UNIX).bind('box/in/T-1/socket.txt')"])
        var refused = ["link.txt", "self.txt", "hard.txt", "pipe.txt", "socket.txt"]
        // Only a privileged user can make one; everybody else cannot drop one either.
        if mknod(inside + "/device.txt", S_IFCHR | 0o600, 0x103) == 0 { refused.append("device.txt") }
        try FileManager.default.createSymbolicLink(
            atPath: place.path("box/in/T-2"), withDestinationPath: place.folder.path)
        let ran = try place.drained("--ticket", "T-8")
        let told = try ran.answers().filter { codes($0) == ["submission.not-a-file"] }
        // The link to a folder is refused as well, and nobody goes through it.
        #expect(told.count == refused.count + 1, "\(ran.output)")
        for name in refused { #expect(place.isThere("rejected/T-1/\(name)"), "\(name)") }
        #expect(FileManager.default.fileExists(atPath: secret))
        #expect(try place.run("grep", ["-rl", "a secret", place.store.path]).output == "")
        try place.expectReconciled()
    }

    @Test func `A file that grows is taken once and whole`() throws {
        let place = try Workplace()
        let watcher = try RunningWatcher(place, settle: "700ms")
        let file = try place.write("box/in/T-1/growing.txt", Data())
        var whole = ""
        for number in 0..<20 {
            // Opened anew each time: nobody holds it open in between.
            let handle = try #require(FileHandle(forWritingAtPath: file), "it was taken after \(number) pieces")
            try handle.seekToEnd()
            let piece = "2026-01-02 03:04:05 INFO piece \(number)\n"
            try handle.write(contentsOf: Data(piece.utf8))
            try handle.close()
            whole += piece
            usleep(100_000)
        }
        #expect(eventually { place.isPlaced("done/T-1/growing.txt") })
        _ = try watcher.stop()
        #expect(try String(contentsOfFile: place.path("box/done/T-1/growing.txt"), encoding: .utf8) == whole)
        #expect(try place.query("SELECT count(*) FROM attachment") == "1")
        try place.expectReconciled()
    }

    @Test(arguments: ["app.txt.verdict.txt", "app.txt.verdict.json"])
    func `A file that is named like a verdict is refused`(name: String) throws {
        let place = try Workplace()
        try place.write("box/in/T-1/\(name)", Data("{}\n".utf8))
        let policy = try place.write("policy.json5", Data("{ base: \"bundle\" }".utf8))
        let ran = try place.drained("--policy", policy)
        #expect(ran.status == 1)
        #expect(ran.output.contains("name.verdict"), "\(ran.output)")
    }

    @Test func `A name that is taken is never overwritten`() throws {
        let place = try Workplace()
        let long = Self.long + "a.txt"
        // One that looks numbered already, and one that looks a little like a verdict.
        let policy = try place.write("policy.json5", Data("{ base: \"bundle\" }".utf8))
        var contents: Set<String> = []
        for round in 1...3 {
            for name in ["app.txt", "app.2.txt", "verdict.txt", long] {
                let content =
                    name.hasSuffix(".json") ? "{\"round\": \(round)}\n" : "2026-01-02 03:04:05 INFO \(name) \(round)\n"
                contents.insert(content)
                try place.write("box/in/T-1/\(name)", Data(content.utf8))
            }
            let ran = try place.drained("--policy", policy)
            #expect(ran.status == 0, "\(ran.output)\(ran.errors)")
        }
        var found: Set<String> = []
        for name in place.names(in: "done/T-1") {
            let text = try String(contentsOfFile: place.path("box/done/T-1/\(name)"), encoding: .utf8)
            if contents.contains(text) { #expect(found.insert(text).inserted, "\(name) is there twice") }
        }
        #expect(found == contents)
        try place.expectReconciled()
    }

    @Test func `A sidecar says where its file belongs, and a bad one says why`() throws {
        let place = try Workplace()
        let sidecars: [(file: String, sidecar: String, place: String)] = [
            ("top.txt", #"{"ticket":"T-9","category":"log file","comment":"c","submitter":"s"}"#, "done"),
            ("T-1/deep/er/in.txt", #"{"comment":"from deep below"}"#, "done"),
            ("T-1/same.txt", #"{"ticket":"T-1"}"#, "done"),
            ("T-1/other.txt", #"{"ticket":"T-2"}"#, "failed"),
            ("T-1/broken.txt", #"{"ticket":"#, "failed"),
            ("T-1/list.txt", "[]", "failed"),
            ("T-1/empty.txt", "", "failed"),
            ("T-1/key.txt", #"{"tiket":"T-1"}"#, "failed"),
            ("T-1/long.txt", #"{"comment":""# + String(repeating: "c", count: 70_000) + #""}"#, "failed"),
            ("escape.txt", #"{"ticket":"../T-1"}"#, "failed"),
            ("nobodys.txt", #"{"comment":"no ticket"}"#, "failed"),
        ]
        for (file, sidecar, _) in sidecars {
            try place.write("box/in/\(file)", Data("2026-01-02 03:04:05 INFO \(file)\n".utf8))
            try place.write("box/in/\(file).sluice.json", Data(sidecar.utf8))
        }
        // A sidecar that is a link to somewhere else, one that is a folder with files in it, and one beside a folder.
        try place.write("box/in/T-1/linked.txt", Self.line)
        try FileManager.default.createSymbolicLink(
            atPath: place.path("box/in/T-1/linked.txt.sluice.json"), withDestinationPath: "/etc/hostname")
        try place.write("box/in/T-1/foldered.txt", Data("its sidecar is a folder\n".utf8))
        try place.write("box/in/T-1/foldered.txt.sluice.json/inner.txt", Data("a file like any other\n".utf8))
        try place.write("box/in/T-1.sluice.json", Data(#"{"ticket":"T-5"}"#.utf8))
        let ran = try place.drained()
        #expect(ran.status == 3, "\(ran.output)\(ran.errors)")
        for (file, _, outcome) in sidecars {
            #expect(place.isPlaced("\(outcome)/\(file)"), "\(file)")
            #expect(place.isThere("\(outcome)/\(file).sluice.json"), "\(file): its sidecar stays beside it")
        }
        #expect(place.isPlaced("failed/T-1/linked.txt"))
        #expect(place.isPlaced("done/T-1/foldered.txt"))
        #expect(place.isPlaced("done/T-1/foldered.txt.sluice.json/inner.txt"))
        // A folder is its ticket's and has no sidecar: this one waits for a file named T-1.
        #expect(place.isThere("in/T-1.sluice.json"))
        let failed = try ran.answers().compactMap { ($0["error"] as? [String: Any])?["code"] as? String }
        #expect(failed.filter { $0 == "drop.bad-sidecar" }.count == 8 && failed.contains("drop.no-ticket"), "\(failed)")
        #expect(
            try place.query(
                "SELECT ticket, category, submitter, comment FROM attachment WHERE declared_name = CAST('top.txt' AS BLOB)"
            ) == "T-9|Log File|s|c")
        try place.expectReconciled()
        // Mended where they lie, they are taken at the next try.
        for (file, _, outcome) in sidecars where outcome == "failed" {
            try place.write(
                "box/failed/\(file).sluice.json", Data(file.contains("/") ? "{}".utf8 : #"{"ticket":"T-1"}"#.utf8))
        }
        try FileManager.default.removeItem(atPath: place.path("box/failed/T-1/linked.txt.sluice.json"))
        let again = try place.drained("--retry-failed")
        #expect(again.status == 0, "\(again.output)\(again.errors)")
        #expect(place.files(in: "failed").isEmpty)
        try place.expectReconciled()
    }

    @Test func `A long name that failed keeps its verdict and is tried again under its own name`() throws {
        let place = try Workplace()
        let name = Self.long + "a.txt"
        try place.write("box/in/\(name)", Self.line)
        #expect(try place.drained().status == 3)
        #expect(place.isThere("failed/\(name)"))
        try place.expectReconciled()
        #expect(try place.drained("--retry-failed", "--ticket", "T-1").status == 0)
        #expect(place.isThere("done/\(name)") && place.names(in: "failed").isEmpty)
        try place.expectReconciled()
    }
}
