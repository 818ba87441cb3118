// Names as customers can send them (Threats, T10, T11), through `check` and `import`: each gets its own answer, nothing of a name reaches a terminal
// raw, no path is made of it, no shell or database takes it for more than bytes.

import Foundation
import Glibc
import Testing

@Suite struct HostileNameTests {
    /// Each with the finding that it must lead to, or `nil` where the name is harmless to us.
    private static let names: [(name: [UInt8], code: String?)] =
        [
            ("rtl-\u{202E}txt.exe.txt", "name.unprintable"),
            ("lri-\u{2066}a.txt", "name.unprintable"),
            ("zero\u{200B}width.txt", "name.unprintable"),
            ("bom\u{FEFF}.txt", "name.unprintable"),
            ("line\nbreak.txt", "name.unprintable"), ("return\rback.txt", "name.unprintable"),
            ("tab\tbed.txt", "name.unprintable"), ("bell\u{7}.txt", "name.unprintable"),
            ("red\u{1B}[31m.txt", "name.unprintable"),
            ("title\u{1B}]0;x\u{7}.txt", "name.unprintable"),
            ("c1\u{9B}31m.txt", "name.unprintable"),
            ("separator\u{2028}.txt", "name.unprintable"),
            ("-rf.txt", "name.reserved"), (".hidden.txt", "name.reserved"),
            ("CON.txt", "name.reserved"), ("lpt9.txt", "name.reserved"),
            ("nul.tar.txt", "name.reserved"), ("back\\slash.txt", "name.disguised-extension"),
            ("shell.php;.txt", "name.disguised-extension"), ("shell.php%00.txt", "name.disguised-extension"),
            ("caf\u{E9}.txt", nil), ("cafe\u{301}.txt", nil), ("'; DROP TABLE attachments; --.txt", nil),
            ("$(touch pwned).txt", nil), ("`touch pwned`.txt", nil), ("a & touch pwned.txt", nil),
            ("| touch pwned.txt", nil),
            ("<img src=x onerror=alert(1)>.txt", nil), ("\"quoted\".txt", nil), ("%s%n%x.txt", nil), ("*?[a].txt", nil),
            ("{\"a\":1}.txt", nil), ("=cmd|' -C calc'!A0.txt", nil), ("~root.txt", nil), ("日本語.txt", nil),
        ].map { (Array($0.0.utf8), $0.1) } + [([0xFF, 0xFE] + Array("bytes.txt".utf8), "name.unprintable")]

    /// Files in the folder `in`, each with text of its own.
    private static func makeFiles(_ place: Workplace) throws {
        try FileManager.default.createDirectory(atPath: place.path("in"), withIntermediateDirectories: true)
        for (index, row) in names.enumerated() {
            let path = Array((place.path("in") + "/").utf8) + row.name + [0]
            let file = path.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { open($0.baseAddress!, O_WRONLY | O_CREAT | O_EXCL, 0o600) }
            }
            try #require(file >= 0, "file \(index)")
            let text = "2024-02-29 12:00:00 INFO file \(index) is here\n2024-02-29 12:00:01 INFO and ends\n"
            #expect(write(file, text, text.utf8.count) == text.utf8.count)
            close(file)
        }
    }

    /// What must not reach a terminal or a log: controls, and what cannot be seen or turns the direction of reading.
    private static func rawCharacters(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n"
            case .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }

    private static func check(_ answers: [[String: Any]]) {
        #expect(answers.count == names.count)
        for row in names {
            let path = "in/" + String(decoding: row.name, as: UTF8.self)
            // By bytes: the two ways to write é are equal to String.
            let answer = answers.first {
                ($0["path"] as? String).map { Array($0.utf8).suffix(path.utf8.count).elementsEqual(path.utf8) } == true
            }
            let found = answer.map(codes) ?? []
            #expect(answer?["outcome"] as? String != "failed" && answer != nil, "\(path.debugDescription)")
            if let code = row.code {
                #expect(found.contains(code), "\(path.debugDescription): \(found)")
            } else {
                #expect(answer?["outcome"] as? String == "accepted", "\(path.debugDescription): \(found)")
            }
        }
    }

    @Test func `Check answers each name by itself and shows none raw`() throws {
        let place = try Workplace()
        try Self.makeFiles(place)
        let answers = try place.checking("in")
        #expect(answers.errors == "")
        Self.check(try answers.answers())
        #expect(answers.output.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
        let table = try place.sluice("check", "in")
        #expect(table.status == 1)
        #expect(Self.rawCharacters(table.output) == [] && Self.rawCharacters(table.errors) == [])
        #expect(!FileManager.default.fileExists(atPath: place.path("pwned")))
    }

    @Test func `Import keeps names as bytes, stores under digests alone, and a second run adds nothing`() throws {
        let place = try Workplace()
        try Self.makeFiles(place)
        let first = try place.importing("in")
        #expect(first.errors == "")
        Self.check(try first.answers())
        let kept = try first.answers().filter { ["accepted", "quarantined"].contains($0["outcome"] as? String) }
        let again = try place.importing("in").answers()
        #expect(again.filter { $0["outcome"] as? String == "duplicate" }.count == kept.count)
        #expect(try place.sluice("verify", "--store", place.store.path).status == 0)

        let known = Set(kept.compactMap { $0["sha256"] as? String })
        var stored: Set<String> = []
        for area in ["blobs", "quarantine"] {
            let files = FileManager.default.enumerator(atPath: place.store.appending(path: area).path)
            while let path = files?.nextObject() as? String {
                let name = String(path.split(separator: "/").last ?? "")
                if name.utf8.count > 2 { stored.insert(name) }
            }
        }
        #expect(stored == known && !known.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: place.path("pwned")))
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path("in")).count == Self.names.count)
    }
}
